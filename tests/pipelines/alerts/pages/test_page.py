"""The page of an alert: self-contained, escaped, legible without seeing it, and the weeks drawn as they were."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import get_args

import pytest

from pipelines.alerts.annotations import Annotation
from pipelines.alerts.pages.as_html import alert_html
from pipelines.alerts.pages.course import SHOWN_WEEKS, WeekScore, draw_course
from pipelines.alerts.pages.making import KnownAlert, make_alert_page
from pipelines.alerts.reading import AlertRow, EventRow
from pipelines.alerts.telling.record import Telling
from pipelines.alerts.telling.sentences import AlertWords
from pipelines.summary.language import language
from symetrie.alerts.states import STATES, EventName, State
from tests.pipelines.summary.test_as_html import Outline

SUNDAY = date(2026, 11, 22)
ROW = AlertRow(
    alert_id="3f9a2c41d0ffee00", cause_id="c", lane="signal", kind="fall", unit_id="lyon", measure="consideration",
    subject="", opened_on=date(2026, 11, 6), state="open", severity=3, size_points=-12.3,
    evidence={"score": 61.8, "low": 57.1, "high": 66.3, "answer_count": 412, "before_score": 74.1,
              "low_points": -16.9, "high_points": -7.6, "since": "2026-11-02"},
    last_seen_on=SUNDAY, recovered_on=None, ended_on=None, deadline_on=date(2026, 11, 30), due_on=None,
    escalated_to_unit_id=None, snoozed_until=None,
)  # fmt: skip
DETAILS = {
    "until_on": "2026-12-01", "unit_id": "south", "former_opened_on": "2026-11-08", "former_alert_id": "f",
    "severity": 3, "former_severity": 2,
}  # fmt: skip


def words(locale="fr", **names):
    known = {"lyon": "Lyon Part-Dieu", "south": "Sud-Est"} | names
    return AlertWords(language(locale), Telling("", "", SUNDAY, "south", unit_names=known, is_lasting=True))


def week(ago, score, count=40, reach=8.0):
    return WeekScore(SUNDAY - timedelta(days=7 * ago), score, score - reach, score + reach, count)


WEEKS = [week(ago, 74.0) for ago in range(12, 2, -1)] + [week(2, 60.0), week(1, 61.0), week(0, 62.0)]


def page(row=ROW, locale="fr", weeks=WEEKS, events=(), annotations=(), **names):
    return make_alert_page(KnownAlert(row, "south", events, annotations, weeks), words(locale, **names))


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_the_page_is_one_well_formed_document_that_fetches_nothing(locale):
    html = alert_html(page(locale=locale))
    outline = Outline(html)
    assert outline.open == []
    assert outline.all("html") == [{"lang": locale}]
    assert len(outline.all("h1")) == 1
    assert not re.search(r"https?:|//[a-z]|url\(|@import|<script|<link|<img|\bsrc=", html)


def test_no_search_engine_is_to_keep_the_page():
    assert '<meta name="robots" content="noindex">' in alert_html(page(locale="fr"))


def test_names_from_outside_are_shown_as_they_are_written():
    moved = Annotation(SUNDAY, "unit_renamed", "lyon", "<b>Ancien</b>", "<i>Neuf</i>")
    html = alert_html(page(lyon="Lyon <script>alert(1)</script>", annotations=(moved,)))
    assert "<script" not in html
    assert "&lt;b&gt;Ancien" in html
    assert "<i>Neuf" not in html


def test_the_weeks_can_be_read_without_being_seen():
    drawn = page(locale="en").course
    assert drawn.words.replace("\u00a0", " ") == (
        "Consideration, week by week. Usually: 74%. Latest weeks: "
        "week to 8 November: 60% (52% to 68%), 40 answers; week to 15 November: 61% (53% to 69%), 40 answers; "
        "week to 22 November: 62% (54% to 70%), 40 answers."
    )
    assert f'aria-label="{drawn.words}"' in alert_html(page(locale="en"))


def test_every_week_stands_in_its_place_and_those_since_the_change_apart():
    """From 50 to 90: 70 in the middle; the thirteenth week at the right end; since Monday 2 November."""
    drawn = draw_course(ROW, [week(12, 70.0), *WEEKS[1:]], words())
    assert (drawn.top_words, drawn.bottom_words) == ("90\u202f%", "50\u202f%")
    assert drawn.dots[0].y == (drawn.top + drawn.bottom) / 2
    assert (drawn.dots[0].x, drawn.dots[-1].x) == (drawn.left, drawn.right)
    assert [dot.is_since for dot in drawn.dots] == [False] * 10 + [True] * 3


def test_a_week_with_too_few_answers_leaves_a_gap():
    with_gap = [each for each in WEEKS if each.last_day != SUNDAY - timedelta(days=7)]
    drawn = draw_course(ROW, with_gap, words())
    step = (drawn.right - drawn.left) / (SHOWN_WEEKS - 1)
    assert drawn.dots[-1].x - drawn.dots[-2].x == pytest.approx(2 * step, abs=0.11)


@pytest.mark.parametrize("weeks", [[], [week(0, 60.0)]])
def test_fewer_than_two_weeks_are_no_chart(weeks):
    assert page(weeks=weeks).course is None


def test_a_signal_whose_level_of_before_is_not_known_has_no_chart():
    assert page(replace(ROW, evidence={"answer_count": 40})).course is None


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize("state", STATES)
def test_every_state_is_said(state: State, locale):
    row = replace(ROW, state=state, ended_on=None if state in ("open", "acknowledged", "corrected") else SUNDAY)
    for lane, kind, measure in (("signal", "fall", "consideration"), ("case", "unhappy_client", "")):
        said = page(replace(row, lane=lane, kind=kind, measure=measure), locale, weeks=()).standing
        assert said.endswith(".")
        assert "{" not in said


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize("event", get_args(EventName))
def test_every_event_is_told(event: EventName, locale):
    happened = EventRow(ROW.alert_id, 0, SUNDAY, event, "open", "open", DETAILS)
    [line] = page(locale=locale, events=(happened,)).story
    assert line.day.replace("\u00a0", " ") == {"fr": "22 novembre", "en": "22 November"}[locale]
    assert line.said
    assert "{" not in line.said


@pytest.mark.parametrize(
    ("why", "said"),
    [("unit_closed", "Lapsed: the unit has closed"), ("unit_moved", "Lapsed: the unit is compared with others now")],
)
def test_a_fall_that_nobody_can_see_any_more_says_why(why, said):
    happened = EventRow(ROW.alert_id, 1, SUNDAY, "expired", "open", "expired", {"why": why})
    assert page(locale="en", events=(happened,)).story[0].said == said


def test_what_is_late_and_what_sleeps_is_said_first():
    assert page(replace(ROW, deadline_on=date(2026, 11, 13)), "en").standing.replace("\u00a0", " ") == (
        "Nobody has taken it up; that was expected by Friday 13 November."
    )
    assert page(replace(ROW, snoozed_until=date(2026, 12, 1)), "en").standing.replace("\u00a0", " ") == (
        "Snoozed until 1 December, that day included."
    )
