"""Clients' words as they are quoted: safe, short, with their mark, place, channel and time."""

from __future__ import annotations

from pipelines.summary.cleaning import clean, shorten
from pipelines.summary.figures import Figures, Verbatim
from pipelines.summary.language import Language
from pipelines.summary.page import Quote
from symetrie.measures import client_measure


def quote(verbatim: Verbatim, figures: Figures, language: Language) -> Quote:
    """A verbatim beside its mark; the site is named where the summary covers several."""
    is_elsewhere = verbatim.unit_id != figures.unit.unit_id
    origin = (
        clean(verbatim.unit_name) if is_elsewhere else "",
        language.say_or(f"channel.{verbatim.channel}", ""),
        _moment(verbatim, figures, language),
    )
    return Quote(
        text=shorten(verbatim.text),
        mark=f"{verbatim.mark}/{client_measure(verbatim.measure).highest}",
        tone="no" if verbatim.is_unhappy else "yes",
        origin=" · ".join(part for part in origin if part),
        invitation=language.say("words.can_contact") if verbatim.is_unhappy and verbatim.can_contact else "",
    )


def _moment(verbatim: Verbatim, figures: Figures, language: Language) -> str:
    day, time = verbatim.submitted_at.date(), language.time(verbatim.submitted_at.time())
    if day == figures.business_date:
        return time
    return language.say("words.time", day=language.day(day), time=time)
