"""Who stands under whom on a business date, partition by partition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pipelines.warehouse.rhythm import relations
from pipelines.warehouse.signals import partitions

if TYPE_CHECKING:
    import sqlalchemy as sa

    from pipelines.warehouse.typing import AnyRow


@dataclass
class NetworkDays:
    """The dated network of some days, read once."""

    relations: Sequence[AnyRow]
    partitions: Sequence[AnyRow]

    @classmethod
    def read(cls, connection: sa.Connection, first: date, last: date) -> NetworkDays:
        """Read what holds on any of these days."""
        return cls(relations(connection, first, last), partitions(connection, first, last))

    def on(self, day: date) -> dict[str, dict[str, str]]:
        """Of each partition the units that stand on a day, each with its parent, or "" where it has none."""
        partition = {row.unit_id: row.partition_id for row in self.partitions if row.valid_from <= day <= row.valid_to}
        networks: dict[str, dict[str, str]] = {}
        for unit, parent in parents_on(day, self.relations).items():
            networks.setdefault(partition.get(unit, ""), {})[unit] = parent
        return networks


def parents_on(day: date, relations: Sequence[AnyRow]) -> dict[str, str]:
    """The units that stand on a day, in order, each with its parent, or "" where it has none."""
    held = [row for row in relations if row.valid_from <= day <= row.valid_to]
    standing = {row.unit_id for row in held if row.depth == 0}
    above = {row.unit_id: row.ancestor_id for row in held if row.depth == 1 and row.ancestor_id in standing}
    return {unit: above.get(unit, "") for unit in sorted(standing)}
