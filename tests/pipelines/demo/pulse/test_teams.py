from collections import Counter
from datetime import date

import numpy as np
import pytest

from pipelines.demo.answers import Company
from pipelines.demo.plan import Plan
from pipelines.demo.pulse.teams import Teams


@pytest.fixture(scope="module")
def teams() -> Teams:
    return Company(Plan(seed=20261, anchor=date(2026, 7, 24), sites=30, answers_per_day=900)).teams


def test_a_few_teams_are_too_small_most_are_usual_and_some_are_large(teams: Teams) -> None:
    sizes = np.bincount(teams.of_campaign(0).unit)[:30]
    assert sum(sizes < 5) == 4
    assert sum((sizes >= 6) & (sizes <= 15)) == 20
    assert sum(sizes >= 20) == 4
    assert sizes.min() == 2


def test_each_region_has_people_of_its_own(teams: Teams) -> None:
    assert teams.unit_ids[30:].tolist() == ["vauvert-ouest", "vauvert-idf-nord", "vauvert-sud"]
    assert np.bincount(teams.of_campaign(0).unit)[30:].tolist() == [3, 6, 7]


def test_between_campaigns_some_move_and_some_are_replaced(teams: Teams) -> None:
    before, after = teams.of_campaign(0), teams.of_campaign(1)
    units, units_after = (dict(zip(each.person, each.unit, strict=True)) for each in (before, after))
    assert len(before.person) == len(after.person)
    both = units.keys() & units_after.keys()
    assert sum(units[person] != units_after[person] for person in both) == round(0.02 * len(before.person))
    assert len(units_after.keys() - units.keys()) == round(0.03 * len(before.person))
    assert min(units_after.keys() - units.keys()) == len(before.person)  # nobody takes a former number


def test_nobody_works_at_two_places(teams: Teams) -> None:
    assert Counter(teams.of_campaign(7).person.tolist()).most_common(1)[0][1] == 1


@pytest.mark.parametrize("sites", [0, 1, 2])
def test_a_company_of_hardly_any_sites_has_teams(sites: int) -> None:
    teams = Company(Plan(seed=1, anchor=date(2026, 7, 24), sites=sites, answers_per_day=9)).teams
    assert set(teams.of_campaign(3).unit.tolist()) <= set(range(sites + 3))
