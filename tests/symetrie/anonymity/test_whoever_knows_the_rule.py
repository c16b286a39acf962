"""Somebody who knows the rule and holds every figure, hidden ones included: all that could have been answered, tried.

Of a few small teams every possible outcome is released. Outcomes that look alike cannot be told apart, so what an
attacker can ever know of a team is what all outcomes that look alike have in common.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
import pytest

from symetrie.anonymity import AnonymityRule, release

COMPANIES = (
    ((5, 5, 5),),
    ((3, 5, 6),),
    ((4, 4, 9),),
    ((8, 7, 6),),
    ((1, 9, 5),),
    ((5, 6), (7, 5)),
    ((3, 3), (6, 7)),
    ((2, 6), (3, 5)),
    ((1, 1), (4, 8)),
    ((2,), (5, 6)),
)


@dataclass(frozen=True)
class Known:
    """What is known of a team: its size, and how many favourable answers it may have had."""

    size: int
    counts: frozenset[int]

    @property
    def is_solved(self) -> bool:
        """Whether somebody's answer is certain, or the count of so small a team is."""
        is_certain = self.counts in ({0}, {self.size})
        return is_certain or (self.size < 5 and len(self.counts) == 1)

    def beside(self, own: int) -> "Known | None":
        """What somebody of the team knows of the others, having answered so; None where it cannot have been."""
        counts = frozenset(count - own for count in self.counts if 0 <= count - own < self.size)
        return Known(self.size - 1, counts) if counts and self.size > 1 else None

    @property
    def is_solved_by_an_insider(self) -> bool:
        """The same of the others, of whom the floor asks one fewer."""
        is_certain = self.counts in ({0}, {self.size})
        return is_certain or (self.size < 4 and len(self.counts) == 1)


def everything_known(company: Sequence[Sequence[int]], cuts: Sequence[str] = ()) -> Iterator[Known]:
    sizes = {f"t{place}": size for place, size in enumerate(size for region in company for size in region)}
    above = [f"r{number}" for number, region in enumerate(company) for _ in region]
    ancestors = pd.DataFrame(
        [(team, unit, depth) for team, region in zip(sizes, above, strict=True)
         for depth, unit in enumerate((team, region, "network"))],
        columns=["unit_id", "ancestor_id", "depth"],
    )  # fmt: skip
    outcomes = np.array(list(product(*(range(size + 1) for size in sizes.values()))))
    groups = pd.DataFrame({
        "unit_id": np.tile([*sizes], len(outcomes)),
        "operated_by": np.tile(["own" if place % 3 else "partner" for place in range(len(sizes))], len(outcomes)),
        "side": "employee",
        "measure": np.repeat(np.arange(len(outcomes)), len(sizes)),  # each outcome as if it were another question
        "answer_count": np.tile([*sizes.values()], len(outcomes)),
        "favourable_count": outcomes.ravel(),
        "unfavourable_count": np.nan,
    })  # fmt: skip
    cells = release(groups, ancestors, cuts=cuts, rule=AnonymityRule())
    told = (
        cells["answer_count"].map(str)
        + " "
        + cells["favourable_low"].map(str)
        + " "
        + cells["favourable_high"].map(str)
    )
    cells["said"] = told.where(cells["hidden_reason"].isna(), cells["hidden_reason"])
    looks = cells.sort_values(["unit_id", "cut", "cut_value"]).groupby("measure")["said"].agg(tuple)
    for alike in looks.groupby(looks).indices.values():
        for place, size in enumerate(sizes.values()):
            yield Known(size, frozenset(outcomes[looks.index[alike]][:, place].tolist()))


@pytest.mark.parametrize("cuts", [(), ("operated_by",)], ids=["units", "operators"])
@pytest.mark.parametrize("company", COMPANIES, ids=str)
def test_nobody_is_known_whatever_was_answered(company: Sequence[Sequence[int]], cuts: Sequence[str]) -> None:
    """Exhaustive: for every outcome, neither an outsider nor anybody of a team learns anything certain."""
    known = list(everything_known(company, cuts))
    assert not [each for each in known if each.is_solved]
    insiders = [others for each in known for own in (0, 1) if (others := each.beside(own))]
    assert not [others for others in insiders if others.is_solved_by_an_insider]


@pytest.mark.parametrize("company", [((5,),), ((6,),), ((8,),), ((5, 5),), ((5, 6),), ((3, 5),)], ids=str)
def test_of_the_enps_nobody_is_known_as_promoter_or_detractor(company: Sequence[Sequence[int]]) -> None:
    """The same with three answers: promoters and detractors are told, and nobody is both."""
    sizes = [size for region in company for size in region]
    of_team = [[(p, d) for p in range(size + 1) for d in range(size + 1 - p)] for size in sizes]
    outcomes = list(product(*of_team))
    teams = [f"t{place}" for place in range(len(sizes))]
    ancestors = pd.DataFrame(
        [(team, unit, depth) for team in teams for depth, unit in enumerate((team, "network"))],
        columns=["unit_id", "ancestor_id", "depth"],
    )
    groups = pd.DataFrame(
        [(team, "employee", number, size, *counts) for number, outcome in enumerate(outcomes)
         for team, size, counts in zip(teams, sizes, outcome, strict=True)],
        columns=["unit_id", "side", "measure", "answer_count", "favourable_count", "unfavourable_count"],
    )  # fmt: skip
    cells = release(groups, ancestors, rule=AnonymityRule())
    ends = [cells[f"{part}_{end}"].map(str) for part in ("favourable", "unfavourable") for end in ("low", "high")]
    told = ends[0] + " " + ends[1] + " " + ends[2] + " " + ends[3]
    cells["said"] = told.where(cells["hidden_reason"].isna(), cells["hidden_reason"])
    looks = cells.sort_values("unit_id").groupby("measure")["said"].agg(tuple)
    for alike in looks.groupby(looks).indices.values():
        possible = [outcomes[number] for number in looks.index[alike]]
        for place, size in enumerate(sizes):
            for part in (0, 1):
                counts = frozenset(outcome[place][part] for outcome in possible)
                assert not Known(size, counts).is_solved, (company, part)
