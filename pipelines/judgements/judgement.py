"""One judgement: what a batch was checked for, what was found, what came of it. No answer, no payload, no id."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from pipelines.validation.records import CRITICAL, BatchCheck, RowCheck

if TYPE_CHECKING:
    from pipelines.load import RunStamp
    from pipelines.validation import ValidatedBatch
    from pipelines.warehouse.ledger import Counts


@dataclass(frozen=True, slots=True)
class Judgement:
    """What Great Expectations found in one batch, and where its records went."""

    source: str
    run_id: str
    business_date: date
    judged_at: datetime
    status: str
    page_count: int
    accepted_count: int
    counts: Mapping[str, int]
    checks: tuple[BatchCheck, ...]
    row_checks: tuple[RowCheck, ...]

    @property
    def name(self) -> str:
        """What its files are called, without their suffix."""
        return f"{self.source}-{self.run_id}"

    @property
    def failed_checks(self) -> tuple[BatchCheck, ...]:
        """The batch checks that did not pass, the critical ones first."""
        return tuple(
            sorted((check for check in self.checks if not check.passed), key=lambda check: check.severity != CRITICAL)
        )

    @property
    def passed_checks(self) -> tuple[BatchCheck, ...]:
        """The batch checks that passed."""
        return tuple(check for check in self.checks if check.passed)

    @property
    def failed_row_checks(self) -> tuple[RowCheck, ...]:
        """The expectations that rows did not meet, the most frequent first, what refuses before what only flags."""
        failed = (check for check in self.row_checks if check.failed_count)
        return tuple(sorted(failed, key=lambda check: (check.severity != CRITICAL, -check.failed_count)))

    def to_json(self) -> str:
        """The record for machines."""
        times = {"business_date": self.business_date.isoformat(), "judged_at": self.judged_at.isoformat()}
        return json.dumps(asdict(self) | times, ensure_ascii=False, indent=1)


def judgement_of(batch: ValidatedBatch, stamp: RunStamp, status: str, counts: Counts) -> Judgement:
    """Sum up a batch that has been loaded, held, released or discarded."""
    return Judgement(
        source=batch.source,
        run_id=stamp.run_id,
        business_date=stamp.business_date,
        judged_at=stamp.published_at,
        status=status,
        page_count=len(batch.pages),
        accepted_count=batch.accepted_count,
        counts=asdict(counts),
        checks=batch.checks,
        row_checks=batch.row_checks,
    )


def from_json(text: str) -> Judgement:
    """Read a record that `to_json` wrote."""
    record = json.loads(text)
    return Judgement(
        **record
        | {
            "business_date": date.fromisoformat(record["business_date"]),
            "judged_at": datetime.fromisoformat(record["judged_at"]),
            "checks": tuple(BatchCheck(**check) for check in record["checks"]),
            "row_checks": tuple(RowCheck(**check) for check in record["row_checks"]),
        }
    )
