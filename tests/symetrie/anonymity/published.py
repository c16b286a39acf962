"""What is published of the company under a rule, as an attacker reads it."""

from collections.abc import Callable, Sequence

import pandas as pd

from symetrie.anonymity import AnonymityRule, release
from symetrie.anonymity.release import with_blocks
from tests.symetrie.anonymity.attackers import Statement
from tests.symetrie.anonymity.company import ANCESTORS, OPERATED_BY, Person, groups_of

CUTS = ("operated_by",)
THE_RULE = AnonymityRule()
Publication = Callable[[Sequence[Person]], list[Statement]]


def everything(people: Sequence[Person]) -> list[Statement]:
    """Suppression switched off."""
    return _exact(people, fewest=1)


def plain_floor(people: Sequence[Person], floor: int = 5) -> list[Statement]:
    """Every figure of so many answers or more, and nothing else thought of."""
    return _exact(people, fewest=floor)


def by_the_rule(people: Sequence[Person], rule: AnonymityRule = THE_RULE) -> list[Statement]:
    """What the engine lets out; the attacker knows the rule and who answered, so who stands in which block."""
    groups = groups_of(people)
    cells = release(groups, ANCESTORS, cuts=CUTS, rule=rule)
    blocks = with_blocks(groups, ANCESTORS, CUTS, rule).groupby("block")["unit_id"].agg(set).drop(-1, errors="ignore")
    return [
        Statement(
            frozenset(_answers(people, _covered(cell, blocks))), int(cell.favourable_low), int(cell.favourable_high)
        )
        for cell in cells[cells["hidden_reason"].isna()].itertuples()
    ]


def shown_share(campaigns: Sequence[Sequence[Person]], rule: AnonymityRule = THE_RULE) -> float:
    """Figures of units that are shown, among those that the plain floor alone would show."""
    cells = pd.concat([release(groups_of(people), ANCESTORS, cuts=CUTS, rule=rule) for people in campaigns])
    units = cells[cells["cut"] == ""]
    return float(units["hidden_reason"].isna().sum() / (units["total_count"] >= 5).sum())


def _exact(people: Sequence[Person], fewest: int) -> list[Statement]:
    places = [(unit, by) for unit in ANCESTORS["ancestor_id"].unique() for by in ("", "own", "partner")]
    found = [[each for each in people if _is_in(each.team, *place)] for place in places]
    return [
        Statement(frozenset(each.answer for each in some), count := sum(each.is_favourable for each in some), count)
        for some in found
        if len(some) >= fewest
    ]


def _covered(cell: object, blocks: "pd.Series[set[str]]") -> set[str]:
    """The teams whose blocks lie wholly in the place of a figure."""
    inside = [teams for teams in blocks if all(_is_in(team, cell.unit_id, cell.cut_value) for team in teams)]
    return set().union(*inside)


def _is_in(team: str, unit_id: str, operated_by: str) -> bool:
    above = ANCESTORS.loc[ANCESTORS["unit_id"] == team, "ancestor_id"]
    return unit_id in set(above) and operated_by in ("", OPERATED_BY[team])


def _answers(people: Sequence[Person], teams: set[str]) -> list[int]:
    return [each.answer for each in people if each.team in teams]
