"""A pull: a window of time asked for slice by slice, each received in hiding and shown when it is whole."""

from __future__ import annotations

import hashlib
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from pipelines.connections import Connections
from pipelines.errors import SymetrieError
from pipelines.sources.rest.client import Client
from pipelines.sources.rest.guards import Guard
from pipelines.sources.rest.page import PageReader
from pipelines.sources.rest.pagination import FIRST, request
from pipelines.sources.rest.progress import pull_folder
from pipelines.sources.rest.slice import Slice, read_answer
from pipelines.sources.rest.window import DAY, Span, parameters, slices

if TYPE_CHECKING:
    from pipelines.settings import RestSource
    from pipelines.sources import Scrub

log = structlog.get_logger(__name__)


def extract(
    source: RestSource, span: Span, *, home: Path, connections: Connections, scrub: Scrub | None = None
) -> None:
    """Land what the source holds of a span; a pull that was cut off goes on where it stood."""
    parts = slices(source.window, span, _zone(source))
    with (
        closing(_client(source, connections)) as client,
        pull_folder(home, source.name, _fingerprint(source, client, parts), datetime.now(UTC)) as folder,
    ):
        for part in parts[folder.progress.finished_count :]:
            Slice(client, PageReader(source), home, folder, part, scrub).pull()
    log.info("source.extracted", source=source.name, window=str(span), slices=len(parts))


def look(source: RestSource, connections: Connections) -> str:
    """Ask for the first page of the last day, and land nothing."""
    now = datetime.now(UTC)
    part = slices(source.window, Span(now - DAY, now), _zone(source))[-1]
    reader = PageReader(source)
    with closing(_client(source, connections)) as client:
        asked = request(client, parameters(source.window, part, _zone(source)), FIRST, 1)
        page = client.get(asked, lambda answer: read_answer(reader, answer))
        with client.naming(f"page 1 of {client.location}"):
            Guard(source, reader, part).take(page)
    return f"{page.record_count} rows on its first page" + (" of the last day" if source.window else "")


def _client(source: RestSource, connections: Connections) -> Client:
    try:
        connection = connections(source.connection)
    except SymetrieError as error:
        raise SymetrieError(f"source {source.name}: {error}") from None
    return Client(source, connection)


def _fingerprint(source: RestSource, client: Client, parts: list[Span]) -> str:
    """What was asked, of whom: another question does not go on where this one stood."""
    asked = f"{source.model_dump_json()} {client.url} {parts[0]} {parts[-1]}"
    return hashlib.sha256(asked.encode()).hexdigest()


def _zone(source: RestSource) -> str:
    return source.timezone or "UTC"
