"""The mirror shows three legs side by side, and says of their difference no more than both sides allow."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symetrie.intervals import newcombe, wilson
from symetrie.mirror import LEGS, MIRROR_MEASURES, PUBLISHED_PERCEPTION_GAP_POINTS, QUADRANTS, mirror

NOT_SHOWN = None, None
DIFFERENCES = ["asymmetry_points", "asymmetry_low", "asymmetry_high"]
GAPS = ["perception_gap_points", "perception_gap_low", "perception_gap_high"]


def frame(*rows, measure="trust"):
    """Make legs of (favourable, answered): client, employee, perceived."""
    columns = [f"{leg}_{count}" for leg in LEGS for count in ("favourable", "count")]
    counts = pd.DataFrame([np.ravel(row) for row in rows], columns=columns, dtype=object)
    return counts.assign(as_of="2026-03-31", unit_id=[f"site-{number}" for number in range(len(rows))], measure=measure)


def seen(client, employee=NOT_SHOWN, perceived=NOT_SHOWN):
    return mirror(frame((client, employee, perceived))).iloc[0]


@st.composite
def legs(draw):
    """Draw a leg of counts that can be, or none that is shown."""
    answered = draw(st.sampled_from([None, 0, 1, 4, 5, 20, 100, 1_000_000]))
    return NOT_SHOWN if answered is None else (draw(st.integers(0, answered)), answered)


rows = st.lists(st.tuples(legs(), legs(), legs()), min_size=1, max_size=12)


def test_the_columns_are_those_of_the_public_table():
    assert mirror(frame(((56, 70), (48, 80), (9, 10)))).columns.tolist() == [
        "as_of", "unit_id", "measure",
        "client_count", "client_score", "client_low", "client_high",
        "employee_count", "employee_score", "employee_low", "employee_high",
        "perceived_count", "perceived_score", "perceived_low", "perceived_high",
        "asymmetry_points", "asymmetry_low", "asymmetry_high",
        "perception_gap_points", "perception_gap_low", "perception_gap_high",
        "quadrant",
    ]  # fmt: skip


def test_asymmetry_is_client_less_employee_with_newcombes_interval():
    row = seen((56, 70), (48, 80))
    assert np.round(row[DIFFERENCES].to_numpy(dtype=float), 2).tolist() == [20.0, 5.24, 33.39]


def test_the_perception_gap_is_what_employees_think_less_what_clients_feel():
    row = seen((3, 10), perceived=(9, 10))
    assert np.round(row[GAPS].to_numpy(dtype=float), 2).tolist() == [60.0, 17.05, 80.90]


def test_each_leg_has_its_count_its_score_and_wilsons_bounds():
    row = seen((81, 263), (9, 10), (22, 30))
    for leg, numbers in {
        "client": [263, 30.8, 25.53, 36.62],
        "employee": [10, 90.0, 59.58, 98.21],
        "perceived": [30, 73.33, 55.55, 85.82],
    }.items():
        said = row[[f"{leg}_count", f"{leg}_score", f"{leg}_low", f"{leg}_high"]].to_numpy(dtype=float)
        assert np.round(said, 2).tolist() == numbers


@pytest.mark.parametrize(
    ("client", "employee", "quadrant"),
    [
        ((12, 20), (12, 20), "both_solid"),
        ((12, 20), (11, 20), "clients_only"),
        ((11, 20), (12, 20), "team_only"),
        ((11, 20), (11, 20), "neither"),
        ((55, 100), (56, 100), "team_only"),
        ((56, 100), (55, 100), "clients_only"),
        ((5, 5), (3, 5), "both_solid"),
        ((0, 5), (0, 5), "neither"),
    ],
)
def test_exactly_55_percent_is_not_solid(client, employee, quadrant):
    assert seen(client, employee)["quadrant"] == quadrant


@pytest.mark.parametrize(
    ("client", "employee"),
    [((4, 4), (20, 20)), ((20, 20), (4, 4)), ((0, 0), (20, 20)), (NOT_SHOWN, (20, 20)), ((20, 20), NOT_SHOWN)],
)
def test_there_is_no_quadrant_unless_both_sides_have_five_answers(client, employee):
    assert pd.isna(seen(client, employee)["quadrant"])


def test_a_leg_that_may_not_be_shown_takes_everything_that_would_tell_it_with_it():
    row = seen((56, 70), NOT_SHOWN, (9, 10))
    assert row[[f"employee_{name}" for name in ("count", "score", "low", "high")]].isna().all()
    assert row[[*DIFFERENCES, "quadrant"]].isna().all()
    assert (row["client_score"], round(row["perception_gap_points"], 2)) == (80.0, 10.0)


def test_without_clients_there_is_neither_asymmetry_nor_gap():
    assert seen(NOT_SHOWN, (48, 80), (9, 10))[[*DIFFERENCES, *GAPS, "quadrant"]].isna().all()


def test_what_was_asked_and_not_answered_counts_zero_and_scores_nothing():
    row = seen((0, 0), (48, 80))
    assert row["client_count"] == 0
    assert row[["client_score", "client_low", "client_high", *DIFFERENCES]].isna().all()


@pytest.mark.parametrize(("client", "employee"), [((4, 4), (48, 80)), ((48, 80), (4, 4))])
def test_below_five_answers_a_score_and_its_differences_have_no_bounds(client, employee):
    row = seen(client, employee)
    assert abs(row["asymmetry_points"]) == 40.0
    assert row[["asymmetry_low", "asymmetry_high"]].isna().all()
    assert row[["client_low", "employee_low"]].isna().sum() == 1


def test_five_answers_have_bounds():
    assert seen((5, 5), (5, 5))[["client_low", "employee_high", "asymmetry_low"]].notna().all()


def test_every_pair_of_sides_falls_in_one_quadrant():
    shares = [(k, 20) for k in range(21)]
    quadrants = mirror(frame(*((client, employee, NOT_SHOWN) for client in shares for employee in shares)))["quadrant"]
    counted = quadrants.value_counts()
    assert [counted[name] for name in QUADRANTS] == [9 * 9, 9 * 12, 12 * 9, 12 * 12]
    assert counted.sum() == 21 * 21


def told(**legs):
    """See one row of (favourable, answered, precision)."""
    counts = frame(*[[legs.get(leg, NOT_SHOWN)[:2] for leg in LEGS]])
    return mirror(counts.assign(**{f"{leg}_precision": counts_of[2] for leg, counts_of in legs.items()})).iloc[0]


def test_a_precision_widens_the_interval_to_both_its_ends_and_leaves_the_score():
    row = told(client=(56, 70, 0), employee=(48, 80, 2), perceived=(9, 10, 1))
    fewest, most = wilson(46, 80)[0], wilson(50, 80)[1]
    said = row[["employee_score", "employee_low", "employee_high"]].to_numpy(dtype=float)
    np.testing.assert_allclose(said, [60.0, 100 * fewest, 100 * most])
    np.testing.assert_allclose(row["perceived_high"], 100.0)


def test_a_precision_widens_the_differences_with_the_interval():
    """Newcombe's squares of the distances to either bound, of 46 of 80 below and of 50 of 80 above."""
    row = told(client=(56, 70, 0), employee=(48, 80, 2))
    (low1, high1), fewest, most = wilson(56, 70), wilson(46, 80)[0], wilson(50, 80)[1]
    expected = [20, 20 - 100 * np.hypot(0.8 - low1, most - 0.6), 20 + 100 * np.hypot(high1 - 0.8, 0.6 - fewest)]
    np.testing.assert_allclose(row[DIFFERENCES].to_numpy(dtype=float), expected)


@pytest.mark.parametrize(
    ("employee", "quadrant"),
    [
        ((13, 20, 1), "both_solid"),
        ((12, 20, 1), None),
        ((11, 20, 1), None),
        ((10, 20, 1), "clients_only"),
        ((7, 8, 3), None),
        ((7, 8, 2), "both_solid"),
    ],
)
def test_a_quadrant_is_said_where_both_ends_of_the_precision_agree(employee, quadrant):
    seen_quadrant = told(client=(12, 20, 0), employee=employee)["quadrant"]
    assert (None if pd.isna(seen_quadrant) else seen_quadrant) == quadrant


@pytest.mark.parametrize(("told_of", "ends"), [((1, 8, 2), (0, 3)), ((7, 8, 2), (5, 8))])
def test_no_end_is_below_none_or_above_all(told_of, ends):
    row = told(employee=told_of)
    bounds = wilson(ends[0], 8)[0], wilson(ends[1], 8)[1]
    np.testing.assert_allclose(row[["employee_low", "employee_high"]].to_numpy(dtype=float), 100 * np.array(bounds))


@pytest.mark.parametrize("wrong", [-1, 0.5, float("inf")])
def test_a_precision_that_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match="1 rows have employee_precision that cannot be, the first for unit 'site-0'"):
        told(employee=(7, 8, wrong))


def test_a_missing_precision_is_none():
    counts = frame(((12, 20), (13, 20), NOT_SHOWN)).assign(employee_precision=None, perceived_precision=float("nan"))
    pd.testing.assert_frame_equal(mirror(counts), mirror(counts.drop(columns=["employee_precision"])))


def test_the_quadrants_and_what_has_none_add_up_to_the_rows():
    seen_rows = mirror(
        frame(
            ((12, 20), (12, 20), NOT_SHOWN),
            ((11, 20), (12, 20), NOT_SHOWN),
            ((12, 20), NOT_SHOWN, NOT_SHOWN),
            ((2, 2), (12, 20), NOT_SHOWN),
        )
    )
    counted = seen_rows["quadrant"].value_counts(dropna=False)
    assert (counted["both_solid"], counted["team_only"], counted.sum()) == (1, 1, 4)


def test_the_order_of_the_rows_and_their_index_are_kept():
    counts = frame(((12, 20), (11, 20), NOT_SHOWN), ((11, 20), (12, 20), NOT_SHOWN), ((0, 5), (0, 5), NOT_SHOWN))
    counts.index = [7, 3, 7]
    reflected = mirror(counts)
    assert reflected.index.tolist() == [7, 3, 7]
    assert reflected["unit_id"].tolist() == ["site-0", "site-1", "site-2"]
    assert reflected["quadrant"].tolist() == ["clients_only", "team_only", "neither"]


def test_no_rows_give_no_rows_with_the_same_columns():
    nothing = mirror(frame())
    assert (len(nothing), len(nothing.columns)) == (0, 22)


def test_the_counts_handed_in_are_left_as_they_were():
    counts = frame(((12, 20), NOT_SHOWN, (9, 10)))
    before = counts.copy()
    mirror(counts)
    pd.testing.assert_frame_equal(counts, before)


def test_counts_may_come_as_decimals_floats_or_missing():
    row = seen((Decimal(56), 70.0), (float("nan"), pd.NA))
    assert (row["client_count"], row["client_score"]) == (70, 80.0)
    assert pd.isna(row["employee_count"])


@pytest.mark.parametrize("wrong", [(-1, 5), (0, -1), (6, 5), (None, 5)])
@pytest.mark.parametrize("leg", LEGS)
def test_counts_that_cannot_be_are_refused_by_leg_unit_and_measure(leg, wrong):
    row = dict.fromkeys(LEGS, (3, 5)) | {leg: wrong}
    with pytest.raises(ValueError, match=f"1 rows have {leg}_count .* unit 'site-0', measure 'trust': recompute"):
        mirror(frame((*row.values(),)))


@pytest.mark.parametrize("measure", ["nps", "engagement", None])
def test_what_is_not_asked_of_both_sides_alike_is_refused(measure):
    with pytest.raises(LookupError, match=f"the mirror shows no {measure!r}; use one of overall, autonomy, "):
        mirror(frame(((3, 5), (3, 5), (3, 5)), measure=measure))


def test_the_mirror_shows_the_eleven_dimensions_and_overall():
    assert len(MIRROR_MEASURES) == 12
    assert len(mirror(frame(*[((3, 5),) * 3] * 12, measure=MIRROR_MEASURES))) == 12


def test_the_published_gap_is_20_points():
    assert PUBLISHED_PERCEPTION_GAP_POINTS == 20.0


@settings(max_examples=25)
@given(rows)
def test_a_row_is_seen_as_if_it_were_alone(several):
    together = mirror(frame(*several))
    alone = pd.concat([mirror(frame(row)) for row in several], ignore_index=True)
    pd.testing.assert_frame_equal(together.drop(columns="unit_id"), alone.drop(columns="unit_id"))


@settings(max_examples=25)
@given(rows)
def test_with_clients_and_employees_exchanged_the_asymmetry_is_the_opposite(several):
    there = mirror(frame(*several))
    back = mirror(frame(*((employee, client, perceived) for client, employee, perceived in several)))
    np.testing.assert_allclose(there[DIFFERENCES], -back[[DIFFERENCES[0], *DIFFERENCES[:0:-1]]])


@settings(max_examples=50)
@given(st.integers(5, 1000), st.integers(5, 1000), st.data())
def test_the_numbers_are_those_of_the_intervals_in_percent(n1, n2, data):
    k1, k2 = data.draw(st.integers(0, n1)), data.draw(st.integers(0, n2))
    row = seen((k1, n1), (k2, n2))
    said = row[["client_score", "client_low", "client_high", *DIFFERENCES]].to_numpy(dtype=float)
    expected = [k1 / n1, *wilson(k1, n1), k1 / n1 - k2 / n2, *newcombe(k1, n1, k2, n2)]
    np.testing.assert_allclose(said, 100 * np.array(expected), atol=1e-9)
