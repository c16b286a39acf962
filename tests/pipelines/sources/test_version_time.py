"""The time in a file's name."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipelines.sources.version_time import DAY, version_of, version_time

NOW = datetime(2026, 11, 21, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("answers_2026-11-20.csv", "2026-11-20T00:00:00+00:00"),
        ("20261120.csv", "2026-11-20T00:00:00+00:00"),
        ("shops-20261120T063000Z.jsonl.gz", "2026-11-20T06:30:00+00:00"),
        ("2026-11-20_063000123.csv", "2026-11-20T06:30:00.123000+00:00"),
        ("2026-11-20T06-30-00.csv", "2026-11-20T06:30:00+00:00"),
        ("2026-11-20 06h30.csv", "2026-11-20T06:30:00+00:00"),
        ("20261120063000.csv", "2026-11-20T06:30:00+00:00"),
        ("2026_11_20-0630_part2.csv", "2026-11-20T06:30:00+00:00"),
        ("from_2026-11-01_2026-11-20.csv", "2026-11-20T00:00:00+00:00"),
        ("20261101_20261120.csv", "2026-11-20T00:00:00+00:00"),
    ],
)
def test_a_time_in_the_name_is_read_as_utc(name, expected):
    found = version_time(name, NOW)
    assert found is not None
    assert found.isoformat() == expected


@pytest.mark.parametrize(
    "name",
    [
        "answers.csv",
        "store_12345678.csv",
        "2026-13-45.csv",
        "export_99999999.csv",
        "id202611201.csv",
        "until_2099-12-31.csv",
    ],
)
def test_a_name_without_a_time_or_with_one_still_to_come_has_none(name):
    assert version_time(name, NOW) is None


def test_the_day_that_begins_in_the_east_is_not_still_to_come():
    assert version_time("2026-11-22.csv", NOW) == datetime(2026, 11, 22, tzinfo=UTC)


def test_of_two_uploads_of_a_dated_file_the_later_one_is_newer():
    """The name says only a day; the clock of the upload orders them."""
    morning, evening = NOW.replace(hour=6), NOW.replace(hour=18)
    name = f"answers_{NOW:%Y-%m-%d}.csv"
    assert version_of(name, morning, NOW) < version_of(name, evening, NOW) < version_of(name, NOW + 900 * DAY, NOW)


def test_a_file_of_an_earlier_day_stays_older_whenever_it_is_uploaded():
    """The day in the name decides before the clock of the upload does."""
    late, early = NOW + 3 * DAY, NOW - 3 * DAY
    assert version_of("answers_2026-11-18.csv", late, late) < version_of("answers_2026-11-19.csv", early, late)


def test_a_bulk_copy_keeps_dated_files_in_the_order_of_their_names():
    """All modified on the same day, years later."""
    copied = datetime(2029, 1, 1, tzinfo=UTC)
    versions = [version_of(f"answers_2026-11-{day:02}.csv", copied, copied) for day in (18, 19, 20)]
    assert versions == sorted(set(versions))


def test_a_clock_in_the_name_is_the_version_whatever_the_modification_time():
    assert version_of("answers_20261120T063000Z.csv", NOW, NOW) == datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
