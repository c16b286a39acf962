"""When a mail is due: the local hour of the morning after, all around the world and when the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from pipelines.delivery.mornings import morning_after, owed_mails
from pipelines.settings import Network, Recipient, Settings, Unit
from pipelines.settings.delivery import Delivery
from pipelines.settings.network import FIRST_DAY, LAST_DAY

ZONES = ("Pacific/Kiritimati", "Asia/Kathmandu", "Europe/Paris", "America/New_York", "Pacific/Midway", "Etc/GMT+12")
FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("zone", "utc"),
    [
        ("Pacific/Kiritimati", "2026-11-20T17:00"),  # +14: still Friday in London
        ("Asia/Kathmandu", "2026-11-21T01:15"),
        ("Europe/Paris", "2026-11-21T06:00"),
        ("America/New_York", "2026-11-21T12:00"),
        ("Pacific/Midway", "2026-11-21T18:00"),
        ("Etc/GMT+12", "2026-11-21T19:00"),  # -12
    ],
)
def test_seven_o_clock_is_seven_o_clock_there(zone, utc):
    assert morning_after(FRIDAY, time(7), ZoneInfo(zone)) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "hour", "utc"),
    [
        (date(2026, 3, 28), time(7), "2026-03-29T05:00"),  # summer time since this night
        (date(2026, 10, 24), time(7), "2026-10-25T06:00"),  # winter time since this night
        (date(2026, 3, 28), time(2, 30), "2026-03-29T01:30"),  # an hour that the night leaves out: just after it
        (date(2026, 10, 24), time(2, 30), "2026-10-25T00:30"),  # an hour that comes twice: the first time
    ],
)
def test_the_hour_holds_when_the_clocks_change(day, hour, utc):
    assert morning_after(day, hour, ZoneInfo("Europe/Paris")) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize("start", [date(2026, 3, 27), date(2026, 10, 23), FRIDAY])
def test_a_sender_that_looks_every_quarter_of_an_hour_meets_every_morning_once(start):
    """Three days of looks: each zone is owed each day, at the quarter in which its hour strikes."""
    settings = house(*ZONES)
    assert settings.delivery
    first = datetime(start.year, start.month, start.day, tzinfo=UTC)
    seen: dict[tuple[str, date], datetime] = {}
    for quarter in range(3 * 96):
        now = datetime.fromtimestamp(first.timestamp() + quarter * 900, UTC)
        for owed in owed_mails(settings, settings.delivery, now):
            seen.setdefault((owed.unit_id, owed.business_date), now)
            assert owed.due_at <= now
    for zone in ZONES:
        days = sorted(day for unit, day in seen if unit == zone)
        assert [(after - before).days for before, after in pairwise(days)] == [1] * (len(days) - 1)
        for day in days[1:]:
            local = seen[zone, day].astimezone(ZoneInfo(zone))
            assert (local.date() - day).days == 1
            assert local.time() == time(7)


def test_a_recipient_may_have_an_hour_of_their_own():
    settings = house("Europe/Paris", hour=time(9, 30))
    assert settings.delivery
    at = [datetime(2026, 11, 21, 8, minute, tzinfo=UTC) for minute in (29, 30)]
    days = [next(owed_mails(settings, settings.delivery, now)).business_date for now in at]
    assert days == [date(2026, 11, 19), FRIDAY]


def test_without_an_address_nothing_is_owed():
    settings = house("Europe/Paris", email=None)
    assert settings.delivery
    assert list(owed_mails(settings, settings.delivery, datetime(2026, 11, 21, 8, tzinfo=UTC))) == []


def test_a_unit_is_told_of_from_its_first_day_to_its_last():
    """Both included; nobody has a mail about the days before and after."""
    settings = house("Europe/Paris", first=date(2026, 11, 18), last=FRIDAY)
    assert settings.delivery
    days = [date(2026, 11, day) for day in range(16, 23)]
    now = datetime(2026, 11, 25, tzinfo=UTC)
    told = [day for day in days if list(owed_mails(settings, settings.delivery, now, business_date=day))]
    assert told == [date(2026, 11, 18), date(2026, 11, 19), FRIDAY]


def test_mails_asked_for_by_name_are_those_of_these_people_alone():
    settings = house("Europe/Paris", "America/New_York", "Asia/Kathmandu")
    assert settings.delivery
    now = datetime(2026, 11, 22, tzinfo=UTC)
    owed = owed_mails(settings, settings.delivery, now, business_date=FRIDAY, recipient_ids=["r1", "r2"])
    assert [(each.recipient_id, each.unit_id, each.address) for each in owed] == [
        ("r1", "America/New_York", "r@example.com"),
        ("r2", "Asia/Kathmandu", "r@example.com"),
    ]


def house(*zones, first=FIRST_DAY, last=LAST_DAY, **of_recipient):
    """A house with a unit and a recipient in each zone."""
    from pathlib import Path

    recipients = [
        Recipient(**{"id": f"r{number}", "name": "R", "unit": zone, "email": "r@example.com"} | of_recipient)
        for number, zone in enumerate(zones)
    ]
    return Settings(
        path=Path("symetrie.yaml"),
        home=Path("nowhere"),
        warehouse_url="",
        network=Network(tuple(Unit(zone, "site", zone, zone, valid_from=first, valid_to=last) for zone in zones)),
        sources=(),
        questionnaires={},
        scales={},
        recipients=tuple(recipients),
        delivery=Delivery(connection="relay", sender="a@b.example"),
    )
