"""Writing the pages of the mirror: one per unit and language, which every morning page then leads to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import product
from typing import TYPE_CHECKING

import structlog

from pipelines.mirror_pages.as_html import render_mirror
from pipelines.mirror_pages.collecting import collect_mirrors
from pipelines.mirror_pages.reflected import read_reflected
from pipelines.mirror_pages.sectors import sector_scores
from pipelines.summary.addresses import mirror_page
from pipelines.summary.among import LISTED_UNITS
from pipelines.summary.pages import write_atomically

if TYPE_CHECKING:
    from pipelines.settings import Settings
    from pipelines.warehouse import Warehouse

log = structlog.get_logger(__name__)


def write_mirror_pages(
    warehouse: Warehouse,
    settings: Settings,
    as_of: date | None = None,
    *,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Write the page of every unit held against its clients on a day, by default the newest; gives how many units.

    It reads the mirror, the label and the curves as they stand, so it comes after `reflect`, for each day that this
    gives.
    """
    with warehouse.reading() as connection:
        day = read_reflected(connection, as_of)
        if day is None:
            return 0
        sector = sector_scores(connection, settings, day.as_of)
    locales = sorted({settings.locale, *(recipient.locale for recipient in settings.recipients)})
    unit_ids = tuple(day.standing)
    for first in range(0, len(unit_ids), LISTED_UNITS):  # so that a large network is never in memory whole
        portion = unit_ids[first : first + LISTED_UNITS]
        with warehouse.reading() as connection:
            mirrors = [*collect_mirrors(connection, day, portion, sector)]
        for mirror, locale in product(mirrors, locales):
            file = mirror_page(settings.home, day.as_of, mirror.unit.unit_id, locale)
            write_atomically(file, render_mirror(mirror, locale))
        on_progress(first + len(portion), len(unit_ids))
    log.info("mirror.written", as_of=str(day.as_of), units=len(unit_ids), languages=len(locales))
    return len(unit_ids)
