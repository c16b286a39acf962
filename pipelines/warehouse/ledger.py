"""The ledger: a row per step, run and source, that says where every record went."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from pipelines.errors import SymetrieError
from pipelines.warehouse.tables import run

if TYPE_CHECKING:
    from pipelines.warehouse.typing import AnyRow

CLIENT_FEEDBACK = "client_feedback"
REPLAY = "replay"
QUARANTINE_REPLAY = "quarantine_replay"
SCORE = "score"
PULSE = "pulse"
ALL_SOURCES = "all"

PUBLISHED, HELD, RELEASED, DISCARDED, FAILED = "published", "held", "released", "discarded", "failed"
DONE = (PUBLISHED, RELEASED, DISCARDED)
"""Statuses of a step that a retry must not do again."""


@dataclass(frozen=True)
class Counts:
    """Where every received record went."""

    received: int = 0
    loaded: int = 0
    unchanged: int = 0
    superseded: int = 0
    quarantined: int = 0
    held: int = 0

    def __post_init__(self) -> None:
        """Conservation, promise 1: a record that went nowhere, or twice, stops the publication."""
        gone = self.loaded + self.unchanged + self.superseded + self.quarantined + self.held
        if self.received != gone:
            raise SymetrieError(
                f"ledger: {self.received} records received but {gone} accounted for; nothing was published"
            )


@dataclass(frozen=True)
class LedgerRow:
    """One step of one run for one source."""

    run_id: str
    pipeline: str
    source: str
    business_date: date
    started_at: datetime
    finished_at: datetime
    status: str
    counts: Counts = field(default_factory=Counts)
    watermark_at: datetime | None = None
    detail: Mapping[str, object] = field(default_factory=dict)


def write_ledger_row(connection: sa.Connection, row: LedgerRow) -> None:
    """Write one row, in the place of an earlier one of the same run, step and source (a retry, or a release)."""
    values: dict[str, object] = {f"{name}_count": count for name, count in asdict(row.counts).items()}
    for name in (
        "run_id",
        "pipeline",
        "source",
        "business_date",
        "started_at",
        "finished_at",
        "status",
        "watermark_at",
    ):
        values[name] = getattr(row, name)
    values["detail"] = json.dumps(row.detail, ensure_ascii=False, default=str)
    connection.execute(sa.delete(run).where(_is_row(row.run_id, row.pipeline, row.source)))
    connection.execute(sa.insert(run).values(values))


@dataclass(frozen=True)
class LedgerEntry:
    """What the ledger holds of a step already."""

    status: str
    counts: Counts


def ledger_row(connection: sa.Connection, run_id: str, pipeline: str, source: str) -> LedgerEntry | None:
    """What came of a step for a source in a run, where it has been written."""
    names = [field.name for field in fields(Counts)]
    found = connection.execute(
        sa.select(run.c.status, *(run.c[f"{name}_count"] for name in names)).where(_is_row(run_id, pipeline, source))
    ).one_or_none()
    return None if found is None else LedgerEntry(found[0], Counts(*found[1:]))


def counts_of(row: AnyRow) -> Counts:
    """The counts of a ledger row."""
    return Counts(*(getattr(row, f"{each.name}_count") for each in fields(Counts)))


def last_runs(connection: sa.Connection) -> dict[str, AnyRow]:
    """The ledger row of each source's last run."""
    order = (run.c.started_at.desc(), run.c.finished_at.desc(), run.c.run_id)
    place = sa.func.row_number().over(partition_by=run.c.source, order_by=order).label("place")
    runs = sa.select(run, place).where(run.c.pipeline == CLIENT_FEEDBACK).subquery("runs")
    return {row.source: row for row in connection.execute(sa.select(runs).where(runs.c.place == 1))}


def last_failures(connection: sa.Connection, sources: Sequence[str]) -> list[str]:
    """Why each source failed whose last run did, a line each; none for those that have come right since."""
    last = last_runs(connection)
    failed = [last[source] for source in sources if source in last and last[source].status == FAILED]
    return [f"failed: run {row.run_id}, {json.loads(row.detail)['error']}" for row in failed]


def held_batches(connection: sa.Connection) -> Sequence[AnyRow]:
    """The ledger rows of the batches that wait for somebody to release or discard them, oldest first."""
    return connection.execute(sa.select(run).where(run.c.status == HELD).order_by(run.c.started_at, run.c.source)).all()


class NotHeld(SymetrieError):
    """There is no such batch to release or discard, or somebody has decided about it already."""


def held_row(connection: sa.Connection, run_id: str, source: str) -> AnyRow:
    """The ledger row of a batch that is held; nothing else can be released or discarded."""
    found = [row for row in held_batches(connection) if (row.run_id, row.source) == (run_id, source)]
    if not found:
        raise NotHeld(f"run {run_id}, source {source}: no batch is held; see `symetrie batch list`")
    return found[0]


def last_scored(connection: sa.Connection) -> date | None:
    """The last business date whose scores have been published."""
    last: date | None = connection.scalar(sa.select(sa.func.max(run.c.business_date)).where(run.c.pipeline == SCORE))
    return last


def notes(connection: sa.Connection, run_id: str, source: str) -> list[str]:
    """The batch expectations that failed for a source in a run and what its rows were kept with, a line each."""
    details = sa.select(run.c.detail).where(run.c.run_id == run_id, run.c.source == source, run.c.status == PUBLISHED)
    lines = []
    for text in connection.scalars(details):
        detail = json.loads(text)
        lines += [f"{source}: {check}" for check in detail.get("failed_checks", ())]
        lines += [f"{source}: {count:,} answers kept with {code}" for code, count in detail.get("warnings", {}).items()]
    return lines


def redactions(connection: sa.Connection, run_id: str, source: str) -> dict[str, int]:
    """How many answers of a source held personal data in a run, by its kind."""
    details = sa.select(run.c.detail).where(run.c.run_id == run_id, run.c.source == source, run.c.status == PUBLISHED)
    counted = Counter[str]()
    for text in connection.scalars(details):
        counted.update(json.loads(text).get("redactions", {}))
    return dict(counted)


def settle(connection: sa.Connection, held: AnyRow, status: str, detail: Mapping[str, object]) -> None:
    """Write what became of a held batch beside what its row said before."""
    said = json.dumps(json.loads(held.detail) | detail, ensure_ascii=False, default=str)
    row = _is_row(held.run_id, held.pipeline, held.source)
    connection.execute(sa.update(run).where(row).values(status=status, detail=said))


def _is_row(run_id: str, pipeline: str, source: str) -> sa.ColumnElement[bool]:
    return sa.and_(run.c.run_id == run_id, run.c.pipeline == pipeline, run.c.source == source)
