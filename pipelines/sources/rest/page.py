"""What a page says, asked of DuckDB: its records, their ids and moments, the next page, the source's own count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.errors import SymetrieError
from pipelines.pages.json_paths import places, text_at
from pipelines.pages.sql import first_of, storable_json, text
from pipelines.pages.texts import text_of
from pipelines.sources.rest.waiting import NotYet

if TYPE_CHECKING:
    from pipelines.settings import RestSource

NO_RECORDS = "[]"
_IS_NUMBER = r"-?\d{1,15}(\.\d+)?"
# Seconds since 1970 reach a hundred thousand million in the year 5138: more are milliseconds.
_MOMENT = f"""
CASE WHEN NOT regexp_full_match(said, '{_IS_NUMBER}') THEN epoch_us(try_cast(said AS TIMESTAMPTZ))
     WHEN abs(CAST(said AS DOUBLE)) < 1e11 THEN CAST(round(CAST(said AS DOUBLE) * 1e6) AS BIGINT)
     ELSE CAST(round(CAST(said AS DOUBLE) * 1e3) AS BIGINT) END
"""


@dataclass(frozen=True)
class Page:
    """One answer of the API, whole; its records stand in the table `record` until the next page is read."""

    body: bytes
    record_count: int
    next: str | None
    total: int | None


class PageReader:
    """Reads pages into a DuckDB of its own: the table `record` (id, content hash, moment in microseconds)."""

    def __init__(self, source: RestSource) -> None:
        import duckdb

        self.source = source
        self.connection = duckdb.connect(":memory:")
        # A moment that names no zone is in the source's, if it has one.
        self.connection.execute(f"SET TimeZone = {text(source.timezone or 'UTC')}")

    def read(self, body: bytes, link: str | None = None) -> Page:
        """Read one answer; what is not whole may be asked for again, what is not a page is an error."""
        content = text_of(body, self.source.encoding).strip()
        self.connection.execute(
            f"CREATE OR REPLACE TABLE body AS SELECT {storable_json('content')} AS content FROM (SELECT $1 AS content)",
            [content or NO_RECORDS],
        )
        if not self._holds("json_valid(content)"):
            raise NotYet("it is a web page instead of JSON" if content[:1] == "<" else "it is not JSON, or was cut off")
        self._find_records(self._list() if content else "content")
        in_body, count = self.source.pagination.next, self.source.count
        total = self._text(count) if count else None
        return Page(
            body=body,
            record_count=self.one("SELECT count(*) FROM record")[0],
            next=self._text(in_body) if in_body else link,
            total=int(total) if total and total.isdecimal() else None,
        )

    def one(self, query: str, values: dict[str, Any] | None = None) -> tuple[Any, ...]:
        """The one row of a query."""
        row = self.connection.execute(query, values or {}).fetchone()
        assert row is not None
        return row

    def _list(self) -> str:
        """The place of the list of records; null stands for an empty one."""
        path = self.source.records
        for holder in ["content", *_parents(path)]:
            self._check_twins(holder)
        for place in places(path, "content") if path else ["content"]:
            if self._holds(f"json_type({place}) IN ('ARRAY', 'NULL')"):
                return place
        where = f"at {path}" if path else "at its top"
        raise SymetrieError(f"it holds no list of records {where}; check `records`, and what the server says instead")

    def _check_twins(self, holder: str) -> None:
        """Of a key that stands twice only the first is read: the other might hold the rest of the list."""
        keys = f"CASE WHEN json_type({holder}) = 'OBJECT' THEN json_keys({holder}) ELSE [] END"
        [count, distinct] = self.one(f"SELECT len({keys}), len(list_distinct({keys})) FROM body")
        if count != distinct:
            raise SymetrieError(
                "it has the same key twice beside its records; ask whoever keeps that server to mend it"
            )

    def _find_records(self, place: str) -> None:
        fields, window = self.source.fields, self.source.window
        moment_places = places(window.field, "line") if window else []
        has_moment = " OR ".join(f"{place} IS NOT NULL" for place in moment_places) or "false"
        id_ = first_of([text_at(each, "line") for each in fields.response_id], joined=False)
        self.connection.execute(
            f"""CREATE OR REPLACE TABLE record AS
            SELECT id, content, has_moment, {_MOMENT} AS moment FROM (
                SELECT hash(line) AS content, {id_} AS id,
                       {has_moment} AS has_moment, {text_at(window.field, "line") if window else "NULL"} AS said
                FROM (SELECT CAST(unnest(json_extract({place}, '$[*]')) AS VARCHAR) AS line FROM body))"""
        )

    def _text(self, field: str) -> str | None:
        found: str | None = self.one(f"SELECT {text_at(field, 'content')} FROM body")[0]
        return found

    def _holds(self, condition: str) -> bool:
        return bool(self.one(f"SELECT coalesce({condition}, false) FROM body")[0])


def _parents(path: str | None) -> list[str]:
    """The objects on the way to the list."""
    steps = (path or "").split(".")[:-1]
    beginnings = [".".join(steps[: length + 1]) for length in range(len(steps))]
    return [place for each in beginnings if each not in ("", "$") for place in places(each, "content")]
