"""Opening days as people write them: `mon-sat`, `2026-08-03/2026-08-21`."""

import re
from datetime import date, timedelta
from functools import cache
from itertools import chain
from typing import Annotated, Any

from pydantic import BeforeValidator

from pipelines.settings.entry import read_day

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST_CLOSURE_DAYS = 366


def read_weekdays(written: Any) -> tuple[int, ...]:
    """Read the weekdays of an opening week, Monday 0; a range may pass Sunday.

    >>> read_weekdays("tue-sat sun")
    (1, 2, 3, 4, 5, 6)
    """
    return tuple(sorted(set(chain.from_iterable(map(_weekday_range, _parts(written))))))


def read_closed_dates(written: Any) -> tuple[date, ...]:
    """Read days and periods of closure, both ends closed.

    >>> len(read_closed_dates(["2026-05-01", "2026-08-03/2026-08-21"]))
    20
    """
    return tuple(sorted(set(chain.from_iterable(map(_period, _parts(written))))))


def _parts(written: Any) -> list[Any]:
    if isinstance(written, str):
        return [part for part in re.split(r"[\s,;]+", written) if part]
    if isinstance(written, list) and all(isinstance(part, str) for part in written):
        return written
    raise ValueError("must be a text or a list of texts")


@cache
def _weekday_range(part: Any) -> tuple[int, ...]:
    first, dash, last = str(part).lower().partition("-")
    if first not in WEEKDAYS or (dash and last not in WEEKDAYS):
        raise ValueError(f"must be weekdays out of {' '.join(WEEKDAYS)}, as mon-sat")
    start, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
    return tuple((start + step) % 7 for step in range((end - start) % 7 + 1))


@cache
def _period(part: Any) -> tuple[date, ...]:
    first, _, last = str(part).partition("/")
    start, end = read_day(first), read_day(last or first)
    if not 0 <= (end - start).days < LONGEST_CLOSURE_DAYS:
        raise ValueError("must go from an earlier to a later day within a year; a unit that ends has a valid_to")
    return tuple(start + timedelta(days=step) for step in range((end - start).days + 1))


Weekdays = Annotated[tuple[int, ...], BeforeValidator(read_weekdays, json_schema_input_type=str | list[str])]
ClosedDates = Annotated[tuple[date, ...], BeforeValidator(read_closed_dates, json_schema_input_type=str | list[str])]
