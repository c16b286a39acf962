"""The room of landed pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pipelines.erasure.erased import Erased, erased_of
from pipelines.erasure.mended import holdings
from pipelines.erasure.pages import Holding, remove, search
from pipelines.erasure.visit import Found, Place, Progress, Visit
from pipelines.landing import PRIVATE_FILE, LandedPage, landed_pages, landing_folder, note_search
from pipelines.sources.rest.interrupted import discard_interrupted, interrupted_pages
from pipelines.validation.moments import build_moment
from pipelines.validation.readings import build_readings
from pipelines.validation.typed import build_typed

if TYPE_CHECKING:
    from pipelines.settings import Settings
    from pipelines.warehouse import Warehouse


def find(visit: Visit) -> Found:
    """Read every landed page of the source, and count the records of the answer, in all their versions."""
    count, places = 0, set[Place]()
    settings, source = visit.settings, visit.settings.source(visit.source)
    landed = landed_pages(settings.home, source.name)
    with interrupted_pages(settings.home, source.name) as hidden:
        pages = [*landed, *hidden]
        for done, page in enumerate(pages):
            visit.on_progress("looking through the landed pages", done, len(pages))
            holding = search(page, source, settings.questionnaires[source.questionnaire], visit.erased)
            if holding is not None:
                count += len(holding.rows)
                places |= _places(holding, settings)
    for holding in holdings(visit):
        count += len(holding.rows)
        places |= _places(holding, settings)
    return Found(count, frozenset(places))


def clear(visit: Visit) -> None:
    """Remove the answer from every page, and with it all that was erased before; give up a pull cut off."""
    discard_interrupted(visit.settings.home, visit.source)
    clear_pages(visit.warehouse, visit.settings, visit.source, visit.on_progress)
    _clear_mended(visit)


def clear_pages(
    warehouse: Warehouse, settings: Settings, source: str, on_progress: Progress = lambda what, done, total: None
) -> int:
    """Remove all that was erased from the pages not searched for all of it; gives how many records that were."""
    removed = 0
    if not landing_folder(settings.home, source).exists():
        return 0
    with _alone(settings, source):
        erased = _all_erased(warehouse, settings, source)  # here: other answers were erased during the wait
        if erased is None:
            return 0
        pages = [page for page in landed_pages(settings.home, source) if page.searched_for != erased.mark]
        for done, page in enumerate(pages):
            on_progress("rewriting the landed pages", done, len(pages))
            removed += _clear_page(page, settings, erased)
    return removed


def _clear_mended(visit: Visit) -> None:
    """Remove what a person mended into the answer, as it was received."""
    source = visit.settings.source(visit.source)
    if landing_folder(visit.settings.home, source.name).exists():
        with _alone(visit.settings, source.name):
            for holding in holdings(visit):
                remove(holding, source, visit.settings.questionnaires[source.questionnaire])


@contextmanager
def _alone(settings: Settings, source: str) -> Iterator[None]:
    """Of two drafts of a page, each would keep what the other removes."""
    from filelock import FileLock

    with FileLock(landing_folder(settings.home, source) / ".erasing", mode=PRIVATE_FILE):
        yield


def _clear_page(page: LandedPage, settings: Settings, erased: Erased) -> int:
    source = settings.source(erased.source)
    questionnaire = settings.questionnaires[source.questionnaire]
    holding = search(page, source, questionnaire, erased)
    if holding is not None:
        remove(holding, source, questionnaire)
    note_search(page, erased.mark)
    return 0 if holding is None else len(holding.rows)


def _all_erased(warehouse: Warehouse, settings: Settings, source: str) -> Erased | None:
    with warehouse.reading() as connection:
        return erased_of(connection, settings.home, source)


def _places(holding: Holding, settings: Settings) -> set[Place]:
    """The days and units that the records were counted for, where they can be read."""
    source, connection = settings.source(holding.page.source), holding.raw.connection
    questionnaire = settings.questionnaires[source.questionnaire]
    readings = build_readings(
        connection, source=source, questionnaire=questionnaire, network=settings.network, scales=settings.scales
    )
    unit_id = readings["unit_id"]
    build_moment(connection, unit_id, source=source, network=settings.network, now=datetime.now(UTC))
    build_typed(connection, readings, source=source, questionnaire=questionnaire, network=settings.network)
    found = connection.execute(
        f"SELECT DISTINCT typed.business_date::DATE, {unit_id.value} FROM typed"
        f" JOIN answer_text AS answer USING (row_number) {unit_id.join}"
        " WHERE list_contains($rows, row_number)"
        f" AND typed.business_date IS NOT NULL AND {unit_id.value} IS NOT NULL",
        {"rows": holding.rows},
    )
    return set(found.fetchall())
