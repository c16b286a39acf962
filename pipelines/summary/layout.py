"""Lines of text laid out by hand in terminal cells: several times faster than tables, and the same when plain."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from rich.cells import cell_len, chop_cells

from pipelines.summary.page import Strip

WIDTH = 78

Span = tuple[str, str]
"""A piece of text and its style."""

Line = list[Span]


def plain(line: Line) -> str:
    """A line without its styles."""
    return "".join(text for text, _ in line).rstrip()


def width_of(line: Line) -> int:
    """How many cells of the terminal a line takes."""
    return sum(cell_len(text) for text, _ in line)


def styled(lines: Iterable[Line], style: str) -> Iterator[Line]:
    """Lines in one style."""
    return ([(plain(line), style)] for line in lines)


def folded(text: str, width: int, indent: str = "") -> Iterator[Line]:
    """A sentence on as many lines as it takes, cut at plain spaces; a longer word is chopped."""
    return ([(indent + line, "")] for line in _folded(text, width - len(indent)))


@functools.lru_cache(maxsize=1024)  # most sentences stand in thousands of summaries
def _folded(text: str, room: int) -> tuple[str, ...]:
    lines: list[str] = []
    words: list[str] = []
    taken = 0
    for word in _words(text, room):
        cells = cell_len(word)
        if words and taken + 1 + cells > room:
            lines.append(" ".join(words))
            words, taken = [], 0
        taken += cells + (1 if words else 0)
        words.append(word)
    return (*lines, " ".join(words)) if words else tuple(lines)


def _words(text: str, room: int) -> Iterator[str]:
    if cell_len(text) <= room:
        yield from [text] if text else []
        return
    for word in text.split(" "):
        yield from chop_cells(word, room) if len(word) * 2 > room else (word,)


def between(left: Line, right: Line) -> Line | None:
    """Two ends of one line with the gap between them; None where they do not fit."""
    gap = WIDTH - width_of(left) - width_of(right)
    return [*left, (" " * gap, ""), *right] if gap >= 2 else None


def ruled(title: str) -> Line:
    """A title and a rule to the end of the line."""
    return [(title, "bold"), (f" {'─' * max(2, WIDTH - cell_len(title) - 1)}", "dim")]


def strip_spans(strip: Strip, cells: int, tone: str) -> Line:
    """An interval drawn in cells: ━ the interval, ● the score, │ the line it is held against."""
    low, high, score = (_cell(place, cells) for place in (strip.low, strip.high, strip.score))
    line = None if strip.line is None else _cell(strip.line, cells)
    return [*_drawn(cells, low, high, score, line, tone)]


@functools.lru_cache(maxsize=4096)  # few places, many summaries
def _drawn(cells: int, low: int, high: int, score: int, line: int | None, tone: str) -> tuple[Span, ...]:
    glyphs = (_glyph(cell, low, high, score, line, tone) for cell in range(cells))
    return tuple(("".join(glyph for glyph, _ in run), style) for style, run in groupby(glyphs, key=itemgetter(1)))


def _glyph(cell: int, low: int, high: int, score: int, line: int | None, tone: str) -> Span:
    if cell == score:
        return "●", f"bold {tone}"
    if cell == line:
        return "┃" if low <= cell <= high else "│", "bold"
    return ("━", tone) if low <= cell <= high else ("─", "dim")


def _cell(place: float, cells: int) -> int:
    return min(cells - 1, int(place * cells / 100))
