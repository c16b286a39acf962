"""A summary put into words: every sentence, in the order it is read, whatever shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Strip:
    """An interval drawn on its scale: places in percent of the width, and the same in words."""

    low: float
    high: float
    score: float
    line: float | None
    words: str


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """A measure on one line."""

    name: str
    score: str
    range: str
    answers: str
    tag: str
    tone: str
    strip: Strip | None


@dataclass(frozen=True, slots=True)
class Group:
    """Dimensions with the same verdict; those without enough answers are only named."""

    title: str
    tone: str
    lines: tuple[ScoreLine, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """A client's words and where they come from."""

    text: str
    mark: str
    tone: str
    origin: str
    invitation: str


@dataclass(frozen=True, slots=True)
class ChildLine:
    """A unit below, by its answer."""

    unit_id: str
    name: str
    answer: str
    tone: str
    detail: str


@dataclass(frozen=True, slots=True)
class BranchBlock:
    """One level below: its tally and the units to look at first."""

    tally: str
    lines: tuple[ChildLine, ...]
    more: str


@dataclass(frozen=True, slots=True)
class CaseLine:
    """An unhappy client to call: the mark, what they complain of, by when, and where to read more."""

    mark: str
    text: str
    channel: str
    due: str
    is_overdue: bool
    address: str | None


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A unit below, and how many clients wait for its call."""

    unit_id: str
    name: str
    waiting: str
    overdue: str


@dataclass(frozen=True, slots=True)
class WaitingBlock:
    """The clients who wait for a call: how many, the first of the unit's own, and the units below with the most."""

    sentence: str
    cases: tuple[CaseLine, ...]
    more_cases: str
    units: tuple[WaitingLine, ...]
    more_units: str


@dataclass(frozen=True, slots=True)
class MovedLine:
    """A signal or news in a sentence, behind its unit where that is another one, and before its numbers."""

    unit_id: str
    unit_name: str  # empty of the page's own unit
    text: str
    detail: str
    tag: str
    tone: str
    address: str | None


@dataclass(frozen=True, slots=True)
class MovedBlock:
    """What has moved: the worst first, then what is over since yesterday, and what stands above."""

    title: str
    lines: tuple[MovedLine, ...]
    more: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source and how fresh it is."""

    name: str
    state: str
    is_alarming: bool


@dataclass(frozen=True, slots=True)
class MirrorBlock:
    """The newest mirror of clients and teams in a line or two, and the words that lead to its page."""

    title: str
    span: str
    sentences: tuple[str, ...]
    link: str
    as_of: date


@dataclass(frozen=True, slots=True)
class Page:
    """A summary in words, in the order it is read."""

    locale: str
    unit_name: str
    perimeter: str
    date: str
    title: str
    subject: str
    tone: str
    word: str
    rest: str
    score: str
    score_name: str
    counts: str
    interval: str
    strip: Strip | None
    line: str
    window: str
    change: str
    change_tone: str
    corrections: str
    correct_title: str
    correct: str
    words_title: str
    quotes: tuple[Quote, ...]
    branch_title: str
    branches: tuple[BranchBlock, ...]
    context_title: str
    context_span: str
    context: tuple[ScoreLine, ...]
    dimensions_title: str
    groups: tuple[Group, ...]
    sources_title: str
    sources: tuple[SourceLine, ...]
    reading_title: str
    reading: tuple[str, ...]
    mirror: MirrorBlock | None = None
    waiting: WaitingBlock | None = None
    moved: MovedBlock | None = None

    @property
    def headline(self) -> str:
        """The morning answer as one sentence."""
        return f"{self.word} {self.rest}"
