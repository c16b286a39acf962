"""When an answer is a case, and how bad it is (method, section 12): values with their reasons, and no statistics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from symetrie.alerts.finding import Severity
from symetrie.measures import CLIENT_MEASURES, NPS, OVERALL

Why = Literal["low_mark", "detractor", "complaint", "serious_reason"]

ANGRY_NPS, CROSS_NPS = 2, 4
"""Of those who are asked nothing else: 0 to 2 as angry as 1 of 5, 3 and 4 as 2 of 5, 5 and 6 milder.

The halves of the scale of detractors (0 to 6) nearest to the two unfavourable marks of five; ours, no source's.
"""


@dataclass(frozen=True, slots=True)
class UnhappyUpTo:
    """The highest marks of an unhappy client: those of the method, unless a house sets its own."""

    overall: int = OVERALL.unfavourable_to
    nps: int = NPS.unfavourable_to


@dataclass(frozen=True, slots=True)
class Case:
    """Why an answer is a case, the mark that says it most, and its severity, 3 the worst."""

    why: tuple[Why, ...]
    measure: str | None
    mark: int | None
    severity: Severity


def case_of(
    marks: Mapping[str, int | None],
    *,
    is_complaint: bool = False,
    has_serious_reason: bool = False,
    up_to: UnhappyUpTo = UnhappyUpTo(),
) -> Case | None:
    """Say whether an answer is a case, from its marks by measure; None where the client is not unhappy.

    A client is unhappy with a low overall mark, as a detractor, or with a complaint. A serious reason (safety,
    discrimination…) does not wait for a low mark: a middling one is enough, where none is favourable.
    Severity 3: the lowest mark, or a serious reason; 2: a low mark or a complaint; 1: a detractor whose overall mark
    is not low.

    >>> case_of({"overall": 1, "nps": 3})
    Case(why=('low_mark', 'detractor'), measure='overall', mark=1, severity=3)
    >>> case_of({"overall": 4, "nps": 6})
    Case(why=('detractor',), measure='nps', mark=6, severity=1)
    >>> case_of({"overall": 3}), case_of({"overall": 3}, has_serious_reason=True).severity
    (None, 3)
    """
    overall, nps = marks.get(OVERALL.key), marks.get(NPS.key)
    found: dict[Why, bool] = {
        "low_mark": overall is not None and overall <= up_to.overall,
        "detractor": nps is not None and nps <= up_to.nps,
        "complaint": is_complaint,
    }
    is_unhappy = any(found.values())
    found["serious_reason"] = has_serious_reason and (is_unhappy or _is_middling(marks))
    why = tuple(reason for reason, holds in found.items() if holds)
    if not why:
        return None
    measure = _telling_measure(marks, found)
    return Case(why, measure, None if measure is None else marks[measure], _severity(overall, nps, found))


def _severity(overall: int | None, nps: int | None, found: Mapping[Why, bool]) -> Severity:
    if found["serious_reason"] or (found["low_mark"] and overall == OVERALL.lowest):
        return 3
    if overall is None and nps is not None and nps <= ANGRY_NPS and found["detractor"]:
        return 3
    is_cross = overall is None and nps is not None and nps <= CROSS_NPS and found["detractor"]
    return 2 if found["low_mark"] or found["complaint"] or is_cross else 1


def _is_middling(marks: Mapping[str, int | None]) -> bool:
    """Whether the overall mark is not favourable; where it was not asked, whether another mark is unfavourable."""
    overall = marks.get(OVERALL.key)
    if overall is not None:
        return overall < OVERALL.favourable_from
    return any((mark := marks.get(each.key)) is not None and mark <= each.unfavourable_to for each in CLIENT_MEASURES)


def _telling_measure(marks: Mapping[str, int | None], found: Mapping[Why, bool]) -> str | None:
    """Give the measure that says it most: overall where it is low, then nps, then whatever was answered worst."""
    if found["low_mark"]:
        return OVERALL.key
    if found["detractor"]:
        return NPS.key
    answered = [
        ((mark - each.lowest) / (each.highest - each.lowest), place, each.key)
        for place, each in enumerate(CLIENT_MEASURES)
        if (mark := marks.get(each.key)) is not None
    ]
    return OVERALL.key if marks.get(OVERALL.key) is not None else min(answered, default=(0.0, 0, None))[2]
