"""Local days, with summer time in both directions."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symetrie.days import business_dates, localize

ZONES = [
    "Europe/Paris",
    "Europe/London",
    "America/New_York",
    "Asia/Kolkata",
    "Indian/Reunion",
    "Pacific/Apia",
]


def instant(wall, zone):
    """Localise one wall-clock time."""
    return (
        localize(pd.Series([pd.Timestamp(wall)]), pd.Series([zone]))[0].isoformat(" ", "minutes").removesuffix("+00:00")
    )


def business_date(at, zone):
    """Give the business date of one UTC instant."""
    return business_dates(pd.Series([pd.Timestamp(at, tz="UTC")]), pd.Series([zone]))[0].strftime("%Y-%m-%d")


def test_winter_and_summer_have_their_own_offset():
    assert instant("2026-01-15 12:00", "Europe/Paris") == "2026-01-15 11:00"
    assert instant("2026-07-15 12:00", "Europe/Paris") == "2026-07-15 10:00"


@pytest.mark.parametrize(
    ("wall", "zone", "utc"),
    [
        ("2026-03-29 01:59", "Europe/Paris", "2026-03-29 00:59"),
        ("2026-03-29 02:00", "Europe/Paris", "2026-03-29 01:00"),
        ("2026-03-29 02:59", "Europe/Paris", "2026-03-29 01:00"),
        ("2026-03-29 03:00", "Europe/Paris", "2026-03-29 01:00"),
        ("2026-03-29 01:30", "Europe/London", "2026-03-29 01:00"),
        ("2026-03-08 02:30", "America/New_York", "2026-03-08 07:00"),
        ("2018-11-04 00:30", "America/Sao_Paulo", "2018-11-04 03:00"),
    ],
)
def test_in_spring_a_skipped_time_becomes_the_first_that_exists(wall, zone, utc):
    assert instant(wall, zone) == utc


@pytest.mark.parametrize(
    ("wall", "zone", "utc"),
    [
        ("2026-10-25 01:59", "Europe/Paris", "2026-10-24 23:59"),
        ("2026-10-25 02:00", "Europe/Paris", "2026-10-25 00:00"),
        ("2026-10-25 02:59", "Europe/Paris", "2026-10-25 00:59"),
        ("2026-10-25 03:00", "Europe/Paris", "2026-10-25 02:00"),
        ("2026-10-25 01:30", "Europe/London", "2026-10-25 00:30"),
        ("2026-10-25 01:30", "Europe/Dublin", "2026-10-25 00:30"),
        ("2026-11-01 01:30", "America/New_York", "2026-11-01 05:30"),
        ("2014-10-26 01:30", "Europe/Moscow", "2014-10-25 21:30"),
    ],
)
def test_in_autumn_a_repeated_time_is_the_first_of_the_two(wall, zone, utc):
    assert instant(wall, zone) == utc


@pytest.mark.parametrize(
    ("at", "zone", "day"),
    [
        ("2026-07-14 21:59:59", "Europe/Paris", "2026-07-14"),
        ("2026-07-14 22:00:00", "Europe/Paris", "2026-07-15"),
        ("2026-01-14 22:59:59", "Europe/Paris", "2026-01-14"),
        ("2026-01-14 23:00:00", "Europe/Paris", "2026-01-15"),
        ("2026-03-28 23:00:00", "Europe/Paris", "2026-03-29"),  # a day of 23 hours begins in winter time
        ("2026-03-29 21:59:59", "Europe/Paris", "2026-03-29"),  # and ends in summer time
        ("2026-03-29 22:00:00", "Europe/Paris", "2026-03-30"),
        ("2026-10-24 22:00:00", "Europe/Paris", "2026-10-25"),  # a day of 25 hours
        ("2026-10-25 22:59:59", "Europe/Paris", "2026-10-25"),
        ("2026-10-25 23:00:00", "Europe/Paris", "2026-10-26"),
        ("2026-07-14 22:30:00", "Europe/London", "2026-07-14"),
        ("2026-07-14 20:00:00", "Indian/Reunion", "2026-07-15"),
        ("2026-07-15 03:59:59", "America/New_York", "2026-07-14"),
    ],
)
def test_the_business_date_is_the_day_of_the_units_own_clock(at, zone, day):
    assert business_date(at, zone) == day


def test_units_of_many_zones_are_read_together_and_keep_their_rows():
    instants = pd.Series(pd.to_datetime(["2026-07-14 22:30"] * 3, utc=True), index=[9, 4, 6], name="submitted_at")
    days = business_dates(instants, pd.Series(["Europe/Paris", "Europe/London", "Europe/Paris"], index=[9, 4, 6]))
    assert days.dt.day.to_dict() == {9: 15, 4: 14, 6: 15}
    assert days.dtype == "datetime64[us]"
    assert days.name == "submitted_at"


def test_instants_are_microseconds_in_utc():
    wall = pd.Series(pd.to_datetime(["2026-07-14 12:00:00.123456"]))
    assert localize(wall, pd.Series(["Europe/Paris"])).dtype == "datetime64[us, UTC]"
    assert localize(wall, pd.Series(["Europe/Paris"]))[0].microsecond == 123456


def test_a_missing_time_or_zone_gives_a_missing_instant_and_day():
    wall = pd.Series(pd.to_datetime(["2026-07-14", None, "2026-07-14"]))
    instants = localize(wall, pd.Series(["Europe/Paris", "Europe/Paris", None]))
    assert instants.isna().tolist() == [False, True, True]
    days = business_dates(instants, pd.Series(["Europe/Paris", None, "Europe/Paris"]))
    assert days.isna().tolist() == [False, True, True]


def test_no_rows_give_no_rows():
    none = pd.Series([], dtype="str")
    assert localize(pd.Series([], dtype="datetime64[us]"), none).dtype == "datetime64[us, UTC]"
    assert business_dates(pd.Series([], dtype="datetime64[us, UTC]"), none).dtype == "datetime64[us]"


@pytest.mark.parametrize("wall", ["0001-01-01 00:00", "1899-12-31 23:00", "9999-12-31 23:59"])
def test_a_date_no_answer_can_have_passes_through_for_others_to_refuse(wall):
    assert all(instant(wall, zone) == wall for zone in ("America/New_York", "Asia/Tokyo"))


@pytest.mark.parametrize("name", ["Europe/Pariss", "", "../etc/passwd", "Paris"])
def test_an_unknown_zone_is_named(name):
    with pytest.raises(LookupError, match="no time zone is called"):
        instant("2026-07-14 12:00", name)


@given(
    st.lists(st.tuples(st.datetimes(pd.Timestamp("2000-01-01"), pd.Timestamp("2100-01-01")), st.sampled_from(ZONES)))
)
def test_a_wall_clock_time_belongs_to_the_day_it_shows(rows):
    wall = pd.Series([when for when, _ in rows], dtype="datetime64[us]")
    zones = pd.Series([zone for _, zone in rows], dtype="str")
    days = business_dates(localize(wall, zones), zones)
    skipped = (zones == "Pacific/Apia") & (wall.dt.strftime("%Y-%m-%d") == "2011-12-30")  # Samoa had no such day
    assert (days == wall.dt.normalize())[~skipped].all()
