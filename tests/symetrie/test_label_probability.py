"""The probability of the label: resampled persons, whole, and the same number on every engine."""

from fractions import Fraction
from itertools import product
from math import factorial, prod

import numpy as np
import pandas as pd
import pytest

from symetrie import label_probability as module
from symetrie.dimensions import DIMENSIONS
from symetrie.label import LabelRule
from symetrie.label_probability import label_probability

KEYS = [dimension.key for dimension in DIMENSIONS]
ALL_SCORES = LabelRule("all-1")
EACH_SIDE = LabelRule("each-1", mean_over="each_side")


def pattern(respondent_count, mark, **others):
    """Give one pattern: a mark on every dimension, but for the others."""
    return dict.fromkeys(KEYS, mark) | others | {"respondent_count": respondent_count}


def marks(*patterns):
    return pd.DataFrame(patterns, columns=[*KEYS, "respondent_count"])


PLEASED = marks(pattern(20, 1))
MIXED = marks(
    pattern(4, 1),
    pattern(2, 1, trust=0, values=0, listening=0),
    pattern(1, 0, trust=1, conduct=None),
    pattern(1, 1, trust=None),
)
DIVIDED = marks(pattern(5, 1), pattern(2, 0, autonomy=1), pattern(1, None, autonomy=0))


def outcomes(side):
    """Give every draw of respondents from a side: its probability, and its score of each dimension."""
    rows = side.to_dict("records")
    everybody = int(side["respondent_count"].sum())
    for drawn in product(range(everybody + 1), repeat=len(rows)):
        if sum(drawn) != everybody:
            continue
        ways = factorial(everybody) // prod(factorial(count) for count in drawn)
        chance = prod(
            Fraction(row["respondent_count"], everybody) ** count for row, count in zip(rows, drawn, strict=True)
        )
        yield ways * chance, [score(rows, drawn, key) for key in KEYS]


def score(rows, drawn, key):
    given = [(row[key], count) for row, count in zip(rows, drawn, strict=True) if not pd.isna(row[key])]
    answered = sum(count for _, count in given)
    return Fraction(int(sum(mark * count for mark, count in given)), answered) if answered else Fraction(0)


def enumerated(client, employee, rule):
    """Give the probability over every draw of both sides, in fractions."""
    held = Fraction(0)
    for (chance, clients), (other, team) in product(outcomes(client), outcomes(employee)):
        means = [clients, team] if rule.mean_over == "each_side" else [clients + team]
        solid = min(clients + team) > Fraction(11, 20)
        if solid and all(sum(scores) / len(scores) > Fraction(7, 10) for scores in means):
            held += chance * other
    return float(held)


@pytest.mark.parametrize(
    ("client", "employee", "rule"),
    [
        (MIXED, PLEASED, ALL_SCORES),
        (MIXED, PLEASED, EACH_SIDE),
        (PLEASED, DIVIDED, EACH_SIDE),
        (MIXED, DIVIDED, ALL_SCORES),
        (DIVIDED, MIXED, EACH_SIDE),
    ],
)
def test_the_probability_is_that_of_every_draw_enumerated(client, employee, rule):
    expected = enumerated(client, employee, rule)
    assert 0.05 < expected < 0.95
    assert label_probability(client, employee, rule, draws=40_000) == pytest.approx(expected, abs=0.01)


def test_the_marks_of_one_person_stay_together():
    """The same scores, 14 of 20 on each dimension: held by the same 14 persons, or by others each time."""
    together = marks(pattern(14, 1), pattern(6, 0))
    order = np.random.default_rng(1)
    apart = pd.DataFrame({key: order.permutation([1] * 14 + [0] * 6) for key in KEYS}).assign(respondent_count=1)
    assert label_probability(together, PLEASED, ALL_SCORES, draws=20_000) == pytest.approx(0.887, abs=0.01)
    assert label_probability(apart, PLEASED, ALL_SCORES, draws=20_000) < 0.6


def test_a_mean_of_exactly_70_percent_fails_in_a_draw_too():
    """One draw in five has exactly 14 pleased of the 20, which floats would let pass for some splits of them."""
    client = marks(pattern(6, 1), pattern(4, 0))
    employee = marks(pattern(8, 1), pattern(2, 0))
    expected = enumerated(client, employee, ALL_SCORES)
    assert label_probability(client, employee, ALL_SCORES, draws=40_000) == pytest.approx(expected, abs=0.01)


def test_certainty_has_probability_one_and_impossibility_zero():
    assert label_probability(PLEASED, PLEASED, ALL_SCORES) == 1.0
    assert label_probability(PLEASED, marks(pattern(20, 1, trust=0)), ALL_SCORES) == 0.0


def test_the_same_seed_gives_the_same_probability_and_another_seed_another():
    first, again, other = (label_probability(MIXED, DIVIDED, ALL_SCORES, seed=seed) for seed in (7, 7, 8))
    assert first == again != other


def test_the_two_sides_are_drawn_apart():
    """Were they drawn alike, both would pass or fail together: .887 and not its square."""
    side = marks(pattern(28, 1), pattern(12, 0))
    one_side = label_probability(side, marks(pattern(40, 1)), EACH_SIDE, draws=20_000)
    assert label_probability(side, side, EACH_SIDE, draws=20_000) == pytest.approx(one_side**2, abs=0.015)


def test_the_order_of_the_patterns_changes_nothing_nor_does_one_written_twice():
    split = pd.concat([MIXED[::-1], marks(pattern(0, 0, trust=None)), *[MIXED.iloc[:1]] * 2]).assign(
        respondent_count=[1, 1, 2, 1, 0, 1, 2]
    )
    assert label_probability(split, DIVIDED, ALL_SCORES) == label_probability(MIXED, DIVIDED, ALL_SCORES)


@pytest.mark.parametrize("dtype", ["boolean", "Int64", "float64", object])
def test_marks_come_as_truth_values_or_numbers(dtype):
    typed = MIXED.astype(dict.fromkeys(KEYS, "boolean")).astype(dict.fromkeys(KEYS, dtype))
    assert label_probability(typed, DIVIDED, ALL_SCORES) == label_probability(MIXED, DIVIDED, ALL_SCORES)


def test_the_number_of_draws_made_at_once_changes_nothing(monkeypatch):
    at_once = label_probability(MIXED, DIVIDED, ALL_SCORES)
    monkeypatch.setattr(module, "_DRAWN_AT_ONCE", 30)
    assert label_probability(MIXED, DIVIDED, ALL_SCORES) == at_once


@pytest.mark.parametrize(
    "few", [marks(), marks(pattern(0, 1)), marks(pattern(4, 1)), marks(pattern(20, 1, environment=None))]
)
def test_below_five_answers_to_a_dimension_on_a_side_nothing_is_said(few):
    assert label_probability(few, PLEASED, ALL_SCORES) is None
    assert label_probability(PLEASED, few, ALL_SCORES) is None


def test_five_answers_are_enough():
    assert label_probability(marks(pattern(5, 1)), marks(pattern(5, 1)), ALL_SCORES) == 1.0


@pytest.mark.parametrize("mark", [4, -1, 0.5])
def test_a_mark_that_is_not_yet_favourable_or_not_is_refused(mark):
    with pytest.raises(ValueError, match="a mark of a pattern is 1 favourable, 0 unfavourable or missing"):
        label_probability(PLEASED, marks(pattern(20, 1, trust=mark)), ALL_SCORES)


@pytest.mark.parametrize("count", [-1, 2.5, None, float("inf")])
def test_respondents_that_cannot_be_are_refused(count):
    with pytest.raises(ValueError, match="the respondents of a pattern are a whole number"):
        label_probability(marks(pattern(20, 1), pattern(count, 0)), PLEASED, ALL_SCORES)


def test_no_draw_at_all_is_refused():
    with pytest.raises(ValueError, match="a share of 0 draws cannot be said"):
        label_probability(PLEASED, PLEASED, ALL_SCORES, draws=0)
