"""Two attackers against everything published of twelve campaigns: they find nothing, and would if it were there."""

from collections.abc import Sequence

import numpy as np
import pytest

from tests.symetrie.anonymity.attackers import Attacker
from tests.symetrie.anonymity.company import Person, fresh_answers, persisting_answers
from tests.symetrie.anonymity.published import Publication, by_the_rule, everything, plain_floor, shown_share

FLOOR = 5


@pytest.fixture(scope="module")
def fresh() -> list[list[Person]]:
    return fresh_answers(np.random.default_rng(20261122))


@pytest.fixture(scope="module")
def persisting() -> list[list[Person]]:
    return persisting_answers(np.random.default_rng(20261122))


def outsider_finds(campaigns: Sequence[Sequence[Person]], published: Publication) -> int:
    return sum(len(list(Attacker(published(people)).findings(FLOOR))) for people in campaigns)


def insiders_find(campaigns: Sequence[Sequence[Person]], published: Publication) -> int:
    """Everybody in turn; who works in one team and answered the same knows the same."""
    found = 0
    for people in campaigns:
        statements = published(people)
        for own in {(each.team, each.is_favourable): each for each in people}.values():
            found += len(list(Attacker(statements, {own.answer: own.is_favourable}).findings(FLOOR)))
    return found


def test_an_outsider_finds_nobody(fresh: list[list[Person]]) -> None:
    assert outsider_finds(fresh, by_the_rule) == 0


def test_no_insider_finds_anybody(fresh: list[list[Person]]) -> None:
    assert insiders_find(fresh, by_the_rule) == 0


@pytest.mark.parametrize("published", [everything, plain_floor])
def test_without_the_rule_an_outsider_finds_people(fresh: list[list[Person]], published: Publication) -> None:
    """The attackers are proven: with suppression off, and with the plain floor alone, they find dozens."""
    assert outsider_finds(fresh[:4], published) > 10


@pytest.mark.parametrize("published", [everything, plain_floor])
def test_without_the_rule_an_insider_finds_more(fresh: list[list[Person]], published: Publication) -> None:
    assert insiders_find(fresh[:2], published) > outsider_finds(fresh[:2], published)


def test_most_of_what_the_plain_floor_would_show_is_shown(fresh: list[list[Person]]) -> None:
    """Three of ten teams are below the floor, and each takes one beside it along: nothing else is hidden."""
    assert shown_share(fresh) == pytest.approx(8 / 11, abs=0.02)


def test_answers_that_never_change_tell_of_whoever_joins_or_leaves(persisting: list[list[Person]]) -> None:
    """The harsher world is not withstood by the rule of one campaign: docs/anonymity.md says what buys what."""
    every_month = [statement for people in persisting for statement in by_the_rule(people)]
    twice_a_year = [statement for people in persisting[::6] for statement in by_the_rule(people)]
    found = [len(list(Attacker(each).findings(FLOOR))) for each in (every_month, twice_a_year)]
    assert found[0] > 10
    assert found[1] < found[0] / 5
