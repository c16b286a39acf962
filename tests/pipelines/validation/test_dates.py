"""Dates as sources write them, and the local day they fall on."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest

from pipelines.validation.dates import wall_time, zoned_time


@pytest.fixture(scope="module")
def read():
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")

    def reading(text: str, *formats: str) -> tuple[str | None, str | None]:
        times = f"({wall_time('t', formats)})::VARCHAR, ({zoned_time('t', formats)})::VARCHAR"
        return connection.execute(f"SELECT {times} FROM (SELECT ? AS t)", [text]).fetchone()

    return reading


@pytest.mark.parametrize(
    ("text", "wall"),
    [
        ("2026-03-01", "2026-03-01 00:00:00"),
        ("2026-03-01 10:05", "2026-03-01 10:05:00"),
        ("2026-03-01T10:05:07", "2026-03-01 10:05:07"),
        ("2026-03-01 10:05:07.25", "2026-03-01 10:05:07.25"),
        ("2026-03-01T10:05:07,123456789", "2026-03-01 10:05:07.123456"),
        ("01/03/2026", "2026-03-01 00:00:00"),
        ("1/3/2026 9:05", "2026-03-01 09:05:00"),
        ("01/03/2026 10:05:07", "2026-03-01 10:05:07"),
    ],
)
def test_local_times_are_read_as_the_wall_clock_said(read, text, wall) -> None:
    assert read(text) == (wall, None)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-03-01T10:05:07Z", "2026-03-01 10:05:07"),
        ("2026-03-01t10:05:07z", "2026-03-01 10:05:07"),
        ("2026-03-01 10:05Z", "2026-03-01 10:05:00"),
        ("2026-03-01 10:05:07 UTC", "2026-03-01 10:05:07"),
        ("2026-03-01T10:05:07+02:00", "2026-03-01 08:05:07"),
        ("2026-03-01T10:05:07+0200", "2026-03-01 08:05:07"),
        ("2026-03-01T10:05:07+02", "2026-03-01 08:05:07"),
        ("2026-03-01 10:05 +02:00", "2026-03-01 08:05:00"),
        ("2026-03-01T10:05:07.5-05:30", "2026-03-01 15:35:07.5"),
        ("2026-03-01T10:05:07,5 -0530", "2026-03-01 15:35:07.5"),
        ("1762344000", "2025-11-05 12:00:00"),
        ("1762344000123", "2025-11-05 12:00:00.123"),
    ],
)
def test_zoned_times_are_read_in_utc(read, text, utc) -> None:
    assert read(text) == (None, utc)


@pytest.mark.parametrize(
    "text",
    ["", "hier", "2026-02-30", "2026-03-01T25:00", "2026-03-01T10:05:07+99:99", "31/02/2026", "03/26/2026", "20260301",
     "infinity", "epoch", "now", "17623440001", "1.7e9", "2026-3-1", "01/03/26", "0x10"],
)  # fmt: skip
def test_anything_else_is_unreadable(read, text) -> None:
    assert read(text) == (None, None)


def test_the_source_s_own_formats_come_first(read) -> None:
    """03/04/2026 is in March for an American source, and in April otherwise."""
    assert read("03/04/2026", "%m/%d/%Y") == ("2026-03-04 00:00:00", None)
    assert read("13/04/2026", "%m/%d/%Y") == ("2026-04-13 00:00:00", None)
    assert read("3.4.2026 10h30 +0200", "%m/%d/%Y", "%d.%m.%Y %Hh%M %z") == (None, "2026-04-03 08:30:00")
    assert read("2026-03-01", "%m/%d/%Y") == ("2026-03-01 00:00:00", None)


@pytest.mark.parametrize(
    ("settings", "cases"),
    [
        (
            {},
            [
                ("lille", "2026-11-19T23:30:00Z", "2026-11-19 23:30", "2026-11-20"),
                ("london", "2026-11-19T23:30:00Z", "2026-11-19 23:30", "2026-11-19"),
                ("lille", "2026-11-20 00:10", "2026-11-19 23:10", "2026-11-20"),
                ("london", "2026-11-20 00:10", "2026-11-20 00:10", "2026-11-20"),
                ("lille", "2026-03-29 02:30", "2026-03-29 01:00", "2026-03-29"),
                ("lille", "2025-10-26 02:30", "2025-10-26 00:30", "2025-10-26"),
            ],
        ),
        ({"timezone": "America/New_York"}, [("lille", "2026-11-19 20:00", "2026-11-20 01:00", "2026-11-20")]),
    ],
)
def test_the_business_date_is_the_unit_s_local_day(validated, answer, settings, cases) -> None:
    rows = [answer(response_id=str(n), unit_id=unit, submitted_at=text) for n, (unit, text, _, _) in enumerate(cases)]
    found = validated(*rows, **settings).accepted.set_index("response_id")
    for number, (_, _, submitted, day) in enumerate(cases):
        row = found.loc[str(number)]
        assert (row["submitted_at"], row["business_date"]) == (pd.Timestamp(submitted, tz="UTC"), pd.Timestamp(day))


def test_a_source_may_count_by_the_day_of_the_experience(validated, answer) -> None:
    rows = [answer(experienced_at="2026-11-12"), answer(experienced_at=None)]
    batch = validated(*rows, day_of="experience")
    assert list(batch.accepted["business_date"]) == [pd.Timestamp("2026-11-12")]
    assert list(batch.quarantined["reasons"]) == ["missing_date"]


def test_a_day_that_cannot_be_believed_is_no_business_date(validated, answer) -> None:
    rows = [answer(submitted_at=text) for text in ("1980-01-01", "2099-01-01", "0000-01-01", "9999-12-31 23:59")]
    assert validated(*rows).quarantined["business_date"].isna().all()
