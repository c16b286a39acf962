"""Answers taken back: by their source's own word, or because a pull of their whole window no longer held them.

What is gone leaves a tombstone with its version: an arriving version is judged against it as against an answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from pipelines.warehouse.facts import ABSENT, GONE, LOADED, STATED, UNCHANGED, Arrival
from pipelines.warehouse.tables import client_response, complete_pull, quarantine, tombstone
from pipelines.warehouse.temporary import temporary_table

if TYPE_CHECKING:
    from pipelines.landing import Pull
    from pipelines.warehouse.typing import AnySelect

answer, pull = client_response.c, complete_pull.c


def withdraw_stated(connection: sa.Connection, arrived: Arrival, run_id: str) -> None:
    """Bury what the arrived rows take back, and forget the tombstones of what they bring."""
    staged = arrived.staged.c
    connection.execute(sa.delete(tombstone).where(arrived.holds(tombstone, LOADED, UNCHANGED)))
    taken_back = sa.select(
        staged.source, staged.response_id, staged.version_at, staged.version_at, sa.literal(STATED), sa.literal(run_id)
    ).select_from(arrived.staged_with(LOADED, UNCHANGED))
    connection.execute(
        sa.insert(tombstone).from_select(tombstone.columns.keys(), taken_back.where(arrived.is_withdrawal))
    )


@contextmanager
def departures(connection: sa.Connection, arrived: Arrival, source: str, run_id: str) -> Iterator[sa.Table]:
    """The answers that complete pulls no longer hold: buried, for the length of a `with` block to tell of.

    Looked for among what arrived, under all pulls of the source, and in the windows of this run's own pulls: any
    order of arrival ends the same, and the work does not grow with the past.
    """
    columns = [sa.Column(name, answer[name].type) for name in ("response_id", "unit_id", "business_date", "version_at")]
    with temporary_table(
        connection, "departed_response", *columns, sa.Column("withdrawn_at", pull.pulled_at.type)
    ) as departed:
        if connection.scalar(sa.select(sa.func.count()).select_from(complete_pull).where(pull.source == source)):
            connection.execute(
                sa.insert(departed).from_select(departed.columns.keys(), _absent(arrived, source, run_id))
            )
            _mark_gone(connection, arrived, departed)
            _bury(connection, departed, source, run_id)
        yield departed


def _absent(arrived: Arrival, source: str, run_id: str) -> AnySelect:
    oldest = sa.select(sa.func.min(arrived.staged.c.version_at)).scalar_subquery()
    found = sa.union(
        _missed(source).where(arrived.holds(client_response, LOADED, UNCHANGED), pull.pulled_at > oldest),
        _missed(source).where(pull.run_id == run_id),
    ).subquery("found")
    same = [found.c[name] for name in ("response_id", "unit_id", "business_date", "version_at")]
    return sa.select(*same, sa.func.max(found.c.pulled_at)).group_by(*same)


def _missed(source: str) -> AnySelect:
    """Answers beside the pulls that take them back."""
    return (
        sa.select(answer.response_id, answer.unit_id, answer.business_date, answer.version_at, pull.pulled_at)
        .select_from(client_response.join(complete_pull, sa.and_(pull.source == answer.source, _takes_back(pull))))
        .where(answer.source == source)
    )


def at_stake(source: str, pulls: Iterable[Pull]) -> AnySelect:
    """The answers that each of some pulls takes back unless it brings them again: (pull_id, response_id)."""
    of_pulls = (
        sa.select(sa.literal(each.pull_id).label("pull_id"), answer.response_id).where(_takes_back(each))
        for each in pulls
    )
    found = sa.union_all(*(of_pull.where(answer.source == source) for of_pull in of_pulls)).subquery("found")
    return sa.select(found.c.pull_id, found.c.response_id)


def _takes_back(pull: Any) -> sa.ColumnElement[bool]:
    """Whether a pull, a row of `ops.complete_pull` or one that may become one, covers an answer of before it began.

    An answer set aside since was still there.
    """
    set_aside = sa.exists(
        sa.select(sa.literal(1)).where(
            quarantine.c.source == answer.source,
            quarantine.c.response_id == answer.response_id,
            quarantine.c.version_at >= pull.pulled_at,
        )
    )
    return sa.and_(
        answer.submitted_at >= pull.window_start_at,
        answer.submitted_at < pull.window_end_at,
        answer.version_at < pull.pulled_at,
        ~set_aside,
    )


def _mark_gone(connection: sa.Connection, arrived: Arrival, departed: sa.Table) -> None:
    """An arrived version that a later pull no longer held was superseded by its absence."""
    gone = sa.select(arrived.staged.c.file_row_number).join(
        departed, departed.c.response_id == arrived.staged.c.response_id
    )
    verdict = arrived.verdicts.c
    connection.execute(
        sa.update(arrived.verdicts)
        .values(outcome=GONE)
        .where(verdict.outcome.in_((LOADED, UNCHANGED)), verdict.file_row_number.in_(gone))
    )


def _bury(connection: sa.Connection, departed: sa.Table, source: str, run_id: str) -> None:
    gone = sa.select(departed.c.response_id)
    connection.execute(sa.delete(client_response).where(answer.source == source, answer.response_id.in_(gone)))
    connection.execute(
        sa.insert(tombstone).from_select(
            tombstone.columns.keys(),
            sa.select(
                sa.literal(source),
                departed.c.response_id,
                departed.c.version_at,
                departed.c.withdrawn_at,
                sa.literal(ABSENT),
                sa.literal(run_id),
            ),
        )
    )
