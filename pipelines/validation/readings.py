"""Answers, units and channels take few distinct values: each one is read once in Python, and joined back by DuckDB."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import duckdb
import pandas as pd

from expectations.readings import UNRECOGNISED_CHANNEL
from pipelines.settings.sources import CHANNELS
from pipelines.validation.sql import keep
from symetrie.measures import client_measure
from symetrie.scales import Scale, scale
from symetrie.spelling import normal_form

if TYPE_CHECKING:
    from pipelines.settings.network import Network
    from pipelines.settings.sources import Source
    from symetrie.questionnaires import Questionnaire

YES_OR_NO = ("can_contact", "is_verified")
_YES_AND_NO = {
    **dict.fromkeys(("true", "1", "yes", "y", "oui", "o", "vrai"), True),
    **dict.fromkeys(("false", "0", "no", "n", "non", "faux"), False),
}

Read = Callable[["pd.Series[str]"], "pd.Series[Any]"]


def build_readings(
    connection: duckdb.DuckDBPyConnection,
    *,
    source: Source,
    questionnaire: Questionnaire,
    network: Network,
    scales: Mapping[str, Scale],
) -> None:
    """Make a table `read_<column>` (text, value) for every column of few values, and `unit_zone`."""
    for question in questionnaire.questions:
        answered_on = scales.get(question.scale) or scale(question.scale)
        _read_distinct(connection, f"mark_{client_measure(question.measure).column}", "TINYINT", answered_on.read)
    _read_distinct(connection, "unit_id", "VARCHAR", _unit_reader(source))
    _read_distinct(connection, "channel", "VARCHAR", _channel_reader(source))
    _read_distinct(connection, "status", "BOOLEAN", _withdrawal_reader(source))
    for column in YES_OR_NO:
        _read_distinct(connection, column, "BOOLEAN", lambda texts: texts.map(normal_form).map(_YES_AND_NO))
    keep(connection, "unit_zone", pd.DataFrame(network.timezones.items(), columns=["unit_id", "timezone"], dtype="str"))


def reading_of(column: str) -> str:
    """Write the join of `answer_text AS answer` with the readings of a column."""
    return f"LEFT JOIN read_{column} ON read_{column}.text = answer.{column}"


def _read_distinct(connection: duckdb.DuckDBPyConnection, column: str, sql_type: str, read: Read) -> None:
    texts = connection.sql(f"SELECT DISTINCT {column} AS text FROM answer_text WHERE {column} IS NOT NULL").df()["text"]
    keep(connection, "reading", pd.DataFrame({"text": texts.astype("str"), "value": read(texts)}))
    connection.execute(f"CREATE OR REPLACE TABLE read_{column} AS SELECT text, value::{sql_type} AS value FROM reading")


def _unit_reader(source: Source) -> Read:
    """Unit ids and the source's own codes for them, blanks around them aside."""

    def read(texts: pd.Series[str]) -> pd.Series[str]:
        return texts.str.strip().map(lambda code: source.unit_codes.get(code, code)).replace("", None)

    return read


def _channel_reader(source: Source) -> Read:
    """Channels and the source's own words for them, however they are capitalised or accented."""
    words = {normal_form(channel): channel for channel in CHANNELS}
    words |= {normal_form(word): channel for word, channel in source.channels.items()}

    def read(texts: pd.Series[str]) -> pd.Series[str]:
        normal = texts.map(normal_form)
        return normal.map(words).fillna(UNRECOGNISED_CHANNEL).mask(normal == "")

    return read


def _withdrawal_reader(source: Source) -> Read:
    """Whether a status takes the answer back, however it is capitalised or accented."""
    words = {normal_form(word) for word in source.withdrawn_values}
    return lambda texts: texts.map(normal_form).isin(words)
