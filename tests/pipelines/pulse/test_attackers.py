"""What really stands in the warehouse after campaigns of small teams is what the attackers could do nothing with.

Twelve campaigns, and insiders: tests/symetrie/anonymity/test_attackers.py.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa

from pipelines.settings import Settings
from pipelines.steps import opened
from pipelines.warehouse.tables import publication_score
from tests.pipelines.pulse.house import House
from tests.pipelines.pulse.test_publishing import publish, store
from tests.symetrie.anonymity.attackers import Attacker, Statement
from tests.symetrie.anonymity.company import TEAMS, Person, fresh_answers
from tests.symetrie.anonymity.published import by_the_rule, everything, plain_floor

SITES = "".join(
    f"    - {{id: {region}, kind: region, name: {region}, parent: network}}\n"
    + "".join(
        f"    - {{id: {team}, kind: site, name: {team}, parent: {region}{', operated_by: partner' * (by != 'own')}}}\n"
        for team, _, by in teams
    )
    for region, teams in TEAMS.items()
)
UNITS = """\
    - {id: chain, kind: network, name: The chain, timezone: Europe/Paris}
    - {id: lyon, kind: site, name: Lyon, parent: chain}
    - {id: lille, kind: site, name: Lille, parent: chain}
    - {id: nice, kind: site, name: Nice, parent: chain, operated_by: partner}
"""
NETWORK = "    - {id: network, kind: network, name: The network, timezone: Europe/Paris}\n"
FIRST = date(2025, 10, 1)


@pytest.fixture
def campaigns() -> list[list[Person]]:
    return fresh_answers(np.random.default_rng(20261122))[:3]


@pytest.fixture
def published(house: House, campaigns: list[list[Person]]) -> Settings:
    """Monthly campaigns of the company, published by the pipeline."""
    opening = [FIRST + timedelta(days=30 * number) for number in range(len(campaigns))]
    lines = [f"c{n},pouls,{day},{day + timedelta(days=13)}" for n, day in enumerate(opening)]
    settings = house(
        replace={UNITS: NETWORK + SITES},
        campaigns="\n".join(["id,source,opens_on,closes_on", *lines]),
        headcounts="campaign_id,unit_id,invited_count\n",
    )
    for number, people in enumerate(campaigns):
        store(settings, *(_answer(person, number, opening[number]) for person in people))
    publish(settings)
    return settings


def _answer(person: Person, number: int, day: date) -> dict[str, Any]:
    mark = 4 if person.is_favourable else 2
    return {
        "respondent_key": str(person.answer), "campaign_id": f"c{number}", "unit_id": person.team, "answered_on": day,
        "own_trust": mark,
    }  # fmt: skip


def test_what_stands_in_the_warehouse_is_what_the_rule_lets_out_and_the_attackers_find_nobody(
    published: Settings, campaigns: list[list[Person]]
) -> None:
    """With the plain floor alone, or without suppression, they would."""
    cell = publication_score.c
    with opened(published) as warehouse, warehouse.reading() as connection:
        for number, people in enumerate(campaigns):
            shown = sa.and_(cell.publication_id == f"c{number}-1", sa.not_(cell.is_hidden), cell.measure == "trust")
            rows = connection.execute(sa.select(publication_score).where(shown)).all()
            told = {(row.answer_count, row.favourable_count, row.precision_count) for row in rows}
            assert told == {_as_told(each) for each in by_the_rule(people)}
            assert len(rows) == len(by_the_rule(people))
    by_rule = [each for people in campaigns for each in Attacker(by_the_rule(people)).findings(5)]
    assert by_rule == []
    for without_it in (plain_floor, everything):
        assert list(Attacker(without_it(campaigns[0])).findings(5)) != []


def _as_told(statement: Statement) -> tuple[int, int, int]:
    open_ = statement.high - statement.low
    return len(statement.answers), statement.low + open_ // 2, -(-open_ // 2)
