"""What else happened, in words: a line for all that happened alike on one day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from pipelines.alerts.annotations import Annotation
    from pipelines.alerts.telling.sentences import AlertWords

SHOWN_UNITS = 5
SHOWN_LINES = 8

ONE_BY_ONE = ("questionnaire_changed", "future_answers")
"""Of these each has a line of its own."""


def annotation_lines(annotations: Iterable[Annotation], words: AlertWords) -> list[str]:
    """Give the lines in the order of their days; what has no room is counted in the last one."""
    lines = list(_lines(annotations, words))
    left = len(lines) - SHOWN_LINES
    return lines if left <= 0 else [*lines[:SHOWN_LINES], words.language.count("alert.also.more", left)]


def _lines(annotations: Iterable[Annotation], words: AlertWords) -> Iterator[str]:
    spoken = words.language
    for (on, kind, *_), alike in groupby(sorted(annotations, key=_alike), key=_alike):
        together = list(alike)
        first, left = together[0], len(together) - SHOWN_UNITS
        shown = ", ".join(words.unit(each.subject) for each in together[:SHOWN_UNITS])
        yield spoken.count(
            f"alert.also.{kind}",
            first.count or len(together),
            units=spoken.count("alert.signal.more", left, children=shown) if left > 0 else shown,
            former=words.unit(first.former),
            now=words.unit(first.now),
            day=spoken.day(on),
        )


def _alike(annotation: Annotation) -> tuple[date, str, str, str]:
    """Who moved from one unit to another did so together; new names are together whatever they are."""
    same = annotation.kind == "unit_moved"
    own = annotation.subject if annotation.kind in ONE_BY_ONE else annotation.former if same else ""
    return annotation.on, annotation.kind, own, annotation.now if same else ""
