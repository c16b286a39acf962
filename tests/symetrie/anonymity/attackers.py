"""Whoever holds every published figure and solves for single people: by integer programming, with HiGHS."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp

MOST_ATOMS_JOINED = 2


@dataclass(frozen=True)
class Statement:
    """One published figure: of these answers, so many are favourable."""

    answers: frozenset[int]
    low: int
    high: int


@dataclass(frozen=True)
class Finding:
    """A group that an attacker has solved: how many it is, and between which counts its favourable answers lie."""

    answers: frozenset[int]
    low: int
    high: int


class Attacker:
    """Knows every statement, and of one person (the insider) what they answered themselves."""

    def __init__(self, statements: Sequence[Statement], own: Mapping[int, bool] | None = None) -> None:
        self.own = dict(own or {})
        self.atoms = list(_atoms(statements, self.own))
        self.sizes = np.array([len(atom) for atom in self.atoms], dtype=float)
        part_of = [[float(atom <= each.answers) for atom in self.atoms] for each in statements]
        self.constraint = LinearConstraint(
            np.array(part_of), [each.low for each in statements], [each.high for each in statements]
        )
        known = [self.own.get(min(atom)) if len(atom) == 1 else None for atom in self.atoms]
        self.bounds = Bounds(
            [float(said) if said is not None else 0.0 for said in known],
            [float(said) if said is not None else size for said, size in zip(known, self.sizes, strict=True)],
        )
        self.worlds = np.empty((0, len(self.atoms)))

    def findings(self, floor: int) -> Iterator[Finding]:
        """Every group of fewer than ``floor`` people (of one fewer, beside an insider) that is solved.

        A group is atoms together, none of which is solved by itself.
        """
        most = floor - 1 - len(self.own)
        left = []
        for place, atom in enumerate(self.atoms):
            if not atom & self.own.keys():
                finding = self._solved([place], is_small=self.sizes[place] <= most)
                if finding:
                    yield finding
                elif self.sizes[place] <= most:
                    left.append(place)
        for count in range(2, MOST_ATOMS_JOINED + 1):
            for chosen in combinations(left, count):
                if self.sizes[[*chosen]].sum() <= most:
                    finding = self._solved([*chosen], is_small=True)
                    if finding:
                        yield finding

    def _solved(self, chosen: list[int], *, is_small: bool) -> Finding | None:
        """The group, if its count is known, or if all of it is known to be of one mind."""
        size = self.sizes[chosen].sum()
        for _ in range(2):
            seen = self.worlds[:, chosen].sum(axis=1)
            if seen.size and self._is_open(seen, size, is_small=is_small):
                return None
            self._look(chosen)
        seen = self.worlds[:, chosen].sum(axis=1)
        if self._is_open(seen, size, is_small=is_small):
            return None
        answers = frozenset().union(*(self.atoms[place] for place in chosen))
        return Finding(answers, int(seen.min()), int(seen.max()))

    @staticmethod
    def _is_open(seen: npt.NDArray[np.float64], size: float, *, is_small: bool) -> bool:
        is_uncertain = bool(seen.max() > 0 and seen.min() < size)
        return is_uncertain and (not is_small or bool(seen.max() > seen.min()))

    def _look(self, chosen: Sequence[int]) -> None:
        """Find the worlds with the fewest and the most favourable answers of a group that fit every statement."""
        aim = np.zeros(len(self.atoms))
        aim[[*chosen]] = 1
        for sign in (1, -1):
            found = milp(
                sign * aim, constraints=self.constraint, bounds=self.bounds, integrality=np.ones(len(self.atoms))
            )
            assert found.success, found.message
            self.worlds = np.vstack([self.worlds, np.round(found.x)])


def _atoms(statements: Sequence[Statement], own: Mapping[int, bool]) -> Iterator[frozenset[int]]:
    """Answers that stand in the very same statements: nothing tells them apart. The insider's own stands alone."""
    places: dict[tuple[object, ...], set[int]] = {}
    everybody = frozenset().union(*(each.answers for each in statements)) | own.keys()
    for answer in sorted(everybody):
        standing = tuple(place for place, each in enumerate(statements) if answer in each.answers)
        places.setdefault((standing, answer if answer in own else None), set()).add(answer)
    return map(frozenset, places.values())
