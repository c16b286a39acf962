"""From an alert and all that is known of it to its page in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.alerts.pages.course import draw_course
from pipelines.alerts.pages.page import AlertPage
from pipelines.alerts.pages.story import story
from pipelines.alerts.telling.annotated import annotation_lines
from pipelines.alerts.telling.evidence import Evidence
from pipelines.alerts.telling.message import Link
from pipelines.alerts.telling.record import ToldAlert
from pipelines.alerts.telling.sentences import AlertWords, sentence
from pipelines.summary.telling.answer import capitalised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.alerts.annotations import Annotation
    from pipelines.alerts.pages.course import WeekScore
    from pipelines.alerts.reading import AlertRow, EventRow
    from symetrie.alerts.finding import Severity

TONES: dict[Severity, str] = {3: "no", 2: "mixed", 1: "not_enough"}


@dataclass(frozen=True, slots=True)
class KnownAlert:
    """An alert, the unit above its own, what happened to it and around it, and the weeks of its measure."""

    row: AlertRow
    parent_id: str | None
    events: Sequence[EventRow] = ()
    annotations: Sequence[Annotation] = ()
    weeks: Sequence[WeekScore] = ()


def make_alert_page(known: KnownAlert, words: AlertWords) -> AlertPage:
    """The page of an alert in the language of the words."""
    row, language = known.row, words.language
    said, reach = words.said(ToldAlert(row, "opened")), Evidence(row.evidence).address("source_url")
    return AlertPage(
        locale=language.locale,
        title=language.say("alert.headline", unit=words.unit(row.unit_id), said=said),
        tone=TONES[row.severity] if row.is_active else "yes" if row.state == "recovered" else "not_enough",
        unit_name=words.unit(row.unit_id),
        above=words.unit(known.parent_id) if known.parent_id else "",
        lane=language.say(f"alert.section.{row.lane}"),
        headline=sentence(said),
        standing=_standing(row, words),
        details=tuple(words.stands_on(row)),
        reach=Link(language.say("alert.reach"), reach) if reach and row.is_active else None,
        course=draw_course(row, known.weeks, words),
        story_title=language.say("alert.page.story"),
        story=tuple(story(known.events, words)),
        also_title=language.say("alert.page.also"),
        also=tuple(annotation_lines(known.annotations, words)),
        written=language.say("alert.page.written", day=language.dated(words.telling.business_date)),
        command=language.say("alert.page.command", command=language.say("alert.show", alert_id=row.alert_id)),
    )


def _standing(row: AlertRow, words: AlertWords) -> str:
    """How it stands, and what is expected of whom; days by their dates, as the page is read for weeks."""
    language = words.language
    if row.is_active and row.snoozed_until is not None and row.snoozed_until >= words.today:
        return language.say("alert.page.standing.snoozed", day=language.short(row.snoozed_until))
    if row.state == "open":
        which = "open_case" if row.lane == "case" else "open_late" if row.deadline_on < words.today else "open"
        return language.say(f"alert.page.standing.{which}", day=language.day(row.deadline_on))
    day = language.short(row.ended_on or row.last_seen_on)
    over = capitalised(words.said(ToldAlert(row, "recovered"))) if row.state == "recovered" else ""
    return language.say(f"alert.page.standing.{row.state}", day=day, over=over)
