"""What validation is told of a source's past, and what it hands to the load."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from symetrie.measures import CLIENT_MEASURES

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from pipelines.landing import LandedPage
    from pipelines.pages import RawBatch

CRITICAL, WARNING = "critical", "warning"

_MARKS = tuple(measure.column for measure in CLIENT_MEASURES)
_INSTANTS = ("experienced_at", "submitted_at", "updated_at", "version_at")
_INSTANT, _DAY = "datetime64[us, UTC]", "datetime64[us]"
ANSWER_DTYPES: Mapping[str, str] = {
    **dict.fromkeys(("source", "response_id", "questionnaire_version", "unit_id"), "str"),
    "business_date": _DAY,
    **dict.fromkeys(_INSTANTS, _INSTANT),
    **dict.fromkeys(("channel", "touchpoint", "contact_reason", "language"), "str"),
    **dict.fromkeys(_MARKS, "Int16"),
    **dict.fromkeys(("verbatim", "source_url"), "str"),
    **dict.fromkeys(("can_contact", "is_verified"), "boolean"),
    "status": "str",
    "trust_pct": "float64",
    **dict.fromkeys(("warnings", "content_hash"), "str"),
}
QUARANTINE_DTYPES: Mapping[str, str] = {
    **dict.fromkeys(("source", "record_key", "response_id"), "str"),
    "business_date": _DAY,
    **dict.fromkeys(("reasons", "expectations", "message", "payload"), "str"),
    "version_at": _INSTANT,
}


@dataclass(frozen=True, slots=True)
class SourcePast:
    """What a source gave before: answers per day, the fields of its last page, the time of its newest answer.

    `at_stake` are the answers that each pull of the batch takes back unless it brings them again.
    """

    daily_counts: Mapping[date, int] = field(default_factory=dict)
    fields: tuple[str, ...] | None = None
    newest_submitted_at: datetime | None = None
    at_stake: pd.DataFrame | None = None  # (pull_id, response_id); None where no pull of the batch takes back any


@dataclass(frozen=True, slots=True)
class BatchCheck:
    """One verdict on the batch as a whole; `name` is its reason code."""

    name: str
    severity: str
    passed: bool
    observed: str
    expected: str

    @property
    def message(self) -> str:
        """The verdict in a line."""
        return f"{self.observed}; expected: {self.expected}"


@dataclass(frozen=True, slots=True)
class RowCheck:
    """What one expectation found among the rows."""

    expectation: str
    reason: str
    severity: str
    failed_count: int


@dataclass(frozen=True)
class ValidatedBatch:
    """Every record received, either accepted or quarantined; the answers stay in DuckDB until they are asked for."""

    source: str
    received_count: int
    answers: duckdb.DuckDBPyRelation
    quarantined: pd.DataFrame
    warnings: Mapping[str, int]
    checks: tuple[BatchCheck, ...]
    pages: tuple[LandedPage, ...]
    fields_by_page: Mapping[str, tuple[str, ...]]
    side: str = "client"  # of its source
    row_checks: tuple[RowCheck, ...] = ()
    answers_file: Path | None = None  # the Parquet file of the answers, once the batch is saved
    redactions: Mapping[str, int] = field(default_factory=dict)  # answers by kind of what was replaced, once saved
    raw: RawBatch | None = field(default=None, repr=False)  # its folder must outlive `answers`, which may spill there

    @property
    def is_publishable(self) -> bool:
        """Whether no critical check holds the batch back."""
        return all(check.passed for check in self.checks if check.severity == CRITICAL)

    @property
    def why_held(self) -> str:
        """Every critical check that holds the batch back, in a line."""
        return "; ".join(check.message for check in self.checks if check.severity == CRITICAL and not check.passed)

    @cached_property
    def accepted_count(self) -> int:
        """How many answers were accepted, versions of the same answer included."""
        return len(self.answers)

    @cached_property
    def accepted(self) -> pd.DataFrame:
        """The accepted answers as a frame: the columns of `core.client_response` but for the run."""
        # DuckDB makes frames of instants through what pandas deprecates; of times without a zone, it does not.
        times = ", ".join(f"make_timestamp(epoch_us({name})) AS {name}" for name in _INSTANTS)
        frame = self.answers.project(f"* REPLACE ({times})").df()
        instants = {name: frame[name].dt.tz_localize("UTC") for name in _INSTANTS}
        return frame.assign(**instants).astype(ANSWER_DTYPES)
