"""Writing the quarantine: records are set aside with their reasons, and settled when they are mended or outrun."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from pipelines.warehouse.base import Warehouse
from pipelines.warehouse.facts import GONE, SUPERSEDED, Arrival
from pipelines.warehouse.tables import quarantine
from pipelines.warehouse.temporary import temporary_table

if TYPE_CHECKING:
    import pandas as pd

PAGE_DIGITS = 12
"""A record without an identifier is known by the first digits of its page's hash, a colon and a hash of its own."""


def set_aside(
    warehouse: Warehouse,
    connection: sa.Connection,
    records: pd.DataFrame,
    *,
    run_id: str,
    seen_at: datetime,
    is_replay: bool = False,
) -> None:
    """Set records aside; one seen before keeps the moment it was first seen, and how it was settled if it stays so."""
    if records.empty:
        return
    columns = [sa.Column(column.name, column.type) for column in quarantine.columns]
    with temporary_table(connection, "staged_quarantine", *columns) as staged:
        newest = records.sort_values("version_at", ascending=False, kind="stable")
        rows = newest.drop_duplicates(["source", "record_key"])
        warehouse.load(
            connection,
            staged,
            rows.assign(first_seen_at=seen_at, last_seen_at=seen_at, run_id=run_id).reset_index(drop=True),
        )
        known = quarantine.c
        same = (staged.c.source == known.source) & (staged.c.record_key == known.record_key)
        settled = {name: known[name] for name in ("resolved_at", "resolution", "mended")}
        stays = _stays_settled(staged, run_id, is_replay=is_replay)
        connection.execute(sa.update(staged).values(settled).where(same, stays))
        version_at = sa.func.greatest(staged.c.version_at, known.version_at)
        connection.execute(
            sa.update(staged).values(first_seen_at=known.first_seen_at, version_at=version_at).where(same)
        )
        connection.execute(sa.delete(quarantine).where(sa.exists(sa.select(sa.literal(1)).where(same))))
        names = quarantine.columns.keys()
        connection.execute(sa.insert(quarantine).from_select(names, sa.select(*(staged.c[name] for name in names))))


def _stays_settled(staged: sa.Table, run_id: str, *, is_replay: bool) -> sa.ColumnElement[bool]:
    """Whether a record refused again stays as it was settled: mended by a person, or no newer than what was settled.

    A replay of the landing goes by the settings of today: what came through under others waits again. Not so where
    the replay was held, and what it had set aside was settled before its release.
    """
    known = quarantine.c
    is_no_newer = staged.c.version_at <= known.version_at
    if is_replay:
        is_no_newer &= sa.or_(known.resolution == SUPERSEDED, known.run_id == run_id)
    return sa.or_(known.mended.is_not(None), is_no_newer)


def settle_received(
    connection: sa.Connection, arrived: Arrival, pages: Sequence[str], *, source: str, run_id: str, settled_at: datetime
) -> None:
    """Settle what waited and now came through: the same version of an answer, a newer one, or a record of a page."""
    staged, record = arrived.staged.c, quarantine.c
    came = sa.exists(
        sa.select(sa.literal(1)).where(
            staged.source == record.source,
            staged.response_id == record.response_id,
            staged.version_at >= record.version_at,
        )
    )
    newer = sa.exists(
        sa.select(sa.literal(1)).where(
            staged.source == record.source,
            staged.response_id == record.response_id,
            staged.version_at > record.version_at,
        )
    )
    page = sa.func.substr(record.record_key, 1, PAGE_DIGITS + 1)
    of_page = sa.and_(record.response_id.is_(None), page.in_([f"{each[:PAGE_DIGITS]}:" for each in pages]))
    connection.execute(
        sa.update(quarantine)
        .values(resolved_at=settled_at, resolution=sa.case((newer, "superseded"), else_="loaded"))
        .where(
            record.source == source,
            record.resolved_at.is_(None),
            record.run_id != run_id,  # what this very run has set aside still waits
            sa.or_(came, of_page),
        )
    )


def settle_replayed(
    warehouse: Warehouse, connection: sa.Connection, arrived: Arrival, replayed: pd.DataFrame, *, settled_at: datetime
) -> None:
    """Settle the records of a replay by what came of them, with what a person had made of them."""
    columns: list[sa.Column[Any]] = [
        sa.Column(name, quarantine.c[name].type) for name in ("source", "record_key", "response_id", "mended")
    ]
    with temporary_table(
        connection, "replayed_record", *columns, sa.Column("version_at", quarantine.c.version_at.type)
    ) as (given):
        warehouse.load(connection, given, replayed)
        same_version = sa.and_(
            arrived.staged.c.response_id == given.c.response_id, arrived.staged.c.version_at == given.c.version_at
        )
        same_row = arrived.staged.c.file_row_number == arrived.verdicts.c.file_row_number
        outcome = arrived.verdicts.c.outcome
        came_of = (
            # Of twins with one identifier and version one may be loaded; `loaded` is the least of the words.
            sa.select(given.c.source, given.c.record_key, given.c.mended,
                      sa.func.min(sa.case((outcome == GONE, SUPERSEDED), else_=outcome)).label("outcome"))
            .select_from(given.join(arrived.staged, same_version).join(arrived.verdicts, same_row))
            .group_by(given.c.source, given.c.record_key, given.c.mended)
            .subquery("came_of")
        )  # fmt: skip
        connection.execute(
            sa.update(quarantine)
            .values(resolved_at=settled_at, resolution=came_of.c.outcome, mended=came_of.c.mended)
            .where(quarantine.c.source == came_of.c.source, quarantine.c.record_key == came_of.c.record_key)
        )
