"""Partitions that must never be joined: the warehouse refuses a network that would, and finds one that does."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from pipelines.errors import SymetrieError
from pipelines.settings import Network, Unit
from pipelines.warehouse import Warehouse
from pipelines.warehouse.check import problems
from pipelines.warehouse.network import synchronise_network
from pipelines.warehouse.tables import unit


def house(online: str | None, offline: str | None, top: str | None) -> Network:
    def made(id_: str, partition: str | None, parent: str | None = None) -> Unit:
        return Unit(id=id_, kind="site", name=id_, timezone="Europe/Paris", parent=parent, partition=partition)

    return Network((made("all", top), made("web", online, "all"), made("shops", offline, "all")))


def test_a_network_that_joins_two_partitions_is_not_written(warehouse: Warehouse) -> None:
    """Not by the settings, which refuse it first, nor by anybody who comes around them."""
    with pytest.raises(SymetrieError, match="shops stands under all of another partition"):
        synchronise_network(warehouse, house("online", "offline", "online"))
    with warehouse.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(unit)) == 0


def test_units_that_somebody_moved_to_another_partition_are_found(warehouse: Warehouse) -> None:
    synchronise_network(warehouse, house("online", "online", "online"))
    assert problems(warehouse) == []
    with warehouse.publishing() as connection:
        connection.execute(sa.update(unit).where(unit.c.unit_id == "web").values(partition_id="offline"))
    assert [line.partition(";")[0] for line in problems(warehouse)] == [
        "core.unit_ancestor: web stands under all of another partition"
    ]
