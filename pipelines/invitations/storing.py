"""A judged batch of invitations into the warehouse, in the transaction that it is given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipelines.alerts.news import News
from pipelines.warehouse.alerts_looked import look_again
from pipelines.warehouse.facts import outcome_counts
from pipelines.warehouse.invitations import arrived_invitations, replace_invitations, take_out_unsaid
from pipelines.warehouse.ledger import Counts
from pipelines.warehouse.quarantine import settle_received, settle_replayed

if TYPE_CHECKING:
    import pandas as pd
    import sqlalchemy as sa

    from pipelines.load import RunStamp
    from pipelines.validation import ValidatedBatch
    from pipelines.warehouse import Warehouse


def store_invitations(
    warehouse: Warehouse,
    connection: sa.Connection,
    batch: ValidatedBatch,
    stamp: RunStamp,
    *,
    pages: Sequence[str],
    replayed: pd.DataFrame | None,
) -> Counts:
    """Store the numbers, settle what had waited for them, and let participation be looked at again."""
    assert batch.answers_file is not None, "a batch is loaded from where it was saved"
    with arrived_invitations(warehouse, connection, batch.answers_file, is_replay=stamp.is_replay) as arrived:
        changed = take_out_unsaid(connection, arrived, batch.source, pages) if stamp.is_replay else set()
        changed |= replace_invitations(connection, arrived, stamp.run_id)
        if replayed is not None:
            settle_replayed(warehouse, connection, arrived, replayed, settled_at=stamp.published_at)
        settle_received(
            connection, arrived, pages, source=batch.source, run_id=stamp.run_id, settled_at=stamp.published_at
        )
        outcomes = outcome_counts(connection, arrived)
    look_again(connection, News().name, changed)
    return Counts(received=batch.received_count, quarantined=len(batch.quarantined), **outcomes)
