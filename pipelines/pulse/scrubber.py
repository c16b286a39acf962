"""What every scrubber does: a page is read in memory, and what may land of it is written as a page of our own."""

from __future__ import annotations

import abc
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from pipelines.pages.columns import columns_of, plain
from pipelines.pulse.in_memory import read_in_memory
from pipelines.pulse.landed import BROKEN, DROPPED, FIELDS, FUTURE, IMPOSSIBLE, LANDED_FORMAT, MISSING, UNKNOWN
from pipelines.validation.sql import quoted, stripped

if TYPE_CHECKING:
    from datetime import datetime

    import pandas as pd

    from pipelines.pages import RawBatch
    from pipelines.settings import Settings, Source
    from pipelines.validation.readings import Reading
    from symetrie.questionnaires import Questionnaire

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class PageScrubber(abc.ABC):
    """Turns a page of one source into what may land of it; a side says which rows these are."""

    settings: Settings
    source: Source

    @property
    def format(self) -> str:
        """The format of what lands."""
        return LANDED_FORMAT

    @property
    def questionnaire(self) -> Questionnaire | None:
        """What the source asks; None where it asks nothing."""
        return None

    @abc.abstractmethod
    def rows_of(self, raw: RawBatch) -> pd.DataFrame:
        """What may land of the records of a page, in an order that does not tell when they came.

        Columns that end in `_fault` say what is wrong; the line of a row lands only where one of them does.
        """

    def __call__(self, data: bytes, format_: str, name: str) -> bytes:
        """Read a page in memory and give what may land: the fields that were dropped by name, then the rows."""
        columns = columns_of(self.source, self.questionnaire)
        with closing(read_in_memory(data, format_, name, self.source, columns)) as raw:
            rows, broken, fields = self.rows_of(raw), _broken(raw), raw.fields
        dropped = _dropped(fields, [field for column in columns for field in column.fields])
        log.info("page.scrubbed", source=self.source.name, file=name, answers=len(rows), dropped=len(dropped))
        return _page(rows, broken, {FIELDS: [each for each in fields if each not in dropped], DROPPED: dropped})


def fault(cases: Mapping[str, str]) -> str:
    """Write in SQL the word of the first condition that holds; null where none does."""
    return f"CASE {' '.join(f'WHEN {condition} THEN {quoted(word)}' for word, condition in cases.items())} END"


def unit_value(unit: Reading) -> str:
    """Write the unit of `answer_text AS answer`; null where the network, joined as `unit_zone`, has none such."""
    return f"CASE WHEN unit_zone.unit_id IS NOT NULL THEN {unit.value} END"


def unit_fault(unit: Reading) -> str:
    """Write what is wrong with the unit."""
    return fault({MISSING: f"{unit.value} IS NULL", UNKNOWN: "unit_zone.unit_id IS NULL"})


def date_fault(now: datetime) -> str:
    """Write what is wrong with the day, beside `moment`."""
    at = "moment.submitted_at"
    return fault(
        {
            MISSING: f"{stripped('answer.submitted_at')} IS NULL",
            UNKNOWN: f"{at} IS NULL",
            FUTURE: f"{at} > TIMESTAMP '{now.replace(tzinfo=None).isoformat(sep=' ')}'",
            IMPOSSIBLE: "moment.business_date IS NULL",
        }
    )


def _broken(raw: RawBatch) -> list[dict[str, object]]:
    """What could not be read as a record: where and why, and no word of it."""
    found = raw.connection.execute("SELECT line, reason, message FROM unreadable ORDER BY line").fetchall()
    return [{"line": line, BROKEN: reason, "message": message} for line, reason, message in found]


def _dropped(fields: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """The fields of a page that nobody asked for."""
    asked_for = {plain(each) for field in wanted for each in (field, field.split(".")[0].removeprefix("$"))}
    return [field for field in dict.fromkeys(fields) if plain(field) not in asked_for]


def _page(rows: pd.DataFrame, broken: list[dict[str, object]], head: dict[str, object]) -> bytes:
    """The page, each row with its line only where somebody has to find it again: the order would tell the hour."""
    has_fault = rows.filter(like="_fault").notna().any(axis=1)
    lines = [head, *_objects(rows.assign(line=rows["line"].where(has_fault, None))), *broken]
    return "".join(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n" for line in lines).encode()


def _objects(rows: pd.DataFrame) -> Iterator[dict[str, object]]:
    """Each row as an object without what is missing."""
    for record in json.loads(rows.to_json(orient="records", date_format="iso", force_ascii=False)):
        yield {name: value for name, value in record.items() if value is not None}
