"""Writing the pages of alerts: of those that have changed, and of those that wait for somebody and have none yet."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import TYPE_CHECKING

import sqlalchemy as sa
import structlog

from pipelines.alerts.annotations import annotations_around
from pipelines.alerts.pages.addresses import alert_page, remove_pages, written_pages
from pipelines.alerts.pages.as_html import alert_html
from pipelines.alerts.pages.course import WEEK, read_course
from pipelines.alerts.pages.making import KnownAlert, make_alert_page
from pipelines.alerts.reading import AlertRow, former_ids, read_by_id, read_events
from pipelines.alerts.telling.choosing import NEWS_DAYS
from pipelines.alerts.telling.record import Telling
from pipelines.alerts.telling.rendering import unwatched_sources
from pipelines.alerts.telling.sentences import AlertWords
from pipelines.summary.language import language
from pipelines.summary.pages import write_atomically
from pipelines.warehouse.alerts_looked import last_looked
from pipelines.warehouse.tables import alert
from symetrie.alerts.states import ACTIVE

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.settings import Network, Settings
    from pipelines.warehouse import Warehouse

log = structlog.get_logger(__name__)

ALERTS_AT_ONCE = 1000
"""Alerts that are in memory together."""


def write_alert_pages(
    warehouse: Warehouse,
    settings: Settings,
    changed: Collection[str],
    gone: Collection[str] = (),
    *,
    on_progress: Callable[[str, int, int], None] = lambda what, done, total: None,
) -> int:
    """Write the pages of alerts that have changed, and remove those of alerts that are gone; gives how many alerts.

    A house without `alerts.page_url` has none, as nothing leads there. Nor have alerts that were over before anybody
    could be told of them, as those of a backfill.
    """
    remove_pages(settings.home, gone)
    if settings.alerts.page_url is None:
        return 0
    with warehouse.reading() as connection:
        last = last_looked(connection)
        if last is None:
            return 0
        asked = _asked(connection, settings, set(changed), last)
    for start in range(0, len(asked), ALERTS_AT_ONCE):
        portion = asked[start : start + ALERTS_AT_ONCE]
        on_progress("writing pages of alerts", start, len(asked))
        with warehouse.reading() as connection:
            known = [*_known(connection, settings.network, portion, last)]
        _write(settings, known, last)
        _remove_erased(warehouse, settings.home, known)
    log.info("alert_pages.written", alerts=len(asked))
    return len(asked)


def _asked(connection: sa.Connection, settings: Settings, changed: set[str], last: date) -> list[str]:
    """Whose pages are due; a year that is loaded at once has a hundred thousand alerts that nobody reads any more."""
    at, home, locales = alert.c, settings.home, _locales(settings)
    is_told = sa.or_(at.state.in_(ACTIVE), at.ended_on >= last - timedelta(days=NEWS_DAYS))
    told = set(connection.scalars(sa.select(at.alert_id).where(is_told)))
    standing = sa.select(at.alert_id, at.opened_on).where(at.lane == "signal", at.state.in_(ACTIVE))
    changed |= {alert_id for alert_id, opened_on in connection.execute(standing) if _is_a_week_on(opened_on, last)}
    due = {each for each in told if each in changed or len(written_pages(home, [each])) < len(locales)}
    return sorted(due.union(each for each in changed - told if written_pages(home, [each])))


def _is_a_week_on(opened_on: date, last: date) -> bool:
    """Whether the weeks that a page shows have one more."""
    return (last - opened_on).days % WEEK.days == 0


def _known(connection: sa.Connection, network: Network, alert_ids: Sequence[str], last: date) -> Iterator[KnownAlert]:
    rows = read_by_id(connection, alert_ids)
    events = read_events(connection, rows)
    for row in rows.values():
        yield KnownAlert(
            row,
            _parent(network, row),
            events[row.alert_id],
            annotations_around(connection, row),
            read_course(connection, row, last),
        )


def _parent(network: Network, row: AlertRow) -> str | None:
    if row.unit_id not in network.unit_ids:
        return None
    return network.unit(row.unit_id, row.last_seen_on).parent


def _write(settings: Settings, known: Sequence[KnownAlert], last: date) -> None:
    spoken = {locale: _words(settings, locale, known, last) for locale in _locales(settings)}
    for each, (locale, words) in product(known, spoken.items()):
        html = alert_html(make_alert_page(each, words))
        for alert_id in _ids(each):
            write_atomically(alert_page(settings.home, alert_id, locale), html)


def _remove_erased(warehouse: Warehouse, home: Path, known: Sequence[KnownAlert]) -> None:
    """Remove what was written of alerts that somebody has erased since they were read."""
    with warehouse.reading() as connection:
        left = read_by_id(connection, [each.row.alert_id for each in known])
    for each in known:
        if each.row.alert_id not in left:
            remove_pages(home, _ids(each))


def _ids(known: KnownAlert) -> tuple[str, ...]:
    """The ids under which an alert is linked to."""
    return (known.row.alert_id, *former_ids(known.events))


def _words(settings: Settings, locale: str, known: Sequence[KnownAlert], last: date) -> AlertWords:
    unwatched = unwatched_sources(settings, (each.row for each in known))
    telling = Telling.of_house(settings, locale, last)
    return AlertWords(language(locale), replace(telling, unwatched_sources=unwatched, is_lasting=True))


def _locales(settings: Settings) -> set[str]:
    """The languages of whoever is told."""
    of_channels = (each.locale for each in settings.alerts.channels if each.locale)
    return {settings.locale, *of_channels, *(each.locale for each in settings.recipients)}
