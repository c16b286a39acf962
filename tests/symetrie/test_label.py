"""The label's criteria: strictly above 55 % everywhere, strictly above 70 % on the whole, decided on integers."""

from fractions import Fraction
from itertools import chain, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symetrie.dimensions import DIMENSIONS
from symetrie.label import LABEL_SIDES, Label, LabelRule, criteria_hold, label_state, labels

KEYS = [dimension.key for dimension in DIMENSIONS]
SCORES = [*product(LABEL_SIDES, KEYS)]
ALL_SCORES = LabelRule("all-1")
EACH_SIDE = LabelRule("each-1", mean_over="each_side")
COLUMNS = ["unit_id", "side", "measure", "favourable_count", "answer_count"]


def all_at(k, n, **others):
    """Give every dimension of a side k of n, but for the others."""
    return dict.fromkeys(KEYS, (k, n)) | others


def long_rows(unit_id, client, employee):
    """Write one unit as long rows, a missing row where a score is absent."""
    return [
        (unit_id, side, measure, *(counts or (None, None)))
        for side, given in (("client", client), ("employee", employee))
        for measure, counts in given.items()
    ]


def frame(*rows):
    return pd.DataFrame(rows, columns=COLUMNS)


def state(client, employee, rule=ALL_SCORES):
    return label_state(client, employee, rule).state


def told(employee, rule=ALL_SCORES, client=(9, 10), **others):
    """Label one unit of which every employee score is (favourable, answered, precision), but for the others."""
    given = {"client": all_at(*client), "employee": dict.fromkeys(KEYS, employee) | others}
    rows = [(*row, 0)[:6] for row in long_rows("lyon-1", given["client"], given["employee"])]
    return labels(pd.DataFrame(rows, columns=[*COLUMNS, "precision_count"]), rule).iloc[0]


def stated(client, employee, rule):
    """Work the label out anew, one score after another, in fractions."""
    scores = {
        (side, key): Fraction(*given[key]) if given.get(key) and given[key][1] >= 5 else None
        for side, given in (("client", client), ("employee", employee))
        for key in KEYS
    }
    known = [score for score in scores.values() if score is not None]
    at_best = {key: 1 if score is None else score for key, score in scores.items()}
    sides = [[at_best[side, key] for key in KEYS] for side in LABEL_SIDES]
    groups = sides if rule.mean_over == "each_side" else [[*chain(*sides)]]
    failed = min(at_best.values()) <= Fraction(55, 100) or any(
        sum(group) / len(group) <= Fraction(70, 100) for group in groups
    )
    binding = min((key for key in SCORES if scores[key] is not None), key=lambda key: scores[key], default=None)
    if failed:
        return "not_met", *binding
    if len(known) < 22:
        return None, *next(key for key in SCORES if scores[key] is None)
    every = [given[key] for given in (client, employee) for key in KEYS]
    # Wilson's bound lies above 11/20 where the test of 11/20 rejects: (20k - 11n)² > z² · 99n, z² = 3.8414588.
    sure = all((20 * k - 11 * n) ** 2 > Fraction("3.841458820694124") * 99 * n for k, n in every)
    return "met_with_margin" if sure else "met", *binding


share = st.sampled_from([4, 5, 10, 20, 30]).flatmap(lambda n: st.tuples(st.integers(n * 6 // 10, n), st.just(n)))
near_the_line = st.sampled_from([(7, 10), (14, 20), (6, 10), (8, 10), (13, 20), (15, 20), (23, 30), (19, 30)])


@st.composite
def sides(draw):
    """Draw a side, often near the lines, at times with a score that is missing or of too few answers."""
    kind = draw(st.sampled_from([share, near_the_line]))
    side = {key: draw(kind) for key in KEYS}
    for key in draw(st.lists(st.sampled_from(KEYS), max_size=2)):
        side[key] = draw(st.sampled_from([None, (4, 4), (0, 0), (11, 20), (12, 20)]))
    return side


def test_all_above_both_lines_meet_the_criteria():
    assert label_state(all_at(8, 10), all_at(15, 20), ALL_SCORES) == Label(
        "met", "employee", "autonomy", pytest.approx(77.5), pytest.approx(80.0), pytest.approx(75.0)
    )


@pytest.mark.parametrize("side", LABEL_SIDES)
@pytest.mark.parametrize("measure", KEYS)
def test_one_dimension_at_exactly_55_percent_fails_on_either_side(side, measure):
    given = {each: all_at(9, 10) for each in LABEL_SIDES}
    given[side] = all_at(9, 10, **{measure: (11, 20)})
    label = label_state(*given.values(), ALL_SCORES)
    assert (label.state, label.binding_side, label.binding_measure) == ("not_met", side, measure)


def test_one_favourable_answer_more_than_55_percent_is_enough():
    assert state(all_at(9, 10, trust=(12, 20)), all_at(9, 10)) == "met"


@pytest.mark.parametrize(
    ("client", "employee"),
    [((7, 10), (7, 10)), ((6, 10), (8, 10)), ((13, 20), (15, 20)), ((19, 30), (23, 30)), ((6, 10), (24, 30))],
)
def test_a_mean_of_exactly_70_percent_fails_where_floats_would_let_it_pass(client, employee):
    assert state(all_at(*client), all_at(*employee)) == "not_met"


def test_a_mean_a_hair_above_70_percent_passes():
    assert state(all_at(70_000, 100_000, values=(70_001, 100_000)), all_at(7, 10)) == "met"
    assert state(all_at(70_000, 100_000, values=(69_999, 100_000)), all_at(7, 10)) == "not_met"


def test_a_mean_nearer_to_70_percent_than_floats_can_tell_is_still_decided():
    n = 10**17
    hair = criteria_hold(np.array([[7] * 21 + [n // 10 * 7 + 1]]), np.array([[10] * 21 + [n]]), ALL_SCORES)
    none = criteria_hold(np.array([[7] * 21 + [n // 10 * 7]]), np.array([[10] * 21 + [n]]), ALL_SCORES)
    assert (hair.tolist(), none.tolist()) == ([True], [False])


@pytest.mark.parametrize(("rule", "expected"), [(ALL_SCORES, "met"), (EACH_SIDE, "not_met")])
def test_the_rule_says_over_what_the_mean_is_taken(rule, expected):
    assert state(all_at(9, 10), all_at(6, 10), rule) == expected
    assert state(all_at(6, 10), all_at(9, 10), rule) == expected


def test_each_side_alone_must_be_strictly_above_70_percent():
    assert state(all_at(8, 10), all_at(14, 20), EACH_SIDE) == "not_met"
    assert state(all_at(8, 10), all_at(14, 20, trust=(15, 20)), EACH_SIDE) == "met"


def test_the_mean_is_of_the_scores_and_not_of_the_answers():
    label = label_state(all_at(5, 5), all_at(600, 1000), ALL_SCORES)
    assert (label.mean_pct, label.client_mean_pct, label.employee_mean_pct) == (80.0, 100.0, pytest.approx(60.0))


@pytest.mark.parametrize(("k", "n"), [(9, 10), (22, 30), (65, 100), (240, 400)])
def test_the_margin_begins_where_wilsons_bound_passes_55_percent(k, n):
    assert state(all_at(30, 30, trust=(k, n)), all_at(30, 30)) == "met_with_margin"
    assert state(all_at(30, 30), all_at(30, 30, trust=(k, n))) == "met_with_margin"
    assert state(all_at(30, 30, trust=(k - 1, n)), all_at(30, 30)) == "met"
    assert state(all_at(30, 30), all_at(30, 30, trust=(k - 1, n))) == "met"


@pytest.mark.parametrize("absent", [None, (0, 0), (4, 4)])
def test_a_score_that_cannot_be_said_leaves_the_state_unsaid_and_is_what_binds(absent):
    label = label_state(all_at(9, 10), all_at(8, 10, trust=absent, values=absent), ALL_SCORES)
    assert (label.state, label.binding_side, label.binding_measure) == (None, "employee", "trust")
    assert (label.client_mean_pct, label.employee_mean_pct, label.mean_pct) == (pytest.approx(90.0), None, None)


def test_five_answers_are_enough():
    assert state(all_at(9, 10), all_at(9, 10, trust=(5, 5))) == "met_with_margin"


def test_ten_dimensions_never_pass_for_eleven():
    ten = {key: (9, 10) for key in KEYS if key != "environment"}
    assert label_state(ten, all_at(9, 10), ALL_SCORES) == Label(
        None, "client", "environment", None, None, pytest.approx(90.0)
    )


def test_what_already_fails_is_said_though_a_score_is_missing():
    label = label_state(all_at(9, 10, trust=None), all_at(9, 10, values=(11, 20)), ALL_SCORES)
    assert (label.state, label.binding_side, label.binding_measure) == ("not_met", "employee", "values")


def test_a_mean_that_no_missing_score_could_lift_has_already_failed():
    assert state(all_at(6, 10), all_at(12, 20, trust=None)) == "not_met"
    assert state(all_at(7, 10), {}, EACH_SIDE) == "not_met"
    assert state(all_at(7, 10), {}) is None


def test_nothing_known_is_nothing_said():
    assert label_state({}, {}, ALL_SCORES) == Label(None, "client", "autonomy", None, None, None)


def test_ties_go_to_the_client_then_to_the_order_of_the_dimensions():
    weak = {"values": (12, 20), "trust": (6, 10)}
    label = label_state(all_at(9, 10, **weak), all_at(9, 10, cooperation=(3, 5)), ALL_SCORES)
    assert (label.binding_side, label.binding_measure) == ("client", "trust")
    label = label_state(all_at(9, 10), all_at(9, 10, **weak), ALL_SCORES)
    assert (label.binding_side, label.binding_measure) == ("employee", "trust")


def test_shares_that_differ_by_a_hair_are_no_tie():
    label = label_state(
        all_at(9, 10, trust=(4_000_000, 5_000_000), values=(3_999_998, 4_999_999)), all_at(9, 10), ALL_SCORES
    )
    assert label.binding_measure == "values"


def test_a_score_is_solid_only_if_its_lowest_count_is():
    met, unsaid = told((9, 10, 0), trust=(13, 20, 1)), told((9, 10, 0), trust=(12, 20, 1))
    assert met["state"] == "met"
    assert pd.isna(unsaid["state"])
    assert (unsaid["binding_side"], unsaid["binding_measure"]) == ("employee", "trust")


def test_a_score_fails_only_if_its_highest_count_does():
    assert told((9, 10, 0), trust=(10, 20, 1))["state"] == "not_met"
    assert pd.isna(told((9, 10, 0), trust=(11, 20, 1))["state"])


def test_a_mean_is_said_only_where_both_its_ends_agree():
    """Clients at 62 %: employees must be above 78 % on the whole."""
    client = 62, 100
    assert told((15, 20, 0), client=client)["state"] == "not_met"
    assert pd.isna(told((15, 20, 1), client=client)["state"])
    assert told((17, 20, 1), client=client)["state"] == "met"
    assert told((14, 20, 1), client=client)["state"] == "not_met"


def test_where_only_the_mean_is_open_the_weakest_score_binds():
    label = told((15, 20, 1), client=(62, 100), trust=(14, 20, 1))
    assert pd.isna(label["state"])
    assert (label["binding_side"], label["binding_measure"]) == ("client", "autonomy")


def test_the_margin_is_that_of_the_lowest_counts():
    assert told((30, 30, 0), client=(30, 30), trust=(23, 30, 1))["state"] == "met_with_margin"
    assert told((30, 30, 0), client=(30, 30), trust=(22, 30, 1))["state"] == "met"


def test_what_binds_is_what_surely_fails_and_not_what_may():
    """Half of twenty to within two may be solid; eleven of twenty are not."""
    label = told((9, 10, 0), trust=(10, 20, 2), values=(11, 20, 0))
    assert (label["state"], label["binding_measure"]) == ("not_met", "values")


def test_the_means_are_those_of_the_counts_told():
    assert told((15, 20, 1))["employee_mean_pct"] == pytest.approx(75.0)


def test_without_precisions_every_count_is_exact():
    rows = frame(*long_rows("lyon-1", all_at(9, 10), all_at(12, 20)))
    pd.testing.assert_frame_equal(labels(rows.assign(precision_count=0), ALL_SCORES), labels(rows, ALL_SCORES))


def test_a_unit_is_one_row_in_the_order_in_which_it_comes():
    rows = long_rows("paris-2", all_at(9, 10), all_at(8, 10)) + long_rows("lyon-1", all_at(11, 20), all_at(9, 10))
    said = labels(frame(*rows), EACH_SIDE)
    assert said.columns.tolist() == [
        "unit_id", "state", "binding_side", "binding_measure",
        "mean_pct", "client_mean_pct", "employee_mean_pct", "settings_version",
    ]  # fmt: skip
    assert said[["unit_id", "state", "settings_version"]].values.tolist() == [
        ["paris-2", "met", "each-1"],
        ["lyon-1", "not_met", "each-1"],
    ]


def test_the_order_of_the_rows_within_a_unit_does_not_matter():
    rows = frame(*long_rows("lyon-1", all_at(9, 10, trust=(12, 20)), all_at(8, 10, values=(3, 5))))
    pd.testing.assert_frame_equal(labels(rows[::-1], ALL_SCORES), labels(rows, ALL_SCORES))


def test_no_rows_give_no_rows_with_the_same_columns():
    assert labels(frame(), ALL_SCORES).shape == (0, 8)


def test_the_numbers_are_plain_ones_that_json_can_write():
    label = label_state(all_at(9, 10), all_at(8, 10), ALL_SCORES)
    assert {type(label.mean_pct), type(label.client_mean_pct), type(label.employee_mean_pct)} == {float}


@pytest.mark.parametrize(("side", "measure"), [("perceived", "trust"), ("client", "overall"), (None, "trust")])
def test_a_score_that_is_none_of_the_22_is_refused(side, measure):
    with pytest.raises(LookupError, match=f"the label has no {measure!r} of side {side!r}; use client or employee"):
        labels(frame(("lyon-1", side, measure, 9, 10)), ALL_SCORES)


def test_a_score_given_twice_is_refused():
    rows = [("lyon-1", "client", "trust", 9, 10), ("lyon-2", "client", "trust", 9, 10)]
    with pytest.raises(ValueError, match="1 scores are given twice, the first for unit 'lyon-2', side 'client'"):
        labels(frame(*rows, rows[1]), ALL_SCORES)


@pytest.mark.parametrize("wrong", [(-1, 5), (6, 5), (None, 5)])
def test_counts_that_cannot_be_are_refused(wrong):
    with pytest.raises(ValueError, match="1 rows have answer_count and favourable_count that cannot be"):
        labels(frame(("lyon-1", "client", "trust", *wrong)), ALL_SCORES)


def test_an_unknown_mean_is_refused():
    with pytest.raises(KeyError, match="median"):
        state(all_at(9, 10), all_at(9, 10), LabelRule("odd", "median"))


def test_criteria_do_not_hold_where_nobody_answered():
    assert criteria_hold(np.array([[0] + [9] * 21]), np.array([[0] + [9] * 21]), ALL_SCORES).tolist() == [False]


@settings(max_examples=50)
@given(st.lists(st.tuples(sides(), sides()), min_size=1, max_size=4), st.sampled_from([ALL_SCORES, EACH_SIDE]))
def test_the_label_is_what_fractions_say_one_score_after_another(units, rule):
    rows = [row for number, unit in enumerate(units) for row in long_rows(f"site-{number}", *unit)]
    said = labels(frame(*rows), rule)
    for row, unit in zip(said.itertuples(), units, strict=True):
        found = None if pd.isna(row.state) else row.state
        assert (found, row.binding_side, row.binding_measure) == stated(*unit, rule)


def test_at_a_true_65_percent_the_weakest_of_22_scores_passes_55_percent_one_time_in_five():
    """The published fact of the method: independent scores, 50 answers a side, the mean rule aside."""
    sites = 4000
    favourable = np.random.default_rng(20_180_611).binomial(50, 0.65, (sites, 22))
    rows = pd.DataFrame(
        {
            "unit_id": np.repeat(np.arange(sites), 22),
            "side": [side for side, _ in SCORES] * sites,
            "measure": [measure for _, measure in SCORES] * sites,
            "answer_count": 50,
            "favourable_count": favourable.ravel(),
        }
    )
    weakest = rows.merge(
        labels(rows, ALL_SCORES),
        left_on=["unit_id", "side", "measure"],
        right_on=["unit_id", "binding_side", "binding_measure"],
    )
    assert len(weakest) == sites
    assert (20 * weakest["favourable_count"] > 11 * 50).mean() == pytest.approx(0.198, abs=0.02)
