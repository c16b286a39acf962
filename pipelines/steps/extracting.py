"""Extract: what is new at a source lands; what landed before can be worked through again."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pipelines.connections import Connections, environment_connections
from pipelines.observed import observed
from pipelines.steps.context import opened

if TYPE_CHECKING:
    from pipelines.landing import LandedPage
    from pipelines.pulse.scrubber import PageScrubber
    from pipelines.settings import Settings, Source


@observed
def extract_source(
    settings: Settings,
    source: str,
    last_date: date,
    *,
    first_date: date | None = None,  # of a range; without it a source is asked for what it has new up to the last date
    connections: Connections = environment_connections,
) -> list[str]:
    """Land what is new at a source; gives the content hashes of all that has landed and was never published."""
    from pipelines.sources import Wanted, extract
    from pipelines.warehouse.past import received_files, watermark

    with opened(settings) as warehouse, warehouse.reading() as connection:
        known, committed_to = received_files(connection, source), watermark(connection, source)
    timezones = frozenset(settings.network.timezones.values())
    wanted = Wanted(first_date or last_date, last_date, timezones, known, committed_to)
    configured = settings.source(source)
    scrub = _scrubber(settings, configured)
    extract(configured, wanted, home=settings.home, connections=connections, scrub=scrub)
    # A page that landed before a crash may be gone from the source by now.
    return [
        page.content_hash for page in _landed(settings, source) if not known.has(page.content_hash, page.version_at)
    ]


def _scrubber(settings: Settings, source: Source) -> PageScrubber | None:
    """What takes the person out of a source's pages before they land; other pages land as they are."""
    if source.side == "employee":
        from pipelines.pulse.scrubbing import Scrubber

        return Scrubber(settings, source)
    if source.side == "contact":
        from pipelines.contacts.scrubbing import ContactScrubber

        return ContactScrubber(settings, source)
    return None


def landed_source(settings: Settings, source: str) -> list[str]:
    """The content hashes of what has landed from a source, to replay it without asking the source again."""
    from pipelines.warehouse.received import undecided_pages

    with opened(settings) as warehouse, warehouse.reading() as connection:
        left_out = undecided_pages(connection, source)
    return [page.content_hash for page in _landed(settings, source) if page.content_hash not in left_out]


def expired_pages(settings: Settings, source: str) -> list[str]:
    """A line where a replay cannot read all that was received, because its days are over."""
    from pipelines.retention import expired_page_count

    with opened(settings) as warehouse, warehouse.reading() as connection:
        received, expired = expired_page_count(connection, settings.home, source)
    if not expired:
        return []
    days = settings.retention.landing_days
    return [f"{source}: {expired} of {received} pages received have expired after {days} days and were not replayed"]


def _landed(settings: Settings, source: str) -> list[LandedPage]:
    from pipelines.landing import landed_pages

    return landed_pages(settings.home, settings.source(source).name)
