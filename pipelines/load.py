"""Load: publish one validated batch in one transaction, with its counts, its quarantine and its ledger row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
import structlog

from pipelines.errors import SymetrieError
from pipelines.publication import leave_behind, publish, what_may_be_stored
from pipelines.warehouse.ledger import (
    CLIENT_FEEDBACK,
    DISCARDED,
    DONE,
    HELD,
    PUBLISHED,
    RELEASED,
    REPLAY,
    Counts,
    LedgerRow,
    held_row,
    ledger_row,
    settle,
    write_ledger_row,
)
from pipelines.warehouse.received import pages_already_received

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.validation import ValidatedBatch
    from pipelines.warehouse import Warehouse

log = structlog.get_logger(__name__)


class BatchHeld(SymetrieError):
    """The batch gate stopped a batch: nothing of it was published but its ledger row and its quarantine."""

    def __init__(self, message: str, counts: Counts) -> None:
        super().__init__(message)
        self.counts = counts


class PartlyReceived(SymetrieError):
    """Another run received some pages of a batch in the meantime: the rest has to be judged again."""


@dataclass(frozen=True)
class RunStamp:
    """What a publication says of the run that makes it."""

    run_id: str
    business_date: date
    started_at: datetime
    published_at: datetime
    pipeline: str = CLIENT_FEEDBACK
    detail: Mapping[str, object] = field(default_factory=dict)  # what else the ledger keeps of it

    @property
    def is_replay(self) -> bool:
        """Whether pages that were received before are to be worked through again."""
        return self.pipeline == REPLAY


def load(warehouse: Warehouse, batch: ValidatedBatch, stamp: RunStamp) -> Counts:
    """Publish a batch whole, once: a retry of the same run finds it done, and a page received before adds nothing.

    Readers of a copy get the new counts with the next scores: what waits for them is known by its stale days.
    """
    with warehouse.publishing(refreshes_readers=False) as connection:
        done = ledger_row(connection, stamp.run_id, stamp.pipeline, batch.source)
        if done is not None and done.status in DONE:
            return done.counts
        if done is not None and done.status == HELD:
            message = f"source {batch.source}: a batch of this run is held; see `symetrie batch list`"
            raise BatchHeld(message, done.counts)
        counts = publish(warehouse, connection, batch, stamp) if _is_news(connection, batch, stamp) else Counts()
        write_ledger_row(connection, _ledger_row(batch, stamp, PUBLISHED, counts))
    log.info("batch.published", source=batch.source, run_id=stamp.run_id, **asdict(counts))
    return counts


def hold(warehouse: Warehouse, batch: ValidatedBatch, stamp: RunStamp) -> Counts:
    """Keep a batch back: its bad records are listed, its pages count as received, its answers wait."""
    with warehouse.publishing(refreshes_readers=False) as connection:
        done = ledger_row(connection, stamp.run_id, stamp.pipeline, batch.source)
        if done is not None and done.status in (*DONE, HELD):
            return done.counts
        if not _is_news(connection, batch, stamp):  # another run holds the very same pages
            write_ledger_row(connection, _ledger_row(batch, stamp, PUBLISHED, Counts()))
            return Counts()
        left = what_may_be_stored(warehouse, connection, batch)
        counts = Counts(
            received=batch.received_count,
            superseded=left.erased_count,
            quarantined=len(left.quarantined),
            held=batch.accepted_count - len(left.erased_rows),
        )
        leave_behind(warehouse, connection, replace(batch, quarantined=left.quarantined), stamp)
        write_ledger_row(connection, _ledger_row(batch, stamp, HELD, counts))
    log.warning("batch.held", source=batch.source, run_id=stamp.run_id, reason=batch.why_held, **asdict(counts))
    return counts


def release(warehouse: Warehouse, batch: ValidatedBatch, stamp: RunStamp) -> Counts:
    """Publish a batch that was held; its ledger row says so from then on."""
    with warehouse.publishing() as connection:
        held_row(connection, stamp.run_id, batch.source)
        counts = publish(warehouse, connection, batch, stamp)
        write_ledger_row(connection, _ledger_row(batch, stamp, RELEASED, counts))
    log.info("batch.released", source=batch.source, run_id=stamp.run_id, **asdict(counts))
    return counts


def load_replayed(warehouse: Warehouse, batch: ValidatedBatch, stamp: RunStamp, replayed: pd.DataFrame) -> Counts:
    """Publish what became of quarantined records that were read again, and settle those that came through."""
    with warehouse.publishing() as connection:
        counts = publish(warehouse, connection, batch, stamp, replayed)
        write_ledger_row(connection, _ledger_row(batch, stamp, PUBLISHED, counts))
    log.info("quarantine.replayed", source=batch.source, run_id=stamp.run_id, **asdict(counts))
    return counts


def discard(warehouse: Warehouse, run_id: str, source: str, detail: Mapping[str, object] = {}) -> None:
    """Give up a batch that was held; its ledger row says so from then on."""
    with warehouse.publishing(refreshes_readers=False) as connection:
        settle(connection, held_row(connection, run_id, source), DISCARDED, detail)
    log.info("batch.discarded", source=source, run_id=run_id)


def keep(warehouse: Warehouse, run_id: str, source: str, detail: Mapping[str, object]) -> None:
    """Note that a batch stays held, so that the default does not come back to it."""
    with warehouse.publishing(refreshes_readers=False) as connection:
        settle(connection, held_row(connection, run_id, source), HELD, detail)
    log.info("batch.kept", source=source, run_id=run_id)


def _is_news(connection: sa.Connection, batch: ValidatedBatch, stamp: RunStamp) -> bool:
    """A page is received once, even when two runs picked it up at the same time."""
    hashes = {page.content_hash for page in batch.pages}
    if stamp.is_replay:
        return bool(hashes)
    known = pages_already_received(connection, batch.source, batch.pages)
    if known and known != hashes:
        raise PartlyReceived(
            f"source {batch.source}: another run received part of this batch in the meantime; run the day again"
        )
    return bool(hashes) and not known


def _ledger_row(batch: ValidatedBatch, stamp: RunStamp, status: str, counts: Counts) -> LedgerRow:
    return LedgerRow(
        run_id=stamp.run_id,
        pipeline=stamp.pipeline,
        source=batch.source,
        business_date=stamp.business_date,
        started_at=stamp.started_at,
        finished_at=stamp.published_at,
        status=status,
        counts=counts,
        watermark_at=None if status == HELD else _watermark(batch),
        detail={
            "warnings": dict(batch.warnings),
            "redactions": dict(batch.redactions),
            "failed_checks": [check.message for check in batch.checks if not check.passed],
            **stamp.detail,
        },
    )


def _watermark(batch: ValidatedBatch) -> datetime | None:
    """How far the source is committed: of pulls, where those read to their end say so; of files, the newest version."""
    pulls = [page.pull for page in batch.pages if page.pull is not None]
    if pulls:
        return max((pull.cursor_at for pull in pulls if pull.is_last and pull.cursor_at is not None), default=None)
    return max((page.version_at for page in batch.pages), default=None)
