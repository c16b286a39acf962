"""Local days: from wall clock to instant, and from instant to business date, summer time included."""

from collections.abc import Callable
from typing import Final, Literal
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

_UTC_INSTANTS: Final = "datetime64[us, UTC]"
_LOCAL_TIMES: Final = "datetime64[us]"

# Outside these years the zone is taken as UTC: no answer is so old or so new, and near the first and the
# last year of the calendar a shift by some hours would leave it.
_FIRST_YEAR, _LAST_YEAR = 1900, 2199


def localize(wall: pd.Series, timezones: pd.Series) -> pd.Series:
    """Turn wall-clock times into instants, each in its own IANA time zone.

    A time that the clock shows twice in autumn is the first of the two; a time that the clock skips in
    spring becomes the first one that exists. Missing where the time or the zone is missing; same index.

    >>> wall = pd.Series(pd.to_datetime(["2026-03-29 02:30", "2026-10-25 02:30"]))
    >>> localize(wall, pd.Series(["Europe/Paris", "Europe/Paris"])).dt.strftime("%d %H:%M").tolist()
    ['29 01:00', '25 00:30']
    """
    return _by_zone(wall.astype(_LOCAL_TIMES), timezones, _to_instants, _UTC_INSTANTS)


def business_dates(instants: pd.Series, timezones: pd.Series) -> pd.Series:
    """Give the local day of each instant in its own IANA time zone, as midnight without a zone.

    Missing where the instant or the zone is missing; same index.

    >>> instants = pd.Series(pd.to_datetime(["2026-07-14 22:30"])).dt.tz_localize("UTC")
    >>> business_dates(instants, pd.Series(["Europe/Paris"])).dt.strftime("%Y-%m-%d").tolist()
    ['2026-07-15']
    """
    return _by_zone(instants.astype(_UTC_INSTANTS), timezones, _to_days, _LOCAL_TIMES)


def _to_instants(wall: pd.DatetimeIndex, zone: ZoneInfo) -> pd.DatetimeIndex:
    first_of_two = np.ones(len(wall), dtype=bool)
    return wall.tz_localize(zone, ambiguous=first_of_two, nonexistent="shift_forward").tz_convert("UTC")


def _to_days(instants: pd.DatetimeIndex, zone: ZoneInfo) -> pd.DatetimeIndex:
    return instants.tz_convert(zone).tz_localize(None).normalize()


def _by_zone(
    times: pd.Series,
    timezones: pd.Series,
    convert: Callable[[pd.DatetimeIndex, ZoneInfo], pd.DatetimeIndex],
    dtype: Literal["datetime64[us, UTC]", "datetime64[us]"],
) -> pd.Series:
    """Convert the times of each distinct zone in one go."""
    is_usual = times.dt.year.between(_FIRST_YEAR, _LAST_YEAR)
    codes, names = pd.factorize(timezones.where(is_usual | timezones.isna(), "UTC"))
    converted = pd.Series(pd.NaT, index=times.index, dtype=dtype, name=times.name)
    for code, name in enumerate(names):
        rows = codes == code
        converted.iloc[rows] = convert(pd.DatetimeIndex(times[rows]), _zone(name)).astype(dtype)
    return converted


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise LookupError(f"no time zone is called {name!r}; use one such as Europe/Paris") from error
