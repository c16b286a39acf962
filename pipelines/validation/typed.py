"""From texts to typed values: the narrow table `typed`, one row per answer, and the frame that is judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pandas as pd

from expectations.judge import ROW_NUMBER
from expectations.readings import CLOSED_UNIT, DATES, READ, UNKNOWN_UNIT, UNREADABLE, UNRECOGNISED, VALID_UNIT
from pipelines.settings.sources import CHANNELS
from pipelines.validation.readings import Reading, joins, mark_column
from pipelines.validation.sql import keep, one_of, quoted, stripped, unless_blank
from symetrie.measures import client_measure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipelines.settings.network import Network
    from pipelines.settings.sources import Source
    from symetrie.questionnaires import Questionnaire


def build_typed(
    connection: duckdb.DuckDBPyConnection,
    readings: Mapping[str, Reading],
    *,
    source: Source,
    questionnaire: Questionnaire,
    network: Network,
) -> None:
    """Make the table `typed` of the readings and of `moment`."""
    keep(connection, "unit_version", unit_versions(network))
    marks = {client_measure(key).column: readings[mark_column(key)] for key in questionnaire.measures}
    unit_id, channel, status = (readings[name] for name in ("unit_id", "channel", "status"))
    columns = [
        "answer.row_number",
        *(f"moment.{name}" for name in (*DATES, "business_date")),
        *(f"{date_reading(name)} AS {name}_reading" for name in DATES),
        "((epoch(moment.experienced_at) - epoch(moment.submitted_at)) / 86400)::FLOAT AS experience_lag_days",
        f"length({stripped('answer.response_id')})::FLOAT AS response_id_length",
        f"{unit_standing(unit_id)} AS unit_standing",
        f"{channel_of(channel, source)} AS channel",
        *(f"{reading.value} AS {mark}" for mark, reading in marks.items()),
        f"{' + '.join(f'({mark} IS NOT NULL)::TINYINT' for mark in marks)} AS mark_count",
        f"length({unless_blank('answer.verbatim')})::FLOAT AS verbatim_length",
        f"coalesce({status.value}, false) AS is_withdrawn",
    ]
    connection.execute(
        f"""
        CREATE OR REPLACE TABLE typed AS
        SELECT {", ".join(columns)} FROM answer_text AS answer JOIN moment USING (row_number)
        {joins((unit_id, channel, status, *marks.values()))}
        LEFT JOIN unit_zone ON unit_zone.unit_id = {unit_id.value}
        LEFT JOIN unit_version ON unit_version.unit_id = {unit_id.value}
            AND business_date BETWEEN valid_from AND valid_to
        """
    )
    connection.execute("DROP TABLE moment")


def judged_frame(connection: duckdb.DuckDBPyConnection, questionnaire: Questionnaire) -> pd.DataFrame:
    """Give what `client_feedback` asks about, indexed by row number; marks as floats, whose gaps pandas skips fast."""
    marks = [client_measure(key).column for key in questionnaire.measures]
    as_floats = ", ".join(f"{mark}::FLOAT AS {mark}" for mark in marks)
    judged = f"SELECT * EXCLUDE (is_withdrawn) REPLACE ({as_floats}) FROM typed"
    frame = connection.sql(judged).df().set_index(ROW_NUMBER)
    return frame.assign(**{name: frame[name].dt.tz_localize("UTC") for name in DATES})


def unit_versions(network: Network) -> pd.DataFrame:
    """The stretches of days on which each unit is valid, to be joined as `unit_version`."""
    versions = [(unit.id, unit.valid_from.isoformat(), unit.valid_to.isoformat()) for unit in network.units]
    frame = pd.DataFrame(versions, columns=["unit_id", "valid_from", "valid_to"], dtype="str")
    return frame.astype({"valid_from": "datetime64[us]", "valid_to": "datetime64[us]"})


def unit_standing(unit_id: Reading) -> str:
    """Write how a unit stands on the business date; without one, it is left to the expectations on dates."""
    standing = f"""
        CASE WHEN {unit_id.value} IS NULL THEN NULL
             WHEN unit_zone.timezone IS NULL THEN '{UNKNOWN_UNIT}'
             WHEN business_date IS NOT NULL AND unit_version.unit_id IS NULL THEN '{CLOSED_UNIT}'
             ELSE '{VALID_UNIT}' END
    """
    return one_of(standing, (UNKNOWN_UNIT, CLOSED_UNIT, VALID_UNIT))


def date_reading(name: str) -> str:
    """Write whether a date could be read; null where there is none."""
    text = stripped(f"answer.{name}")
    reading = f"CASE WHEN {text} IS NULL THEN NULL WHEN moment.{name} IS NULL THEN '{UNREADABLE}' ELSE '{READ}' END"
    return one_of(reading, (READ, UNREADABLE))


def channel_of(channel: Reading, source: Source) -> str:
    """Write the channel of a row, or that of its source where it names none."""
    return one_of(f"coalesce({channel.value}, {quoted(source.channel)})", (*CHANNELS, UNRECOGNISED))
