"""Answers, units and channels take few distinct values: each one is read once in Python, and put back by DuckDB."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb
import pandas as pd

from expectations.readings import UNRECOGNISED
from pipelines.pages.columns import TEXTS_OF
from pipelines.settings.sources import CHANNELS, RELATIONS
from pipelines.validation.sql import keep, quoted
from symetrie.questions import asked
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

FEW_TEXTS, SHORT_TEXT = 16, 100
"""Up to so many texts of a column, none longer than that, a CASE takes half the time of a join."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a column of `answer_text AS answer` is read in SQL: its value, and what has to be joined for it."""

    value: str
    join: str = ""


def build_readings(
    connection: duckdb.DuckDBPyConnection,
    *,
    source: Source,
    questionnaire: Questionnaire | None,
    network: Network,
    scales: Mapping[str, Scale],
) -> dict[str, Reading]:
    """Read every column of few values, give how each is read, and make the table `unit_zone`."""
    keep(connection, "unit_zone", pd.DataFrame(network.timezones.items(), columns=["unit_id", "timezone"], dtype="str"))
    readers = {name: reader for name, reader in _readers(source).items() if name in TEXTS_OF[source.side]}
    for question in questionnaire.questions if questionnaire else ():
        answered_on = scales.get(question.scale) or scale(question.scale)
        readers[mark_column(question.measure)] = ("TINYINT", answered_on.read)
    return {column: _read_distinct(connection, column, *reader) for column, reader in readers.items()}


def _readers(source: Source) -> dict[str, tuple[str, Read]]:
    return {
        "unit_id": ("VARCHAR", _unit_reader(source)),
        "channel": ("VARCHAR", _word_reader(CHANNELS, source.channels)),
        "relation": ("VARCHAR", _word_reader(RELATIONS, source.relations)),
        "status": ("BOOLEAN", _withdrawal_reader(source)),
        **dict.fromkeys(YES_OR_NO, ("BOOLEAN", lambda texts: texts.map(normal_form).map(_YES_AND_NO))),
    }


def mark_column(measure: str) -> str:
    """Name the column of `answer_text` with the texts of a measure."""
    return f"mark_{asked(measure).column}"


def joins(readings: Iterable[Reading]) -> str:
    """Write what has to be joined to `answer_text AS answer` for some readings."""
    return " ".join(reading.join for reading in readings)


def _read_distinct(connection: duckdb.DuckDBPyConnection, column: str, sql_type: str, read: Read) -> Reading:
    texts = connection.sql(f"SELECT DISTINCT {column} AS text FROM answer_text WHERE {column} IS NOT NULL").df()["text"]
    keep(connection, "reading", pd.DataFrame({"text": texts.astype("str"), "value": read(texts)}))
    if len(texts) <= FEW_TEXTS and (texts.str.len() <= SHORT_TEXT).all():
        return Reading(_case(connection, column, sql_type))
    connection.execute(f"CREATE OR REPLACE TABLE read_{column} AS SELECT text, value::{sql_type} AS value FROM reading")
    return Reading(f"read_{column}.value", f"LEFT JOIN read_{column} ON read_{column}.text = answer.{column}")


def _case(connection: duckdb.DuckDBPyConnection, column: str, sql_type: str) -> str:
    pairs = connection.sql("SELECT text, value::VARCHAR FROM reading WHERE value IS NOT NULL ORDER BY text").fetchall()
    branches = " ".join(f"WHEN {quoted(text)} THEN {quoted(value)}::{sql_type}" for text, value in pairs)
    return f"CASE answer.{column} {branches} END" if pairs else f"NULL::{sql_type}"


def _unit_reader(source: Source) -> Read:
    """Unit ids and the source's own codes for them, blanks around them aside."""

    def read(texts: pd.Series[str]) -> pd.Series[str]:
        return texts.str.strip().map(lambda code: source.unit_codes.get(code, code)).replace("", None)

    return read


def _word_reader(known: Iterable[str], own: Mapping[str, str]) -> Read:
    """Our words and the source's own for them, however they are capitalised or accented."""
    words = {normal_form(word): word for word in known} | {normal_form(word): ours for word, ours in own.items()}

    def read(texts: pd.Series[str]) -> pd.Series[str]:
        normal = texts.map(normal_form)
        return normal.map(words).fillna(UNRECOGNISED).mask(normal == "")

    return read


def _withdrawal_reader(source: Source) -> Read:
    """Whether a status takes the answer back, however it is capitalised or accented."""
    words = {normal_form(word) for word in source.withdrawn_values}
    return lambda texts: texts.map(normal_form).isin(words)
