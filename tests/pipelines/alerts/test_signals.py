"""The finder of signals: what stands in the warehouse gives the same signals, however the days were looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa

from pipelines.alerts.detecting import detectable_falls
from pipelines.alerts.signals import SignalFinder
from pipelines.settings import Network, Unit
from pipelines.settings.alerts import Alerts
from pipelines.warehouse import Warehouse
from pipelines.warehouse.tables import daily_count, signal_state, unit, unit_ancestor
from symetrie.alerts.finding import Finding

FIRST, DAYS = date(2026, 3, 2), 120
LAST = FIRST + timedelta(days=DAYS - 1)
FALL = FIRST + timedelta(days=100)
SHOPS = [f"shop-{number}" for number in range(8)]
PARENTS = {shop: ("north", "south")[number // 4] for number, shop in enumerate(SHOPS)} | {
    "north": "chain",
    "south": "chain",
}
ON_ONE_ENGINE = pytest.mark.parametrize("warehouse_url", ["duckdb"], indirect=True)
"""For what comes after the statements, which the other tests run on both."""
ALL_TIME = {"valid_from": date(2020, 1, 1), "valid_to": date(9999, 12, 31)}
NETWORK = Network(
    tuple(
        Unit(each, "site" if each in SHOPS else "region", each, "Europe/Paris", PARENTS.get(each))
        for each in (*PARENTS, "chain")
    )
)


def settings_with(*overrides: dict[str, Any]) -> Any:
    return SimpleNamespace(alerts=Alerts(overrides=overrides), network=NETWORK)


def counts(happy_pct: Callable[[date, str], float], *, seed: int = 5) -> dict[tuple[date, str], dict[str, Any]]:
    """Fifty answers of each shop and day."""
    random = np.random.default_rng(seed)
    rows = {}
    for day in (FIRST + timedelta(days=number) for number in range(DAYS)):
        for shop in SHOPS:
            favourable = int(random.binomial(50, happy_pct(day, shop) / 100))
            rows[day, shop] = {
                "business_date": day, "unit_id": shop, "measure": "overall", "channel": "web",
                "questionnaire_version": "v1", "is_held": False, "answer_count": 50,
                "favourable_count": favourable, "unfavourable_count": 0, "value_sum": 0,
            }  # fmt: skip
    return rows


def one_falls(day: date, shop: str) -> float:
    """Shop 2 falls by twenty-five points; so do all of the south by fifteen, two weeks later."""
    if shop == "shop-2" and day >= FALL:
        return 50
    return 60 if PARENTS[shop] == "south" and day >= FALL + timedelta(days=10) else 75


@dataclass
class Chain:
    """A chain in a warehouse, and what is found in it."""

    warehouse: Warehouse
    settings: Any = field(default_factory=settings_with)

    def settle(self, parents: Mapping[str, str], partition_id: str | None = None) -> None:
        units = [*parents, *(set(parents.values()) - set(parents))]
        closure = [(each, above, depth) for each in units for depth, above in enumerate(_path(each, parents))]
        with self.warehouse.publishing() as connection:
            of_unit = {"kind": "site", "timezone": "Europe/Paris", "partition_id": partition_id}
            connection.execute(
                sa.insert(unit), [{"unit_id": each, "name": each} | of_unit | ALL_TIME for each in units]
            )
            connection.execute(
                sa.insert(unit_ancestor),
                [{"unit_id": each, "ancestor_id": above, "depth": depth} | ALL_TIME for each, above, depth in closure],
            )

    def receive(self, rows: Iterable[dict[str, Any]]) -> None:
        rows = list(rows)
        with self.warehouse.publishing() as connection:
            for row in rows:
                same = sa.and_(
                    daily_count.c.business_date == row["business_date"], daily_count.c.unit_id == row["unit_id"]
                )
                if len(rows) < 100:
                    connection.execute(sa.delete(daily_count).where(same))
            connection.execute(sa.insert(daily_count), rows)

    def find(self, first: date, last: date = LAST) -> list[Finding]:
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        with self.warehouse.publishing() as connection:
            return SignalFinder()(connection, self.settings, days)

    def memory(self) -> dict[tuple[date, str], bytes]:
        with self.warehouse.reading() as connection:
            return {(row[0], row[1]): bytes(row[2]) for row in connection.execute(sa.select(signal_state))}


def _path(each: str, parents: Mapping[str, str]) -> list[str]:
    path = [each]
    while path[-1] in parents:
        path.append(parents[path[-1]])
    return path


@pytest.fixture
def chain(warehouse: Warehouse) -> Chain:
    settled = Chain(warehouse)
    settled.settle(PARENTS)
    return settled


def test_a_fall_is_told_of_the_highest_unit_that_explains_it_with_its_children_and_its_numbers(chain: Chain) -> None:
    chain.receive(counts(one_falls).values())
    found = chain.find(FIRST)
    assert [(each.cause.unit_id, each.cause.kind) for each in found] == [("shop-2", "fall"), ("south", "fall")]
    shop, region = found
    assert shop.business_date < FALL + timedelta(days=7)
    assert shop.size_points == pytest.approx(-25, abs=10)
    assert shop.evidence["low_points"] < -25 < shop.evidence["high_points"]
    assert shop.severity == 3
    assert shop.evidence["before_score"] == pytest.approx(75, abs=3)
    assert "children" not in shop.evidence
    assert sorted(region.evidence["children"]) == ["shop-4", "shop-5", "shop-6", "shop-7"]
    assert region.evidence["children_affected_count"] == 4
    assert region.severity == 3


def test_days_looked_at_one_by_one_or_together_or_again_give_the_same(chain: Chain) -> None:
    chain.receive(counts(one_falls).values())
    together, memory = chain.find(FIRST), chain.memory()
    one_by_one = [
        finding for number in range(100, DAYS) for finding in chain.find(*[FIRST + timedelta(days=number)] * 2)
    ]
    assert one_by_one == [each for each in together if each.business_date >= FALL]
    assert chain.find(FIRST + timedelta(days=50)) == together
    assert {day: memory[day] for day in memory if day in chain.memory()} == chain.memory()


def test_late_answers_rewind_to_their_day_and_end_as_if_they_had_been_there_in_time(chain: Chain) -> None:
    rows = counts(one_falls)
    late = {key: rows[key] for key in rows if key[0] == FALL + timedelta(days=3)}
    first_told = [row | {"answer_count": 5, "favourable_count": row["favourable_count"] // 10} for row in late.values()]
    chain.receive([row for key, row in rows.items() if key not in late])
    chain.receive(first_told)
    before = chain.find(FIRST)
    chain.receive(late.values())
    after = chain.find(FALL + timedelta(days=3))
    whole = chain.find(FIRST)
    assert after == [each for each in whole if each.business_date >= FALL + timedelta(days=3)]
    assert before != whole


@ON_ONE_ENGINE
def test_days_whose_memory_another_version_has_kept_are_lived_again(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain.receive(counts(one_falls).values())
    found = chain.find(FIRST)
    monkeypatch.setattr("symetrie.signals.packing.LAYOUT", 2)
    assert chain.find(FALL) == [each for each in found if each.business_date >= FALL]


@ON_ONE_ENGINE
def test_memory_is_kept_of_two_weeks_and_of_sundays(chain: Chain) -> None:
    chain.receive(counts(lambda day, shop: 75).values())
    chain.find(FIRST)
    days = sorted({day for day, _ in chain.memory()})
    assert days[-14:] == [LAST - timedelta(days=number) for number in range(13, -1, -1)]
    assert {day.weekday() for day in days[:-14]} == {6}
    assert len(days) == 14 + 15


def test_a_warehouse_without_answers_has_no_signals(chain: Chain) -> None:
    assert chain.find(FIRST) == []


@ON_ONE_ENGINE
def test_partitions_are_watched_apart(chain: Chain) -> None:
    """The other partition's shops all fall together: nobody there is compared with ours."""
    chain.settle({"their-1": "theirs", "their-2": "theirs"}, partition_id="b")
    chain.receive(counts(lambda day, shop: 75).values())
    theirs = [
        row | {"unit_id": f"their-{number}"}
        for (day, shop), row in counts(lambda day, shop: 75 if day < FALL else 50, seed=6).items()
        for number in (1, 2)
        if shop == "shop-0"
    ]
    chain.receive(theirs)
    assert {each.cause.unit_id for each in chain.find(FIRST)} == {"theirs"}
    assert {partition for _, partition in chain.memory()} == {"", "b"}


def test_the_fall_that_can_be_found_in_time_is_known_of_every_unit_and_smaller_with_more_answers(chain: Chain) -> None:
    chain.receive(counts(lambda day, shop: 75).values())
    chain.find(FIRST)
    with chain.warehouse.reading() as connection:
        in_a_month, in_a_week = (
            {each.unit_id: each for each in detectable_falls(connection, chain.settings, days)} for days in (28, 7)
        )
    assert set(in_a_month) == {*SHOPS, "north", "south", "chain"}
    assert in_a_month["shop-1"].answers_a_day == pytest.approx(50)
    month, week = in_a_month["shop-1"].points, in_a_week["shop-1"].points
    assert month is not None
    assert week is not None
    assert 3 < month < week < 40


@ON_ONE_ENGINE
def test_a_measure_or_a_kind_of_unit_that_has_no_signals_gives_none_and_explains_none(chain: Chain) -> None:
    chain.receive(counts(one_falls).values())
    chain.settings = settings_with({"kinds": ["site"], "lanes": ["case"]})
    assert {each.cause.unit_id for each in chain.find(FIRST)} == {"south"}
    chain.settings = settings_with({"kinds": ["region"], "measures": ["overall"], "smallest_points": 20})
    assert {each.cause.unit_id for each in chain.find(FIRST)} == {"shop-2", "shop-4"}
    chain.settings = settings_with({"measures": ["overall"], "lanes": []})
    assert chain.find(FIRST) == []


@ON_ONE_ENGINE
def test_a_network_that_is_reorganised_and_asked_something_else_raises_nothing(chain: Chain) -> None:
    """One shop is renamed, one closes, one goes to the other region, and the new questionnaire is harsher for all."""
    before = FALL - timedelta(days=1)
    rows = counts(lambda day, shop: 75 if day < FALL else 60).values()
    harsher = [
        row | {"questionnaire_version": "v2"} if row["business_date"] >= FALL else row
        for row in rows
        if row["unit_id"] != "shop-3" or row["business_date"] < FALL
    ]
    chain.receive(harsher)
    from_then = {"valid_from": FALL, "valid_to": date(9999, 12, 31)}
    with chain.warehouse.publishing() as connection:
        of_shop_1, of_shop_3 = (unit.c.unit_id == shop for shop in ("shop-1", "shop-3"))
        connection.execute(sa.update(unit).where(sa.or_(of_shop_1, of_shop_3)).values(valid_to=before))
        connection.execute(
            sa.insert(unit).values(
                unit_id="shop-1", name="The first", kind="site", timezone="Europe/Paris", **from_then
            )
        )
        above = unit_ancestor.c
        to_south = sa.and_(above.unit_id == "shop-4", above.ancestor_id == "south")
        connection.execute(
            sa.update(unit_ancestor).where(sa.or_(to_south, above.unit_id == "shop-3")).values(valid_to=before)
        )
        connection.execute(sa.insert(unit_ancestor).values(unit_id="shop-4", ancestor_id="north", depth=1, **from_then))
    assert chain.find(FIRST) == []


@ON_ONE_ENGINE
@pytest.mark.parametrize(("becomes", "why"), [("closed", "unit_closed"), ("moved", "unit_moved")])
def test_a_fall_of_a_unit_that_closes_or_moves_is_over_because_nobody_sees_it_any_more(
    chain: Chain, becomes: str, why: str
) -> None:
    gone_on = FALL + timedelta(days=12)
    rows = counts(lambda day, shop: 50 if shop == "shop-2" and day >= FALL else 75)
    chain.receive(row for (day, shop), row in rows.items() if shop != "shop-2" or becomes == "moved" or day < gone_on)
    above = unit_ancestor.c
    of_it = above.unit_id == "shop-2" if becomes == "closed" else sa.and_(above.unit_id == "shop-2", above.depth == 1)
    with chain.warehouse.publishing() as connection:
        ends = sa.update(unit_ancestor).where(of_it).values(valid_to=gone_on - timedelta(days=1))
        connection.execute(ends)
        if becomes == "moved":
            of_shop = {"unit_id": "shop-2", "ancestor_id": "south", "depth": 1}
            connection.execute(sa.insert(unit_ancestor).values(**of_shop, **ALL_TIME | {"valid_from": gone_on}))
    found = chain.find(FIRST)
    assert [each.is_over for each in found] == [False, True]
    assert (found[1].business_date, found[1].cause, found[1].evidence) == (gone_on, found[0].cause, {"why": why})
