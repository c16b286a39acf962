"""One slice of a pull: every page of its stretch of time, received one after another, then shown together."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from pipelines.errors import SymetrieError
from pipelines.landing import Pull, publish, staged
from pipelines.sources.rest.client import Client, Refused
from pipelines.sources.rest.guards import Guard, Incomplete
from pipelines.sources.rest.page import Page, PageReader
from pipelines.sources.rest.pagination import FIRST, next_pointer, request
from pipelines.sources.rest.progress import PullFolder
from pipelines.sources.rest.transport import OK, Received
from pipelines.sources.rest.waiting import NotYet
from pipelines.sources.rest.window import Span, parameters

if TYPE_CHECKING:
    from pipelines.settings import RestSource
    from pipelines.sources import Scrub

log = structlog.get_logger(__name__)

CURSOR_EXPIRED = (400, 404, 410)


def read_answer(reader: PageReader, answer: Received) -> Page:
    """The page of an answer, if it is whole."""
    if answer.status == OK and not answer.body.strip():
        raise NotYet("it is empty")
    return reader.read(answer.body, answer.links.get("next"))


@dataclass(frozen=True)
class Slice:
    """A stretch of time of one source."""

    client: Client
    reader: PageReader
    home: Path
    folder: PullFolder
    span: Span
    scrub: Scrub | None = None

    @property
    def source(self) -> RestSource:
        """The source."""
        return self.client.source

    def pull(self) -> None:
        """Receive the slice to its end and show it; a cursor that has expired meanwhile begins it once more."""
        self.folder.begin_slice(FIRST, datetime.now(UTC))
        if self.scrub is not None and not self.folder.current.is_whole:
            self.folder.drop_slice()  # of pages without the person no later one can be judged
            self.folder.begin_slice(FIRST, datetime.now(UTC))
        if not self.folder.current.is_whole:
            try:
                self._receive()
            except Refused as error:
                if not self._has_expired(error):
                    raise
                log.warning("pull.restarted", source=self.source.name, window=str(self.span), status=error.status)
                self.folder.drop_slice()
                self.folder.begin_slice(FIRST, datetime.now(UTC))
                self._receive()
        self._show()

    def _has_expired(self, error: Refused) -> bool:
        """Whether it was the pointer to a later page that was refused, and not the question itself."""
        is_pointer = self.source.pagination.kind in ("cursor", "next_link")
        return is_pointer and error.status in CURSOR_EXPIRED and len(self.folder.current.pointers) > 1

    def _receive(self) -> None:
        """Receive the pages that are missing; those received before are judged again, as the next is judged by them."""
        guard = Guard(self.source, self.reader, self.span)
        for number, kept in enumerate(self.folder.current.pages, start=1):
            with self._judging(number):
                guard.take(self.reader.read(gzip.decompress(kept.path.read_bytes())))
        while not self.folder.current.is_received:
            self._receive_next(guard)
        with self._judging(len(self.folder.current.pages)):
            guard.finish()
        self.folder.note_whole(guard.cursor_at if self.scrub is None else _day_of(guard.cursor_at))
        log.info("pull.received", source=self.source.name, window=str(self.span), rows=guard.row_count,
                 repeated=guard.repeated_count)  # fmt: skip

    def _receive_next(self, guard: Guard) -> None:
        """Receive the next page into hiding."""
        current, pagination = self.folder.current, self.source.pagination
        number, pointer = len(current.pages) + 1, current.pointers[-1]
        params = parameters(self.source.window, self.span, self.source.timezone or "UTC")
        asked = request(self.client, params, pointer, number)
        page = self.client.get(asked, lambda answer: read_answer(self.reader, answer))
        with self._judging(number):
            guard.take(page)
            following = next_pointer(pagination, pointer, page)
            if following in current.pointers:
                raise SymetrieError("it leads to a page that was read before; check `pagination.next`")
            if following is not None and number >= pagination.max_pages:
                raise SymetrieError(
                    f"more than {number} pages; set `window.slice_days`, or raise `pagination.max_pages`"
                )
        identity = f"{current.pull_id} {number}\n".encode()
        body = (
            page.body if self.scrub is None else self.scrub(page.body, "json", f"{current.pull_id}-{number:04d}.json")
        )
        with staged(self.home, self.source.name, io.BytesIO(body), self._format, identity) as received:
            self.folder.keep(received, following)

    def _show(self) -> None:
        """Make every page visible, the last one last: it says that the slice is whole, and how far it went."""
        current = self.folder.current
        pull = Pull(
            pull_id=current.pull_id,
            window_start_at=self.span.start,
            window_end_at=self.span.end,
            pulled_at=current.pulled_at,
            is_last=False,
            absent_is_withdrawn=self.source.absent_is_withdrawn,
        )
        for number, page in enumerate(current.pages, start=1):
            is_last = number == len(current.pages)
            of = replace(pull, is_last=True, cursor_at=current.cursor_at) if is_last else pull
            publish(
                page, source=self.source.name, name=f"{current.pull_id}-{number:04d}.json",
                location=self.client.location, format=self._format, modified_at=of.pulled_at, version_at=of.pulled_at,
                pull=of,
            )  # fmt: skip
        self.folder.finish_slice()

    @property
    def _format(self) -> str:
        return "json" if self.scrub is None else self.scrub.format

    @contextmanager
    def _judging(self, number: int) -> Iterator[None]:
        """Name the page that an error is about, and forget the slice: what mends it may change the pages before."""
        try:
            yield
        except SymetrieError as error:
            self.folder.drop_slice()
            kind = Incomplete if isinstance(error, Incomplete) else SymetrieError
            raise kind(f"source {self.source.name}: page {number} of {self.client.location}: {error}") from None


def _day_of(moment: datetime | None) -> datetime | None:
    """The beginning of its day: the hour at which somebody answered is kept nowhere, so the day is asked for again."""
    return None if moment is None else moment.replace(hour=0, minute=0, second=0, microsecond=0)
