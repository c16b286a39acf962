"""The mirror of one unit as a table of a hundred columns, and the notes without which it would be misread."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.cli.mirror_words import MIRROR_WORDS
from pipelines.cli.screen import table
from pipelines.summary.language import Language, language
from symetrie.anonymity import AnonymityRule, hidden_reason
from symetrie.dimensions import DIMENSIONS
from symetrie.measures import OVERALL, client_measure
from symetrie.mirror import LEGS, MIRROR_MEASURES, PUBLISHED_PERCEPTION_GAP_POINTS
from symetrie.verdicts import MORNING_LINES

if TYPE_CHECKING:
    from rich.table import Table

    from pipelines.reflection.reading import Reflection

GAPS = {"asymmetry": "asymmetry_points", "perception_gap": "perception_gap_points"}
WIDTHS = {"dimension": 16, **dict.fromkeys(LEGS, 13), **dict.fromkeys(GAPS, 11), "quadrant": 11}
WIDTH = 100
"""Columns in all, the two between any two of the table included."""
MARKS = "¹²"
SOLID_PCT = MORNING_LINES["overall"]


@dataclass(frozen=True)
class MirrorTable:
    """The mirror of one unit in the words of one language; a mark stands for each reason to show no figure."""

    found: Reflection
    language: Language
    words: Mapping[str, str]
    marks: Mapping[str, str]

    @classmethod
    def of(cls, found: Reflection, locale: str) -> MirrorTable:
        """The mirror in a language."""
        marks = dict(zip(sorted(set(found.hidden.values())), MARKS, strict=False))
        return cls(found, language(locale), MIRROR_WORDS[locale], marks)

    def title(self, unit_name: str) -> str:
        """Whose mirror it is, and of which campaign."""
        told = self.found.publication
        span, year = self.language.span(told.opens_on, told.closes_on), told.closes_on.year
        return self.words["title"].format(unit=unit_name, campaign=told.campaign_name, span=span, year=year)

    def table(self) -> Table:
        """One row per measure: overall satisfaction, then the eleven in the order of their source."""
        shown = table(*(self.words[name] for name in WIDTHS), numbers=[self.words[name] for name in (*LEGS, *GAPS)])
        shown.show_edge, shown.padding = False, (0, 1, 0, 0)
        for column, width in zip(shown.columns, WIDTHS.values(), strict=True):
            column.max_width = width
        for measure in MIRROR_MEASURES:
            if measure in self.found.mirror:
                shown.add_row(*self._cells(self.found.mirror[measure]))
        return shown

    def notes(self) -> Iterator[str]:
        """How to read the table, and why something is missing in it."""
        told, rows = self.found.publication, [*self.found.mirror.values()]
        day, year = self.language.short(self.found.as_of), self.found.as_of.year
        clients = self.words["clients"].format(days=rows[0].window_days, day=day, year=year)
        yield f"{clients} {self.words['how']}"
        if any(_is_open(row) for row in rows):
            yield self.words["why_open"]
        rule = AnonymityRule(told.floor, told.verbatim_floor, told.unanimity_floor)
        for reason, mark in self.marks.items():
            yield f"{mark} {hidden_reason(reason, self.language.locale, rule)}"
        if told.dimension_count < len(DIMENSIONS):
            yield self.words["why_ten"].format(asked=told.dimension_count)

    def _cells(self, row: Any) -> Iterator[str]:
        yield client_measure(row.measure).label(self.language.locale)
        for leg in LEGS:
            yield self._leg(row, leg)
        for gap, points in GAPS.items():
            yield self._gap(row, gap, points)
        yield self.words["open"] if _is_open(row) else self.words.get(row.quadrant, "")

    def _leg(self, row: Any, leg: str) -> str:
        """A score, the answers behind it and its interval; else why there is none."""
        of_leg = {name: getattr(row, f"{leg}_{name}") for name in ("count", "score", "low", "high")}
        if of_leg["score"] is not None:
            score = self.language.percent(of_leg["score"], SOLID_PCT)
            told = f"{score} ({self.language.number(of_leg['count'])})"
            return "\n".join([told, *self._range(of_leg["low"], of_leg["high"], self.language.number)])
        if reason := self.found.hidden.get((leg, row.measure)):
            return f"{self.words['hidden']} {self.marks[reason]}"
        if leg == "client":
            return self.words["none"]
        return "" if (leg, row.measure) == ("employee", OVERALL.key) else self.words["not_asked"]

    def _gap(self, row: Any, gap: str, points: str) -> str:
        """A difference and its interval; below that of overall satisfaction the one that was published."""
        value, low, high = (getattr(row, name) for name in (points, f"{gap}_low", f"{gap}_high"))
        lines = [] if value is None else [self.language.signed(value), *self._range(low, high, self.language.signed)]
        if (gap, row.measure) == ("perception_gap", OVERALL.key):
            lines += [self.words["published"], self.language.signed(PUBLISHED_PERCEPTION_GAP_POINTS)]
        return "\n".join(lines)

    def _range(self, low: float | None, high: float | None, written: Any) -> list[str]:
        if low is None or high is None:
            return []
        return [self.words["range"].format(low=written(low), high=written(high))]


def _is_open(row: Any) -> bool:
    """Whether both sides are there, and it cannot be said of one of them if it is solid."""
    return row.quadrant is None and None not in (row.client_score, row.employee_score)
