"""Writing the morning summaries: a row of `mart.summary` per recipient, and a page per unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import sqlalchemy as sa
import structlog

from pipelines.summary.collecting import collect_figures
from pipelines.summary.figures import Figures
from pipelines.summary.pages import write_index
from pipelines.summary.side_by_side import Telling, tell_side_by_side
from pipelines.summary.spooling import Row, Spool, spooled
from pipelines.summary.unerased import Publishing, write_unerased
from pipelines.warehouse.tables import summary

if TYPE_CHECKING:
    from pipelines.settings import Settings
    from pipelines.settings.recipients import Recipient
    from pipelines.warehouse import Warehouse

log = structlog.get_logger(__name__)

KEYS = ("business_date", "recipient_id", "unit_id")


def write_summaries(
    warehouse: Warehouse,
    settings: Settings,
    business_date: date,
    run_id: str,
    *,
    unit_ids: Collection[str] | None = None,
) -> int:
    """Write the day's pages and its recipients' summaries; gives how many summaries are new or changed.

    With `unit_ids`, only those of these units, and the index, which names them all.
    """
    return write_unerased(
        warehouse, run_id, partial(_write, warehouse, settings, business_date, run_id=run_id, unit_ids=unit_ids)
    )


def _write(
    warehouse: Warehouse,
    settings: Settings,
    business_date: date,
    publishing: Publishing,
    *,
    run_id: str,
    unit_ids: Collection[str] | None,
) -> int:
    """Write the pages, then publish the rows: by then it is known whether either quotes what was erased meanwhile."""
    figures = collect_figures(warehouse, settings, business_date)
    known = _known_hashes(warehouse, business_date)
    changed = (
        row
        for row in _written(settings, figures, business_date, figures if unit_ids is None else unit_ids)
        if known.get((row["recipient_id"], row["unit_id"])) != row["content_hash"]
    )
    with spooled(changed, settings.home, run_id=run_id) as spool:
        write_index(settings.home, figures, business_date, settings.locale)
        log.info("summaries.rendered", business_date=str(business_date), units=len(figures), changed=spool.row_count)
        with publishing() as connection:
            warehouse.only_changes(summary.c.business_date, [business_date] if spool.row_count else [])
            _replace(warehouse, connection, spool)
    return spool.row_count


def _written(
    settings: Settings, figures: Mapping[str, Figures], business_date: date, unit_ids: Collection[str]
) -> Iterator[Row]:
    """Every unit told once per language: its page is written, and the rows of its recipients come out."""
    recipients = _by_unit(settings.recipients, figures, business_date)
    asked = [each for unit_id, each in figures.items() if unit_id in unit_ids]
    for locale in sorted({settings.locale, *(recipient.locale for recipient in settings.recipients)}):
        readers = {
            unit_id: [recipient.id for recipient in some if recipient.locale == locale]
            for unit_id, some in recipients.items()
        }
        read = frozenset(unit_id for unit_id, ids in readers.items() if ids)
        for row in tell_side_by_side(Telling(settings.home, locale, frozenset(figures), read), asked):
            yield from (row | {"recipient_id": recipient_id} for recipient_id in readers[str(row["unit_id"])])


def _by_unit(
    recipients: Sequence[Recipient], figures: Mapping[str, Figures], business_date: date
) -> Mapping[str, Sequence[Recipient]]:
    by_unit: dict[str, list[Recipient]] = defaultdict(list)
    for recipient in recipients:
        if recipient.unit in figures:
            by_unit[recipient.unit].append(recipient)
        else:
            log.warning(
                "summary.skipped",
                recipient=recipient.id,
                unit=recipient.unit,
                business_date=str(business_date),
                reason="the unit is not in the network that day",
            )
    return by_unit


def _known_hashes(warehouse: Warehouse, business_date: date) -> dict[tuple[object, object], str]:
    select = sa.select(summary.c.recipient_id, summary.c.unit_id, summary.c.content_hash)
    with warehouse.reading() as connection:
        found = connection.execute(select.where(summary.c.business_date == business_date))
        return {(recipient_id, unit_id): content_hash for recipient_id, unit_id, content_hash in found}


def _replace(warehouse: Warehouse, connection: sa.Connection, spool: Spool) -> None:
    """Put the changed summaries in the place of those with the same key."""
    names = summary.columns.keys()
    for file in spool.files:
        columns = [sa.Column(column.name, column.type) for column in summary.columns]
        with warehouse.staged(connection, "changed_summary", columns, file) as changed:
            same_key = sa.and_(*(changed.c[name] == summary.c[name] for name in KEYS))
            connection.execute(sa.delete(summary).where(sa.exists(sa.select(sa.literal(1)).where(same_key))))
            connection.execute(sa.insert(summary).from_select(names, sa.select(*(changed.c[name] for name in names))))
