"""Load: publish one validated batch in one transaction, with its counts, its quarantine and its ledger row."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from pipelines.errors import SymetrieError
from pipelines.warehouse.counts import replace_daily_counts
from pipelines.warehouse.facts import Arrival, arrival, merge, outcome_counts, touched_days
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
    pages_already_received,
    quarantine_records,
    remember_pages,
    set_status,
    write_ledger_row,
)
from pipelines.warehouse.temporary import temporary_table

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.validation import ValidatedBatch
    from pipelines.warehouse import Warehouse

log = logging.getLogger(__name__)


class BatchHeld(SymetrieError):
    """The batch gate stopped a batch: nothing of it was published but its ledger row and its quarantine."""


@dataclass(frozen=True)
class RunStamp:
    """What a publication says of the run that makes it."""

    run_id: str
    business_date: date
    started_at: datetime
    published_at: datetime
    pipeline: str = CLIENT_FEEDBACK

    @property
    def is_replay(self) -> bool:
        """Whether pages that were received before are to be worked through again."""
        return self.pipeline == REPLAY


def load(warehouse: Warehouse, batch: ValidatedBatch, stamp: RunStamp) -> Counts:
    """Publish a batch whole, once: a retry of the same run finds it done, and a page received before adds nothing."""
    with warehouse.publishing(changes_mart=bool(batch.pages)) as connection:
        done = ledger_row(connection, stamp.run_id, stamp.pipeline, batch.source)
        if done is not None and done.status in DONE:
            return done.counts
        if done is not None and done.status == HELD:
            raise BatchHeld(f"source {batch.source}: a batch of this run is held; see `symetrie batch list`")
        counts = _publish(warehouse, connection, batch, stamp) if _is_news(connection, batch, stamp) else Counts()
        write_ledger_row(connection, _ledger_row(batch, stamp, PUBLISHED, counts))
    log.info("batch.published source=%s run_id=%s counts=%s", batch.source, stamp.run_id, counts)
    return counts


def hold(warehouse: Warehouse, batch: ValidatedBatch, stamp: RunStamp) -> Counts:
    """Keep a batch back: its bad records are listed, its pages count as received, its answers wait."""
    with warehouse.publishing(changes_mart=False) as connection:
        done = ledger_row(connection, stamp.run_id, stamp.pipeline, batch.source)
        if done is not None and done.status in (*DONE, HELD):
            return done.counts
        if not _is_news(connection, batch, stamp):  # another run holds the very same pages
            write_ledger_row(connection, _ledger_row(batch, stamp, PUBLISHED, Counts()))
            return Counts()
        counts = Counts(received=batch.received_count, quarantined=len(batch.quarantined), held=batch.accepted_count)
        _set_aside(warehouse, connection, batch, stamp)
        write_ledger_row(connection, _ledger_row(batch, stamp, HELD, counts))
    log.warning("batch.held source=%s run_id=%s counts=%s", batch.source, stamp.run_id, counts)
    return counts


def release(warehouse: Warehouse, batch: ValidatedBatch, stamp: RunStamp) -> Counts:
    """Publish a batch that was held; its ledger row says so from then on."""
    with warehouse.publishing() as connection:
        held_row(connection, stamp.run_id, batch.source)
        counts = _publish(warehouse, connection, batch, stamp)
        write_ledger_row(connection, _ledger_row(batch, stamp, RELEASED, counts))
    log.info("batch.released source=%s run_id=%s counts=%s", batch.source, stamp.run_id, counts)
    return counts


def discard(warehouse: Warehouse, run_id: str, source: str) -> None:
    """Give up a batch that was held; its ledger row says so from then on."""
    with warehouse.publishing(changes_mart=False) as connection:
        held = held_row(connection, run_id, source)
        set_status(connection, run_id, held.pipeline, source, DISCARDED)
    log.info("batch.discarded source=%s run_id=%s", source, run_id)


def _is_news(connection: sa.Connection, batch: ValidatedBatch, stamp: RunStamp) -> bool:
    """A page is received once, even when two runs picked it up at the same time."""
    hashes = {page.content_hash for page in batch.pages}
    if stamp.is_replay:
        return bool(hashes)
    known = pages_already_received(connection, batch.source, sorted(hashes))
    if known and known != hashes:
        raise SymetrieError(
            f"source {batch.source}: another run received part of this batch in the meantime; run the day again"
        )
    return bool(hashes) and not known


def _publish(warehouse: Warehouse, connection: sa.Connection, batch: ValidatedBatch, stamp: RunStamp) -> Counts:
    assert batch.answers_file is not None, "a batch is loaded from where it was saved"
    with arrival(warehouse, connection, batch.answers_file, is_replay=stamp.is_replay) as arrived:
        counts = Counts(
            received=batch.received_count, quarantined=len(batch.quarantined), **outcome_counts(connection, arrived)
        )
        _publish_answers(connection, arrived, stamp.run_id)
    _set_aside(warehouse, connection, batch, stamp)
    return counts


def _publish_answers(connection: sa.Connection, arrived: Arrival, run_id: str) -> None:
    columns = (sa.Column("business_date", sa.Date), sa.Column("unit_id", sa.Text))
    with temporary_table(connection, "touched_day", *columns) as touched:
        connection.execute(sa.insert(touched).from_select(touched.columns.keys(), touched_days(arrived)))
        merge(connection, arrived, run_id)
        replace_daily_counts(connection, touched)


def _set_aside(warehouse: Warehouse, connection: sa.Connection, batch: ValidatedBatch, stamp: RunStamp) -> None:
    """What a batch leaves behind beside its answers: its bad records, and the memory of its pages."""
    quarantine_records(warehouse, connection, batch.quarantined, run_id=stamp.run_id, seen_at=stamp.published_at)
    remember_pages(warehouse, connection, _received_pages(batch, stamp))


def _received_pages(batch: ValidatedBatch, stamp: RunStamp) -> pd.DataFrame:
    import json

    import pandas as pd

    return pd.DataFrame(
        {
            "source": page.source,
            "content_hash": page.content_hash,
            "location": page.location,
            "size_bytes": page.size_bytes,
            "modified_at": page.modified_at,
            "version_at": page.version_at,
            "fields": json.dumps(batch.fields_by_page.get(page.content_hash, ()), ensure_ascii=False),
            "received_at": stamp.published_at,
            "run_id": stamp.run_id,
        }
        for page in batch.pages
    )


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
        watermark_at=None if status == HELD else max((page.version_at for page in batch.pages), default=None),
        detail={
            "warnings": dict(batch.warnings),
            "failed_checks": [check.message for check in batch.checks if not check.passed],
        },
    )
