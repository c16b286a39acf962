"""Which stretch of time is asked for: the business date in all time zones, what is not committed yet, a re-read."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from pipelines.settings.rest_source import Window

DAY = timedelta(days=1)
SUNDAY = 6
EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Span:
    """A stretch of time, in UTC, without its end."""

    start: datetime
    end: datetime

    def __str__(self) -> str:
        """Write both instants as people read them."""
        return f"{self.start:%Y-%m-%dT%H:%M:%SZ} to {self.end:%Y-%m-%dT%H:%M:%SZ}"


def business_span(first: date, last: date, timezones: Collection[str]) -> Span:
    """The days from their first midnight in any of the time zones to their last one.

    >>> print(business_span(date(2026, 11, 20), date(2026, 11, 20), ["Pacific/Kiritimati", "Europe/Paris"]))
    2026-11-19T10:00:00Z to 2026-11-20T23:00:00Z
    """
    return Span(
        min(_midnight(first, zone) for zone in timezones), max(_midnight(last + DAY, zone) for zone in timezones)
    )


def asked_span(
    window: Window | None, first: date, last: date, timezones: Collection[str], watermark: datetime | None
) -> Span:
    """What a pull asks for: from what is not committed, or from the first day's start, less the days to re-read."""
    business = business_span(first, last, timezones)
    if window is None:
        return Span(EVER, business.end)
    depth = max(window.reread_days, window.deep_reread_days or 0) if last.weekday() == SUNDAY else window.reread_days
    start = min(business.start, watermark or business.start) - depth * DAY
    if watermark is None and window.since is not None:
        start = min(start, business_span(window.since, window.since, timezones).start)
    return Span(start, business.end)


def slices(window: Window | None, span: Span, zone: str) -> list[Span]:
    """The span in slices, its ends widened to what the parameters can say: whole seconds, or days of the source."""
    if window is None:
        return [span]
    *borders, end = _borders(window, span, zone)
    return [Span(*pair) for pair in pairwise([*borders[:: window.slice_days or len(borders)], end])]


def parameters(window: Window | None, span: Span, zone: str) -> dict[str, str]:
    """The parameters that ask for a span."""
    if window is None:
        return {}
    if window.format == "date":
        last = span.end.astimezone(ZoneInfo(zone)).date() - (DAY if window.inclusive_end else timedelta())
        return {window.start: f"{span.start.astimezone(ZoneInfo(zone)).date()}", window.end: f"{last}"}
    return {window.start: _written(window, span.start), window.end: _written(window, span.end)}


def _borders(window: Window, span: Span, zone: str) -> list[datetime]:
    """The ends of the span and every border of a day between them."""
    if window.format == "date":
        return [*_midnights(span, zone)]
    first, days = span.start.replace(microsecond=0), 1
    borders = [first]
    while first + days * DAY < span.end:
        borders.append(first + days * DAY)
        days += 1
    return [*borders, span.end]


def _midnights(span: Span, zone: str) -> Iterator[datetime]:
    day = span.start.astimezone(ZoneInfo(zone)).date()
    while (midnight := _midnight(day, zone)) < span.end:
        yield midnight
        day += DAY
    yield midnight


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def _written(window: Window, moment: datetime) -> str:
    if window.format == "iso":
        return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    return str(int(moment.timestamp()) * (1000 if window.format == "epoch_ms" else 1))
