"""What has happened to an alert, event by event; who did it and their note are for the command line alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from pipelines.alerts.pages.page import StoryLine

if TYPE_CHECKING:
    from pipelines.alerts.reading import EventRow
    from pipelines.alerts.telling.sentences import AlertWords


def story(events: Sequence[EventRow], words: AlertWords) -> Iterator[StoryLine]:
    """Tell the events in order."""
    for event in events:
        yield StoryLine(words.language.short(event.on_date), _said(event, words))


def _said(event: EventRow, words: AlertWords) -> str:
    detail, language = event.detail, words.language
    if event.event == "escalated":
        return language.say("alert.event.escalated", unit=words.unit(detail["unit_id"]))
    if event.event == "snoozed":
        return language.say("alert.event.snoozed", day=language.short(date.fromisoformat(detail["until_on"])))
    if event.event == "moved":
        former = date.fromisoformat(detail["former_opened_on"])
        return language.say("alert.event.moved", day=language.short(former))
    if "why" in detail:
        return language.say(f"alert.event.{detail['why']}")
    return language.say(f"alert.event.{event.event}")
