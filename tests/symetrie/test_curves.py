"""The two curves: what is said of them, over which sites, and what is not said."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from symetrie.curves import PUBLISHED_LEADER_RATIO, Symmetry, quartile_ratio, symmetry


def network(clients, employees, client_count=40, employee_count=10):
    """Make a network of the favourable counts of its sites."""
    return pd.DataFrame(
        {
            "unit_id": [f"site-{number}" for number in range(len(clients))],
            "client_count": client_count, "client_favourable": clients, "client_unfavourable": 5,
            "employee_count": employee_count, "employee_favourable": employees,
        }
    )  # fmt: skip


CLIENTS, EMPLOYEES = [10, 12, 12, 20, 24, 25, 30, 33, 35], [3, 4, 2, 5, 5, 4, 8, 6, 9]


def test_the_coefficients_are_those_of_scipy():
    nps, engagement = [100 * (k - 5) / 40 for k in CLIENTS], [100 * k / 10 for k in EMPLOYEES]
    expected = stats.pearsonr(nps, engagement)
    found = symmetry(network(CLIENTS, EMPLOYEES), "nps")
    assert found.pearson == pytest.approx(expected.statistic, abs=1e-12)
    assert (found.low, found.high) == pytest.approx(tuple(expected.confidence_interval(0.95)), abs=1e-9)
    assert found.spearman == pytest.approx(stats.spearmanr(nps, engagement).statistic, abs=1e-12)


def test_what_is_said_of_nine_sites():
    found = symmetry(network(CLIENTS, EMPLOYEES), "nps")
    assert found.site_count == 9
    assert (round(found.pearson, 3), round(found.low, 3), round(found.high, 3)) == (0.864, 0.470, 0.971)
    assert (round(found.client_reliability, 3), round(found.employee_reliability, 3)) == (0.795, 0.556)
    assert round(found.quartile_ratio, 3) == 2.556


def test_a_percent_reads_the_favourable_answers_alone():
    sites = network(CLIENTS, EMPLOYEES)
    sites["client_unfavourable"] = [5, 0, 9, 3, 1, 8, 2, 4, 0]
    without = sites.drop(columns="client_unfavourable")
    assert symmetry(sites, "top_two_box") == symmetry(without, "top_two_box")
    assert symmetry(sites, "nps").pearson != symmetry(sites, "top_two_box").pearson


@pytest.mark.parametrize("short", [{"client_count": 29}, {"employee_count": 4}, {"employee_count": None}])
def test_a_site_with_too_few_answers_on_either_side_is_not_on_the_curves(short):
    sites = network([*CLIENTS, 1], [*EMPLOYEES, 4]).astype({"employee_count": float})
    sites.loc[9, [*short]] = [*short.values()]
    assert symmetry(sites, "nps") == symmetry(network(CLIENTS, EMPLOYEES), "nps")


def test_thirty_clients_and_five_employees_are_enough():
    assert symmetry(network([10, 20, 25], [3, 5, 4], client_count=30, employee_count=5), "nps").site_count == 3


def test_the_minimum_counts_may_be_raised_and_lowered():
    sites = network([10, 20, 30, 25], [3, 5, 8, 4])
    assert symmetry(sites, "nps", client_minimum=41).site_count == 0
    assert symmetry(sites, "nps", employee_minimum=11).site_count == 0
    assert (
        symmetry(
            sites.assign(client_count=29, employee_count=4, client_favourable=9, employee_favourable=2), "nps", 29, 4
        ).site_count
        == 4
    )


@pytest.mark.parametrize("count", [0, 3])
def test_nothing_is_said_of_fewer_than_four_sites(count):
    sites = network(CLIENTS, EMPLOYEES).head(count)
    assert symmetry(sites, "nps") == Symmetry(count, None, None, None, None, None, None, None, None)


def test_a_side_that_does_not_vary_has_no_curve_but_the_other_stays_reliable():
    found = symmetry(network(CLIENTS, 5), "nps")
    assert (found.pearson, found.low, found.high, found.spearman, found.disattenuated) == (None,) * 5
    assert (found.employee_reliability, round(found.client_reliability, 3)) == (None, 0.795)


def test_no_disattenuated_value_where_one_side_is_all_noise():
    found = symmetry(network([10, 20, 30, 25], [4, 5, 6, 5]), "nps")
    assert found.employee_reliability == 0.0
    assert found.pearson > 0.9
    assert found.disattenuated is None


def test_the_disattenuated_value_is_clipped_to_1():
    found = symmetry(network(CLIENTS, EMPLOYEES), "nps")
    assert found.pearson / (found.client_reliability * found.employee_reliability) ** 0.5 > 1
    assert found.disattenuated == 1.0


def test_the_order_of_the_sites_changes_nothing():
    sites = network(CLIENTS, EMPLOYEES)
    found, reversed_ = symmetry(sites, "nps"), symmetry(sites.iloc[::-1], "nps")
    assert reversed_.pearson == pytest.approx(found.pearson)
    assert reversed_.quartile_ratio == pytest.approx(found.quartile_ratio)


def test_a_site_given_twice_is_refused():
    with pytest.raises(ValueError, match="is given twice"):
        symmetry(pd.concat([network(CLIENTS, EMPLOYEES)] * 2), "nps")


def test_the_published_ratio_of_leaders_to_laggards():
    assert PUBLISHED_LEADER_RATIO == 1.5


def test_the_quartiles_are_taken_by_client_score_and_read_in_engagement():
    clients = np.array([8.0, 1, 7, 2, 6, 3, 5, 4])
    employees = np.array([90.0, 30, 60, 20, 1, 99, 1, 99])
    assert quartile_ratio(clients, employees) == 3.0


def test_every_site_weighs_the_same_in_its_quartile():
    sites = network([5, 6, 7, 8, 9, 10, 11, 12], [2, 4, 9, 9, 9, 9, 6, 6])
    sites.loc[0, ["employee_count", "employee_favourable"]] = [1000, 200]
    assert symmetry(sites, "nps").quartile_ratio == pytest.approx(2.0)


def test_sites_that_tie_with_a_quartile_belong_to_it():
    clients = np.array([1.0, 1, 1, 2, 3, 4, 5, 6])
    assert quartile_ratio(clients, np.array([10.0, 20, 30, 0, 0, 0, 60, 60])) == 3.0


@pytest.mark.parametrize(
    ("clients", "employees"),
    [
        (np.arange(7.0), np.arange(1.0, 8.0)),
        (np.array([1.0, 5, 5, 5, 5, 5, 5, 9]), np.arange(1.0, 9.0)),
        (np.arange(8.0), np.array([0.0, 0, 1, 1, 1, 1, 1, 1])),
    ],
    ids=["seven sites", "both quartiles one score", "nobody engaged among the laggards"],
)
def test_a_ratio_that_would_say_nothing_is_none(clients, employees):
    assert quartile_ratio(clients, employees) is None


def test_eight_sites_have_quartiles_of_two():
    assert quartile_ratio(np.arange(8.0), np.array([10.0, 30, 0, 0, 0, 0, 30, 50])) == 2.0


def test_a_true_correlation_is_recovered_through_the_noise():
    rng = np.random.default_rng(20260307)
    latent = rng.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], 2000)
    clients, employees = rng.binomial([[40, 15]], np.clip(0.6 + 0.1 * latent, 0, 1)).T
    found = symmetry(network(clients, employees, employee_count=15), "top_two_box")
    assert found.high < 0.6
    assert found.disattenuated == pytest.approx(0.6, abs=0.06)
