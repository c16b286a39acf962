"""The page of an alert in words and in no form: templates only place what stands here."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.alerts.telling.message import Link


@dataclass(frozen=True, slots=True)
class Dot:
    """The score of a week, its interval, and what it says of itself; places in the units of the drawing."""

    x: float
    y: float
    low_y: float
    high_y: float
    is_since: bool  # of a week that is mostly since the change began
    title: str


@dataclass(frozen=True, slots=True)
class CourseDrawing:
    """The weeks of a measure before and since its change, with the level that it had before."""

    title: str
    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    top_words: str
    bottom_words: str
    dots: tuple[Dot, ...]
    usual_y: float
    usual_words: str
    since_words: str
    first_week: str
    last_week: str
    words: str


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One thing that happened, and its day."""

    day: str
    said: str


@dataclass(frozen=True, slots=True)
class AlertPage:
    """An alert whole, in one language."""

    locale: str
    title: str
    tone: str
    unit_name: str
    above: str
    lane: str
    headline: str
    standing: str
    details: tuple[str, ...]
    reach: Link | None
    course: CourseDrawing | None
    story_title: str
    story: tuple[StoryLine, ...]
    also_title: str
    also: tuple[str, ...]
    written: str
    command: str
