"""Which alert a mark belongs to, once late data have moved, joined or removed the alert that it was left on."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from symetrie.alerts.marks import Action, Mark
from symetrie.alerts.rules import NEAR_DAYS


def attached(
    marks: Iterable[Mark], openings: Collection[date]
) -> tuple[dict[date, list[Mark]], dict[date, list[Mark]]]:
    """Give the marks of one cause by the opening of the alert they belong to, and those whose alert is gone.

    A mark belongs to the alert that it was left on. Where that one no longer opens, it belongs to the nearest one that
    opens within five weeks of it, the earlier of two; but what was told or said to be over is not what opens after it.
    """
    kept: dict[date, list[Mark]] = {}
    gone: dict[date, list[Mark]] = {}
    for opened_on, group in sorted(_by_opening(marks).items()):
        opening = nearest(opened_on, openings, over_on=_over_on(group))
        if opening is None:
            gone[opened_on] = group
        else:
            kept.setdefault(opening, []).extend(group)
    return kept, gone


def nearest(opened_on: date, openings: Collection[date], *, over_on: date | None = None) -> date | None:
    """Give the opening that stands for one which may be gone.

    >>> nearest(date(2026, 11, 20), [date(2026, 11, 2), date(2026, 11, 23)])
    datetime.date(2026, 11, 23)
    >>> nearest(date(2026, 11, 20), [date(2026, 11, 2), date(2026, 11, 23)], over_on=date(2026, 11, 22))
    datetime.date(2026, 11, 2)
    """
    if opened_on in openings:
        return opened_on
    near = [each for each in openings if abs((each - opened_on).days) <= NEAR_DAYS and each <= (over_on or date.max)]
    return min(near, key=lambda each: (abs((each - opened_on).days), each), default=None)


def _by_opening(marks: Iterable[Mark]) -> Mapping[date, list[Mark]]:
    groups: dict[date, list[Mark]] = {}
    for mark in marks:
        groups.setdefault(mark.opened_on, []).append(mark)
    return groups


def _over_on(marks: Iterable[Mark]) -> date | None:
    """The first day on which somebody closed the alert, or a message said that it was over."""
    ends = [
        mark.on_date for mark in marks if (mark.name == "close" if isinstance(mark, Action) else _is_end(mark.reason))
    ]
    return min(ends, default=None)


def _is_end(reason: str) -> bool:
    return reason in ("recovered", "withdrawn")
