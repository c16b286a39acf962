from datetime import date, timedelta
from pathlib import Path

import pytest

from pipelines.demo import make_demo
from pipelines.demo.plan import Plan
from pipelines.demo.pulse.campaigns import campaign, latest, opened
from pipelines.settings import load_settings


def plan(anchor: date) -> Plan:
    return Plan(seed=1, anchor=anchor, sites=3, answers_per_day=9)


@pytest.mark.parametrize("weekday", range(7))
def test_after_the_usual_history_three_campaigns_have_closed_and_one_is_open(weekday: int) -> None:
    anchor = date(2026, 7, 20) + timedelta(days=weekday)
    for until in (anchor + timedelta(days=118), anchor + timedelta(days=119)):
        found = opened(plan(anchor), until)
        assert [each.closes_on < until for each in found] == [True, True, True, False]


def test_a_campaign_lasts_two_weeks_from_a_monday_on() -> None:
    first, second = (campaign(plan(date(2026, 7, 25)), number) for number in (0, 1))
    assert (first.id, first.opens_on, first.closes_on) == ("pouls-2026-08", date(2026, 8, 3), date(2026, 8, 16))
    assert (first.name, second.opens_on) == ("Pouls d'août 2026", date(2026, 9, 7))
    assert first.opens_on.weekday() == 0


def test_no_two_campaigns_have_one_id() -> None:
    ids = [campaign(plan(date(2026, 1, 26)), number).id for number in range(100)]
    assert len(set(ids)) == 100


def test_a_day_belongs_to_the_campaign_that_opened_last() -> None:
    of = plan(date(2026, 7, 25))
    assert latest(of, date(2026, 8, 2)) is None
    assert latest(of, date(2026, 8, 3)) == latest(of, date(2026, 9, 6)) == campaign(of, 0)


def test_the_settings_read_the_campaigns_and_the_next_one_has_no_headcounts_yet(demo: Path) -> None:
    campaigns = load_settings(demo / "symetrie.yaml").campaigns
    assert [(each.id, each.closes_on, each.has_headcounts) for each in campaigns] == [
        ("pouls-2026-08", date(2026, 9, 6), True),
        ("pouls-2026-09", date(2026, 10, 11), True),
        ("pouls-2026-11", date(2026, 11, 15), False),
    ]
    assert {each.questionnaire for each in campaigns} == {"pouls-1"}


def test_a_site_is_asked_from_the_first_campaign_after_its_opening(demo: Path) -> None:
    """M030 opens on 29 September, a day after the second campaign."""
    first, second, _ = load_settings(demo / "symetrie.yaml").campaigns
    assert "M030" not in first.headcounts.keys() | second.headcounts.keys()
    assert len(first.headcounts) == 29 + 3


def test_new_campaigns_are_added_to_what_somebody_changed(tmp_path: Path) -> None:
    make_demo(tmp_path, date(2026, 3, 31), days=3, sites=3, answers_per_day=9)
    file = tmp_path / "campaigns.csv"
    assert file.read_text() == (
        "id;source;opens_on;closes_on;name\npouls-2026-04;pouls;2026-04-06;2026-04-19;Pouls d'avril 2026\n"
    )
    file.write_text(file.read_text().replace("Pouls d'avril 2026", "Le nôtre"))
    make_demo(tmp_path, date(2026, 4, 6))
    assert file.read_text().splitlines()[1:] == [
        "pouls-2026-04;pouls;2026-04-06;2026-04-19;Le nôtre",
        "pouls-2026-05;pouls;2026-05-11;2026-05-24;Pouls de mai 2026",
    ]
