"""A judged batch of contacts into the warehouse, in the transaction that it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.warehouse.contact_ratings import store_ratings
from pipelines.warehouse.ledger import Counts

if TYPE_CHECKING:
    import sqlalchemy as sa

    from pipelines.load import RunStamp
    from pipelines.validation import ValidatedBatch
    from pipelines.warehouse import Warehouse


def store_contacts(warehouse: Warehouse, connection: sa.Connection, batch: ValidatedBatch, stamp: RunStamp) -> Counts:
    """Store what agents noted; nothing of it is told before it is compared, by groups, with what clients answered."""
    assert batch.answers_file is not None, "a batch is loaded from where it was saved"
    outcomes = store_ratings(warehouse, connection, batch.answers_file, stamp.run_id)
    return Counts(received=batch.received_count, quarantined=len(batch.quarantined), **outcomes)
