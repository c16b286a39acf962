"""Reflect: hold what was published of employees against the clients of the same days, in one open transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa
import structlog

from pipelines.errors import SymetrieError
from pipelines.reflection.breakdown import breakdown_rows
from pipelines.reflection.day import Day, gather
from pipelines.reflection.label import label_rows, label_rule
from pipelines.reflection.mirror import mirror_rows
from pipelines.reflection.probability import label_probabilities
from pipelines.reflection.sector import sector_rows
from pipelines.reflection.symmetry import symmetry_rows
from pipelines.warehouse.reflection import Published, newest_publications, replace_day, touched_publications
from pipelines.warehouse.tables import breakdown, label, mirror, sector, symmetry

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.settings import Settings
    from pipelines.warehouse import Warehouse
    from symetrie.label import LabelRule

log = structlog.get_logger(__name__)

REFLECTED_TABLES = (mirror, label, symmetry, breakdown, sector)


def reflect(
    warehouse: Warehouse,
    connection: sa.Connection,
    settings: Settings,
    publication_ids: Collection[str] | None = None,
) -> list[date]:
    """Compute the five tables anew for the last days of the publications' campaigns, by default of all; gives the days.

    What stands there afterwards depends on what is published and on the counts alone. A day is that of every campaign
    that closed on it, and brings along those of the campaigns that come next of the same sources: their clients are
    also held against the employees of these.
    """
    newest, rule = newest_publications(connection), label_rule(settings.pulse.label_mean)
    days = _days(newest, publication_ids)
    for as_of in days:
        closing = [each for each in newest if each.closes_on == as_of]
        day = gather(warehouse, connection, closing, settings.pulse.client_days)
        for table, rows in _reflections(warehouse, connection, day, settings, rule):
            replace_day(warehouse, connection, table, as_of, rows)
        log.info("reflection.computed", as_of=str(as_of), publications=len(closing), units=len(day.standing))
    return days


def reflect_stale(warehouse: Warehouse, connection: sa.Connection, settings: Settings) -> list[date]:
    """Reflect what the changed days of clients' answers reach, and say that no more of the five tables changes."""
    touched = touched_publications(connection, settings.pulse.client_days)
    days = reflect(warehouse, connection, settings, touched)
    for table in REFLECTED_TABLES:
        warehouse.only_changes(table.c.as_of, days)
    return days


def _days(newest: Collection[Published], publication_ids: Collection[str] | None) -> list[date]:
    if publication_ids is None:
        return sorted({each.closes_on for each in newest})
    wanted = set(publication_ids)
    asked = [each for each in newest if wanted & each.ids]
    if unknown := sorted(wanted.difference(*(each.ids for each in asked))):
        raise SymetrieError(f"there is no publication {unknown[0]!r}; see symetrie pulse list")
    ids = {each.publication_id for each in asked}
    return sorted({each.closes_on for each in newest if each.publication_id in ids or each.previous_id in ids})


def _reflections(
    warehouse: Warehouse, connection: sa.Connection, day: Day, settings: Settings, rule: LabelRule
) -> Iterator[tuple[sa.Table, pd.DataFrame]]:
    pulse = settings.pulse
    yield mirror, mirror_rows(day)
    yield label, label_rows(day, rule, label_probabilities(warehouse, connection, day, rule))
    yield symmetry, symmetry_rows(day, pulse.floor)
    yield breakdown, breakdown_rows(warehouse, connection, day, pulse.cuts)
    yield sector, sector_rows(day)
