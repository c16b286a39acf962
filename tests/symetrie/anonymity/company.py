"""A company of small teams over twelve campaigns, whose every answer is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

CAMPAIGNS = 12
TEAMS: Mapping[str, tuple[tuple[str, int, str], ...]] = {
    "north": (("n1", 4, "own"), ("n2", 7, "own"), ("n3", 6, "partner"), ("n4", 9, "own")),
    "south": (("s1", 3, "own"), ("s2", 5, "own"), ("s3", 8, "partner"), ("s4", 12, "own")),
    "web": (("w1", 1, "partner"), ("w2", 11, "own")),
}
FAVOURABLE_SHARE = 0.7
LEAVE, JOIN, MOVE = 0.04, 0.04, 0.02  # of the people, from one campaign to the next

ANCESTORS = pd.DataFrame(
    [(team, above, depth) for region, teams in TEAMS.items() for team, _, _ in teams
     for depth, above in enumerate((team, region, "network"))],
    columns=["unit_id", "ancestor_id", "depth"],
)  # fmt: skip
OPERATED_BY = {team: by for teams in TEAMS.values() for team, _, by in teams}


@dataclass(frozen=True)
class Person:
    """One employee at one campaign; ``answer`` names what they gave, the same name the same answer."""

    team: str
    answer: int
    is_favourable: bool


def fresh_answers(random: np.random.Generator) -> list[list[Person]]:
    """Everybody thinks anew at each campaign: no two answers are the same one."""
    teams = _everybody()
    drawn = random.random((CAMPAIGNS, len(teams))) < FAVOURABLE_SHARE
    return [
        [Person(team, campaign * len(teams) + place, bool(row[place])) for place, team in enumerate(teams)]
        for campaign, row in enumerate(drawn)
    ]


def persisting_answers(random: np.random.Generator) -> list[list[Person]]:
    """Nobody ever changes their mind; people leave, join and move between campaigns."""
    present = [
        Person(team, number, bool(random.random() < FAVOURABLE_SHARE)) for number, team in enumerate(_everybody())
    ]
    campaigns, number, teams = [present], len(present), list(OPERATED_BY)
    for _ in range(CAMPAIGNS - 1):
        stayed = [person for person in present if random.random() >= LEAVE]
        moved = [
            replace(person, team=str(random.choice(teams))) if random.random() < MOVE else person for person in stayed
        ]
        joined = [
            Person(team, number + place, bool(random.random() < FAVOURABLE_SHARE))
            for place, team in enumerate(team for team in _everybody() if random.random() < JOIN)
        ]
        number += len(joined)
        present = [*moved, *joined]
        campaigns.append(present)
    return campaigns


def _everybody() -> list[str]:
    return [team for teams in TEAMS.values() for team, size, _ in teams for _ in range(size)]


def groups_of(people: Sequence[Person]) -> pd.DataFrame:
    """What the engine is given of a campaign: counts by team."""
    rows = pd.DataFrame({"unit_id": [each.team for each in people], "said": [each.is_favourable for each in people]})
    counts = rows.groupby("unit_id")["said"].agg(answer_count="size", favourable_count="sum").reset_index()
    by = counts["unit_id"].map(OPERATED_BY)
    return counts.assign(operated_by=by, side="employee", measure="trust", unfavourable_count=np.nan)
