"""The weeks that led to a signal: the score of each, drawn with its interval beside the level of before."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from pipelines.alerts.pages.page import CourseDrawing, Dot
from pipelines.alerts.telling.evidence import Evidence
from pipelines.alerts.telling.sentences import AlertWords, began_on
from pipelines.summary.scores import CLIENT
from pipelines.warehouse.tables import score
from symetrie.measures import client_measure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.alerts.reading import AlertRow

WEEK, HALF_A_WEEK = timedelta(days=7), timedelta(days=3)
SHOWN_WEEKS = 13

WIDTH, HEIGHT = 320.0, 168.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 308.0, 12.0, 136.0
STEP = 10.0
"""The scale ends at whole tens that hold every interval."""


@dataclass(frozen=True, slots=True)
class WeekScore:
    """The score of the seven days up to one; weeks with fewer than five answers have no interval and are not drawn."""

    last_day: date
    score: float
    low: float
    high: float
    answer_count: int


def read_course(connection: sa.Connection, row: AlertRow, last: date) -> list[WeekScore]:
    """Read the weeks of a signal's measure up to a day, oldest first; of one that has ended up to its end."""
    if row.lane != "signal":
        return []
    at = score.c
    weeks = [(row.ended_on or last) - step * WEEK for step in range(SHOWN_WEEKS)]
    found = connection.execute(
        sa.select(at.as_of, at.score, at.low, at.high, at.answer_count)
        .where(at.as_of.in_(weeks), at.unit_id == row.unit_id, at.side == CLIENT, at.measure == row.measure)
        .where(at.window_days == WEEK.days, at.low.is_not(None), ~at.is_hidden)
        .order_by(at.as_of)
    )
    return [WeekScore(*each) for each in found]


def draw_course(row: AlertRow, weeks: Sequence[WeekScore], words: AlertWords) -> CourseDrawing | None:
    """Draw the weeks beside the level of before; nothing where that or a second week is not known."""
    evidence = Evidence(row.evidence)
    before = evidence.number("before_score")
    if before is None or len(weeks) < 2:
        return None
    lowest = STEP * math.floor(min(before, *(each.low for each in weeks)) / STEP)
    highest = max(STEP * math.ceil(max(before, *(each.high for each in weeks)) / STEP), lowest + STEP)
    since, last = began_on(row, evidence), row.ended_on or words.telling.business_date

    def height(value: float) -> float:
        return round(BOTTOM - (value - lowest) / (highest - lowest) * (BOTTOM - TOP), 1)

    def across(last_day: date) -> float:
        weeks_ago = (last - last_day) / WEEK
        return round(RIGHT - weeks_ago * (RIGHT - LEFT) / (SHOWN_WEEKS - 1), 1)

    language, said = words.language, words.scores.score
    name = client_measure(row.measure).label(language.locale)
    usual = language.say("alert.page.usual", before=said(row.measure, before))
    return CourseDrawing(
        title=language.say("alert.page.course", measure=name),
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=RIGHT,
        top=TOP,
        bottom=BOTTOM,
        top_words=said(row.measure, highest),
        bottom_words=said(row.measure, lowest),
        dots=tuple(
            Dot(
                across(each.last_day),
                height(each.score),
                height(each.low),
                height(each.high),
                is_since=each.last_day - HALF_A_WEEK >= since,
                title=_said_of_week(row, each, words),
            )
            for each in weeks
        ),
        usual_y=height(before),
        usual_words=usual,
        since_words=language.say("alert.page.since", day=language.short(since)),
        first_week=language.short(last - (SHOWN_WEEKS - 1) * WEEK),
        last_week=language.short(last),
        words=language.say(
            "alert.page.course_alt",
            measure=name,
            usual=usual,
            weeks=language.say("alert.between").join(_said_of_week(row, each, words) for each in weeks[-3:]),
        ),
    )


def _said_of_week(row: AlertRow, week: WeekScore, words: AlertWords) -> str:
    said = words.scores.score
    return words.language.say(
        "alert.page.week",
        day=words.language.short(week.last_day),
        score=said(row.measure, week.score),
        range=words.language.say("score.range", low=said(row.measure, week.low), high=said(row.measure, week.high)),
        answers=words.scores.answers(week.answer_count),
    )
