"""Writing the morning summaries: a row of `mart.summary` per recipient, and a page per unit."""

from __future__ import annotations

import hashlib
import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from pipelines.summary.as_html import page_html
from pipelines.summary.as_json import figures_json
from pipelines.summary.as_text import page_text
from pipelines.summary.collecting import collect_figures
from pipelines.summary.figures import Figures
from pipelines.summary.page import Page
from pipelines.summary.pages import write_index, write_page
from pipelines.summary.telling import make_page
from pipelines.warehouse.tables import summary
from pipelines.warehouse.temporary import temporary_table

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.settings import Settings
    from pipelines.settings.recipients import Recipient
    from pipelines.warehouse import Warehouse

log = logging.getLogger(__name__)

KEYS = ("business_date", "recipient_id", "unit_id")
HASHED = ("locale", "figures", "subject", "body_text", "body_html")

ROWS_AT_ONCE = 1000

Row = dict[str, object]


def write_summaries(warehouse: Warehouse, settings: Settings, business_date: date, run_id: str) -> int:
    """Write the day's pages and its recipients' summaries; gives how many summaries are new or changed."""
    figures = collect_figures(warehouse, settings, business_date)
    known = _known_hashes(warehouse, business_date)
    changed = [
        row
        for row in _written(settings, figures, business_date)
        if known.get((row["recipient_id"], row["unit_id"])) != row["content_hash"]
    ]
    write_index(settings.home, figures, business_date, settings.locale)
    changed_count = len(changed)
    log.info("summaries.rendered business_date=%s units=%d changed=%d", business_date, len(figures), changed_count)
    if changed:
        _replace(warehouse, changed, run_id)
    return changed_count


def _written(settings: Settings, figures: Mapping[str, Figures], business_date: date) -> Iterator[Row]:
    """Every unit told once per language: its page is written, and the rows of its recipients come out."""
    recipients = _by_unit(settings.recipients, figures, business_date)
    for locale in sorted({settings.locale, *(recipient.locale for recipient in settings.recipients)}):
        for unit_id, each in figures.items():
            page = make_page(each, locale)
            html = write_page(settings.home, each, page, figures)
            readers = [recipient for recipient in recipients.get(unit_id, ()) if recipient.locale == locale]
            if readers:
                row = _row(each, page, html)
                yield from (row | {"recipient_id": recipient.id} for recipient in readers)


def _by_unit(
    recipients: Sequence[Recipient], figures: Mapping[str, Figures], business_date: date
) -> Mapping[str, Sequence[Recipient]]:
    by_unit: dict[str, list[Recipient]] = defaultdict(list)
    for recipient in recipients:
        if recipient.unit in figures:
            by_unit[recipient.unit].append(recipient)
        else:
            log.warning(
                "summary.skipped recipient=%s unit=%s business_date=%s: the unit is not in the network that day",
                recipient.id,
                recipient.unit,
                business_date,
            )
    return by_unit


def _row(figures: Figures, page: Page, html: str) -> Row:
    row: Row = {
        "business_date": figures.business_date,
        "unit_id": figures.unit.unit_id,
        "locale": page.locale,
        "figures": figures_json(figures),
        "subject": page.subject,
        "body_text": page_text(page),
        "body_html": page_html(page) if page.branches else html,  # a mail has no other pages to link to
    }
    return row | {"content_hash": _hash(row)}


def _hash(row: Row) -> str:
    content = "\0".join(str(row[name]) for name in HASHED)
    return hashlib.sha256(content.encode()).hexdigest()


def _known_hashes(warehouse: Warehouse, business_date: date) -> dict[tuple[object, object], str]:
    select = sa.select(summary.c.recipient_id, summary.c.unit_id, summary.c.content_hash)
    with warehouse.reading() as connection:
        found = connection.execute(select.where(summary.c.business_date == business_date))
        return {(recipient_id, unit_id): content_hash for recipient_id, unit_id, content_hash in found}


def _replace(warehouse: Warehouse, rows: list[Row], run_id: str) -> None:
    """Put the changed summaries in the place of those with the same key, in one transaction."""
    import pandas as pd

    written_at = pd.Timestamp(datetime.now(UTC))
    keys = pd.DataFrame([{name: row[name] for name in KEYS} for row in rows])
    key_columns = [sa.Column(name, summary.c[name].type) for name in KEYS]
    with warehouse.publishing() as connection:
        with temporary_table(connection, "changed_summary", *key_columns) as changed:
            warehouse.load(connection, changed, _dated(keys))
            same_key = sa.and_(*(changed.c[name] == summary.c[name] for name in KEYS))
            connection.execute(sa.delete(summary).where(sa.exists(sa.select(sa.literal(1)).where(same_key))))
        while rows:
            part = pd.DataFrame(rows[-ROWS_AT_ONCE:]).assign(written_at=written_at, run_id=run_id)
            del rows[-ROWS_AT_ONCE:]  # a page is 30 kB: what is loaded need not stay in memory
            warehouse.load(connection, summary, _dated(part)[summary.columns.keys()])


def _dated(frame: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    return frame.assign(business_date=pd.to_datetime(frame["business_date"]))
