from datetime import date

import numpy as np
import pytest

from pipelines.demo.answers import Company
from pipelines.demo.plan import Plan
from pipelines.demo.pulse.answers import draw_campaign
from pipelines.demo.pulse.levels import true_pct
from pipelines.demo.pulse.questions import ITEMS
from pipelines.demo.pulse.rows import counted
from pipelines.demo.rows import Rows

COMPANY = Company(Plan(seed=20261, anchor=date(2026, 7, 24), sites=600, answers_per_day=900))


@pytest.fixture(scope="module")
def answers() -> Rows:
    """The answers of a first campaign that count, of some five thousand people."""
    return counted(draw_campaign(COMPANY, 0))


def expected(answers: Rows, side: str, key: str) -> float:
    """The true score of the units that these people work for, each as often as people answered."""
    return float(true_pct(COMPANY)[side, key][answers["unit"]].mean())


def test_about_three_in_four_take_part(answers: Rows) -> None:
    assert len(answers) / len(COMPANY.teams.invited(0).person) == pytest.approx(0.75, abs=0.02)


@pytest.mark.parametrize(
    ("side", "key", "question"),
    [("employee", "trust", "own_trust"), ("employee", "listening", "own_listening"),
     ("perceived", "overall", "perceived_overall"), ("perceived", "harmony", "perceived_harmony")],
)  # fmt: skip
def test_the_share_of_favourable_marks_is_the_true_one(answers: Rows, side: str, key: str, question: str) -> None:
    marks = answers[question][answers[question] > 0]
    assert 100 * (marks >= 4).mean() == pytest.approx(expected(answers, side, key), abs=2)


def test_the_share_of_engaged_people_is_the_true_one(answers: Rows) -> None:
    marks = np.column_stack([answers[item] for item in ITEMS]).astype(float)
    marks[marks < 1] = np.nan
    engaged = 100 * (np.nanmean(marks, axis=1) >= 4).mean()
    assert engaged == pytest.approx(expected(answers, "employee", "engagement"), abs=2)


def test_the_enps_is_the_true_one(answers: Rows) -> None:
    marks = answers["enps"][answers["enps"] >= 0]
    found = 100 * ((marks >= 9).mean() - (marks <= 6).mean())
    assert found == pytest.approx(expected(answers, "employee", "enps"), abs=3)


def test_teams_of_partners_live_everything_less_well() -> None:
    """By 0.35 standard deviations of a person's mood, which costs some thirteen points in the middle."""
    is_partner = COMPANY.teams.is_partner[:600]
    engaged = true_pct(COMPANY)["employee", "engagement"][:600]
    assert engaged[~is_partner].mean() - engaged[is_partner].mean() == pytest.approx(13, abs=4)


def test_teams_think_that_clients_are_happier_than_they_are() -> None:
    gap = true_pct(COMPANY)["perceived", "overall"][:600].mean() - COMPANY.network.quality_pct.mean()
    assert gap == pytest.approx(13, abs=2)


def test_a_person_keeps_most_of_their_mood_from_one_campaign_to_the_next(answers: Rows) -> None:
    later = counted(draw_campaign(COMPANY, 1))
    both, here, there = np.intersect1d(answers["person"], later["person"], return_indices=True)
    assert len(both) > 3_000
    assert np.corrcoef(answers["own_trust"][here], later["own_trust"][there])[0, 1] > 0.3


def test_nobody_answers_a_campaign_before_it_opens_and_the_late_ones_come_within_three_days() -> None:
    rows = draw_campaign(COMPANY, 0)
    days = rows["submitted"].astype("datetime64[D]")
    assert (days.min(), days.max()) == (np.datetime64("2026-08-03"), np.datetime64("2026-08-19"))
    assert (np.diff(rows["submitted"]) >= np.timedelta64(0, "s")).all()
