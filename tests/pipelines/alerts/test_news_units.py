"""Units quiet or busy: one finding at the highest unit that explains it, and the right silence about all else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import pytest

from pipelines.alerts.news_sources import source_days
from pipelines.alerts.news_units import find_quiet, find_surge, unit_days
from pipelines.alerts.news_window import Window
from pipelines.settings.alert_news import AlertNews

LAST = date(2026, 11, 20)  # a Friday
DAYS = 182
FIRST = LAST - timedelta(days=DAYS - 1)
RULES = AlertNews()


class Relation(NamedTuple):
    unit_id: str
    ancestor_id: str
    depth: int
    valid_from: date = date.min
    valid_to: date = date.max


@dataclass
class World:
    """A network of three regions with ten shops each, twenty answers a day, three of four of them from the survey."""

    parents: dict[str, str] = field(
        default_factory=lambda: {f"{region}{n}": region for region in ("north", "south", "west") for n in range(10)}
    )
    relations: list[Relation] = field(default_factory=list)
    counts: dict[tuple[str, str], np.ndarray] = field(default_factory=dict)
    closed: list[tuple[str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        stream = np.random.default_rng(20261120)
        self.parents |= dict.fromkeys(sorted(set(self.parents.values())), "france")
        for unit in [*self.parents, "france"]:
            self.relations.append(Relation(unit, unit, 0))
            if unit in self.parents:
                self.relations.append(Relation(unit, self.parents[unit], 1))
        for shop in self.shops:
            busy = stream.gamma(20, 1 / 20, DAYS)
            self.counts[shop, "survey"] = stream.poisson(15 * busy).astype(float)
            self.counts[shop, "web"] = stream.poisson(5 * busy).astype(float)

    @property
    def shops(self) -> list[str]:
        return [unit for unit in self.parents if unit[-1].isdigit()]

    def scale(self, shops: list[str], last: int, to: float = 0.0, until: int = 0, source: str | None = None) -> None:
        """Multiply what shops receive on the last days, up to some days before the end."""
        for (shop, name), seen in self.counts.items():
            if shop in shops and source in (None, name):
                seen[DAYS - last : DAYS - until] *= to

    def day(self, last: date = LAST):
        units = tuple(sorted({row.unit_id for row in self.relations} | {shop for shop, _ in self.counts}))
        sources = ("survey", "web")
        is_open = np.ones((len(units), DAYS), bool)
        for unit, number in self.closed:
            is_open[units.index(unit), number] = False
        return Window(
            first=FIRST,
            units=units,
            sources=sources,
            unit_of=np.array([units.index(shop) for shop, _ in self.counts]),
            source_of=np.array([sources.index(name) for _, name in self.counts]),
            cells=np.array(list(self.counts.values())),
            is_open=is_open,
            relations=self.relations,
        ).day(last)

    def units(self, last: date = LAST):
        day = self.day(last)
        return unit_days(day, source_days(day))

    def quiet(self) -> Mapping[str, dict]:
        return {finding.cause.unit_id: dict(finding.evidence) for finding in find_quiet(self.units(), RULES)}

    def surge(self) -> Mapping[str, dict]:
        return {finding.cause.unit_id: dict(finding.evidence) for finding in find_surge(self.units(), RULES)}


@pytest.fixture
def world() -> World:
    return World()


def of_region(world: World, region: str) -> list[str]:
    return [shop for shop in world.shops if shop.startswith(region)]


def test_a_usual_day_shows_nothing(world):
    assert not world.quiet()
    assert not world.surge()


def test_a_silent_shop_is_told_with_what_a_person_can_read(world):
    world.scale(["north3"], 5)
    found = world.quiet()
    assert list(found) == ["north3"]
    evidence = found["north3"]
    assert (evidence["seen"], evidence["days"], evidence["since"]) == (0, 5, "2026-11-16")
    assert evidence["expected"] == pytest.approx(100, abs=8)
    assert evidence["of_usual_pct"] == 0
    assert len(evidence["usual_by_weekday"]) == 7
    assert evidence["usual_per_day"] == pytest.approx(20, abs=1.5)


def test_the_usual_week_is_told_from_monday_on(world):
    for seen in world.counts.values():
        seen[np.arange(DAYS) % 7 == 2] *= 3  # the weekday of FIRST, a Saturday, is 0: Mondays
    world.scale(["north3"], 5)
    usual = world.quiet()["north3"]["usual_by_weekday"]
    assert FIRST.weekday() == 5
    assert int(np.argmax(usual)) == 0


def test_a_region_closed_by_a_strike_is_one_finding_with_its_shops(world):
    world.scale(of_region(world, "north"), 1)
    found = world.quiet()
    assert list(found) == ["north"]
    assert found["north"]["children_affected_count"] == found["north"]["children_count"] == 10
    assert {child["unit_id"] for child in found["north"]["children"]} == set(of_region(world, "north"))


def test_units_that_are_told_no_news_are_neither_quiet_nor_loud(world):
    world.scale(["north3", "south1"], 5)
    seen = world.day()
    day = replace(seen, is_told=np.array([unit != "north3" for unit in seen.units]))
    found = find_quiet(unit_days(day, source_days(day)), RULES)
    assert {finding.cause.unit_id for finding in found} == {"south1"}


def test_a_holiday_that_nobody_knows_of_is_one_finding_at_the_network(world):
    world.scale(world.shops, 1)
    assert list(world.quiet()) == ["france"]


@pytest.mark.parametrize("days_since", [1, 2, 3, 7])
def test_after_such_a_holiday_nothing_remains(world, days_since):
    world.scale(world.shops, days_since + 1, until=days_since)
    assert not world.quiet()


def test_a_weak_day_after_such_holidays_makes_no_shop_quiet(world):
    world.scale(world.shops, 3, until=1)
    world.scale(["north3"], 1, to=0.4)
    assert not world.quiet()


@pytest.mark.parametrize("days", [1, 3, 20])
@pytest.mark.parametrize("source", ["survey", "web"])
def test_a_source_that_is_missing_makes_no_shop_quiet(world, days, source):
    world.scale(world.shops, days, source=source)
    assert not world.quiet()


def test_a_shop_whose_other_source_is_silent_too_is_quiet_beside_a_missing_source(world):
    world.scale(world.shops, 20, source="survey")
    world.scale(["west2"], 20)
    assert list(world.quiet()) == ["west2"]


def test_a_source_that_replaces_another_is_no_surge(world):
    world.scale(world.shops, 30, source="survey")
    world.scale(world.shops, 30, source="web", to=4)
    assert not world.quiet()
    assert not world.surge()


def test_closed_days_that_are_known_are_no_news(world):
    world.scale(["north3"], 20)
    world.closed += [("north3", number) for number in range(DAYS - 20, DAYS)]
    assert not world.quiet()


def test_a_season_that_all_share_is_no_news(world):
    world.scale(world.shops, 28, to=0.55)
    assert not world.quiet()


def test_a_shop_that_moved_keeps_its_rhythm_and_makes_neither_region_quiet(world):
    moved_on = LAST - timedelta(days=2)
    for shop in of_region(world, "north")[:8]:
        world.relations.remove(Relation(shop, "north", 1))
        world.relations.append(Relation(shop, "north", 1, valid_to=moved_on - timedelta(days=1)))
        world.relations.append(Relation(shop, "south", 1, valid_from=moved_on))
    assert not world.quiet()
    assert not world.surge()


def test_a_shop_that_has_closed_for_good_is_not_missed(world):
    world.scale(["north3"], 5)
    world.relations = [
        row._replace(valid_to=LAST - timedelta(days=5)) if row.unit_id == "north3" else row for row in world.relations
    ]
    assert not world.quiet()


def test_a_shop_that_took_over_another_is_no_surge_and_the_other_no_silence(world):
    world.scale(["north3"], 5)
    for name in ("survey", "web"):
        world.counts["north4", name][-5:] *= 2
    world.relations = [
        row._replace(valid_to=LAST - timedelta(days=5)) if row.unit_id == "north3" else row for row in world.relations
    ]
    assert not world.quiet()
    assert not world.surge()


def test_a_new_shop_is_silent_news_before_its_first_answers_and_soon_after(world):
    for name in ("survey", "web"):
        world.counts["south1", name][:] = 0
        world.counts["south2", name][:-15] = 0
        world.counts["south2", name][-3:] = 0
    assert not world.quiet()
    assert not world.surge()


def test_a_shop_of_a_third_of_an_answer_a_day_is_quiet_after_weeks_not_days(world):
    for name in ("survey", "web"):
        world.counts["west5", name][:] = 0
    world.counts["west5", "survey"][::3] = 1
    world.scale(["west5"], 14)
    assert not world.quiet()
    world.scale(["west5"], 80)
    assert list(world.quiet()) == ["west5"]


def test_the_only_shop_of_a_region_is_told_itself():
    world = World(parents={"lone1": "island", **{f"main{n}": "main" for n in range(10)}})
    world.scale(["lone1"], 5)
    assert list(world.quiet()) == ["lone1"]


def test_a_shop_quiet_for_weeks_does_not_end_when_its_region_is_closed(world):
    world.scale(["north3"], 28)
    world.scale(of_region(world, "north"), 1)
    assert set(world.quiet()) == {"north", "north3"}


def test_severity_grows_from_a_quiet_shop_to_a_silent_one_to_many(world):
    def severity() -> list[int]:
        return [finding.severity for finding in find_quiet(world.units(), RULES)]

    world.scale(["north3"], 28, to=0.15)
    assert severity() == [1]
    world.scale(["north3"], 28)
    assert severity() == [2]
    world.scale(of_region(world, "north"), 30)
    assert severity() == [3]


def test_a_day_without_any_answer_is_one_finding_at_the_top(world):
    world.scale(world.shops, 3)
    found = world.quiet()
    assert list(found) == ["france"]
    assert found["france"]["days"] == 3


def test_a_date_far_beyond_the_answers_is_no_storm(world):
    for seen in world.counts.values():
        seen[-100:] = 0
    assert len(world.quiet()) <= 1


def test_a_peak_of_ten_times_is_a_surge_that_says_how_much_its_scores_weigh(world):
    world.scale(["south7"], 1, to=10)
    found = world.surge()
    assert list(found) == ["south7"]
    assert found["south7"]["share_of_28_days_pct"] == pytest.approx(27, abs=6)
    assert found["south7"]["of_usual_pct"] > 500
    assert not world.quiet()


def test_a_peak_of_the_whole_network_is_one_surge_at_the_top(world):
    world.scale(world.shops, 1, to=10)
    assert list(world.surge()) == ["france"]


def test_the_days_after_a_peak_are_usual_again(world):
    world.scale(world.shops, 5, to=10, until=3)
    assert not world.surge()
    assert not world.quiet()


def test_the_order_of_cells_changes_nothing(world):
    world.scale(["north3"], 5)
    before = world.quiet()
    world.counts = dict(reversed(world.counts.items()))
    assert world.quiet() == before
