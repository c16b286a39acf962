"""How many clients were invited, into `core`: one number per source, unit, day and channel, the newest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa

from pipelines.warehouse.facts import LOADED, Arrival
from pipelines.warehouse.newest import Facts, arrival, replace
from pipelines.warehouse.tables import invitation_count

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from pipelines.warehouse.base import Warehouse

INVITATIONS = Facts(
    invitation_count,
    ("source", "unit_id", "business_date", "channel"),
    "sent_count",
    origin=("version_at", "page_hash"),
)


@contextmanager
def arrived_invitations(
    warehouse: Warehouse, connection: sa.Connection, numbers: Path, *, is_replay: bool
) -> Iterator[Arrival]:
    """The numbers of a Parquet file, each beside its verdict."""
    beside = ("response_id", "verbatim")
    with arrival(warehouse, connection, INVITATIONS, numbers, beside=beside, is_replay=is_replay) as arrived:
        yield arrived


def replace_invitations(connection: sa.Connection, arrived: Arrival, run_id: str) -> set[date]:
    """Put the newest numbers in; gives the days of which one is another than before."""
    days = sa.select(arrived.staged.c.business_date).select_from(arrived.staged_with(LOADED)).distinct()
    changed = set(connection.scalars(days))
    replace(connection, INVITATIONS, arrived, run_id)
    return changed


def take_out_unsaid(connection: sa.Connection, arrived: Arrival, source: str, pages: Sequence[str]) -> set[date]:
    """Take out what pages that were read again no longer say under the settings of today; gives the days of it."""
    held = invitation_count
    is_said = sa.exists(sa.select(sa.literal(1)).where(INVITATIONS.same(arrived.staged, held)))
    unsaid = sa.and_(held.c.source == source, held.c.page_hash.in_(pages), ~is_said)
    changed = set(connection.scalars(sa.select(held.c.business_date).where(unsaid).distinct()))
    connection.execute(sa.delete(held).where(unsaid))
    return changed
