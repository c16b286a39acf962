"""Double evaluation: one scale, what is matched, what is biased, what is false confidence, and when it is said."""

from dataclasses import astuple

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa as statsmodels_kappa
from statsmodels.stats.proportion import proportion_confint

from symetrie.agreement import AGREEMENT_RULE, Agreement, AgreementRule, agreement

NAMES = Agreement._fields
FALSE_CONFIDENCE = slice(9, 12)


def rounded(found, digits=2):
    return dict(zip(NAMES, np.round(np.array(found, dtype=float), digits).tolist(), strict=True))


def test_by_the_methods_rule_agents_are_favourable_from_3_clients_from_4_and_unhappy_to_2():
    assert astuple(AGREEMENT_RULE) == ("agreement-1", 3, 4, 2)


@pytest.mark.parametrize(
    "wrong",
    [
        {"agent_favourable_from": 1},
        {"agent_favourable_from": 5},
        {"client_favourable_from": 6},
        {"client_unfavourable_to": 0},
        {"client_favourable_from": 3, "client_unfavourable_to": 3},
    ],
)
def test_a_rule_under_which_a_side_says_nothing_or_contradicts_itself_is_refused(wrong):
    with pytest.raises(ValueError, match=f"^agreement rule 'ours-2': .*{next(iter(wrong))}"):
        AgreementRule("ours-2", **wrong)


# The table of Bonett's statpsych, ci.kappa; 89 of 105 match, and 62 are favourable to the agent, 70 to the client.
def test_what_is_said_of_a_hundred_contacts():
    assert rounded(agreement(58, 4, 12, 31, falsely_confident=3)) == {
        "matched_pct": 84.76, "matched_low": 76.67, "matched_high": 90.4,
        "kappa": 0.68, "kappa_low": 0.53, "kappa_high": 0.82,
        "bias_points": -7.62, "bias_low": -15.03, "bias_high": -0.07,
        "false_confidence_pct": 4.84, "false_confidence_low": 1.66, "false_confidence_high": 13.29,
    }  # fmt: skip


def test_the_bias_is_that_of_newcombes_paired_table():
    found = rounded(agreement(20, 12, 2, 16, 0))
    assert (found["bias_points"], found["bias_low"], found["bias_high"]) == (20.0, 5.62, 32.92)


def test_agents_who_see_more_than_there_is_have_a_positive_bias():
    assert agreement(5, 3, 1, 1, 0).bias_points == pytest.approx(20.0)
    assert agreement(5, 1, 3, 1, 0).bias_points == pytest.approx(-20.0)


@given(st.tuples(*[st.integers(3, 300)] * 4), st.integers(0, 300))
def test_shares_and_kappa_agree_with_statsmodels(table, unhappy):
    a, b, _, d = table
    false, n = min(unhappy, b), sum(table)
    found = agreement(*table, false)
    kappa = statsmodels_kappa(np.reshape(table, (2, 2)))
    bounds = np.clip([kappa.kappa_low, kappa.kappa_upp], -1, 1)
    matched = [(a + d) / n, *proportion_confint(a + d, n, method="wilson")]
    false_confidence = [false / (a + b), *proportion_confint(false, a + b, method="wilson")]
    np.testing.assert_allclose(found[:3], np.multiply(100, matched), atol=1e-9)
    np.testing.assert_allclose(found[3:6], [kappa.kappa, *bounds], atol=1e-9)
    np.testing.assert_allclose(found[FALSE_CONFIDENCE], np.multiply(100, false_confidence), atol=1e-9)


@pytest.mark.parametrize("table", [(0, 0, 0, 0, 0), (2, 1, 1, 0, 1), (4, 0, 0, 0, 0)])
def test_nothing_is_said_below_five_contacts(table):
    assert np.isnan(np.array(agreement(*table))).all()


def test_five_contacts_are_enough():
    found = np.array(agreement(4, 1, 0, 0, 1))
    assert np.isnan(found).tolist() == [False] * 4 + [True] * 2 + [False] * 6


def test_false_confidence_needs_five_contacts_that_the_agent_found_favourable():
    found = np.array(agreement([3, 4], [1, 1], 9, 9, 1))
    assert np.isnan(found[FALSE_CONFIDENCE]).tolist() == [[True, False]] * 3
    assert not np.isnan(found[:9]).any()


def test_a_client_neither_happy_nor_unhappy_is_no_match_and_no_false_confidence():
    found = agreement(0, 10, 0, 10, falsely_confident=0)
    assert (float(found.matched_pct), float(found.false_confidence_pct)) == (50.0, 0.0)


def test_an_agent_who_is_always_right_has_a_kappa_and_no_certainty():
    found = rounded(agreement(12, 0, 0, 8, 0), 1)
    assert (found["matched_pct"], found["matched_low"], found["kappa"]) == (100.0, 83.9, 1.0)
    assert np.isnan([found["kappa_low"], found["kappa_high"]]).all()


def test_units_are_judged_at_once_as_one_by_one():
    units = np.array([(58, 4, 12, 31, 3), (0, 0, 0, 0, 0), (3, 1, 9, 9, 1), (20, 12, 2, 16, 8)])
    together = np.array(agreement(*units.T)).T
    for unit, row in zip(units, together, strict=True):
        np.testing.assert_array_equal(row, np.array(agreement(*unit)))


def test_a_frame_takes_the_numbers_as_its_columns():
    counts = pd.DataFrame({"both": [58, 0], "agent": [4, 0], "client": [12, 0], "neither": [31, 0], "false": [3, 0]})
    judged = counts.assign(**agreement(*(counts[name] for name in counts))._asdict())
    assert judged["matched_pct"].round(2).tolist()[0] == 84.76
    assert judged["matched_pct"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ((5, 2, 1, 4, 3), "more contacts of false confidence than the agent alone found favourable"),
        ((5, 2, -1, 4, 0), "must be 0 or more"),
        ((5, 2, 1, 4, -1), "a count must lie between"),
        ((5, float("nan"), 1, 4, 1), "more contacts of false confidence"),
    ],
)
def test_counts_that_cannot_be_are_refused(table, reason):
    with pytest.raises(ValueError, match=reason):
        agreement(*table)
