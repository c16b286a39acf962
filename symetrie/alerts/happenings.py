"""Everything that befalls an alert on some day, in the one order in which its life is told."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

from symetrie.alerts.episodes import Episode
from symetrie.alerts.finding import Finding
from symetrie.alerts.identity import alert_id
from symetrie.alerts.living import Living
from symetrie.alerts.marks import Action, Mark, Notice, by_moment

MESSAGE_DECIMALS = 1
"""A size that differs by less than messages show was not told otherwise."""

_MOVING, _ACTING, _FINDING, _REVISING = range(4)
"""What comes first on one date: what a day shows is known on the next morning, after all that people did on it."""


class Happening(NamedTuple):
    """What happens to an alert on a day; `order` keeps two of the same kind apart."""

    on_date: date
    kind: int
    order: str
    happen: Callable[[], None]

    @property
    def falls_due_until(self) -> date:
        """The last day whose dues come first: whoever acts on a day is in time for what would fall due on it."""
        return self.on_date - timedelta(days=1) if self.kind == _ACTING else self.on_date


def happenings(life: Living, episode: Episode, marks: Sequence[Mark]) -> list[Happening]:
    """Give what befalls an alert that the data show: later findings, its recovery, and what marks tell."""
    found = [*_shown(life, episode), *_done(life, marks), *_moved(life, marks), *_revised(life, episode, marks)]
    return sorted(found, key=lambda each: each[:3])


def _shown(life: Living, episode: Episode) -> Iterator[Happening]:
    for finding in episode.findings[1:]:
        yield Happening(finding.business_date, _FINDING, "", partial(life.show, finding))
    if episode.over_on is not None:
        over = partial(life.lose, episode.over_on, episode.lost_by) if episode.lost_by else None
        yield Happening(episode.over_on, _FINDING, "", over or partial(life.recover, episode.over_on))


def _done(life: Living, marks: Sequence[Mark]) -> Iterator[Happening]:
    """What people did; of an alert that opens later by now, on the day that it opens."""
    for mark in marks:
        if isinstance(mark, Action):
            day = max(life.opened_on, mark.on_date)
            yield Happening(day, _ACTING, mark.place, partial(life.act, day, mark))


def _moved(life: Living, marks: Sequence[Mark]) -> Iterator[Happening]:
    """One event for every opening that late data have moved to this one."""
    first: dict[date, date] = {}
    for mark in marks:
        if mark.opened_on != life.opened_on:
            first[mark.opened_on] = min(mark.on_date, first.get(mark.opened_on, date.max))
    for former, known_on in first.items():
        day = max(life.opened_on, known_on)
        detail = {"former_opened_on": former.isoformat(), "former_alert_id": alert_id(life.cause, former)}
        yield Happening(day, _MOVING, former.isoformat(), partial(life.happen, day, "moved", detail=detail))


def _revised(life: Living, episode: Episode, marks: Sequence[Mark]) -> Iterator[Happening]:
    """One event for every day of which something else was told at first than the data show of it now."""
    last_first = sorted(marks, key=by_moment, reverse=True)
    told = {mark.on_date: mark for mark in last_first if isinstance(mark, Notice) and _tells_figures(mark)}
    for day, mark in told.items():
        shown = episode.seen_by(day)
        if shown is not None and _figures(shown) != _figures(mark):
            detail = {
                "told_severity": mark.severity,
                "told_size_points": mark.size_points,
                "severity": shown.severity,
                "size_points": shown.size_points,
            }
            yield Happening(day, _REVISING, "", partial(life.happen, day, "revised", detail=detail))


def _tells_figures(notice: Notice) -> bool:
    return notice.severity is not None and notice.reason not in ("recovered", "withdrawn")


def _figures(told: Finding | Notice) -> tuple[int | None, float | None]:
    size = told.size_points
    return told.severity, None if size is None else round(size, MESSAGE_DECIMALS)
