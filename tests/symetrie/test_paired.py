"""Two judgements of the same cases: the published numbers, statsmodels, and what must hold for any counts."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa as statsmodels_kappa

from symetrie.intervals import newcombe
from symetrie.paired import cohens_kappa, newcombe_paired

CELL = st.one_of(st.sampled_from([0, 1, 100_000]), st.integers(0, 500))
TABLES = st.tuples(CELL, CELL, CELL, CELL).filter(any)
LIVELY = st.tuples(*[st.integers(1, 500)] * 4)


def exact_kappa(a, b, c, d):
    """Compute kappa and the variance of Fleiss, Cohen & Everitt, in fractions."""
    n = a + b + c + d
    cells = {(0, 0): a, (0, 1): b, (1, 0): c, (1, 1): d}
    p = {cell: Fraction(count, n) for cell, count in cells.items()}
    row = [p[0, 0] + p[0, 1], p[1, 0] + p[1, 1]]
    column = [p[0, 0] + p[1, 0], p[0, 1] + p[1, 1]]
    expected = row[0] * column[0] + row[1] * column[1]
    if expected == 1:
        return None, None
    kappa = (p[0, 0] + p[1, 1] - expected) / (1 - expected)
    matched = sum(p[i, i] * (1 - (row[i] + column[i]) * (1 - kappa)) ** 2 for i in (0, 1))
    differing = sum(p[i, j] * (column[i] + row[j]) ** 2 for i, j in ((0, 1), (1, 0))) * (1 - kappa) ** 2
    return kappa, (matched + differing - (kappa - expected * (1 - kappa)) ** 2) / (1 - expected) ** 2 / n


# Bonett, statpsych for R, ci.kappa.
def test_kappa_gives_the_published_numbers():
    assert np.round(cohens_kappa(58, 4, 12, 31), 4).tolist() == [0.6757, 0.5317, 0.8196]


@given(LIVELY, st.sampled_from([0.8, 0.95, 0.99]))
def test_kappa_and_its_interval_agree_with_statsmodels(table, confidence):
    expected = statsmodels_kappa(np.reshape(table, (2, 2)))
    expected.alpha = (1 - confidence) / 2
    expected._initialize()
    bounds = np.clip([expected.kappa_low, expected.kappa_upp], -1, 1)
    np.testing.assert_allclose(cohens_kappa(*table, confidence), [expected.kappa, *bounds], atol=1e-9)


@given(TABLES)
@example((0, 4, 6, 0))
def test_kappa_is_exact_even_where_nearly_all_cases_fall_in_one_cell(table):
    kappa, variance = exact_kappa(*table)
    assume(kappa is not None)
    found, low, high = cohens_kappa(*table)
    assert found == pytest.approx(float(kappa), abs=1e-12)
    assert np.isnan([low, high]).tolist() == [variance == 0] * 2
    if variance:
        half = 1.959963984540054 * float(variance) ** 0.5
        assert (low, high) == pytest.approx(np.clip([kappa - half, kappa + half], -1, 1).astype(float), abs=1e-10)


@pytest.mark.parametrize("table", [(0, 0, 0, 0), (10, 0, 0, 0), (0, 0, 0, 10)])
def test_kappa_is_undefined_without_a_case_or_when_all_fall_in_one_agreeing_cell(table):
    assert np.isnan(cohens_kappa(*table)).all()


@pytest.mark.parametrize(
    ("table", "kappa"),
    [((6, 0, 0, 4), 1.0), ((6, 4, 0, 0), 0.0), ((6, 0, 4, 0), 0.0), ((0, 6, 0, 4), 0.0), ((0, 5, 5, 0), -1.0)],
    ids=["perfect", "first always yes", "second always yes", "second always no", "always opposite"],
)
def test_a_kappa_whose_standard_error_is_0_has_no_interval(table, kappa):
    """Zero would be read as certainty: Fleiss, Cohen & Everitt's error is that of large samples that vary."""
    assert exact_kappa(*table) == (kappa, 0)
    found, low, high = cohens_kappa(*table)
    assert (found, np.isnan(low), np.isnan(high)) == (kappa, True, True)


@given(TABLES)
def test_kappa_lies_in_its_interval_and_both_within_1(table):
    kappa, low, high = cohens_kappa(*table)
    assume(not np.isnan(low))
    assert -1 <= low <= kappa <= high <= 1


@given(TABLES)
def test_kappa_does_not_ask_who_judges_first_nor_which_answer_is_called_yes(table):
    a, b, c, d = table
    np.testing.assert_allclose(cohens_kappa(a, c, b, d), cohens_kappa(*table), atol=1e-9)
    np.testing.assert_allclose(cohens_kappa(d, c, b, a), cohens_kappa(*table), atol=1e-9)


# Newcombe (1998), Statistics in Medicine 17, 2635-2650, table III, method 10; the last is from Fagerland, Lydersen
# & Laake (2017), Statistical Analysis of Contingency Tables, chapter 8, and its R package contingencytables.
@pytest.mark.parametrize(
    ("table", "low", "high"),
    [
        ((36, 12, 2, 0), 0.0569, 0.3404),
        ((20, 12, 2, 16), 0.0562, 0.3292),
        ((18, 12, 2, 18), 0.0562, 0.3290),
        ((36, 14, 0, 0), 0.1528, 0.4167),
        ((35, 14, 0, 1), 0.1461, 0.4175),
        ((18, 14, 0, 18), 0.1441, 0.3963),
        ((2, 97, 1, 0), 0.8721, 0.9854),
        ((0, 29, 1, 0), 0.6666, 0.9882),
        ((2, 98, 0, 0), 0.9178, 0.9945),
        ((0, 30, 0, 0), 0.8395, 1.0),
        ((54, 0, 0, 0), -0.0664, 0.0664),
        ((53, 0, 0, 1), -0.0729, 0.0729),
        ((30, 0, 0, 24), -0.0358, 0.0358),
        ((59, 6, 16, 80), -0.1186, -0.0046),
    ],
)
def test_the_paired_difference_gives_the_published_numbers(table, low, high):
    assert np.round(newcombe_paired(*table), 4).tolist() == [low, high]


@given(st.integers(0, 500), st.integers(0, 500), st.sampled_from([0.8, 0.95, 0.99]))
def test_a_judge_who_always_says_the_same_correlates_with_nobody(both, first_only, confidence):
    """What is left is the interval of two independent shares, at the confidence that was asked."""
    assume(both + first_only)
    n = both + first_only
    expected = newcombe(n, n, both, n, confidence)
    np.testing.assert_allclose(newcombe_paired(both, first_only, 0, 0, confidence), expected, atol=1e-12)


def test_pairs_that_agree_are_compared_more_closely_than_strangers():
    low, high = newcombe_paired(40, 5, 3, 30)
    alone_low, alone_high = newcombe(45, 78, 43, 78)
    assert alone_low < low < 2 / 78 < high < alone_high


@given(TABLES)
def test_the_paired_interval_holds_the_difference_within_1(table):
    _, b, c, _ = table
    low, high = newcombe_paired(*table)
    assert -1 <= low <= (b - c) / sum(table) <= high <= 1


@given(TABLES)
def test_a_difference_seen_from_the_other_judge_is_the_opposite(table):
    a, b, c, d = table
    low, high = newcombe_paired(*table)
    assert newcombe_paired(a, c, b, d) == (pytest.approx(-high, abs=1e-9), pytest.approx(-low, abs=1e-9))


def test_no_case_has_no_difference():
    assert np.isnan(newcombe_paired(0, 0, 0, 0)).all()


@pytest.mark.parametrize("judge", [cohens_kappa, newcombe_paired])
def test_tables_are_read_at_once_as_one_by_one(judge):
    tables = np.array([(58, 4, 12, 31), (0, 0, 0, 0), (6, 0, 0, 4), (1, 1, 7, 12)])
    together = np.array(judge(*tables.T)).T
    for table, row in zip(tables, together, strict=True):
        np.testing.assert_array_equal(row, np.array(judge(*table)))


@pytest.mark.parametrize("judge", [cohens_kappa, newcombe_paired])
@pytest.mark.parametrize("table", [(-1, 2, 3, 4), (1, 2, -3, 4), (1, 2, 3, float("nan"))])
def test_counts_that_cannot_be_are_refused(judge, table):
    with pytest.raises(ValueError, match="a count of judgements must be 0 or more"):
        judge(*table)
