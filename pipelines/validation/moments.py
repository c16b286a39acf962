"""When each answer was given: instants from wall-clock and zoned times, and the unit's local day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import duckdb
import pandas as pd

from expectations.readings import DATES, EARLIEST
from pipelines.errors import SymetrieError
from pipelines.validation.dates import wall_time, zoned_time
from pipelines.validation.readings import Reading
from pipelines.validation.sql import keep, one_of, quoted, stripped
from symetrie.days import business_dates, localize

if TYPE_CHECKING:
    from pipelines.settings.network import Network
    from pipelines.settings.sources import Source

# Years beyond these cannot be shifted between zones; the suite refuses them all the same.
_FIRST, _LAST = pd.Timestamp("1900-01-01"), pd.Timestamp("2200-01-01")


def build_moment(
    connection: duckdb.DuckDBPyConnection,
    unit_id: Reading,
    *,
    source: Source,
    network: Network,
    now: datetime,
    dates: Sequence[str] = DATES,
) -> None:
    """Make the table `moment`: the instants of each row in UTC, and its business date if its day can be believed.

    The day is that of the first of the dates, or of the experience where the source says so.
    """
    _check_formats(connection, source)
    own, zones = quoted(source.timezone), _zones(network, source)
    written = connection.sql(
        f"""
        SELECT row_number, {", ".join(_as_written(name, source) for name in dates)},
            {one_of(f"coalesce({own}, timezone, 'UTC')", zones)} AS written_in,
            {one_of(f"coalesce(timezone, {own}, 'UTC')", zones)} AS lived_in
        FROM answer_text AS answer {unit_id.join}
        LEFT JOIN unit_zone ON unit_zone.unit_id = {unit_id.value}
        """
    ).df()
    instants = {name: _instants(written, name) for name in dates}
    day = instants["experienced_at" if source.day_of == "experience" else dates[0]]
    believed = day.where((day >= EARLIEST) & (day <= now))
    moments = {
        "row_number": written["row_number"],
        **{name: each.dt.tz_localize(None) for name, each in instants.items()},
        "business_date": business_dates(believed, written["lived_in"]),
    }
    keep(connection, "moment", pd.DataFrame(moments))


def _zones(network: Network, source: Source) -> tuple[str, ...]:
    zones = {*network.timezones.values(), source.timezone or "UTC", "UTC"}
    return tuple(sorted(zones))


def _check_formats(connection: duckdb.DuckDBPyConnection, source: Source) -> None:
    for date_format in source.date_formats:
        try:
            connection.execute(f"SELECT try_strptime('', {quoted(date_format)})")
        except duckdb.InvalidInputException as error:
            message = f"source {source.name}: date_formats: {date_format!r} is not a format DuckDB knows ({error})"
            raise SymetrieError(f"{message}; write it as '%d/%m/%Y %H:%M'") from error


def _as_written(name: str, source: Source) -> str:
    """Most texts say no zone: the shapes of those that do are only tried on the others."""
    text, formats = stripped(f"answer.{name}"), source.date_formats
    zoned = f"CASE WHEN {name}_wall IS NULL THEN {zoned_time(text, formats)} END"
    return f"{wall_time(text, formats)} AS {name}_wall, {zoned} AS {name}_zoned"


def _instants(written: pd.DataFrame, name: str) -> pd.Series[pd.Timestamp]:
    """Instants of a date: zoned ones as they are, wall-clock ones in the zone that they were written in."""
    wall = _shiftable(written[f"{name}_wall"].dropna())
    local = localize(wall, written["written_in"].loc[wall.index])
    return _shiftable(written[f"{name}_zoned"]).dt.tz_localize("UTC").fillna(local)


def _shiftable(times: pd.Series[pd.Timestamp]) -> pd.Series[pd.Timestamp]:
    times = times.astype("datetime64[us]")
    return times.mask(times < _FIRST, _FIRST).mask(times > _LAST, _LAST)
