"""What must hold of the pages of a slice, so that nothing is lost, repeated or taken from another day in silence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from pipelines.errors import SymetrieError, Unreachable
from pipelines.sources.rest.window import Span

if TYPE_CHECKING:
    from pipelines.settings import RestSource
    from pipelines.sources.rest.page import Page, PageReader

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND, SECOND = timedelta(microseconds=1), timedelta(seconds=1)


class Incomplete(Unreachable):
    """Fewer rows came than the source says there are: they moved while they were read, another try may find them."""


class Guard:
    """Takes the pages of a slice one after another, and remembers what it needs to judge the next."""

    def __init__(self, source: RestSource, reader: PageReader, span: Span) -> None:
        self.source, self.reader, self.span = source, reader, span
        self.row_count = self.repeated_count = 0
        self.cursor_at: datetime | None = None
        self._total: int | None = None
        self._signatures: set[int] = set()
        reader.connection.execute("CREATE OR REPLACE TABLE seen (content UBIGINT)")

    def take(self, page: Page) -> None:
        """Judge the page that was read last."""
        self._check_window(page)
        self._check_progress(page)
        self.row_count += page.record_count
        self._total = page.total

    def finish(self) -> None:
        """Judge the slice as a whole: as many rows as the source says it has."""
        unique_count = self.row_count - self.repeated_count
        if self._total is not None and unique_count < self._total:
            raise Incomplete(
                f"the source counts {self._total} rows in {self.span} and gave {unique_count}; run again, or leave out "
                "`count` if it counts something else"
            )

    def _check_window(self, page: Page) -> None:
        if self.source.window is None or not page.record_count:
            return
        # What a server gives up to its end it may give up to the last fraction of that second.
        end = self.span.end + (SECOND if self.source.window.inclusive_end else timedelta())
        bounds = {"first": _microseconds(self.span.start), "last": _microseconds(end)}
        has_moment, outside, example, newest = self.reader.one(
            """SELECT bool_or(has_moment), count(*) FILTER (is_outside), min(moment) FILTER (is_outside), max(moment)
            FROM (SELECT *, moment < $first OR moment >= $last AS is_outside FROM record)""",
            bounds,
        )
        if not has_moment:
            raise SymetrieError(
                f"none of its {page.record_count} rows has the field {self.source.window.field}; check `window.field`"
            )
        if outside:
            raise SymetrieError(
                f"{outside} of its {page.record_count} rows lie outside of the asked window, {self.span}, the first of "
                f"them at {_moment(example):%Y-%m-%dT%H:%M:%SZ}: the server ignores its filter; check `window` against "
                "the API's manual"
            )
        if newest is not None:
            self.cursor_at = max(self.cursor_at or EPOCH, _moment(newest))

    def _check_progress(self, page: Page) -> None:
        """A page that repeats another, or brings no new record, would be asked for without an end.

        An id alone may come twice: a source that records changes gives the same answer again.
        """
        new, ids, signature = self.reader.one(
            """SELECT count(DISTINCT content) FILTER (content NOT IN (SELECT content FROM seen)),
                      count(id), hash(list(id)) FROM record"""
        )
        if page.record_count and (not new or (ids and signature in self._signatures)):
            raise SymetrieError(
                "it brings nothing but rows of the pages before: the server ignores the parameter of its pages; "
                "check `pagination`"
            )
        self._signatures.add(signature)
        self.repeated_count += page.record_count - new
        self.reader.connection.execute("INSERT INTO seen SELECT DISTINCT content FROM record")


def _microseconds(moment: datetime) -> int:
    return (moment - EPOCH) // MICROSECOND


def _moment(microseconds: int) -> datetime:
    return EPOCH + microseconds * MICROSECOND
