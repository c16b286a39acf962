"""Building the batch: page after page, each in a transaction that its reader may take back."""

from __future__ import annotations

import shutil
import weakref
from collections.abc import Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from pipelines.pages.batch import RawBatch
from pipelines.pages.columns import Column, missing_columns
from pipelines.pages.records import BROKEN_LINE, MISSING_COLUMN, LoadedPage, Plan, Records, Reject
from pipelines.pages.sql import name, text

if TYPE_CHECKING:
    from pipelines.landing import LandedPage

_TABLES = """
CREATE TABLE page (
    number INTEGER, page_hash VARCHAR, version_at TIMESTAMP, first_row BIGINT, first_line BIGINT,
    reason VARCHAR, message VARCHAR
);
CREATE TABLE reject (page INTEGER, line BIGINT, reason VARCHAR, message VARCHAR, payload VARCHAR);
"""
# `raw` is null for an answer, empty for a record that holds nothing, else the payload of an unreadable one.
# Rows are never deleted, so that `rowid` numbers them in the order of the pages.
_RECORD = "CREATE TABLE record (page INTEGER, line BIGINT, raw VARCHAR{columns})"
_LINE = "coalesce(record.line, record.rowid - page.first_row + page.first_line)"
_ANSWER_TEXT = f"""
CREATE VIEW answer_text AS
SELECT record.rowid + 1 AS row_number, page.page_hash, {_LINE} AS line, page.version_at{{columns}}
FROM record JOIN page ON page.number = record.page WHERE record.raw IS NULL
"""
_UNREADABLE = f"""
CREATE TABLE unreadable AS
SELECT record.rowid + 1 AS row_number, page.page_hash, {_LINE} AS line,
       coalesce(page.reason, '{BROKEN_LINE}') AS reason,
       coalesce(page.message, 'the line is not a JSON object') AS message, record.raw AS payload
FROM record JOIN page ON page.number = record.page WHERE record.raw <> ''
UNION ALL
SELECT (SELECT count(*) FROM record) + reject.rowid + 1, page.page_hash, reject.line,
       coalesce(page.reason, reject.reason), coalesce(page.message, reject.message), reject.payload
FROM reject JOIN page ON page.number = reject.page
"""
# A page's rejects leave gaps in the numbers of its records: the n-th record comes after the rejects numbered below it.
_NUMBER_LINES = """
UPDATE record SET line = found.line FROM (
    SELECT rows.place, rows.place - $first_row + $first_line + coalesce(gap.rejects, 0) AS line
    FROM (SELECT rowid AS place FROM record WHERE page = $page) AS rows
    ASOF LEFT JOIN (
        SELECT place, max(rejects) AS rejects FROM (
            SELECT line - $first_line - row_number() OVER (ORDER BY line) + 1 + $first_row AS place,
                   row_number() OVER (ORDER BY line) AS rejects
            FROM (SELECT DISTINCT line FROM reject WHERE page = $page)
        ) GROUP BY place
    ) AS gap ON rows.place >= gap.place
) AS found WHERE record.rowid = found.place
"""


MEMORY_LIMIT = "800MB"
"""What the texts of a batch may take, about a million and a half answers; more of them wait on disk."""


class BatchBuilder:
    """Collects the records of page after page into one batch."""

    def __init__(self, columns: Sequence[Column]) -> None:
        import duckdb

        self.columns = tuple(columns)
        self.copies = Path(mkdtemp(prefix="symetrie-pages-"))
        # DuckDB makes the folder when memory runs short, and removes it when the connection goes.
        config: dict[str, str | bool | int | float | list[str]] = {
            "temp_directory": str(self.copies / "spill"),
            "memory_limit": MEMORY_LIMIT,
        }
        self.connection = duckdb.connect(":memory:", config=config)
        weakref.finalize(self.connection, shutil.rmtree, self.copies, ignore_errors=True)
        self.connection.execute("SET TimeZone = 'UTC'")
        self.connection.execute(_TABLES)
        names = "".join(f", {name(column.name)} VARCHAR" for column in self.columns)
        self.connection.execute(_RECORD.format(columns=names))
        self._pages: list[LandedPage] = []
        self._fields: dict[str, tuple[str, ...]] = {}
        self._loaded: list[LoadedPage] = []
        self._pending: LoadedPage | None = None
        self._number, self._next_row, self._is_open = 0, 0, False

    def begin(self, page: LandedPage | None, first_line: int = 1) -> None:
        """Start a page; None where the records are only counted."""
        self._number += 1
        if page is not None:
            self._pages.append(page)
            self._fields[page.content_hash] = ()
        version = None if page is None else page.version_at.replace(tzinfo=None)
        content_hash = None if page is None else page.content_hash
        self.connection.execute(
            "INSERT INTO page VALUES (?, ?, ?, ?, ?, NULL, NULL)",
            [self._number, content_hash, version, self._next_row, first_line],
        )

    def load(self, records: Records, *, first_line: int, page_name: str) -> int:
        """Load the page's records, in a transaction left open for the reader to check; gives their number."""
        self.rollback()
        self.connection.execute("BEGIN")
        self._is_open = True
        missing = missing_columns(self.columns, records.values)
        message = _missing_message(missing, page_name, records.fields) if missing else None
        self.connection.execute(
            "UPDATE page SET first_line = ?, reason = ?, message = ? WHERE number = ?",
            [first_line, MISSING_COLUMN if missing else None, message, self._number],
        )
        [count] = self._one(f"INSERT INTO record {self._select(self._number, records, is_missing=bool(missing))}")
        if self._pages:
            self._fields[self._pages[-1].content_hash] = records.fields
        self._pending = LoadedPage(self._next_row, int(count), records)
        return int(count)

    def load_together(self, pages: Sequence[LandedPage], plans: Sequence[Plan]) -> bool:
        """Load pages in one statement, which reads them side by side; False, and none loaded, unless all are whole."""
        numbers = range(self._number + 1, self._number + 1 + len(plans))
        self.connection.execute("BEGIN")
        self._is_open = True
        found = self._loaded_together(numbers, plans)
        if found is None:
            self.rollback()
            return False
        self.connection.execute("COMMIT")
        self._is_open = False
        for page, plan, (count, rejects) in zip(pages, plans, found, strict=True):
            self.begin(page, plan.first_line)
            self._fields[page.content_hash] = plan.records.fields
            self.reject(rejects)
            self._keep(LoadedPage(self._next_row, count, plan.records), plan.first_line)
        return True

    def _loaded_together(
        self, numbers: Sequence[int], plans: Sequence[Plan]
    ) -> list[tuple[int, Sequence[Reject]]] | None:
        """Load the pages; gives the records and the rejects of each, None where one of them is not whole."""
        import duckdb

        selects = (self._select(number, plan.records) for number, plan in zip(numbers, plans, strict=True))
        try:
            self.connection.execute(f"INSERT INTO record {' UNION ALL '.join(selects)}")
            counts = self._loaded_counts(numbers)
            found = [(count, plan.rejects(number, count)) for plan, (number, count) in zip(plans, counts, strict=True)]
        except duckdb.Error:  # each page by itself tells which one it is, and why
            return None
        whole = [(count, rejects) for count, rejects in found if rejects is not None]
        return whole if len(whole) == len(plans) else None

    def _loaded_counts(self, numbers: Sequence[int]) -> list[tuple[int, int]]:
        """How many records were loaded of each page, with its number."""
        counted = self.connection.execute(
            "SELECT page, count(*) FROM record WHERE page BETWEEN ? AND ? GROUP BY page", [numbers[0], numbers[-1]]
        )
        return list((dict.fromkeys(numbers, 0) | dict(counted.fetchall())).items())

    def _select(self, number: int, records: Records, *, is_missing: bool = False) -> str:
        """The rows of `record` that a page makes; all unreadable where a required column is missing."""
        empty = f"CASE WHEN {records.unreadable} = '' THEN '' ELSE {records.payload} END"
        raw = f"coalesce({empty}, '')" if is_missing else records.unreadable
        values = "".join(
            f", {'NULL' if is_missing else records.values.get(column.name, 'NULL')}" for column in self.columns
        )
        return f"SELECT {number}, NULL, {raw}{values} FROM {records.relation}"

    def commit(self, first_line: int = 1) -> None:
        """Keep what was loaded, and number its lines by what was rejected among them."""
        assert self._pending is not None
        self.connection.execute("COMMIT")  # before the numbers: rows have their final rowid only then
        self._is_open = False
        self._keep(self._pending, first_line)

    def _keep(self, loaded: LoadedPage, first_line: int) -> None:
        [rejects] = self._one(f"SELECT count(*) FROM reject WHERE page = {self._number}")
        if rejects:
            numbers = {"page": self._number, "first_row": self._next_row, "first_line": first_line}
            self.connection.execute(_NUMBER_LINES, numbers)
        self._loaded.append(loaded)
        self._next_row += loaded.count

    def rollback(self) -> None:
        """Forget what was loaded of this page and not kept."""
        if self._is_open:
            self.connection.execute("ROLLBACK")
            self._is_open = False

    def reject(self, rejects: Sequence[Reject]) -> None:
        """Note what could not be read as a record."""
        import pandas as pd

        if rejects:
            frame = pd.DataFrame([(each.line, each.reason, each.message, each.payload) for each in rejects])
            self.connection.register("new_reject", frame)
            self.connection.execute(f"INSERT INTO reject SELECT {self._number}, * FROM new_reject")
            self.connection.unregister("new_reject")

    def empty_columns(self, columns: Sequence[str], number: int | None = None) -> list[str]:
        """Columns in which no answer of a page holds anything, if it has answers; by default the page being loaded."""
        if not columns:
            return []
        counts = ", ".join(f"count({name(column)})" for column in columns)
        answers, *filled = self._one(
            f"SELECT count(*), {counts} FROM record WHERE page = {number or self._number} AND raw IS NULL"
        )
        return [column for column, count in zip(columns, filled, strict=True) if answers and not count]

    def copy_path(self, suffix: str) -> Path:
        """Where a mended copy of the page may stand; it goes with the batch."""
        return self.copies / f"{self._number}-{suffix}"

    def finished(self) -> RawBatch:
        """The batch."""
        names = "".join(f", record.{name(column.name)}" for column in self.columns)
        self.connection.execute(_ANSWER_TEXT.format(columns=names))
        self.connection.execute(_UNREADABLE)
        [answers] = self._one("SELECT count(*) FROM answer_text")
        [unreadable] = self._one("SELECT count(*) FROM unreadable")
        return RawBatch(
            connection=self.connection,
            columns=tuple(column.name for column in self.columns),
            received_count=int(answers) + int(unreadable),
            fields_by_page=self._fields,
            pages=tuple(self._pages),
            _loaded=tuple(self._loaded),
        )

    def _one(self, query: str) -> tuple[int, ...]:
        row = self.connection.execute(query).fetchone()
        assert row is not None
        return row


def _missing_message(missing: Sequence[str], page_name: str, fields: Sequence[str]) -> str:
    found = ", ".join(text(each[:40]) for each in fields[:30]) or "none"
    return f"{page_name} has no column {' nor '.join(missing)}; found: {found}"
