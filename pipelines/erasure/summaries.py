"""The room of what was told: scores, summaries and pages that counted or quoted the answer are told anew."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from pipelines.erasure.visit import Found, Visit
from pipelines.summary import write_summaries
from pipelines.summary.addresses import INDEX, PAGES, page_pattern, pages_folder
from pipelines.summary.pages import DAY_FOLDER
from pipelines.warehouse.ledger import last_scored
from pipelines.warehouse.tables import summary, unit_ancestor
from symetrie.windows import LONGEST_LOOKBACK

if TYPE_CHECKING:
    from collections.abc import Mapping

Units = frozenset[str] | None
"""The units whose summaries and pages are meant; all that there are where it is None."""


def find(visit: Visit) -> Found:
    """Count the stored summaries and pages of the days whose windows reach back to the answer."""
    units = _units_by_day(visit)
    stored = sum(len(_stored(visit, day, units[day])) for day in units)
    return Found(stored + sum(len(_pages(visit, day, units[day])) for day in units))


def rewrite(visit: Visit) -> None:
    """Compute the scores, then write every such summary and page with the numbers and the words of now."""
    from pipelines.steps import score_days

    with visit.warehouse.reading() as connection:
        told = last_scored(connection)
    if told is not None:
        score_days(visit.settings, told, visit.erasure_id)
    by_day = _units_by_day(visit)
    for done, (day, units) in enumerate(sorted(by_day.items())):
        visit.on_progress(f"telling {day} anew", done, len(by_day))
        _retell(visit, day, units)


def _retell(visit: Visit, day: date, units: Units) -> None:
    """Write a day's summaries and pages anew; those that nobody would write today are removed."""
    for page in _pages(visit, day, units):
        page.unlink()
    write_summaries(visit.warehouse, visit.settings, day, visit.erasure_id, unit_ids=units)
    readers = {(recipient.id, recipient.unit) for recipient in visit.settings.recipients}
    if left := _stored(visit, day, units) - readers:
        same = (summary.c.recipient_id, summary.c.unit_id)
        with visit.warehouse.publishing() as connection:
            connection.execute(sa.delete(summary).where(summary.c.business_date == day, sa.tuple_(*same).in_(left)))


def _units_by_day(visit: Visit) -> Mapping[date, Units]:
    """The days that have been told and whose windows reach back to the answer, each with the units that counted it.

    Of an answer whose days nobody knows any more, as one withdrawn whose pages have expired, every day and unit.
    """
    with visit.warehouse.reading() as connection:
        told = set(connection.scalars(sa.select(summary.c.business_date).distinct()))
        told |= {date.fromisoformat(folder.name) for folder in _day_folders(visit.settings.home)}
        above = {unit: _above(connection, unit) for _, unit in visit.places}
    if visit.is_unplaced:
        return dict.fromkeys(told)
    by_day: dict[date, frozenset[str]] = {}
    for first, unit in visit.places:
        for day in told:
            if first <= day < first + timedelta(days=LONGEST_LOOKBACK):
                by_day[day] = by_day.get(day, frozenset()) | above[unit]
    return by_day


def _above(connection: sa.Connection, unit_id: str) -> frozenset[str]:
    """The unit and all that ever stood above it."""
    found = connection.scalars(sa.select(unit_ancestor.c.ancestor_id).where(unit_ancestor.c.unit_id == unit_id))
    return frozenset(found) | {unit_id}


def _stored(visit: Visit, day: date, units: Units) -> set[tuple[str, str]]:
    """The recipients and units of the summaries stored for a day."""
    stored = sa.select(summary.c.recipient_id, summary.c.unit_id).where(summary.c.business_date == day)
    with visit.warehouse.reading() as connection:
        found = connection.execute(stored if units is None else stored.where(summary.c.unit_id.in_(units)))
        return {(recipient_id, unit_id) for recipient_id, unit_id in found}


def _pages(visit: Visit, day: date, units: Units) -> list[Path]:
    """The pages of these units on a day, in whatever language."""
    folder = pages_folder(visit.settings.home, day)
    if units is None:
        return sorted(page for page in folder.glob("*.html") if page.name != INDEX)
    return sorted(page for unit in units for page in folder.glob(page_pattern(unit)))


def _day_folders(home: Path) -> list[Path]:
    pages = home / PAGES
    return [folder for folder in pages.iterdir() if DAY_FOLDER.fullmatch(folder.name)] if pages.exists() else []
