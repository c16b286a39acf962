"""Sources: what each kind of source needs to hand its pages to the landing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pipelines.connections import Connections, environment_connections

if TYPE_CHECKING:
    from pipelines.settings import Source
    from pipelines.warehouse.past import ReceivedFiles


@dataclass(frozen=True)
class Wanted:
    """What a run wants of a source: its business dates in all these time zones, and what the source gave before."""

    first_date: date
    last_date: date
    timezones: Collection[str]
    known: ReceivedFiles
    watermark: datetime | None


class Scrub(Protocol):
    """Makes of a page what may land of it, where that is not the page itself; its format is then another."""

    @property
    def format(self) -> str:
        """The format of what lands."""

    def __call__(self, data: bytes, format_: str, name: str) -> bytes:
        """Make it, in memory."""


def extract(
    source: Source,
    wanted: Wanted,
    *,
    home: Path,
    connections: Connections = environment_connections,
    scrub: Scrub | None = None,
) -> None:
    """Land what is new at a source, of whatever kind; `scrub` leaves out of a page what may not land."""
    from pipelines.settings import FilesSource, RestSource
    from pipelines.sources import files, rest

    if isinstance(source, FilesSource):
        files.extract(source, home=home, known=wanted.known, connections=connections, scrub=scrub)
        return
    assert isinstance(source, RestSource)
    rest.extract(
        source, home=home, connections=connections, scrub=scrub,
        span=rest.asked_span(source.window, wanted.first_date, wanted.last_date, wanted.timezones, wanted.watermark),
    )  # fmt: skip


def look(source: Source, connections: Connections = environment_connections) -> str:
    """What a source shows, received or not: a look that takes nothing."""
    from pipelines.settings import FilesSource, RestSource
    from pipelines.sources import files, rest

    if isinstance(source, FilesSource):
        return f"{files.count_files(source, connections)} files"
    assert isinstance(source, RestSource)
    return rest.look(source, connections)
