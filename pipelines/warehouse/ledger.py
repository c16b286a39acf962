"""The ledger, the quarantine and the pages received: what a publication writes beside its answers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from pipelines.errors import SymetrieError
from pipelines.warehouse.base import Warehouse
from pipelines.warehouse.tables import quarantine, received_page, run
from pipelines.warehouse.temporary import temporary_table

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.warehouse.typing import AnyRow

CLIENT_FEEDBACK = "client_feedback"
REPLAY = "replay"
SCORE = "score"
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


def held_batches(connection: sa.Connection) -> Sequence[AnyRow]:
    """The ledger rows of the batches that wait for somebody to release or discard them, oldest first."""
    return connection.execute(sa.select(run).where(run.c.status == HELD).order_by(run.c.started_at, run.c.source)).all()


def held_row(connection: sa.Connection, run_id: str, source: str) -> AnyRow:
    """The ledger row of a batch that is held; nothing else can be released or discarded."""
    found = [row for row in held_batches(connection) if (row.run_id, row.source) == (run_id, source)]
    if not found:
        raise SymetrieError(f"run {run_id}, source {source}: no batch is held; see `symetrie batch list`")
    return found[0]


def notes(connection: sa.Connection, run_id: str) -> list[str]:
    """The batch expectations that failed in a run and the warnings that rows were kept with, a line each."""
    details = sa.select(run.c.source, run.c.detail).where(run.c.run_id == run_id, run.c.status == PUBLISHED)
    lines = []
    for source, text in connection.execute(details.order_by(run.c.source)):
        detail = json.loads(text)
        lines += [f"{source}: {check}" for check in detail.get("failed_checks", ())]
        lines += [f"{source}: {count:,} answers kept with {code}" for code, count in detail.get("warnings", {}).items()]
    return lines


def undecided_pages(connection: sa.Connection, source: str) -> set[str]:
    """The pages of a source whose batch is held or was discarded: a replay leaves them where they are."""
    batch_of_page = sa.and_(run.c.run_id == received_page.c.run_id, run.c.source == received_page.c.source)
    found = sa.select(received_page.c.content_hash).where(
        received_page.c.source == source,
        sa.exists(sa.select(sa.literal(1)).where(batch_of_page, run.c.status.in_((HELD, DISCARDED)))),
    )
    return set(connection.scalars(found))


def set_status(connection: sa.Connection, run_id: str, pipeline: str, source: str, status: str) -> None:
    """Change what the ledger says came of a step."""
    connection.execute(sa.update(run).where(_is_row(run_id, pipeline, source)).values(status=status))


def _is_row(run_id: str, pipeline: str, source: str) -> sa.ColumnElement[bool]:
    return sa.and_(run.c.run_id == run_id, run.c.pipeline == pipeline, run.c.source == source)


def quarantine_records(
    warehouse: Warehouse, connection: sa.Connection, records: pd.DataFrame, *, run_id: str, seen_at: datetime
) -> None:
    """Set records aside; one that was seen before keeps the moment it was first seen."""
    if records.empty:
        return
    columns = [sa.Column(column.name, column.type) for column in quarantine.columns]
    with temporary_table(connection, "staged_quarantine", *columns) as staged:
        rows = records.drop_duplicates(["source", "record_key"])
        warehouse.load(
            connection,
            staged,
            rows.assign(first_seen_at=seen_at, last_seen_at=seen_at, run_id=run_id).reset_index(drop=True),
        )
        same = (staged.c.source == quarantine.c.source) & (staged.c.record_key == quarantine.c.record_key)
        connection.execute(sa.update(staged).values(first_seen_at=quarantine.c.first_seen_at).where(same))
        connection.execute(sa.delete(quarantine).where(sa.exists(sa.select(sa.literal(1)).where(same))))
        names = quarantine.columns.keys()
        connection.execute(sa.insert(quarantine).from_select(names, sa.select(*(staged.c[name] for name in names))))


def remember_pages(warehouse: Warehouse, connection: sa.Connection, pages: pd.DataFrame) -> None:
    """Note pages as received, in the transaction that writes their answers."""
    known = pages_already_received(connection, pages["source"].iloc[0], list(pages["content_hash"]))
    news = pages[~pages["content_hash"].isin(known)]
    if not news.empty:
        warehouse.load(connection, received_page, news.reset_index(drop=True))


def pages_already_received(connection: sa.Connection, source: str, content_hashes: list[str]) -> set[str]:
    """Those of the given pages that a publication has already received."""
    found = sa.select(received_page.c.content_hash).where(
        received_page.c.source == source, received_page.c.content_hash.in_(content_hashes)
    )
    return set(connection.scalars(found))
