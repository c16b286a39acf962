"""Client answers into `core`: the newest version of each one wins, in whatever order versions arrive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from pipelines.warehouse.base import Warehouse
from pipelines.warehouse.rows import FILE_ROW_NUMBER
from pipelines.warehouse.spans import in_span_of
from pipelines.warehouse.tables import RESPONSE_COLUMNS, WITHDRAWN, client_response, tombstone
from pipelines.warehouse.temporary import temporary_table

if TYPE_CHECKING:
    from pipelines.warehouse.typing import AnySelect

RUN = "run_id"
LOADED, UNCHANGED, SUPERSEDED = "loaded", "unchanged", "superseded"
GONE = "gone"  # superseded by a later pull that no longer held the answer
STATED, ABSENT = "stated", "absent"


@dataclass(frozen=True)
class Arrival:
    """A staged batch beside the verdict on each of its answers: loaded, unchanged, superseded or gone."""

    staged: sa.Table
    verdicts: sa.Table

    def staged_with(self, *outcomes: str) -> sa.Join:
        """The staged answers that had one of the outcomes, joined to their verdicts."""
        same_row = self.staged.c.file_row_number == self.verdicts.c.file_row_number
        return self.staged.join(self.verdicts, same_row & self.verdicts.c.outcome.in_(outcomes))

    def holds(self, table: sa.Table, *outcomes: str) -> sa.ColumnElement[bool]:
        """Whether an answer of a table is among the staged ones that had one of the outcomes."""
        same = sa.and_(self.staged.c.source == table.c.source, self.staged.c.response_id == table.c.response_id)
        return sa.exists(sa.select(sa.literal(1)).select_from(self.staged_with(*outcomes)).where(same))

    @property
    def is_withdrawal(self) -> sa.ColumnElement[bool]:
        """Whether a staged row takes its answer back."""
        return self.staged.c.status == WITHDRAWN


@contextmanager
def staged_answers(warehouse: Warehouse, connection: sa.Connection, answers: Path) -> Iterator[sa.Table]:
    """Stage the answers of one source, a Parquet file of them."""
    columns: list[sa.Column[Any]] = [
        sa.Column(FILE_ROW_NUMBER, sa.BigInteger),
        *(sa.Column(column.name, column.type) for column in client_response.columns if column.name != RUN),
    ]
    with warehouse.staged(connection, "staged_response", columns, answers) as staged:
        yield staged


@contextmanager
def arrival(connection: sa.Connection, staged: sa.Table, *, is_replay: bool = False) -> Iterator[Arrival]:
    """Judge each staged answer against what `core` holds."""
    columns: list[sa.Column[Any]] = [
        sa.Column(FILE_ROW_NUMBER, sa.BigInteger),
        sa.Column("outcome", sa.Text),
        sa.Column("former_unit_id", sa.Text),
        sa.Column("former_business_date", sa.Date),
    ]
    with temporary_table(connection, "arrival_verdict", *columns) as verdicts:
        connection.execute(
            sa.insert(verdicts).from_select(verdicts.columns.keys(), _judged(staged, is_replay=is_replay))
        )
        yield Arrival(staged, verdicts)


def _judged(staged: sa.Table, *, is_replay: bool) -> AnySelect:
    """Each staged row against what is known of its answer: the version that `core` holds, or the one that is gone."""
    is_withdrawal = staged.c.status == WITHDRAWN
    rank = sa.func.row_number().over(
        partition_by=(staged.c.source, staged.c.response_id),
        order_by=(
            staged.c.version_at.desc(),
            sa.case((is_withdrawal, 0), else_=1),
            staged.c.content_hash.desc(),
            staged.c.file_row_number,
        ),
    )
    ranked = sa.select(
        staged.c.file_row_number,
        staged.c.source,
        staged.c.response_id,
        staged.c.version_at,
        staged.c.content_hash,
        is_withdrawal.label("is_withdrawal"),
        rank.label("rank"),
    ).subquery("ranked")
    held, gone = client_response, tombstone
    outcome = sa.case(
        (ranked.c.rank > 1, SUPERSEDED),
        (ranked.c.is_withdrawal, _of_a_withdrawal(ranked)),
        else_=_of_an_answer(ranked, is_replay=is_replay),
    )
    return sa.select(ranked.c.file_row_number, outcome, held.c.unit_id, held.c.business_date).select_from(
        ranked.outerjoin(held, _same_answer(held, ranked)).outerjoin(gone, _same_answer(gone, ranked))
    )


def _same_answer(known: sa.FromClause, incoming: sa.FromClause) -> sa.ColumnElement[bool]:
    return sa.and_(known.c.source == incoming.c.source, known.c.response_id == incoming.c.response_id)


def _of_a_withdrawal(incoming: sa.FromClause) -> sa.Case[str]:
    """Withdraws what is not newer: of two rows with the same time, the one that takes back wins."""
    held, gone = client_response, tombstone
    return sa.case(
        (gone.c.version_at <= incoming.c.version_at, UNCHANGED),
        (sa.func.coalesce(held.c.version_at, gone.c.version_at) > incoming.c.version_at, SUPERSEDED),
        else_=LOADED,
    )


def _of_an_answer(incoming: sa.FromClause, *, is_replay: bool) -> sa.Case[str]:
    held = client_response
    return sa.case(
        (_is_gone(incoming, is_replay=is_replay), SUPERSEDED),
        (held.c.response_id.is_(None), LOADED),
        (held.c.content_hash == incoming.c.content_hash, UNCHANGED),
        (_is_newer(incoming, held, is_replay=is_replay), LOADED),
        else_=SUPERSEDED,
    )


def _is_gone(incoming: sa.FromClause, *, is_replay: bool) -> sa.ColumnElement[bool]:
    """Whether this version was taken back; a replay may read as an answer what was read as a withdrawal."""
    newer = tombstone.c.version_at > incoming.c.version_at
    same = sa.and_(tombstone.c.version_at == incoming.c.version_at, tombstone.c.cause == STATED)
    return newer if is_replay else sa.or_(newer, same)


def _is_newer(incoming: sa.FromClause, held: sa.FromClause, *, is_replay: bool) -> sa.ColumnElement[bool]:
    """The later version; of two with the same time, the greater content hash, so that order cannot matter.

    A replay reads the same versions under corrected settings: what it makes of them stands.
    """
    same_time = incoming.c.version_at == held.c.version_at
    wins_tie = same_time if is_replay else sa.and_(same_time, incoming.c.content_hash > held.c.content_hash)
    return sa.or_(incoming.c.version_at > held.c.version_at, wins_tie)


def supersede(connection: sa.Connection, batch: Arrival, rows: Sequence[int]) -> None:
    """Leave some staged rows out, whatever was judged of them."""
    if rows:
        verdicts = batch.verdicts
        chosen = verdicts.c.file_row_number.in_(rows)
        connection.execute(sa.update(verdicts).values(outcome=SUPERSEDED).where(chosen))


def outcome_counts(connection: sa.Connection, batch: Arrival) -> dict[str, int]:
    """How many staged answers were loaded, unchanged and superseded."""
    outcome = batch.verdicts.c.outcome
    found: dict[str, int] = dict(connection.execute(sa.select(outcome, sa.func.count()).group_by(outcome)).all())
    return {
        LOADED: found.get(LOADED, 0),
        UNCHANGED: found.get(UNCHANGED, 0),
        SUPERSEDED: found.get(SUPERSEDED, 0) + found.get(GONE, 0),
    }


def merge(connection: sa.Connection, batch: Arrival, run_id: str) -> None:
    """Replace older versions by the loaded ones, and remember how recently an unchanged answer was confirmed."""
    staged, held = batch.staged, client_response
    former = sa.select(batch.verdicts.c.former_business_date).where(batch.verdicts.c.outcome == LOADED).subquery()
    is_near = in_span_of(connection, held.c.business_date, former.c.former_business_date)
    connection.execute(sa.delete(held).where(is_near, batch.holds(held, LOADED)))
    names = [name for name in RESPONSE_COLUMNS if name != RUN]
    newest = sa.select(*(staged.c[name] for name in names), sa.literal(run_id)).select_from(batch.staged_with(LOADED))
    connection.execute(sa.insert(held).from_select([*names, RUN], newest.where(~batch.is_withdrawal)))
    _confirm_unchanged(connection, batch)


def _confirm_unchanged(connection: sa.Connection, batch: Arrival) -> None:
    """Raise the version of unchanged answers: otherwise a version between the two would win by arriving last."""
    staged, held, verdicts = batch.staged, client_response, batch.verdicts
    connection.execute(
        sa.update(held)
        .values(version_at=staged.c.version_at, updated_at=staged.c.updated_at)
        .where(
            held.c.source == staged.c.source,
            held.c.response_id == staged.c.response_id,
            staged.c.file_row_number == verdicts.c.file_row_number,
            verdicts.c.outcome == UNCHANGED,
            staged.c.version_at > held.c.version_at,
        )
    )
