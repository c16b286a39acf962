from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from scipy.stats import norm

from pipelines.demo.answers import PLAIN, Company, draw_answers
from pipelines.demo.marks import POSITION, draw_latent, marks_of
from pipelines.demo.plan import Plan
from pipelines.demo.sources import APRES_VISITE

PLAN = Plan(seed=20261, anchor=date(2026, 7, 24), sites=30, answers_per_day=30_000)


@pytest.mark.parametrize(("share", "key"), [(0.45, "overall"), (0.90, "overall"), (0.7, "trust"), (0.6, "ces")])
def test_the_share_of_favourable_marks_is_the_one_asked_for(share: float, key: str) -> None:
    levels = np.full((200_000, len(POSITION)), norm.ppf(share), np.float32)
    marks = marks_of(key, draw_latent(levels, np.random.default_rng(1))[:, POSITION[key]])
    assert (marks >= (5 if key == "ces" else 4)).mean() == pytest.approx(share, abs=0.005)


def test_marks_stay_on_their_scales_and_use_all_of_them() -> None:
    latent = draw_latent(np.zeros((50_000, len(POSITION)), np.float32), np.random.default_rng(1))
    assert set(marks_of("overall", latent[:, 0]).tolist()) == set(range(1, 6))
    assert set(marks_of("nps", latent[:, 1]).tolist()) == set(range(11))
    assert set(marks_of("ces", latent[:, 2]).tolist()) == set(range(1, 8))


def test_the_marks_of_one_person_go_together() -> None:
    answers = draw_answers(Company(PLAN), APRES_VISITE, date(2026, 9, 8), PLAIN)
    answered = answers[(answers["overall"] > 0) & (answers["listening"] > 0) & (answers["nps"] >= 0)]
    assert np.corrcoef(answered["overall"], answered["listening"])[0, 1] > 0.5
    assert np.corrcoef(answered["overall"], answered["nps"])[0, 1] > 0.5


def test_a_deterioration_is_as_large_as_the_plan_says_and_starts_on_its_day() -> None:
    company = Company(replace(PLAN, answers_per_day=60_000))
    change = company.network.changes[1]
    assert (change.points, change.start) == (-28, date(2026, 10, 16))

    def share(first: int, key: str) -> float:
        days = [date(2026, 10, first + number) for number in range(4)]
        drawn = np.concatenate([draw_answers(company, APRES_VISITE, day, PLAIN) for day in days])
        marks = drawn[drawn["site"] == change.site][key]
        return float((marks >= 4).sum() / (marks >= 1).sum())

    assert share(16, "harmony") - share(12, "harmony") == pytest.approx(-0.28, abs=0.04)
    assert share(16, "values") - share(12, "values") == pytest.approx(0, abs=0.04)
