"""Facts that come in versions: of each the newest is kept, in whatever order they arrive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from pipelines.warehouse.facts import LOADED, RUN, SUPERSEDED, UNCHANGED, Arrival
from pipelines.warehouse.rows import FILE_ROW_NUMBER
from pipelines.warehouse.temporary import temporary_table

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.warehouse.base import Warehouse
    from pipelines.warehouse.typing import AnySelect


@dataclass(frozen=True)
class Facts:
    """A table of facts: what tells them apart, what they say, and of which version of which page that is."""

    table: sa.Table
    key: tuple[str, ...]
    content: str
    """A column that holds or stands for all that a fact says; of two versions of one time the greater counts."""
    origin: tuple[str, ...] = ("version_at",)

    @property
    def stored(self) -> list[sa.Column[Any]]:
        """The columns that a batch fills."""
        return [column for column in self.table.columns if column.name != RUN]

    def same(self, one: sa.FromClause, other: sa.FromClause) -> sa.ColumnElement[bool]:
        """Whether two rows are of the same fact."""
        return sa.and_(*(one.c[name] == other.c[name] for name in self.key))


@contextmanager
def arrival(
    warehouse: Warehouse,
    connection: sa.Connection,
    facts: Facts,
    rows: Path,
    *,
    beside: Sequence[str] = (),  # texts in the file that are not stored
    is_replay: bool = False,
) -> Iterator[Arrival]:
    """Stage the facts of a Parquet file, each beside its verdict: loaded, unchanged or superseded."""
    columns: list[sa.Column[Any]] = [
        sa.Column(FILE_ROW_NUMBER, sa.BigInteger),
        *(sa.Column(column.name, column.type) for column in facts.stored),
        *(sa.Column(name, sa.Text) for name in beside),
    ]
    verdict = (sa.Column(FILE_ROW_NUMBER, sa.BigInteger), sa.Column("outcome", sa.Text))
    name = facts.table.name
    with (
        warehouse.staged(connection, f"staged_{name}", columns, rows) as staged,
        temporary_table(connection, f"{name}_verdict", *verdict) as verdicts,
    ):
        judged = _judged(facts, staged, is_replay=is_replay)
        connection.execute(sa.insert(verdicts).from_select(verdicts.columns.keys(), judged))
        yield Arrival(staged, verdicts)


def _judged(facts: Facts, staged: sa.Table, *, is_replay: bool) -> AnySelect:
    held, version = facts.table, ("version_at", facts.content)
    rank = sa.func.row_number().over(
        partition_by=[staged.c[name] for name in facts.key],
        order_by=[*(staged.c[name].desc() for name in version), staged.c.file_row_number],
    )
    ranked = sa.select(staged, rank.label("rank")).subquery("ranked")
    is_newer = sa.tuple_(*(ranked.c[name] for name in version)) > sa.tuple_(*(held.c[name] for name in version))
    if is_replay:  # what is made of the same version under the settings of today stands
        is_newer = ranked.c.version_at >= held.c.version_at
    outcome = sa.case(
        (ranked.c.rank > 1, SUPERSEDED),
        (held.c.version_at.is_(None), LOADED),
        (held.c[facts.content] == ranked.c[facts.content], UNCHANGED),
        (is_newer, LOADED),
        else_=SUPERSEDED,
    )
    return sa.select(ranked.c.file_row_number, outcome).select_from(ranked.outerjoin(held, facts.same(held, ranked)))


def replace(connection: sa.Connection, facts: Facts, arrived: Arrival, run_id: str) -> None:
    """Replace older versions by the loaded ones, and raise the version of unchanged ones."""
    held, staged = facts.table, arrived.staged
    same = facts.same(staged, held)
    loaded = arrived.staged_with(LOADED)
    connection.execute(sa.delete(held).where(sa.exists(sa.select(sa.literal(1)).select_from(loaded).where(same))))
    names = [column.name for column in facts.stored]
    newest = sa.select(*(staged.c[name] for name in names), sa.literal(run_id)).select_from(loaded)
    connection.execute(sa.insert(held).from_select([*names, RUN], newest))
    of_row = staged.c.file_row_number == arrived.verdicts.c.file_row_number
    is_unchanged = sa.and_(of_row, arrived.verdicts.c.outcome == UNCHANGED)
    connection.execute(
        sa.update(held)
        .values({name: staged.c[name] for name in facts.origin})
        .where(same, is_unchanged, staged.c.version_at > held.c.version_at)
    )
