"""Retention: what was received is removed after the days that the settings give it, held batches apart."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
import structlog

from pipelines.landing import expire, expire_orphans, landed_pages
from pipelines.pulse.keys import destroy_key
from pipelines.sources.rest.interrupted import discard_interrupted
from pipelines.sources.rest.progress import RESUME_WITHIN
from pipelines.summary.addresses import ALERTS, MIRROR, PAGES
from pipelines.summary.pages import DAY_FOLDER
from pipelines.warehouse.ledger import HELD, held_batches
from pipelines.warehouse.tables import alert_outbox, erasure, outbox, quarantine, received_page, run, summary

if TYPE_CHECKING:
    from pipelines.settings import Settings
    from pipelines.warehouse import Warehouse

log = structlog.get_logger(__name__)

EXPIRED = ""
"""What stands in the place of a payload that has expired."""

UNFINISHED_MAILS = ("waiting", "sending")


@dataclass(frozen=True)
class Sweep:
    """What a sweep has removed, by kind, and the kinds that failed: they are swept the next time."""

    removed: Mapping[str, int]
    failed: tuple[str, ...]


def sweep(warehouse: Warehouse, settings: Settings, now: datetime) -> Sweep:
    """Remove what has had its days, and what was erased and landed again; one kind that fails stops no other.

    It comes at the end of a day, whose result it must not hide.
    """
    removed: dict[str, int] = {}
    for name, remove in _KINDS.items():
        try:
            removed[name] = remove(warehouse, settings, now)
        except Exception as error:
            log.error("retention.failed", kind=name, exc_info=error)
    log.info("retention.swept", **removed)
    return Sweep(removed, tuple(name for name in _KINDS if name not in removed))


def _campaign_keys(warehouse: Warehouse, settings: Settings, now: datetime) -> int:  # noqa: ARG001 - as every kind
    """The keys of campaigns that closed long enough ago: from then on nobody can tell who answered."""
    last = now.date() - timedelta(days=settings.pulse.key_days)
    return sum(destroy_key(settings.home, each.id) for each in settings.campaigns if each.closes_on < last)


def expired_page_count(connection: sa.Connection, home: Path, source: str) -> tuple[int, int]:
    """How many pages of a source were received, and how many of them are no longer in the landing."""
    received = set(connection.scalars(sa.select(received_page.c.content_hash).where(received_page.c.source == source)))
    return len(received), len(received - {page.content_hash for page in landed_pages(home, source)})


def _pages(warehouse: Warehouse, settings: Settings, now: datetime) -> int:
    """Landed pages; not those of held batches, nor those that are not published yet. They stay known as received.

    What a pull that was cut off has received goes once no pull would go on from it.
    """
    limit, removed = now - timedelta(days=settings.retention.landing_days), 0
    for source in _folders(settings.home / "landing"):
        old = [page for page in landed_pages(settings.home, source) if page.landed_at < limit]
        done = _decided_pages(warehouse, source) if old else set[str]()
        for page in old:
            if page.content_hash in done:
                expire(page)
                removed += 1
        expire_orphans(settings.home, source)
        removed += discard_interrupted(settings.home, source, unless_begun_since=now - RESUME_WITHIN)
    return removed


def _decided_pages(warehouse: Warehouse, source: str) -> set[str]:
    """The pages of a source that were received in a batch that is not held."""
    batch_of_page = sa.and_(run.c.run_id == received_page.c.run_id, run.c.source == received_page.c.source)
    is_held = sa.exists(sa.select(sa.literal(1)).where(batch_of_page, run.c.status == HELD))
    with warehouse.reading() as connection:
        return set(
            connection.scalars(
                sa.select(received_page.c.content_hash).where(received_page.c.source == source, ~is_held)
            )
        )


def _payloads(warehouse: Warehouse, settings: Settings, now: datetime) -> int:
    """What was received of the records set aside, and what a person made of it; the record and its reasons stay."""
    limit = now - timedelta(days=settings.retention.quarantine_payload_days)
    old = sa.and_(quarantine.c.last_seen_at < limit, quarantine.c.payload != EXPIRED)
    with warehouse.reading() as connection:
        count = connection.scalar(sa.select(sa.func.count()).select_from(quarantine).where(old)) or 0
    if count:
        with warehouse.publishing(refreshes_readers=False) as connection:
            note = f" (what was received expired on {now:%Y-%m-%d})"
            mended = sa.case((quarantine.c.mended.is_not(None), EXPIRED))  # that it was mended must still be known
            connection.execute(
                sa.update(quarantine)
                .where(old)
                .values(payload=EXPIRED, mended=mended, message=quarantine.c.message + note)
            )
    return count


def _staged(warehouse: Warehouse, settings: Settings, now: datetime) -> int:
    """Batches that a killed run has left staged; one that is held waits for its decision."""
    with warehouse.reading() as connection:
        held = {(row.run_id, row.source) for row in held_batches(connection)}
    limit = (now - timedelta(days=settings.retention.staged_days)).timestamp()
    left = [
        folder
        for folder in sorted((settings.home / "staging").glob("*/*"))
        if (folder.parent.name, folder.name) not in held and folder.stat().st_mtime < limit
    ]
    for folder in left:
        shutil.rmtree(folder)
    for of_run in (settings.home / "staging").glob("*"):
        if of_run.stat().st_mtime < limit and not any(of_run.iterdir()):
            of_run.rmdir()
    return len(left)


def _rebuilt(warehouse: Warehouse, settings: Settings, now: datetime) -> int:  # noqa: ARG001 - as every kind
    """Copies of the warehouse that a killed erasure was building: they hold all that it held."""
    return warehouse.discard_leftovers()


def _summaries(warehouse: Warehouse, settings: Settings, now: datetime) -> int:
    """Summaries whose mails are done with, the record of those mails, and pages; the newest day's pages stay."""
    limit = now.date() - timedelta(days=settings.retention.summary_days)
    for folder in _day_folders(settings.home / PAGES)[:-1]:
        if date.fromisoformat(folder.name) < limit:
            shutil.rmtree(folder)
    unsent = sa.select(outbox.c.business_date).where(outbox.c.status.in_(UNFINISHED_MAILS))
    old = sa.and_(summary.c.business_date < limit, summary.c.business_date.not_in(unsent))
    with warehouse.reading() as connection:
        count = connection.scalar(sa.select(sa.func.count()).select_from(summary).where(old)) or 0
    if count:
        with warehouse.publishing() as connection:
            connection.execute(sa.delete(summary).where(old))
            connection.execute(
                sa.delete(outbox).where(outbox.c.business_date < limit, outbox.c.status.not_in(UNFINISHED_MAILS))
            )
    return count


def _messages(warehouse: Warehouse, settings: Settings, now: datetime) -> int:
    """The record of channels' messages, as long as that of mails; what was told to whom stays noted."""
    limit, message = now.date() - timedelta(days=settings.retention.summary_days), alert_outbox.c
    old = sa.and_(message.business_date < limit, message.status.not_in(UNFINISHED_MAILS))
    with warehouse.reading() as connection:
        count = connection.scalar(sa.select(sa.func.count()).select_from(alert_outbox).where(old)) or 0
    if count:
        with warehouse.publishing(refreshes_readers=False) as connection:
            connection.execute(sa.delete(alert_outbox).where(old))
    return count


def _mirrors(warehouse: Warehouse, settings: Settings, now: datetime) -> int:  # noqa: ARG001 - as every kind
    """Pages of the mirror, as long as those of the morning that lead to them; the newest stay."""
    limit = now.date() - timedelta(days=settings.retention.summary_days)
    folders = _day_folders(settings.home / PAGES / MIRROR)
    old = [folder for folder in folders[:-1] if date.fromisoformat(folder.name) < limit]
    for folder in old:
        shutil.rmtree(folder)
    return len(old)


def _alert_pages(warehouse: Warehouse, settings: Settings, now: datetime) -> int:  # noqa: ARG001 - as every kind
    """Pages of alerts that nothing has changed for as long as summaries are kept."""
    limit = (now - timedelta(days=settings.retention.summary_days)).timestamp()
    folder = settings.home / PAGES / ALERTS
    old = [page for page in folder.iterdir() if page.stat().st_mtime < limit] if folder.exists() else []
    for page in old:
        page.unlink()
    return len(old)


def _erased(warehouse: Warehouse, settings: Settings, now: datetime) -> int:  # noqa: ARG001 - as every kind
    """What was erased before and has landed again, or waits staged, since it was last looked for."""
    with warehouse.reading() as connection:
        sources = connection.scalars(sa.select(erasure.c.source).distinct()).all()
    return sum(_erase_again(warehouse, settings, source) for source in sources)


def _erase_again(warehouse: Warehouse, settings: Settings, source: str) -> int:
    from pipelines.erasure.erased import erased_of
    from pipelines.erasure.landing import clear_pages
    from pipelines.erasure.staging import clear_batches

    if source not in {each.name for each in settings.sources}:
        return 0
    with warehouse.reading() as connection:
        erased = erased_of(connection, settings.home, source)
    if erased is None:
        return 0
    return clear_pages(warehouse, settings, source) + clear_batches(warehouse, erased)


def _folders(parent: Path) -> Iterator[str]:
    return (folder.name for folder in sorted(parent.iterdir()) if folder.is_dir()) if parent.exists() else iter(())


def _day_folders(pages: Path) -> list[Path]:
    return sorted(each for each in pages.iterdir() if DAY_FOLDER.fullmatch(each.name)) if pages.exists() else []


_KINDS: Mapping[str, Callable[[Warehouse, Settings, datetime], int]] = {
    "alert pages": _alert_pages,
    "campaign keys": _campaign_keys,
    "erased": _erased,
    "messages": _messages,
    "mirrors": _mirrors,
    "pages": _pages,
    "payloads": _payloads,
    "rebuilt": _rebuilt,
    "staged": _staged,
    "summaries": _summaries,
}
