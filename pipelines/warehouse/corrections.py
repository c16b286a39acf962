"""What a publication changes: each day and unit that answers came to, changed in or left, and what was told of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from pipelines.warehouse.facts import GONE, LOADED, Arrival
from pipelines.warehouse.ledger import last_scored
from pipelines.warehouse.tables import client_response, correction, quarantine
from pipelines.warehouse.temporary import temporary_table

if TYPE_CHECKING:
    from pipelines.warehouse.typing import AnyCompoundSelect, AnySelect

PLACE = ("business_date", "unit_id")
LATE, EDITED, LEFT = "late_count", "edited_count", "withdrawn_count"
KINDS = (LATE, EDITED, LEFT)


@contextmanager
def changed_places(connection: sa.Connection) -> Iterator[sa.Table]:
    """The changes of one publication: how many answers came to a day and unit, changed there, or left it."""
    columns: list[sa.Column[Any]] = [
        sa.Column("business_date", sa.Date),
        sa.Column("unit_id", sa.Text),
        *(sa.Column(kind, sa.BigInteger) for kind in KINDS),
    ]
    with temporary_table(connection, "changed_place", *columns) as changed:
        yield changed


def note_changes(connection: sa.Connection, changed: sa.Table, arrived: Arrival, departed: sa.Table) -> None:
    """Note what the arrived answers, and those that departed, changed."""
    each = _changes(arrived, departed).subquery("each_change")
    summed = sa.select(*(each.c[name] for name in PLACE), *_totals(each)).group_by(*(each.c[name] for name in PLACE))
    connection.execute(sa.insert(changed).from_select(changed.columns.keys(), summed))


def withdraw_refused(
    connection: sa.Connection, changed: sa.Table, staged: sa.Table, *, source: str, run_id: str
) -> None:
    """Take out of `core` the very versions that a replay has refused: under the settings of today they never were.

    An answer that the replay brings again, by a twin that passes or in a newer version, does not leave its day: it is
    judged against what `core` holds.
    """
    refused = sa.exists(
        sa.select(sa.literal(1)).where(
            quarantine.c.source == source,
            quarantine.c.run_id == run_id,
            quarantine.c.resolved_at.is_(None),
            quarantine.c.response_id == client_response.c.response_id,
            quarantine.c.version_at == client_response.c.version_at,
        )
    )
    is_brought_again = sa.exists(
        sa.select(sa.literal(1)).where(
            staged.c.source == client_response.c.source,
            staged.c.response_id == client_response.c.response_id,
            staged.c.version_at >= client_response.c.version_at,
        )
    )
    held = sa.and_(client_response.c.source == source, refused, ~is_brought_again)
    left = sa.select(*_one(client_response.c.business_date, client_response.c.unit_id, LEFT)).where(held)
    connection.execute(sa.insert(changed).from_select(changed.columns.keys(), left))
    connection.execute(sa.delete(client_response).where(held))


def touched_days(changed: sa.Table) -> AnySelect:
    """Every day and unit whose counts are no longer true."""
    return sa.select(*(changed.c[name] for name in PLACE)).distinct()


def record_corrections(
    connection: sa.Connection, changed: sa.Table, *, source: str, run_id: str, corrected_at: datetime
) -> None:
    """Remember the changes of days whose scores had been published, so that the next summary names them."""
    told = last_scored(connection)
    if told is None:
        return
    place = [changed.c[name] for name in PLACE]
    values = {
        "run_id": sa.literal(run_id),
        "source": sa.literal(source),
        **dict(zip((*PLACE, *KINDS), (*place, *_totals(changed)), strict=True)),
        "corrected_at": sa.literal(corrected_at, correction.c.corrected_at.type),
    }
    corrected = sa.select(*(values[name] for name in correction.columns.keys()))
    connection.execute(
        sa.insert(correction).from_select(
            correction.columns.keys(), corrected.where(changed.c.business_date <= told).group_by(*place)
        )
    )


def _changes(arrived: Arrival, departed: sa.Table) -> AnyCompoundSelect:
    staged, verdict = arrived.staged.c, arrived.verdicts.c
    is_new = verdict.former_unit_id.is_(None)
    moved = sa.or_(staged.unit_id != verdict.former_unit_id, staged.business_date != verdict.former_business_date)
    loaded = arrived.staged_with(LOADED)
    known = sa.select(sa.literal(1)).where(staged.response_id == departed.c.response_id)
    return sa.union_all(
        sa.select(*_one(staged.business_date, staged.unit_id, LATE))
        .select_from(loaded)
        .where(~arrived.is_withdrawal, sa.or_(is_new, moved)),
        sa.select(*_one(staged.business_date, staged.unit_id, EDITED))
        .select_from(loaded)
        .where(~arrived.is_withdrawal, ~is_new, ~moved),
        sa.select(*_one(verdict.former_business_date, verdict.former_unit_id, LEFT))
        .select_from(arrived.staged_with(LOADED, GONE))
        .where(~is_new, sa.or_(arrived.is_withdrawal, moved, verdict.outcome == GONE)),
        sa.select(*_one(departed.c.business_date, departed.c.unit_id, LEFT)).where(
            ~sa.exists(known.select_from(arrived.staged_with(GONE)))
        ),
    )


def _one(
    business_date: sa.ColumnElement[date], unit_id: sa.ColumnElement[str], kind: str
) -> list[sa.ColumnElement[Any]]:
    """A row that counts one answer as one kind of change."""
    counts = [sa.literal(int(each == kind), sa.BigInteger).label(each) for each in KINDS]
    return [business_date.label("business_date"), unit_id.label("unit_id"), *counts]


def _totals(changes: sa.FromClause) -> list[sa.Cast[int]]:
    return [sa.cast(sa.func.sum(changes.c[kind]), sa.BigInteger) for kind in KINDS]
