"""What a batch changes in the warehouse: `core`, its counts, its quarantine, in the transaction that it is given."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from pipelines.pages.records import BROKEN_DOCUMENT
from pipelines.warehouse.corrections import (
    changed_places,
    note_changes,
    record_corrections,
    touched_days,
    withdraw_refused,
)
from pipelines.warehouse.counts import replace_daily_counts
from pipelines.warehouse.facts import SUPERSEDED, Arrival, arrival, merge, outcome_counts, staged_answers, supersede
from pipelines.warehouse.ledger import Counts
from pipelines.warehouse.quarantine import PAGE_DIGITS, set_aside, settle_received, settle_replayed
from pipelines.warehouse.received import remember_pages, remember_pulls
from pipelines.warehouse.temporary import temporary_table
from pipelines.warehouse.withdrawals import departures, withdraw_stated

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.erasure.arrivals import Left
    from pipelines.load import RunStamp
    from pipelines.validation import ValidatedBatch
    from pipelines.warehouse import Warehouse


def publish(
    warehouse: Warehouse,
    connection: sa.Connection,
    batch: ValidatedBatch,
    stamp: RunStamp,
    replayed: pd.DataFrame | None = None,
) -> Counts:
    """Everything a batch changes: `core` first, then the counts of exactly the days that this touched."""
    if batch.side == "employee":
        from pipelines.pulse.storing import store_pulse

        leave_behind(warehouse, connection, batch, stamp)
        return store_pulse(warehouse, connection, batch, stamp)
    if batch.side == "contact":
        from pipelines.contacts.storing import store_contacts

        leave_behind(warehouse, connection, batch, stamp)
        return store_contacts(warehouse, connection, batch, stamp)
    if batch.side == "invitation":
        from pipelines.invitations.storing import store_invitations

        leave_behind(warehouse, connection, batch, stamp)
        return store_invitations(warehouse, connection, batch, stamp, pages=_pages_read(batch), replayed=replayed)
    assert batch.answers_file is not None, "a batch is loaded from where it was saved"
    left = what_may_be_stored(warehouse, connection, batch)
    leave_behind(warehouse, connection, replace(batch, quarantined=left.quarantined), stamp)
    remember_pulls(connection, batch.source, batch.pages, stamp.run_id)
    with (
        changed_places(connection) as changed,
        staged_answers(warehouse, connection, batch.answers_file) as staged,
    ):
        if stamp.is_replay:
            withdraw_refused(connection, changed, staged, source=batch.source, run_id=stamp.run_id)
        with arrival(connection, staged, is_replay=stamp.is_replay) as arrived:
            supersede(connection, arrived, left.erased_rows)
            _publish_answers(connection, arrived, changed, batch.source, stamp)
            if replayed is not None:
                settle_replayed(warehouse, connection, arrived, replayed, settled_at=stamp.published_at)
            settle_received(
                connection, arrived, _pages_read(batch),
                source=batch.source, run_id=stamp.run_id, settled_at=stamp.published_at,
            )  # fmt: skip
            outcomes = outcome_counts(connection, arrived)
        _recount(connection, changed)
        record_corrections(
            connection, changed, source=batch.source, run_id=stamp.run_id, corrected_at=stamp.published_at
        )
    outcomes[SUPERSEDED] += left.erased_set_aside
    return Counts(received=batch.received_count, quarantined=len(left.quarantined), **outcomes)


def what_may_be_stored(warehouse: Warehouse, connection: sa.Connection, batch: ValidatedBatch) -> Left:
    """What of a batch may be stored: not what has been erased before; of employees nothing is left to erase."""
    from pipelines.erasure.arrivals import Left, without_erased

    if batch.side != "client":
        return Left(batch.quarantined, [], 0)

    return without_erased(connection, warehouse.home, batch)


def _publish_answers(
    connection: sa.Connection, arrived: Arrival, changed: sa.Table, source: str, stamp: RunStamp
) -> None:
    """Bring `core` up to date: newest versions in, what is taken back out."""
    merge(connection, arrived, stamp.run_id)
    withdraw_stated(connection, arrived, stamp.run_id)
    with departures(connection, arrived, source, stamp.run_id) as departed:
        note_changes(connection, changed, arrived, departed)


def _pages_read(batch: ValidatedBatch) -> list[str]:
    """The pages whose records were found: what an unreadable document holds was not read again."""
    broken = batch.quarantined.loc[batch.quarantined["reasons"] == BROKEN_DOCUMENT, "record_key"]
    unread = tuple(broken.str[:PAGE_DIGITS])
    return [page.content_hash for page in batch.pages if not page.content_hash.startswith(unread)]


def _recount(connection: sa.Connection, changed: sa.Table) -> None:
    columns = (sa.Column("business_date", sa.Date), sa.Column("unit_id", sa.Text))
    with temporary_table(connection, "touched_day", *columns) as touched:
        connection.execute(sa.insert(touched).from_select(touched.columns.keys(), touched_days(changed)))
        replace_daily_counts(connection, touched)


def leave_behind(warehouse: Warehouse, connection: sa.Connection, batch: ValidatedBatch, stamp: RunStamp) -> None:
    """What a batch leaves behind beside its answers: its bad records, and the memory of its pages."""
    set_aside(
        warehouse, connection, batch.quarantined,
        run_id=stamp.run_id, seen_at=stamp.published_at, is_replay=stamp.is_replay,
    )  # fmt: skip
    remember_pages(warehouse, connection, batch, run_id=stamp.run_id, received_at=stamp.published_at)
