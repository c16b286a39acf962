"""Client answers into `core`: the newest version of each one wins, in whatever order versions arrive."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from pipelines.warehouse.base import Warehouse
from pipelines.warehouse.rows import FILE_ROW_NUMBER
from pipelines.warehouse.tables import RESPONSE_COLUMNS, client_response
from pipelines.warehouse.temporary import temporary_table

if TYPE_CHECKING:
    from pipelines.warehouse.typing import AnyCompoundSelect, AnySelect

RUN = "run_id"
LOADED, UNCHANGED, SUPERSEDED = "loaded", "unchanged", "superseded"


@dataclass(frozen=True)
class Arrival:
    """A staged batch beside the verdict on each of its answers: loaded, unchanged or superseded."""

    staged: sa.Table
    verdicts: sa.Table

    def staged_with(self, outcome: str) -> sa.Join:
        """The staged answers that had one outcome, joined to their verdicts."""
        same_row = self.staged.c.file_row_number == self.verdicts.c.file_row_number
        return self.staged.join(self.verdicts, same_row & (self.verdicts.c.outcome == outcome))


@contextmanager
def arrival(
    warehouse: Warehouse, connection: sa.Connection, answers: Path, *, is_replay: bool = False
) -> Iterator[Arrival]:
    """Stage the answers of one source, a Parquet file of them, and judge each against what `core` holds."""
    staged_columns: list[sa.Column[Any]] = [
        sa.Column(FILE_ROW_NUMBER, sa.BigInteger),
        *(sa.Column(column.name, column.type) for column in client_response.columns if column.name != RUN),
    ]
    verdict_columns: list[sa.Column[Any]] = [
        sa.Column(FILE_ROW_NUMBER, sa.BigInteger),
        sa.Column("outcome", sa.Text),
        sa.Column("former_unit_id", sa.Text),
        sa.Column("former_business_date", sa.Date),
    ]
    with (
        temporary_table(connection, "staged_response", *staged_columns) as staged,
        temporary_table(connection, "arrival_verdict", *verdict_columns) as verdicts,
    ):
        warehouse.load(connection, staged, answers)
        connection.execute(
            sa.insert(verdicts).from_select(verdicts.columns.keys(), _judged(staged, is_replay=is_replay))
        )
        yield Arrival(staged, verdicts)


def _judged(staged: sa.Table, *, is_replay: bool) -> AnySelect:
    rank = sa.func.row_number().over(
        partition_by=(staged.c.source, staged.c.response_id),
        order_by=(staged.c.version_at.desc(), staged.c.content_hash.desc(), staged.c.file_row_number),
    )
    ranked = sa.select(
        staged.c.file_row_number,
        staged.c.source,
        staged.c.response_id,
        staged.c.version_at,
        staged.c.content_hash,
        rank.label("rank"),
    ).subquery("ranked")
    held = client_response
    outcome = sa.case(
        (ranked.c.rank > 1, SUPERSEDED),
        (held.c.response_id.is_(None), LOADED),
        (held.c.content_hash == ranked.c.content_hash, UNCHANGED),
        (_is_newer(ranked, held, is_replay=is_replay), LOADED),
        else_=SUPERSEDED,
    )
    same_answer = (held.c.source == ranked.c.source) & (held.c.response_id == ranked.c.response_id)
    return sa.select(ranked.c.file_row_number, outcome, held.c.unit_id, held.c.business_date).select_from(
        ranked.outerjoin(held, same_answer)
    )


def _is_newer(incoming: sa.FromClause, held: sa.FromClause, *, is_replay: bool) -> sa.ColumnElement[bool]:
    """The later version; of two with the same time, the greater content hash, so that order cannot matter.

    A replay reads the same versions under corrected settings: what it makes of them stands.
    """
    same_time = incoming.c.version_at == held.c.version_at
    wins_tie = same_time if is_replay else sa.and_(same_time, incoming.c.content_hash > held.c.content_hash)
    return sa.or_(incoming.c.version_at > held.c.version_at, wins_tie)


def outcome_counts(connection: sa.Connection, batch: Arrival) -> dict[str, int]:
    """How many staged answers were loaded, unchanged and superseded."""
    outcome = batch.verdicts.c.outcome
    found = connection.execute(sa.select(outcome, sa.func.count()).group_by(outcome)).all()
    return {LOADED: 0, UNCHANGED: 0, SUPERSEDED: 0} | dict(found)


def touched_days(batch: Arrival) -> AnyCompoundSelect:
    """Every (unit, day) whose counts the loaded answers change: where they stand, and where they stood before."""
    loaded = batch.staged_with(LOADED)
    verdicts = batch.verdicts
    return sa.union(
        sa.select(batch.staged.c.business_date, batch.staged.c.unit_id).select_from(loaded),
        sa.select(verdicts.c.former_business_date, verdicts.c.former_unit_id).where(
            verdicts.c.outcome == LOADED, verdicts.c.former_unit_id.is_not(None)
        ),
    )


def merge(connection: sa.Connection, batch: Arrival, run_id: str) -> None:
    """Replace older versions by the loaded ones, and remember how recently an unchanged answer was confirmed."""
    staged, held = batch.staged, client_response
    loaded = batch.staged_with(LOADED)
    connection.execute(
        sa.delete(held).where(
            sa.exists(
                sa.select(sa.literal(1))
                .select_from(loaded)
                .where(staged.c.source == held.c.source, staged.c.response_id == held.c.response_id)
            )
        )
    )
    names = [name for name in RESPONSE_COLUMNS if name != RUN]
    newest = sa.select(*(staged.c[name] for name in names), sa.literal(run_id)).select_from(loaded)
    connection.execute(sa.insert(held).from_select([*names, RUN], newest))
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
