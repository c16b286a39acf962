"""A mirror put into words: every sentence and every drawing, in the order it is read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tally:
    """How many dimensions stand in a quadrant."""

    words: str
    tone: str


@dataclass(frozen=True, slots=True)
class LegCell:
    """One leg in figures; ``side`` gives its colour and its mark."""

    side: str
    name: str
    score: str
    range: str
    answers: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a leg stands on its scale, in percent of the width."""

    side: str
    low: float
    high: float
    score: float


@dataclass(frozen=True, slots=True)
class Dumbbell:
    """The legs of a dimension drawn one under the other, and the same in words; the line where there is one."""

    marks: tuple[Mark, ...]
    line: float | None
    line_words: str
    words: str

    @property
    def by_side(self) -> dict[str, Mark]:
        """The marks by their leg."""
        return {mark.side: mark for mark in self.marks}


@dataclass(frozen=True, slots=True)
class DimensionBlock:
    """A dimension on its legs; ``notes`` say why one is missing."""

    name: str
    tag: str
    legs: tuple[LegCell, ...]
    drawing: Dumbbell | None
    sentences: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuadrantGroup:
    """The dimensions of one quadrant, with the notes that all of them share."""

    title: str
    tone: str
    notes: tuple[str, ...]
    blocks: tuple[DimensionBlock, ...]


@dataclass(frozen=True, slots=True)
class Sentences:
    """A section of sentences only."""

    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LabelBlock:
    """The label's criteria: state, what decides, the three means, and whose the label is."""

    title: str
    state: str
    tone: str
    sentences: tuple[str, ...]
    means: tuple[tuple[str, str], ...]
    owner: str
    version: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One curve on its own scale: paths in the drawing's units, and the numbers at the ends of its scale."""

    side: str
    name: str
    top: float
    bottom: float
    top_words: str
    bottom_words: str
    band: str
    line: str
    dots: tuple[tuple[float, float, str], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Two curves over the same sites, in the same order."""

    width: float
    height: float
    left: float
    right: float
    panels: tuple[Panel, ...]
    less: str
    more: str
    words: str


@dataclass(frozen=True, slots=True)
class CurvesBlock:
    """The two curves: the sentence, the drawing, and the figures behind it."""

    title: str
    sentence: str
    chart: Chart | None
    caption: str
    leaders: str
    detail: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class OperatorRow:
    """One operator on one measure."""

    name: str
    score: str
    detail: str
    drawing: Dumbbell


@dataclass(frozen=True, slots=True)
class OperatorMeasure:
    """Own teams and partners on one measure of one side."""

    name: str
    rows: tuple[OperatorRow, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class OperatorsBlock:
    """What says most in sight, the dimensions behind a title to open."""

    title: str
    first: tuple[OperatorMeasure, ...]
    all_title: str
    others: tuple[OperatorMeasure, ...]


@dataclass(frozen=True, slots=True)
class SectorRow:
    """A score beside its sector's."""

    name: str
    verdict: str
    tone: str
    detail: str
    drawing: Dumbbell | None


@dataclass(frozen=True, slots=True)
class SectorBlock:
    """The scores that can be held against the sector, and where its figures come from."""

    title: str
    rows: tuple[SectorRow, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MirrorPage:
    """A mirror in words, in the order it is read."""

    locale: str
    title: str
    name: str
    unit_name: str
    perimeter: str
    tone: str
    word: str
    rest: str
    campaign: str
    clients: str
    asked: str
    participation: str
    tallies: tuple[Tally, ...]
    dimensions_title: str
    nothing: str
    notes: tuple[str, ...]
    groups: tuple[QuadrantGroup, ...]
    gap: Sentences | None
    label: LabelBlock | None
    curves: CurvesBlock | None
    operators: OperatorsBlock | None
    sector: SectorBlock | None
    reading: Sentences

    @property
    def headline(self) -> str:
        """Where clients and teams agree, as one sentence."""
        return f"{self.word} {self.rest}"
