"""Corrections in a line: what came, changed or left since the last summary, and of which days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from pipelines.summary.figures import Corrections
from pipelines.summary.language import Language
from pipelines.summary.telling.when import When

NAMED_DAYS = 2
"""More days than these are counted and spanned, not listed."""


def say_corrections(corrections: Corrections, when: When) -> str:
    """The line that corrects what was told before; nothing where nothing changed."""
    language = when.language
    if not corrections.days:
        return ""
    return language.count(
        "corrections.line",
        len(corrections.days),
        since=_since(corrections, when),
        changes=_changes(corrections, language),
        days=_days(corrections.days, language),
    )


def _since(corrections: Corrections, when: When) -> str:
    before = when.business_date - timedelta(days=1)
    if when.is_yesterday and corrections.since in (None, before):
        return when.language.say("corrections.since.yesterday")
    return when.language.say("corrections.since.summary", day=when.language.day(corrections.since or before))


def _changes(corrections: Corrections, language: Language) -> str:
    """Each kind of change that there was; the first names the answers, the others only count them."""
    counts = {
        "late": corrections.late_count,
        "edited": corrections.edited_count,
        "withdrawn": corrections.withdrawn_count,
    }
    found = [(kind, count) for kind, count in counts.items() if count]
    said = [
        language.count(f"corrections.{'too' if place else 'first'}.{kind}", count)
        for place, (kind, count) in enumerate(found)
    ]
    return _listed(said, language)


def _listed(parts: Sequence[str], language: Language) -> str:
    *others, last = parts
    return language.say("corrections.and", first=", ".join(others), last=last) if others else last


def _days(days: Sequence[date], language: Language) -> str:
    if len(days) == 1:
        return language.say("corrections.day", day=language.short(days[0]))
    if len(days) > NAMED_DAYS:
        return language.say("corrections.span", number=len(days), span=language.span(days[0], days[-1]))
    return language.say("corrections.days", first=language.until(days[0], days[-1]), last=language.short(days[-1]))
