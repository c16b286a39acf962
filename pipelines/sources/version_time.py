"""The version time in a file's name: 2026-11-20, 20261120T063000Z, 2026-11-20_063000123."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

_DAY = r"(?P<year>20\d\d)(?P<dash>[-_.]?)(?P<month>\d\d)(?P=dash)(?P<day>\d\d)"
_CLOCK = r"(?P<hour>\d\d)[-:.h]?(?P<minute>\d\d)(?:[-:.m]?(?P<second>\d\d)(?:[.,]?(?P<milli>\d{3}))?)?"
# The clock may not be the beginning of another day, as in from_2026-11-01_2026-11-30.
_NOT_A_DAY = r"(?!20\d\d[-_.]\d\d[-_.]\d\d|20\d{6}(?!\d))"
_TIME = re.compile(rf"(?<!\d){_DAY}(?!\d)(?:[T_ -]{_NOT_A_DAY}{_CLOCK}Z?(?!\d))?")
_TIME_TOGETHER = re.compile(rf"(?<!\d)(?P<year>20\d\d)(?P<month>\d\d)(?P<day>\d\d){_CLOCK}Z?(?!\d)")
# A name dated further ahead says until when the file holds, not when it was made.
AHEAD = timedelta(days=1)
MIDNIGHT = time()
DAY = timedelta(days=1)


def version_of(name: str, modified_at: datetime, now: datetime) -> datetime:
    """The version time of a file: what its name says, else its modification time.

    Of a name that says only a day, any two uploads keep the order of their modification times inside that day: the
    hours since its midnight, from none to infinitely many, become hours of the day. So a correction wins over what it
    corrects, however late, and files of other days stay in the order of their names, even after a bulk copy.

    >>> version_of("answers_2026-11-20.csv", datetime(2026, 11, 21, tzinfo=UTC), datetime(2026, 11, 21, tzinfo=UTC))
    datetime.datetime(2026, 11, 20, 12, 0, tzinfo=datetime.timezone.utc)
    """
    named = version_time(name, now)
    if named is None:
        return modified_at
    says_a_clock = named.time() != MIDNIGHT
    since = max(modified_at - named, timedelta())
    return named if says_a_clock else named + DAY * (since / (since + DAY))


def version_time(name: str, now: datetime) -> datetime | None:
    """The latest UTC instant written in a file's name and not ahead of now; None when there is none.

    >>> version_time("answers_2026-11-20_063000123.csv", datetime(2026, 11, 21, tzinfo=UTC)).isoformat()
    '2026-11-20T06:30:00.123000+00:00'
    """
    found = [*map(_instant, _TIME.finditer(name)), *map(_instant, _TIME_TOGETHER.finditer(name))]
    return max((each for each in found if each is not None and each <= now + AHEAD), default=None)


def _instant(match: re.Match[str]) -> datetime | None:
    part = {key: int(value) for key, value in match.groupdict(default="0").items() if key != "dash"}
    clock = (part["hour"], part["minute"], part["second"], part["milli"] * 1000)
    try:
        return datetime(part["year"], part["month"], part["day"], *clock, tzinfo=UTC)
    except ValueError:  # twelve digits in a row need not be a date
        return None
