from datetime import date

import numpy as np
import pytest

from pipelines.demo.answers import PLAIN, Company, draw_answers
from pipelines.demo.climate import felt
from pipelines.demo.plan import Plan
from pipelines.demo.pulse.answers import draw_campaign
from pipelines.demo.pulse.levels import true_pct
from pipelines.demo.pulse.questions import ITEMS
from pipelines.demo.sources import SOURCES
from symetrie.correlation import pearson
from symetrie.reliability import binomial_reliability, disattenuated

DAY = date(2026, 7, 30)  # before anything changes
COMPANY = Company(Plan(seed=20261, anchor=date(2026, 7, 24), sites=400, answers_per_day=40_000))


@pytest.mark.parametrize("count", [4, 30, 400])
def test_what_clients_feel_follows_the_climate_by_exactly_the_strength(count: int) -> None:
    climate = np.random.default_rng(count).standard_normal((count, 2))
    drawn = felt(climate, np.random.default_rng(1))
    for dimension in range(2):
        assert np.corrcoef(climate[:, dimension], drawn[:, dimension])[0, 1] == pytest.approx(0.6, abs=1e-9)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_few_sites_have_a_climate_too(count: int) -> None:
    assert np.isfinite(felt(np.zeros(count), np.random.default_rng(1))).all()


def test_the_answers_of_both_sides_give_the_true_correlation_back() -> None:
    """Counted from the answers, and freed of chance by the reliability of both sides."""
    n, rows = 400, draw_campaign(COMPANY, 0)
    rows = rows[rows["unit"] < n]
    marks = np.column_stack([rows[item] for item in ITEMS]).astype(float)
    engaged = np.where(marks > 0, marks, 0).sum(axis=1) >= 4 * (marks > 0).sum(axis=1)
    teams = np.bincount(rows["unit"], minlength=n)
    clients = np.concatenate([draw_answers(COMPANY, source, DAY, PLAIN) for source in SOURCES])
    clients = clients[clients["overall"] > 0]
    answered = np.bincount(clients["site"], minlength=n)
    happy = np.bincount(clients["site"][clients["overall"] >= 4], minlength=n)
    many = (teams >= 5) & (answered >= 30)
    sides = [(np.bincount(rows["unit"][engaged], minlength=n), teams), (happy, answered)]
    shares = [100 * favourable[many] / of[many] for favourable, of in sides]
    reliabilities = [binomial_reliability("top_two_box", favourable[many], 0, of[many]) for favourable, of in sides]
    true = np.corrcoef(true_pct(COMPANY)["employee", "engagement"][:n][many], COMPANY.network.quality_pct[many])[0, 1]
    assert 0.55 < true < 0.7
    observed = pearson(*shares)
    assert observed is not None
    assert observed < true - 0.08
    assert disattenuated(observed, *reliabilities) == pytest.approx(true, abs=0.06)
