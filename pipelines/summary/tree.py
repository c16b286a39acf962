"""The network on one day: its units, and who stands below whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from pipelines.warehouse.tables import unit, unit_ancestor


@dataclass(frozen=True, slots=True)
class TreeUnit:
    """A unit as it was that day."""

    unit_id: str
    name: str
    kind: str
    timezone: str


@dataclass(frozen=True)
class Tree:
    """The units of a day, the units below each of those that have some, with their depth, and those above."""

    units: Mapping[str, TreeUnit]
    below: Mapping[str, Sequence[tuple[str, int]]]
    above: Mapping[str, Sequence[str]]  # the nearest first

    def children(self, unit_id: str) -> list[str]:
        """The units just below."""
        return [below_id for below_id, depth in self.below.get(unit_id, ()) if depth == 1]

    def sites(self, unit_id: str) -> list[str]:
        """The units below that have none below themselves; a unit without any is its own one."""
        return [each for each, _ in self.below.get(unit_id, ((unit_id, 0),)) if each not in self.below]

    def perimeter(self, unit_ids: Sequence[str]) -> set[str]:
        """The units themselves and all that stand below them."""
        return set(unit_ids).union(*({below_id for below_id, _ in self.below.get(each, ())} for each in unit_ids))


def read_tree(connection: sa.Connection, day: date) -> Tree:
    """Read the tree that a day had."""
    named = connection.execute(
        sa.select(unit.c.unit_id, unit.c.name, unit.c.kind, unit.c.timezone)
        .where(_holds(unit, sa.literal(day, sa.Date)))
        .order_by(unit.c.name, unit.c.unit_id)
    )
    units = {row.unit_id: TreeUnit(*row) for row in named}
    relations = connection.execute(
        sa.select(unit_ancestor.c.unit_id, unit_ancestor.c.ancestor_id, unit_ancestor.c.depth)
        .where(_holds(unit_ancestor, sa.literal(day, sa.Date)), unit_ancestor.c.depth > 0)
        .order_by(unit_ancestor.c.depth)
    )
    below: dict[str, list[tuple[str, int]]] = defaultdict(list)
    above: dict[str, list[str]] = defaultdict(list)
    for unit_id, ancestor_id, depth in relations:
        below[ancestor_id].append((unit_id, depth))
        above[unit_id].append(ancestor_id)
    return Tree(units, dict(below), dict(above))


def stood_under(unit_id: sa.ColumnElement[str], day: sa.ColumnElement[date]) -> sa.ColumnElement[bool]:
    """The relations of a unit, on the very day of what it is joined to."""
    return sa.and_(unit_ancestor.c.unit_id == unit_id, _holds(unit_ancestor, day))


def _holds(table: sa.Table, day: sa.ColumnElement[date]) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.valid_from <= day, table.c.valid_to >= day)
