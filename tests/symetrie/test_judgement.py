"""The judgement of many counts at once is the judgement of each."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symetrie.intervals import difference
from symetrie.judgement import judge
from symetrie.measures import CLIENT_MEASURES, EMPLOYEE_MEASURES, PERCEIVED_MEASURES, client_measure
from symetrie.scores import interval, score
from symetrie.verdicts import sample_tier, verdict

COLUMNS = [
    "as_of", "unit_id", "measure", "window_days", "answer_count", "favourable_count", "unfavourable_count",
    "previous_answer_count", "previous_favourable_count", "previous_unfavourable_count",
]  # fmt: skip


def frame(*rows):
    """Make counts of (measure, answered, favourable, unfavourable, and the same three of before)."""
    return pd.DataFrame([("2026-03-07", "lyon-1", row[0], 28, *row[1:]) for row in rows], columns=COLUMNS)


@st.composite
def count_rows(draw):
    """Draw one row of counts that can be."""

    def counts():
        answered = draw(st.sampled_from([0, 1, 4, 5, 30, 100, 12_500]))
        favourable = draw(st.integers(0, answered))
        return answered, favourable, draw(st.integers(0, answered - favourable))

    return draw(st.sampled_from([measure.key for measure in CLIENT_MEASURES])), *counts(), *counts()


def test_the_columns_are_those_of_the_public_table():
    assert judge(frame(("overall", 70, 56, 4, 80, 48, 9))).columns.tolist() == [
        "as_of", "unit_id", "measure", "window_days", "answer_count", "favourable_count", "unfavourable_count",
        "score", "low", "high", "previous_score", "change_points", "change_low", "change_high",
        "sample_tier", "verdict",
    ]  # fmt: skip


def test_a_change_of_percent_has_newcombes_interval():
    row = judge(frame(("overall", 70, 56, 4, 80, 48, 9))).iloc[0]
    assert (row["score"], row["previous_score"]) == (80.0, 60.0)
    assert np.round([row["change_points"], row["change_low"], row["change_high"]], 2).tolist() == [
        20,
        5.24,
        33.39,
    ]


def test_a_change_of_nps_is_in_points():
    row = judge(frame(("nps", 100, 50, 20, 100, 40, 30))).iloc[0]
    assert (row["score"], row["previous_score"], row["change_points"]) == (30.0, 10.0, 20.0)
    assert np.round([row["low"], row["high"]], 1).tolist() == [14.1, 44.2]
    assert row["change_low"] < 20.0 < row["change_high"]


def test_without_answers_before_there_is_no_change():
    row = judge(frame(("trust", 70, 56, 4, 0, 0, 0))).iloc[0]
    assert row[["previous_score", "change_points", "change_low", "change_high"]].isna().all()
    assert row["score"] == 80.0


@pytest.mark.parametrize(("now", "before"), [((4, 4, 0), (70, 56, 4)), ((70, 56, 4), (4, 4, 0))])
def test_a_change_has_no_bounds_when_either_window_has_fewer_than_five_answers(now, before):
    row = judge(frame(("trust", *now, *before))).iloc[0]
    assert abs(row["change_points"]) == 20.0
    assert row[["change_low", "change_high"]].isna().all()


def test_solid_is_not_said_of_nps_nor_of_ease():
    judged = judge(frame(*((key, 70, 56, 4, 0, 0, 0) for key in ("overall", "nps", "ces", "values"))))
    assert judged["verdict"].fillna("nothing").tolist() == ["solid", "nothing", "nothing", "solid"]


def test_counts_may_come_as_decimals_floats_or_missing():
    counts = frame(("overall", Decimal(70), 56.0, Decimal(4), None, None, None))
    row = judge(counts).iloc[0]
    assert (row["answer_count"], row["score"]) == (70, 80.0)
    assert np.isnan(row["previous_score"])


def test_no_rows_give_no_rows_with_the_same_columns():
    nothing = judge(frame())
    assert (len(nothing), len(nothing.columns)) == (0, 16)


def test_the_counts_handed_in_are_left_as_they_were():
    counts = frame(("overall", 70, 56, 4, 80, 48, 9))
    before = counts.copy()
    judge(counts)
    pd.testing.assert_frame_equal(counts, before)


@pytest.mark.parametrize("wrong", [(5, 6, 0), (5, 3, 3), (5, -1, 0), (-1, 0, 0)])
def test_counts_that_cannot_be_are_refused_by_name(wrong):
    with pytest.raises(ValueError, match="1 rows have counts that cannot be, the first for unit 'lyon-1'"):
        judge(frame(("overall", *wrong, 0, 0, 0)))
    with pytest.raises(ValueError, match="1 rows have previous_counts that cannot be"):
        judge(frame(("overall", 0, 0, 0, *wrong)))


@pytest.mark.parametrize("key", ["csat", None])
def test_an_unknown_measure_is_refused(key):
    with pytest.raises(LookupError, match="no client measure is called"):
        judge(frame((key, 70, 56, 4, 80, 48, 9)))


def sided(*rows):
    """Make counts of (side, measure, answered, favourable, unfavourable), with no window before."""
    return frame(*((*row[1:], 0, 0, 0) for row in rows)).iloc[:, :7].assign(side=[row[0] for row in rows])


def test_each_row_is_judged_as_a_measure_of_its_side():
    judged = judge(
        sided(
            ("client", "trust", 70, 56, 4),
            ("employee", "enps", 100, 50, 20),
            ("employee", "trust", 20, 11, 4),
            ("perceived", "trust", 20, 12, 4),
            ("employee", "engagement", 70, 56, 4),
            ("perceived", "overall", 70, 56, 4),
            ("employee", "trust", 70, 56, 4),
        )
    )
    assert judged["side"].tolist() == [
        "client", "employee", "employee", "perceived", "employee", "perceived", "employee",
    ]  # fmt: skip
    assert judged["score"].round(9).tolist() == [80.0, 30.0, 55.0, 60.0, 80.0, 80.0, 80.0]
    assert judged["verdict"].fillna("nothing").tolist() == [
        "solid", "nothing", "not_solid", "solid", "nothing", "solid", "solid",
    ]  # fmt: skip


def test_without_a_window_before_there_is_no_change():
    row = judge(sided(("employee", "trust", 70, 56, 4))).iloc[0]
    assert row[["previous_score", "change_points", "change_low", "change_high"]].isna().all()
    assert (row["score"], row["sample_tier"]) == (80.0, "adequate")


def test_half_of_the_counts_of_before_are_a_mistake_and_not_zero():
    with pytest.raises(KeyError, match="previous_unfavourable_count"):
        judge(frame(("trust", 70, 56, 4, 70, 56, 4)).drop(columns="previous_unfavourable_count"))


@pytest.mark.parametrize(
    ("side", "key", "complaint"),
    [
        ("employee", "nps", "no employee measure is called 'nps'"),
        ("perceived", "engagement", "no perceived measure is called 'engagement'"),
        ("client", "enps", "no client measure is called 'enps'"),
        ("staff", "trust", "no side is called 'staff'"),
    ],
)
def test_a_measure_of_another_side_is_refused(side, key, complaint):
    with pytest.raises(LookupError, match=complaint):
        judge(sided(("employee", "trust", 70, 56, 4), (side, key, 70, 56, 4)))


@settings(max_examples=25)  # each judges every row once more, alone
@given(
    st.lists(
        st.sampled_from(
            [(each.side, each.key) for each in (*CLIENT_MEASURES, *EMPLOYEE_MEASURES, *PERCEIVED_MEASURES)]
        ),
        min_size=1,
    )
)
def test_a_row_of_any_side_is_judged_as_if_it_were_alone(names):
    together = judge(sided(*((*name, 70, 56, 4) for name in names)))
    alone = [judge(sided((*name, 70, 56, 4))) for name in set(names)]
    for name, (_, row) in zip(names, together.iterrows(), strict=True):
        [expected] = [one.iloc[0] for one in alone if (one["side"][0], one["measure"][0]) == name]
        pd.testing.assert_series_equal(row, expected, check_names=False)


@given(st.lists(count_rows(), min_size=1, max_size=20))
def test_a_row_is_judged_as_if_it_were_alone(rows):
    together = judge(frame(*rows))
    for position, (key, n, k, u, *before) in enumerate(rows):
        kind = client_measure(key).kind
        low, high = interval(kind, k, u, n)
        previous = (
            score(kind, before[1], before[2], before[0]),
            *interval(kind, before[1], before[2], before[0]),
        )
        expected = [score(kind, k, u, n), low, high, previous[0], score(kind, k, u, n) - previous[0]]
        expected += [*difference(*expected[:3], *previous)]
        row = together.iloc[position]
        np.testing.assert_array_equal(row["score":"change_high"].to_numpy(dtype=float), expected)
        assert row["sample_tier"] == sample_tier(n)
        said = verdict(k, n) if client_measure(key).is_judged else None
        assert (None if pd.isna(row["verdict"]) else row["verdict"]) == said


@given(st.lists(count_rows(), min_size=1, max_size=20), st.randoms())
def test_the_order_of_the_rows_does_not_matter(rows, random):
    counts = frame(*rows)
    shuffled = counts.loc[random.sample([*counts.index], len(counts))]
    pd.testing.assert_frame_equal(judge(shuffled).sort_index(), judge(counts))
