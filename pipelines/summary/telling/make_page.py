"""A whole summary put into words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from pipelines.summary.cleaning import clean
from pipelines.summary.figures import Figures, SummaryUnit
from pipelines.summary.language import Language, language
from pipelines.summary.page import Group, Page
from pipelines.summary.telling.answer import (
    capitalised,
    say_change,
    say_correction,
    say_date,
    say_window,
    trend,
)
from pipelines.summary.telling.branches import branch_block
from pipelines.summary.telling.corrections import say_corrections
from pipelines.summary.telling.mirror import mirror_block
from pipelines.summary.telling.moved import moved_block
from pipelines.summary.telling.quotes import quote
from pipelines.summary.telling.scores import ScoreWords, line_of
from pipelines.summary.telling.sources import source_line
from pipelines.summary.telling.waiting import waiting_block
from pipelines.summary.telling.when import When
from symetrie.verdicts import Verdict

# In the order they are read: what to work on comes first.
GROUPS: tuple[tuple[str, Verdict | None], ...] = (
    ("not_solid", "not_solid"),
    ("solid", "solid"),
    ("not_enough", None),
)


def make_page(figures: Figures, locale: str, read_on: date | None = None) -> Page:
    """Tell the figures in a language; to whoever reads them the next morning, the business date is yesterday."""
    spoken = language(locale)
    words = ScoreWords(spoken)
    when = When(spoken, figures.business_date, read_on or figures.business_date + timedelta(days=1))
    answer, say = figures.answer, spoken.say
    unit_name = clean(figures.unit.name)
    word = say(f"answer.word.{answer.answer}")
    rest = say(f"answer.rest.{answer.answer}", when=when.over(answer.window_days))
    score_name = say(f"score.{answer.measure}")
    numbers = words.numbers(answer)
    return Page(
        locale=locale,
        unit_name=unit_name,
        perimeter=say_perimeter(figures.unit, spoken, has_units_below=bool(figures.branches)),
        date=say_date(figures, when),
        title=say("answer.title", unit=unit_name, day=spoken.day(figures.business_date)),
        subject=say("answer.subject", unit=unit_name, headline=f"{word} {rest}"),
        tone=answer.answer,
        word=word,
        rest=rest,
        score=numbers.score if numbers else "",
        score_name=score_name,
        counts=capitalised(words.satisfied(answer)),
        interval=say("score.interval", low=numbers.low, high=numbers.high) if numbers else "",
        strip=words.strip(answer, score_name, numbers) if numbers else None,
        line=words.score(answer.measure, line_of(answer.measure) or 0.0),
        window=say_window(figures, words, when),
        change=say_change(figures, words),
        change_tone=trend(figures.change),
        corrections=say_corrections(figures.corrections, when),
        correct_title=say("correct.title"),
        correct=say_correction(figures, words, when),
        words_title=say("words.title"),
        quotes=tuple(quote(verbatim, figures, spoken) for verbatim in figures.verbatims),
        branch_title=say("branch.title"),
        branches=tuple(branch_block(branch, words, when) for branch in figures.branches),
        context_title=say("context.title", days=figures.context_days),
        context_span=capitalised(when.span(figures.context_days)),
        context=tuple(words.score_line(measure) for measure in (figures.nps, figures.ces) if measure),
        dimensions_title=say("context.dimensions"),
        groups=tuple(_groups(figures, words)),
        sources_title=say("sources.title"),
        sources=tuple(source_line(source, spoken) for source in figures.sources),
        reading_title=say("reading.title"),
        reading=tuple(say(f"reading.{part}") for part in _explained(figures)),
        mirror=mirror_block(figures.mirror, spoken) if figures.mirror else None,
        waiting=waiting_block(figures.waiting, when) if figures.waiting else None,
        moved=moved_block(figures.movements, figures.unit.unit_id, when) if figures.movements else None,
    )


def say_perimeter(unit: SummaryUnit, spoken: Language, *, has_units_below: bool) -> str:
    """What kind of unit it is, and of how many sites: Région, 12 sites."""
    kind = spoken.say_or(f"unit.{unit.kind}", clean(unit.kind))
    if not has_units_below:
        return kind
    return spoken.say("unit.perimeter", kind=kind, sites=spoken.count("unit.sites", unit.site_count))


def _explained(figures: Figures) -> Iterator[str]:
    """What the page uses and a newcomer may not know."""
    yield figures.answer.measure
    if figures.answer.low is not None:
        yield "interval"
    if figures.unhappy.client_count or any(verbatim.is_unhappy for verbatim in figures.verbatims):
        yield "unhappy"
    if figures.dimensions:
        yield "tags"
    if figures.nps or figures.ces:
        yield "context"


def _groups(figures: Figures, words: ScoreWords) -> Iterator[Group]:
    for key, verdict in GROUPS:
        members = [measure for measure in figures.dimensions if measure.verdict == verdict]
        if members:
            title = words.language.say(f"context.group.{key}")
            yield Group(title, key, tuple(words.score_line(measure) for measure in members))
