"""Look at business dates, remember what they show, and tell the alerts that follow of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from pipelines.alerts.folding import Told, refold
from pipelines.warehouse.alerts import causes_to_tell, forget_after
from pipelines.warehouse.alerts_found import replace_findings
from pipelines.warehouse.alerts_looked import changed_since_seen, last_looked, note_looked, unseen_days

if TYPE_CHECKING:
    import sqlalchemy as sa

    from pipelines.alerts.finder import Finder
    from pipelines.settings import Settings
    from pipelines.warehouse import Warehouse

log = structlog.get_logger(__name__)

DAYS_AT_ONCE = 31
"""Days that a finder looks at in one go, to bound memory: of a year's backfill everything would be found at once."""


@dataclass(frozen=True, slots=True)
class AlertReport:
    """What looking at days came to: how many each finder looked at, and the alerts that are new, differ or are gone."""

    until: date
    looked: dict[str, int]
    changed_days: int = 0
    """Earlier days that had been looked at and have changed since, as when a source reads its past again."""
    new: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    new_by_kind: dict[str, int] = field(default_factory=dict)


def alert(
    warehouse: Warehouse,
    settings: Settings,
    days: Collection[date],
    until: date,
    finders: Sequence[Finder],
    *,
    today: date = date.max,
    on_progress: Callable[[str, int, int], None] = lambda what, done, total: None,
) -> AlertReport:
    """Look at days again, and at those that a finder has not seen as they are now, in one publication.

    Whatever stands in `mart` afterwards depends on the data, on what people and messages did and on the last day ever
    looked at alone. It costs what the days and the open alerts cost, however long the history. Days after `today` were
    looked at by a clock that was ahead: what they showed, and what fell due by them, is forgotten.
    """
    looked_at = datetime.now(UTC)
    with warehouse.publishing() as connection:
        latest = max(until, today)
        undone = forget_after(connection, latest) if (last_looked(connection) or until) > latest else set()
        last = max(until, last_looked(connection) or until)
        changed = changed_since_seen(connection, last - timedelta(days=settings.alerts.look_back_days - 1)) - {last}
        asked = {each.name: _days_of(connection, settings, each, days, last) for each in finders}
        touched, newly = set(undone), set[date]()
        for finder in finders:
            touched |= _look(warehouse, connection, settings, finder, asked[finder.name], on_progress)
            newly |= note_looked(connection, finder.name, asked[finder.name], looked_at)
        touched |= causes_to_tell(connection, last + timedelta(days=1), newly)
        on_progress("telling alerts", 0, 1)
        told = refold(warehouse, connection, settings, touched, last)
    if undone:
        log.warning("alerts.clock_was_ahead", until=str(last), undone=len(undone))
    log.info(
        "alerts.told",
        until=str(last),
        changed_days=len(changed),
        new=len(told.new),
        differing=len(told.differing),
        gone=len(told.gone),
    )
    return _report(last, {name: len(found) for name, found in asked.items()}, len(changed), told)


def _days_of(
    connection: sa.Connection, settings: Settings, finder: Finder, days: Collection[date], last: date
) -> list[date]:
    """The days that a finder looks at: those asked for, those it has not seen as they are, and those these reach."""
    changed = set(days) | unseen_days(connection, finder.name, last, settings.alerts.look_back_days)
    reach = finder.reach_days
    later = (each + timedelta(days=step) for each in changed for step in range(1, min(reach, (last - each).days) + 1))
    return sorted(changed.union(later))


def _look(
    warehouse: Warehouse,
    connection: sa.Connection,
    settings: Settings,
    finder: Finder,
    days: Sequence[date],
    on_progress: Callable[[str, int, int], None],
) -> set[str]:
    """Replace what a finder has found on some days; gives the causes of which these now show something else."""
    differing = set[str]()
    for done, portion in _portions(days):
        on_progress(f"{finder.name}: looking at {portion[0]}", done, len(days))
        findings = finder(connection, settings, portion)
        differing |= replace_findings(warehouse, connection, finder.name, portion, findings)
    return differing


def _portions(days: Sequence[date]) -> Iterator[tuple[int, Sequence[date]]]:
    for start in range(0, len(days), DAYS_AT_ONCE):
        yield start, days[start : start + DAYS_AT_ONCE]


def _report(until: date, looked: dict[str, int], changed_days: int, told: Told) -> AlertReport:
    return AlertReport(
        until=until,
        looked=looked,
        changed_days=changed_days,
        new=tuple(told.new),
        differing=tuple(told.differing),
        gone=tuple(told.gone),
        new_by_kind=dict(sorted(told.kinds.items())),
    )
