"""The freshness of sources in words: late ones are named, with their age."""

from __future__ import annotations

from pipelines.summary.cleaning import clean
from pipelines.summary.figures import SourceFreshness
from pipelines.summary.language import Language
from pipelines.summary.page import SourceLine
from symetrie.windows import WINDOWS


def source_line(source: SourceFreshness, language: Language) -> SourceLine:
    """A source, its age, and the trouble of its last run if it had any."""
    trouble = language.say_or(f"sources.status.{source.last_run_status}", "")
    state = " · ".join(part for part in (_age(source, language), trouble) if part)
    return SourceLine(clean(source.source), state, is_alarming=source.is_stale or bool(trouble))


def _age(source: SourceFreshness, language: Language) -> str:
    if source.newest_answer_on is None or source.days_late is None:
        if source.last_run_status is None:
            return language.say("sources.never")
        return language.say("sources.silent", days=max(WINDOWS))
    if source.days_late == 0:
        return language.say("sources.fresh")
    return language.count("sources.late", source.days_late, day=language.day(source.newest_answer_on))
