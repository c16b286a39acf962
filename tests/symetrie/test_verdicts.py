"""What may be said of a score, and the answer of the morning."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symetrie import verdicts
from symetrie.verdicts import (
    Counts,
    MorningAnswer,
    is_solid,
    morning_answer,
    morning_measure,
    sample_tier,
    verdict,
)


@pytest.mark.parametrize(("k", "n"), [(11, 20), (22, 40), (55, 100), (6_875, 12_500)])
def test_exactly_55_percent_is_not_solid_and_one_more_is(k, n):
    assert not is_solid(k, n)
    assert is_solid(k + 1, n)


def test_nobody_is_not_solid():
    assert not is_solid(0, 0)


def test_solid_is_read_on_integers_for_every_size():
    n = np.arange(1, 12_501)
    fewest = 11 * n // 20 + 1
    assert is_solid(fewest, n)[fewest <= n].all()
    assert not is_solid(fewest - 1, n).any()


@pytest.mark.parametrize(
    ("n", "tier"),
    [
        (0, "insufficient"),
        (4, "insufficient"),
        (5, "fragile"),
        (29, "fragile"),
        (30, "adequate"),
        (99, "adequate"),
        (100, "comparable"),
        (12_500, "comparable"),
    ],
)
def test_the_tier_tells_how_much_a_sample_can_carry(n, tier):
    assert sample_tier(n) == tier


def test_the_tier_and_the_verdict_are_two_things():
    assert (sample_tier(12), verdict(11, 12)) == ("fragile", "solid")
    assert (sample_tier(400), verdict(200, 400)) == ("comparable", "not_solid")


def test_nothing_is_said_below_five_answers():
    assert verdict(4, 4) is None
    assert verdict(5, 5) == "solid"
    assert verdict(0, 5) == "not_solid"


def test_yes_when_the_interval_lies_wholly_above_55_percent():
    assert morning_answer({1: Counts(100, 65, 10)}).answer == "yes"


def test_no_when_the_interval_lies_wholly_below_55_percent():
    assert morning_answer({1: Counts(100, 44, 30)}).answer == "no"


@pytest.mark.parametrize("favourable", [46, 55, 64])
def test_mixed_when_the_interval_holds_55_percent(favourable):
    assert morning_answer({1: Counts(100, favourable, 10)}).answer == "mixed"


def test_yesterday_alone_is_enough_with_five_answers():
    answer = morning_answer({1: Counts(5, 5, 0), 7: Counts(80, 0, 80), 28: Counts(300, 0, 300)})
    assert (answer.window_days, answer.answer_count, answer.answer) == (1, 5, "yes")


@pytest.mark.parametrize(
    ("counts", "days"),
    [
        ({1: 4, 7: 5, 28: 9, 91: 40}, 7),
        ({1: 0, 7: 4, 28: 5, 91: 40}, 28),
        ({1: 0, 7: 0, 28: 4, 91: 5}, 91),
        ({28: 12, 91: 40}, 28),
    ],
)
def test_below_five_answers_the_shortest_window_that_reaches_five_is_used_and_named(counts, days):
    answer = morning_answer({window: Counts(n, n, 0) for window, n in counts.items()})
    assert (answer.window_days, answer.answer_count) == (days, counts[days])


def test_below_five_answers_in_91_days_there_are_not_enough():
    assert morning_answer({1: Counts(1, 1, 0), 7: Counts(2, 2, 0), 28: Counts(4, 3, 0), 91: Counts(4, 3, 1)}) == (
        MorningAnswer("not_enough", "overall", 91, 4, 3, 1, score=75.0, low=None, high=None)
    )


def test_without_any_answer_there_is_no_score_either():
    assert morning_answer({}) == MorningAnswer("not_enough", "overall", 91, 0, 0, 0, None, None, None)


@pytest.mark.parametrize(
    ("promoters", "detractors", "answer"),
    [(50, 20, "yes"), (20, 50, "no"), (30, 25, "mixed"), (40, 40, "mixed")],
)
def test_the_nps_is_held_against_zero(promoters, detractors, answer):
    morning = morning_answer({1: Counts(100, promoters, detractors)}, measure="nps")
    assert (morning.answer, morning.measure, morning.score) == (answer, "nps", promoters - detractors)


def test_the_numbers_are_plain_ones_that_json_can_write():
    answer = morning_answer({1: Counts(30, 22, 2)})
    assert (answer.score, round(answer.low, 1), round(answer.high, 1)) == (
        pytest.approx(73.33, abs=0.01),
        55.6,
        85.8,
    )
    assert {type(answer.score), type(answer.low), type(answer.high)} == {float}


def test_the_answer_stands_on_the_nps_only_where_overall_is_not_asked_at_all():
    assert morning_measure(["overall", "nps", "trust"]) == "overall"
    assert morning_measure(["nps", "trust"]) == "nps"
    assert morning_measure(["trust"]) == "overall"


def test_no_other_measure_carries_the_morning_answer():
    with pytest.raises(LookupError, match="the morning answer stands on overall or nps, not on 'trust'"):
        morning_answer({}, measure="trust")


@given(st.integers(5, 12_500).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n - 1))))
def test_one_more_happy_client_never_makes_the_answer_worse(counts):
    n, k = counts
    order = ["no", "mixed", "yes"]
    before, after = (morning_answer({1: Counts(n, favourable, 0)}).answer for favourable in (k, k + 1))
    assert order.index(before) <= order.index(after)


@given(st.integers(5, 12_500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_yes_implies_solid_and_no_implies_not_solid(counts):
    k, n = counts
    answer = morning_answer({1: Counts(n, k, 0)}).answer
    assert (answer, verdict(k, n)) not in {("yes", "not_solid"), ("no", "solid")}


@pytest.mark.parametrize(
    ("low", "high", "answer"),
    [(55.1, 90.0, "yes"), (55.0, 90.0, "mixed"), (20.0, 55.0, "mixed"), (20.0, 54.9, "no"), (None, None, "not_enough")],
)
def test_an_interval_that_touches_the_line_is_mixed(low, high, answer):
    """Wholly above or wholly below: the line itself is neither."""
    assert verdicts._answer(low, high, 55.0) == answer
