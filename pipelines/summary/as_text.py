"""The summary as text of 78 columns: coloured where a terminal shows it, plain in a file or a mail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from rich.console import Group as Lines
from rich.console import RenderableType
from rich.text import Text

from pipelines.summary.figures import Figures
from pipelines.summary.layout import WIDTH, Line, Span, between, folded, plain, ruled, strip_spans, styled, width_of
from pipelines.summary.page import (
    BranchBlock,
    CaseLine,
    ChildLine,
    Group,
    MovedBlock,
    Page,
    Quote,
    ScoreLine,
    WaitingBlock,
)
from pipelines.summary.telling import make_page

# The colours of a terminal's own palette, so that light and dark ones both stay legible.
TONES = {
    "yes": "green",
    "solid": "green",
    "no": "red",
    "not_solid": "red",
    "mixed": "yellow",
    "not_enough": "bright_black",
    "plain": "cyan",
}
STRIP = 44
INDENT = "  "


def render_text(figures: Figures, locale: str, read_on: date | None = None) -> RenderableType:
    """The summary for a rich console, which drops the colours by itself where nobody would see them."""
    lines = page_lines(make_page(figures, locale, read_on))
    return Lines(*(Text.assemble(*line, no_wrap=True, overflow="ignore") for line in lines))


def page_text(page: Page) -> str:
    """A page already in words as plain text."""
    return "".join(f"{plain(line)}\n" for line in page_lines(page))


def page_lines(page: Page) -> Iterator[Line]:
    """Every line of the summary, in the order it is read."""
    yield from _hero(page)
    yield from _section(page.correct_title, _correct(page))
    if page.moved:
        yield from _section(page.moved.title, _moved(page.moved))
    if page.branches:
        yield from _section(page.branch_title, _branches(page.branches))
    if page.quotes:
        yield from _section(page.words_title, _quotes(page.quotes))
    if page.mirror:
        yield from _section(f"{page.mirror.title} · {page.mirror.span}", _sentences(page.mirror.sentences))
    if page.context or page.groups:
        yield from _section(f"{page.context_title} · {page.context_span}", _context(page))
    if page.sources:
        yield from _section(page.sources_title, _sources(page))
    yield from _section(page.reading_title, _reading(page))


def _hero(page: Page) -> Iterator[Line]:
    """The answer, readable in five seconds, behind a bar in its colour."""
    tone = TONES[page.tone]
    yield from styled(folded(page.unit_name, WIDTH), "bold")
    yield from styled(folded(f"{page.perimeter} · {page.date}", WIDTH), "dim")
    yield []
    for line in _hero_lines(page, tone):
        yield [("▌ ", tone), *line]


def _hero_lines(page: Page, tone: str) -> Iterator[Line]:
    yield [(page.word, f"bold reverse {tone}"), (f" {page.rest}", "bold")]
    yield []
    if page.strip:
        yield [(page.score, f"bold {tone}"), (f" {page.score_name}", "")]
        yield [*strip_spans(page.strip, STRIP, tone), (f"  │ {page.line}", "dim")]
        yield from folded(f"{page.counts}. {page.interval}", WIDTH - 2)
        yield []
    yield from folded(page.window, WIDTH - 2)
    yield from folded(page.change, WIDTH - 2)
    if page.corrections:
        yield []
        yield from styled(folded(page.corrections, WIDTH - 2), "dim")


def _section(title: str, lines: Iterable[Line]) -> Iterator[Line]:
    yield []
    yield ruled(title)
    yield from lines


def _paragraph(text: str) -> Iterator[Line]:
    return folded(text, WIDTH, INDENT)


def _sentences(sentences: Iterable[str]) -> Iterator[Line]:
    for sentence in sentences:
        yield from _paragraph(sentence)


def _correct(page: Page) -> Iterator[Line]:
    yield from _paragraph(page.correct)
    if page.waiting:
        yield from styled(_paragraph(page.waiting.sentence), "bold")
        yield from _waiting(page.waiting)


def _waiting(waiting: WaitingBlock) -> Iterator[Line]:
    for case in waiting.cases:
        yield from _case(case)
    for unit in waiting.units:
        yield from _beside(unit.name, _joined(", ", unit.waiting, unit.overdue), "dim")
    for more in (waiting.more_cases, waiting.more_units):
        if more:
            yield [(f"{INDENT}{more}", "dim")]


def _case(case: CaseLine) -> Iterator[Line]:
    """What a client complains of behind the mark, and by when they are to be called."""
    first, *others = folded(case.text, WIDTH, " " * 7)
    yield [(f"{INDENT}{case.mark:<5}", f"bold {TONES['no']}"), (plain(first)[7:], "")]
    yield from others
    yield from styled(
        folded(_joined(" · ", case.due, case.channel), WIDTH, " " * 7), "red" if case.is_overdue else "dim"
    )


def _moved(moved: MovedBlock) -> Iterator[Line]:
    for line in moved.lines:
        said = f"{line.unit_name} · {line.text}" if line.unit_name else line.text
        for text in folded(said, WIDTH - 4):
            yield [(f"{INDENT}▌ ", TONES[line.tone]), *text]
        yield from styled(folded(_joined(" · ", line.tag, line.detail), WIDTH, INDENT * 2), "dim")
    if moved.more:
        yield [(f"{INDENT}{moved.more}", "dim")]
    for note in moved.notes:
        yield from styled(folded(note, WIDTH, INDENT), "dim")


def _quotes(quotes: Iterable[Quote]) -> Iterator[Line]:
    for number, quote in enumerate(quotes):
        if number:
            yield []
        yield from _quote(quote)


def _quote(quote: Quote) -> Iterator[Line]:
    first, *others = folded(quote.text, WIDTH, " " * 7)
    mark: Span = (f"{INDENT}{quote.mark:<5}", f"bold {TONES[quote.tone]}")
    yield [mark, (plain(first)[7:], "")]
    yield from others
    yield from styled(folded(_joined(" · ", quote.origin, quote.invitation), WIDTH, " " * 7), "dim")


def _branches(branches: Iterable[BranchBlock]) -> Iterator[Line]:
    for number, branch in enumerate(branches):
        if number:
            yield []
        yield from _branch(branch)


def _branch(branch: BranchBlock) -> Iterator[Line]:
    yield from styled(folded(branch.tally, WIDTH, INDENT), "bold")
    widest = max((len(line.answer) for line in branch.lines), default=0)
    for line in branch.lines:
        yield from _child(line, widest)
    if branch.more:
        yield [(f"{INDENT}{branch.more}", "dim")]


def _child(child: ChildLine, answer_width: int) -> Iterator[Line]:
    answer: Span = (f"{INDENT}{child.answer:<{answer_width}}", f"bold {TONES[child.tone]}")
    detail: Span = (child.detail, "dim")
    joined = between([answer, ("  ", ""), (child.name, "")], [detail])
    if joined:
        yield joined
        return
    first, *others = folded(child.name, WIDTH, " " * width_of([answer, ("  ", "")]))
    yield [answer, ("  ", ""), (plain(first).lstrip(), "")]
    yield from others
    yield between([], [detail]) or [(INDENT, ""), detail]


def _context(page: Page) -> Iterator[Line]:
    yield from _measures(page.context)
    for group in page.groups:
        yield []
        yield [(f"{INDENT}{group.title}", f"bold {TONES[group.tone]}")]
        yield from _few(group) if group.tone == "not_enough" else _measures(group.lines)


def _few(group: Group) -> Iterator[Line]:
    return folded(", ".join(f"{line.name} ({line.answers})" for line in group.lines), WIDTH, INDENT)


def _measures(lines: Iterable[ScoreLine]) -> Iterator[Line]:
    for line in lines:
        yield from _measure(line)


def _measure(line: ScoreLine) -> Iterator[Line]:
    tone = TONES[line.tone]
    if not line.score:
        yield between([(f"{INDENT}{line.name}", "")], [(line.answers, "dim")]) or [(f"{INDENT}{line.name}", "")]
        return
    figures: Line = [(line.score, f"bold {tone}"), (f"  {line.range}", "")]
    yield between([(f"{INDENT}{line.name}", "")], figures) or [(f"{INDENT}{line.name}  ", ""), *figures]
    beside: Line = [(_joined(" · ", line.tag, line.answers), "dim")]
    if line.strip:
        drawn: Line = [(INDENT, ""), *strip_spans(line.strip, STRIP, tone)]
        yield between(drawn, beside) or [*drawn, ("  ", ""), *beside]


def _sources(page: Page) -> Iterator[Line]:
    for source in page.sources:
        yield from _beside(source.name, source.state, "bold red" if source.is_alarming else "dim")


def _joined(separator: str, *parts: str) -> str:
    """The parts that there are."""
    return separator.join(part for part in parts if part)


def _beside(name: str, said: str, style: str) -> Iterator[Line]:
    """A name, and what is said of it at the end of its line or, where that has no room, below."""
    joined = between([(f"{INDENT}{name}", "")], [(said, style)])
    if joined:
        yield joined
    else:
        yield [(f"{INDENT}{name}", "")]
        yield from styled(folded(said, WIDTH, INDENT * 2), style)


def _reading(page: Page) -> Iterator[Line]:
    for sentence in page.reading:
        yield from styled(folded(sentence, WIDTH, INDENT), "dim")
