"""`mart.symmetry` compares the sites of every unit above them, and only those that have answers enough to be shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import pearsonr, spearmanr

from pipelines.reflection.day import Day
from pipelines.reflection.symmetry import symmetry_rows
from tests.pipelines.reflection.house import day_of, figure, unit

ENGAGED = (3, 5, 4, 8, 6, 9, 2, 7, 8, 5)  # of ten, site by site
PROMOTERS = (10, 14, 13, 30, 20, 28, 12, 25, 22, 21)  # of forty, with four detractors everywhere
SITES = [f"site-{number}" for number in range(10)]


def network() -> list[Any]:
    """Two regions: six sites in the north, four in the south."""
    regions = [unit("shops"), *(unit(name, "shops", kind="region") for name in ("north", "south"))]
    return [*regions, *(unit(site, "north" if number < 6 else "south") for number, site in enumerate(SITES))]


def engagement(counts: Sequence[int] = ENGAGED, **fields: Any) -> list[dict[str, Any]]:
    everybody = figure("shops", "engagement", 57, 100, **fields), figure("north", "engagement", 35, 60, **fields)
    return [*everybody, *(figure(site, "engagement", k, 10, **fields) for site, k in zip(SITES, counts, strict=True))]


def clients(measure: str = "nps", counts: Sequence[int] = PROMOTERS, n: int = 40) -> list[dict[str, Any]]:
    each = {"measure": measure, "n": n, "unfavourable_count": 4}
    return [{"unit_id": site, "k": k, **each} for site, k in zip(SITES, counts, strict=True)]


def compared(day: Day, minimum: int = 5) -> dict[tuple[str, str, int], dict[str, Any]]:
    rows = symmetry_rows(day, minimum).to_dict("records")
    return {(row["unit_id"], row["measure_pair"], row["lag"]): row for row in rows}


def test_every_unit_above_sites_is_compared_over_its_own() -> None:
    found = compared(day_of(engagement(), clients(), network()))
    assert {key: row["site_count"] for key, row in found.items()} == {
        ("north", "nps~engagement", 0): 6,
        ("shops", "nps~engagement", 0): 10,
        ("south", "nps~engagement", 0): 4,
    }


def test_the_coefficients_are_scipys() -> None:
    found = compared(day_of(engagement(), clients(), network()))["shops", "nps~engagement", 0]
    nps = [100 * (k - 4) / 40 for k in PROMOTERS]
    reference = pearsonr(nps, ENGAGED)
    interval = reference.confidence_interval(0.95)
    assert found["pearson"] == pytest.approx(reference.statistic)
    assert (found["low"], found["high"]) == pytest.approx((interval.low, interval.high))
    assert found["spearman"] == pytest.approx(spearmanr(nps, ENGAGED).statistic)
    reliabilities = found["client_reliability"] * found["employee_reliability"]
    assert found["disattenuated"] == pytest.approx(min(1, reference.statistic / np.sqrt(reliabilities)))
    assert found["quartile_ratio"] == pytest.approx(np.mean([8, 9, 7]) / np.mean([3, 4, 2]))


def test_where_the_nps_is_not_asked_overall_satisfaction_is_taken() -> None:
    found = compared(day_of(engagement(), clients("overall"), network()))
    assert ("shops", "overall~engagement", 0) in found
    reference = pearsonr(PROMOTERS, ENGAGED).statistic
    assert found["shops", "overall~engagement", 0]["pearson"] == pytest.approx(reference)


def test_sites_below_either_minimum_and_hidden_ones_are_left_out() -> None:
    """One hidden, whatever stands beside its mark, one of 29 clients, one of four employees."""
    figures = [*engagement(), figure("lille", "trust", 8, 10)]
    figures[2] |= {"is_hidden": True}
    figures[3] |= {"n": 4, "k": 4}
    answers = clients()
    answers[2] |= {"n": 29}
    assert compared(day_of(figures, answers, network()))["shops", "nps~engagement", 0]["site_count"] == 7
    assert compared(day_of(figures, answers, network()), 4)["shops", "nps~engagement", 0]["site_count"] == 8


def test_fewer_than_four_sites_are_counted_and_not_correlated() -> None:
    figures = engagement()
    for row in figures[5:]:
        row |= {"is_hidden": True}
    found = compared(day_of(figures, clients(), network()))["shops", "nps~engagement", 0]
    assert found["site_count"] == 3
    assert {found[name] for name in ("pearson", "low", "spearman", "disattenuated", "quartile_ratio")} == {None}


def test_lag_1_holds_the_clients_of_this_campaign_against_the_employees_of_the_one_before() -> None:
    before = engagement(ENGAGED[::-1], publication_id="winter-1")
    found = compared(day_of([*engagement(), *before], clients(), network(), previous_id="winter-1"))
    nps = [100 * (k - 4) / 40 for k in PROMOTERS]
    assert found["shops", "nps~engagement", 1]["pearson"] == pytest.approx(pearsonr(nps, ENGAGED[::-1]).statistic)
    assert found["shops", "nps~engagement", 0]["pearson"] == pytest.approx(pearsonr(nps, ENGAGED).statistic)


def test_a_campaign_of_another_source_is_no_campaign_before() -> None:
    day = day_of([*engagement(), *engagement(publication_id="partners-1")], clients(), network())
    assert {lag for _, _, lag in compared(day)} == {0}


def test_without_questions_on_engagement_nothing_is_compared() -> None:
    assert compared(day_of([figure("shops", "trust", 8, 10)], clients(), network())) == {}


def test_the_order_of_the_figures_changes_nothing() -> None:
    one, other = (
        day_of(engagement(), clients(), network()),
        day_of(engagement()[::-1], clients()[::-1], network()[::-1]),
    )
    pd.testing.assert_frame_equal(symmetry_rows(one, 5), symmetry_rows(other, 5), check_exact=True)
