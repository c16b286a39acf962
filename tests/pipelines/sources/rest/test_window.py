"""Which stretch of time is asked for, whatever the zones, the clocks and the hour of the run."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
import time_machine

from pipelines.settings.rest_source import Window
from pipelines.sources.rest.window import Span, asked_span, business_span, parameters, slices

DAY = date(2026, 11, 20)  # a Friday
PARIS = ["Europe/Paris"]


def window(**different):
    return Window(**{"start": "from", "end": "to", "field": "at", "reread_days": 0} | different)


def moment(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "zones", "span"),
    [
        (DAY, PARIS, "2026-11-19T23:00:00Z to 2026-11-20T23:00:00Z"),
        (DAY, ["Pacific/Kiritimati"], "2026-11-19T10:00:00Z to 2026-11-20T10:00:00Z"),
        (DAY, ["Etc/GMT+12"], "2026-11-20T12:00:00Z to 2026-11-21T12:00:00Z"),
        (DAY, ["Pacific/Kiritimati", "Etc/GMT+12"], "2026-11-19T10:00:00Z to 2026-11-21T12:00:00Z"),
        (DAY, ["Europe/Paris", "Indian/Reunion"], "2026-11-19T20:00:00Z to 2026-11-20T23:00:00Z"),
        (date(2026, 3, 29), PARIS, "2026-03-28T23:00:00Z to 2026-03-29T22:00:00Z"),
        (date(2026, 10, 25), PARIS, "2026-10-24T22:00:00Z to 2026-10-25T23:00:00Z"),
        (date(2026, 4, 24), ["Africa/Cairo"], "2026-04-23T22:00:00Z to 2026-04-24T21:00:00Z"),
        (date(2026, 10, 29), ["Africa/Cairo"], "2026-10-28T21:00:00Z to 2026-10-29T22:00:00Z"),
        (date(2026, 11, 1), ["America/Havana"], "2026-11-01T04:00:00Z to 2026-11-02T05:00:00Z"),
        (DAY, ["Asia/Kathmandu"], "2026-11-19T18:15:00Z to 2026-11-20T18:15:00Z"),
    ],
    ids=[
        "Paris", "+14", "-12", "+14 and -12", "Paris and La Réunion", "23 hours", "25 hours", "no midnight",
        "midnight after 25 hours", "midnight twice", "a quarter of an hour",
    ],
)  # fmt: skip
def test_a_business_date_lasts_from_its_first_midnight_anywhere_to_its_last(day, zones, span):
    assert str(business_span(day, day, zones)) == span


@pytest.mark.parametrize("now", ["2026-11-20T22:59:59+00:00", "2026-11-20T23:00:01+00:00", "2027-03-01T05:30:00+00:00"])
def test_the_hour_of_the_run_changes_nothing_nor_does_midnight_in_its_midst(now):
    with time_machine.travel(now, tick=True):
        assert str(asked_span(window(), DAY, DAY, PARIS, None)) == "2026-11-19T23:00:00Z to 2026-11-20T23:00:00Z"


@pytest.mark.parametrize(
    ("settings", "watermark", "start"),
    [
        ({}, None, "2026-11-19T23:00"),
        ({"reread_days": 7}, None, "2026-11-12T23:00"),
        ({}, "2026-11-17T08:30", "2026-11-17T08:30"),
        ({"reread_days": 2}, "2026-11-17T08:30", "2026-11-15T08:30"),
        ({}, "2026-11-25T08:30", "2026-11-19T23:00"),
        ({"reread_days": 2}, "2026-11-25T08:30", "2026-11-17T23:00"),
        ({"since": "2026-10-01"}, None, "2026-09-30T22:00"),
        ({"since": "2026-10-01"}, "2026-11-19T08:30", "2026-11-19T08:30"),
        ({"since": "2026-11-20", "reread_days": 7}, None, "2026-11-12T23:00"),
    ],
    ids=[
        "the day", "and a week again", "a hole of days is filled", "and two days again", "a day long past",
        "and two days again", "history, once", "not twice", "the deeper one",
    ],
)  # fmt: skip
def test_it_begins_at_what_is_not_committed_less_what_is_read_again(settings, watermark, start):
    span = asked_span(window(**settings), DAY, DAY, PARIS, watermark and moment(watermark))
    assert span == Span(moment(start), moment("2026-11-20T23:00"))


def test_on_sundays_it_reads_deeper():
    """22 November 2026 is a Sunday."""
    deep = window(reread_days=1, deep_reread_days=30)
    starts = [asked_span(deep, day, day, PARIS, None).start for day in (date(2026, 11, 21), date(2026, 11, 22))]
    assert starts == [moment("2026-11-19T23:00"), moment("2026-10-22T23:00")]
    sunday = date(2026, 11, 22)
    assert asked_span(window(), sunday, sunday, PARIS, None).start == moment("2026-11-21T23:00")


def test_a_range_is_one_window():
    span = asked_span(window(), date(2026, 11, 1), DAY, PARIS, moment("2026-12-24T00:00"))
    assert str(span) == "2026-10-31T23:00:00Z to 2026-11-20T23:00:00Z"


def test_without_a_window_everything_is_asked_for():
    assert slices(None, asked_span(None, DAY, DAY, PARIS, None), "UTC") == [
        Span(moment("1970-01-01T00:00"), moment("2026-11-20T23:00"))
    ]


@pytest.mark.parametrize(
    ("settings", "written"),
    [
        ({}, ("2026-11-19T23:00:00Z", "2026-11-20T23:00:00Z")),
        ({"format": "epoch_s"}, ("1795129200", "1795215600")),
        ({"format": "epoch_ms"}, ("1795129200000", "1795215600000")),
        ({"format": "date"}, ("2026-11-19", "2026-11-21")),
        ({"format": "date", "inclusive_end": True}, ("2026-11-19", "2026-11-20")),
    ],
)
def test_instants_are_written_as_the_source_reads_them(settings, written):
    [part] = slices(window(**settings), business_span(DAY, DAY, PARIS), "UTC")
    assert parameters(window(**settings), part, "UTC") == {"from": written[0], "to": written[1]}


def test_days_are_those_of_the_sources_own_zone():
    asked = window(format="date", slice_days=1)
    parts = slices(asked, business_span(date(2026, 10, 24), date(2026, 10, 26), PARIS), "Europe/Paris")
    assert [tuple(parameters(asked, part, "Europe/Paris").values()) for part in parts] == [
        ("2026-10-24", "2026-10-25"),
        ("2026-10-25", "2026-10-26"),
        ("2026-10-26", "2026-10-27"),
    ]


@pytest.mark.parametrize("format_", ["iso", "date", "epoch_s"])
def test_whole_days_end_in_no_empty_slice(format_):
    """Nothing is asked of a server for a stretch without a length."""
    parts = slices(window(slice_days=1, format=format_), business_span(date(2026, 11, 18), DAY, ["UTC"]), "UTC")
    assert [f"{part.start:%d}-{part.end:%d}" for part in parts] == ["18-19", "19-20", "20-21"]


@pytest.mark.parametrize("days", [1, 2, 3, 5, 99, None])
@pytest.mark.parametrize("format_", ["iso", "date"])
def test_slices_touch_and_cover_the_whole_span(days, format_):
    """Over a change of the clocks, and from a watermark in mid-second."""
    span = Span(datetime(2026, 10, 20, 8, 30, 7, 250_000, tzinfo=UTC), moment("2026-10-28T23:00"))
    parts = slices(window(slice_days=days, format=format_), span, "Europe/Paris")
    assert parts[0].start <= span.start
    assert parts[-1].end >= span.end
    assert all(before.end == after.start for before, after in pairwise(parts))
    assert all(part.start < part.end for part in parts)
    assert {part.start.microsecond for part in parts} == {0}
    assert len(parts) == {1: 9, 2: 5, 3: 3, 5: 2}.get(days, 1)
