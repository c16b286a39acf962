"""A small house with employees: hand-made publications and counts, written as they would stand in the warehouse."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
import sqlalchemy as sa

from pipelines.reflection import day as gathering
from pipelines.reflection import reflect
from pipelines.reflection.day import Day
from pipelines.reflection.organisations import top_units
from pipelines.settings import Network, Settings, Unit
from pipelines.settings.pulse import Pulse
from pipelines.warehouse import Warehouse, reflection
from pipelines.warehouse import network as dated_network
from pipelines.warehouse.reflection import Published
from pipelines.warehouse.rolling import COUNTS
from pipelines.warehouse.tables import (
    campaign,
    daily_count,
    employee_response,
    publication,
    publication_score,
    unit_ancestor,
    unit_parent,
)
from pipelines.warehouse.tables import unit as unit_table
from symetrie.dimensions import DIMENSIONS
from symetrie.measures import EMPLOYEE_MEASURES, PERCEIVED_MEASURES

KEYS = [dimension.key for dimension in DIMENSIONS]
CLOSES_ON = date(2026, 3, 31)
OPENS_ON = date(2026, 3, 18)
NETWORK_TABLES = {
    unit_table: dated_network._units,
    unit_parent: dated_network._parents,
    unit_ancestor: dated_network._ancestors,
}


def unit(id_: str, parent: str | None = None, **fields: Any) -> Unit:
    kind = fields.pop("kind", "site" if parent else "network")
    return Unit(id=id_, kind=kind, name=id_.title(), timezone="Europe/Paris", parent=parent, **fields)


def shops(**of_site: Any) -> list[Unit]:
    """A network of one region of three sites, and a site of its own."""
    return [
        unit("shops"),
        unit("north", "shops", kind="region"),
        *(unit(name, "north", **of_site) for name in ("lille", "arras", "lens")),
        unit("nice", "shops", **of_site),
    ]


@dataclass
class House:
    """A warehouse to write hand-made rows to, and the settings of its pulse."""

    warehouse: Warehouse
    connection: sa.Connection
    settings: Settings
    numbers: dict[str, int] = field(default_factory=dict)

    def settle(self, network: Network) -> None:
        """Write the network, as if it had always been so."""
        for table, frame_of in NETWORK_TABLES.items():
            self.connection.execute(sa.delete(table))
            self.warehouse.load(self.connection, table, frame_of(network))

    def write(self, table: sa.Table, rows: Iterable[dict[str, Any]]) -> None:
        if listed := [*rows]:
            self.connection.execute(sa.insert(table), listed)

    def rows(self, table: sa.Table) -> list[dict[str, Any]]:
        """The rows of a table, in the order of their key."""
        found = [dict(row._mapping) for row in self.connection.execute(sa.select(table))]
        return sorted(found, key=lambda row: [str(row[column.name]) for column in table.primary_key])

    def clients(self, *answers: dict[str, Any]) -> None:
        """Counts of clients: unit_id, measure, n and k of the window's last day unless told otherwise."""
        self.write(daily_count, (_count(dict(row)) for row in answers))

    def declare(self, campaign_id: str, *, source: str = "pulse", closes_on: date = CLOSES_ON, **fields: Any) -> None:
        opens_on = fields.get("opens_on", closes_on - (CLOSES_ON - OPENS_ON))
        row = {"name": campaign_id, "questionnaire_version": "pulse-1", "opens_on": opens_on, "closes_on": closes_on}
        self.write(campaign, [row | {"campaign_id": campaign_id, "source": source}])

    def publish(
        self, campaign_id: str, *figures: dict[str, Any], closes_on: date = CLOSES_ON, dimension_count: int = 11
    ) -> str:
        """Write a publication, the next one of its campaign: unit_id, side, measure, n, k and what else is said."""
        number = self.numbers[campaign_id] = self.numbers.get(campaign_id, 0) + 1
        id_ = f"{campaign_id}-{number}"
        self.write(publication, [_publication(id_, campaign_id, number, closes_on, dimension_count)])
        self.write(publication_score, (_figure(id_, dict(figure)) for figure in figures))
        return id_

    def reflect(self, publication_ids: list[str] | None = None) -> list[date]:
        return reflect(self.warehouse, self.connection, self.settings, publication_ids)


def settled(warehouse: Warehouse, connection: sa.Connection, *units: Unit, **pulse: Any) -> House:
    """A house of some units, by default of four shops, in the open transaction."""
    network, home = Network(units or tuple(shops())), warehouse.home
    fields = {"network": network, "sources": (), "questionnaires": {}, "scales": {}, "pulse": Pulse(**pulse)}
    settings = Settings(path=home / "symetrie.yaml", home=home, warehouse_url="", **fields)
    house = House(warehouse, connection, settings)
    house.settle(network)
    return house


def day_of(
    figures: Iterable[dict[str, Any]] = (),
    clients: Iterable[dict[str, Any]] = (),
    units: Iterable[Unit] = (),
    **of_publication: Any,
) -> Day:
    """The day on which one campaign closed, as it is gathered from a warehouse."""
    network = Network(tuple(units) or tuple(shops()))
    tree = dated_network._ancestors(network)
    rows = [_figure(row.pop("publication_id", "spring-1"), row) for row in map(dict, figures)]
    told = reflection._typed(pd.DataFrame(rows, columns=publication_score.columns.keys()))
    published = Published(**{
        "publication_id": "spring-1", "ids": frozenset({"spring-1"}), "campaign_id": "spring", "previous_id": None,
        "opens_on": OPENS_ON, "closes_on": CLOSES_ON, "dimension_count": 11, "unanimity_floor": 30, **of_publication,
    })  # fmt: skip
    counts = pd.DataFrame([_count(dict(row)) for row in clients], columns=daily_count.columns.keys())
    return Day(
        as_of=CLOSES_ON,
        client_days=91,
        published={"spring-1": published},
        told=told,
        standing=gathering._standing(told[told["publication_id"] == "spring-1"], tree),
        clients=counts[["unit_id", "measure", *COUNTS]],
        tree=tree,
        tops=top_units(dated_network._units(network), tree),
    )


def figure(unit_id: str, measure: str, k: int | None, n: int | None, **fields: Any) -> dict[str, Any]:
    """A figure of a publication, hidden where its counts are None."""
    return {"unit_id": unit_id, "measure": measure, "k": k, "n": n, "side": "employee", **fields}


def own(unit_id: str, k: int, n: int, **others: Any) -> list[dict[str, Any]]:
    """The eleven of the employees of a unit, all of them k of n but for the others."""
    return [figure(unit_id, key, *others.get(key, (k, n))) for key in KEYS]


def answers_of(unit_id: str, k: int, n: int, **others: tuple[int, int]) -> list[dict[str, Any]]:
    """The eleven of the clients of a unit."""
    return [{"unit_id": unit_id, "measure": key, "k": others.get(key, (k, n))[0], "n": others.get(key, (k, n))[1]}
            for key in KEYS]  # fmt: skip


def person(number: int, unit_id: str, mark: int | None = 5, **fields: Any) -> dict[str, Any]:
    """An employee's answer: one mark on the eleven, unless told otherwise; counted by the first publication."""
    marks = {each.column: None for each in (*EMPLOYEE_MEASURES, *PERCEIVED_MEASURES)}
    row = {column.name: None for column in employee_response.columns} | marks
    return row | {
        "source": "pulse", "campaign_id": "spring", "respondent_key": f"person-{number}",
        "questionnaire_version": "pulse-1", "unit_id": unit_id, "answered_on": CLOSES_ON,
        "version_at": datetime(2026, 3, 31, tzinfo=UTC), "turn": 1, "content_key": f"content-{number}",
        "publication_id": "spring-1", "run_id": "run-1", **{f"own_{key}": mark for key in KEYS}, **fields,
    }  # fmt: skip


def _count(row: dict[str, Any]) -> dict[str, Any]:
    answered, favourable = row.pop("n"), row.pop("k")
    return {
        "business_date": CLOSES_ON, "channel": "store", "questionnaire_version": "eleven-2024", "is_held": False,
        "answer_count": answered, "favourable_count": favourable, "unfavourable_count": 0, "value_sum": 0, **row,
    }  # fmt: skip


def _publication(id_: str, campaign_id: str, number: int, closes_on: date, dimension_count: int) -> dict[str, Any]:
    return {
        "publication_id": id_, "campaign_id": campaign_id, "campaign_name": campaign_id, "number": number,
        "published_at": datetime(2026, 4, 1, tzinfo=UTC) + timedelta(days=number),
        "opens_on": closes_on - (CLOSES_ON - OPENS_ON), "closes_on": closes_on, "questionnaire_version": "pulse-1",
        "dimension_count": dimension_count, "floor": 5, "verbatim_floor": 8, "unanimity_floor": 30,
        "cuts": "operated_by", "shown_count": 0, "hidden_count": 0, "content_hash": "", "run_id": "run-1",
    }  # fmt: skip


def _figure(publication_id: str, row: dict[str, Any]) -> dict[str, Any]:
    answered, favourable = row.pop("n"), row.pop("k")
    hidden = {"is_hidden": True, "hidden_reason": "too_few", "answer_count": None, "favourable_count": None}
    shown = {"is_hidden": False, "hidden_reason": None, "answer_count": answered, "favourable_count": favourable}
    return {
        "publication_id": publication_id, "cut": "", "cut_value": "", "unfavourable_count": None,
        "precision_count": None if answered is None else 0, "score": None, "low": None, "high": None,
        "sample_tier": None, "verdict": None, **(hidden if answered is None else shown), **row,
    }  # fmt: skip
