"""The floors, and what is told of a count."""

import pytest

from symetrie.anonymity import AnonymityRule
from symetrie.anonymity.rule import between


def test_the_floor_is_never_below_three() -> None:
    with pytest.raises(ValueError, match="take 3 or more"):
        AnonymityRule(floor=2)


def test_the_other_floors_are_never_below_the_floor() -> None:
    with pytest.raises(ValueError, match="may not be below the floor"):
        AnonymityRule(floor=10)


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, (0, 2)), (1, (0, 2)), (2, (0, 2)), (3, (3, 3)), (4, (4, 4)), (5, (5, 7)), (6, (5, 7)), (7, (5, 7))],
)
def test_the_three_counts_at_either_end_are_told_as_one(count: int, told: tuple[int, int]) -> None:
    low, high = AnonymityRule().told(count, 7)
    assert (int(low), int(high)) == told


def test_of_five_answers_only_the_side_is_told() -> None:
    low, high = AnonymityRule().told([0, 1, 2, 3, 4, 5], 5)
    assert [*zip(low.tolist(), high.tolist(), strict=True)] == [(0, 2)] * 3 + [(3, 5)] * 3


def test_from_the_second_threshold_on_unanimity_is_told() -> None:
    low, high = AnonymityRule().told([30, 29], [30, 29])
    assert [*zip(low.tolist(), high.tolist(), strict=True)] == [(30, 30), (27, 29)]


def test_of_what_can_only_be_at_an_end_nothing_is_told() -> None:
    low, high = between([0, 2, 4], 4)
    assert (low.tolist(), high.tolist()) == ([0, 0, 0], [4, 4, 4])
