"""The accepted answers, as `core.client_response` will hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from expectations.readings import DATES, UNRECOGNISED
from pipelines.redaction import redacted, without_emails
from pipelines.redaction.model import build_read_by_model
from pipelines.validation.readings import YES_OR_NO, Reading, joins
from pipelines.validation.records import ANSWER_DTYPES
from pipelines.validation.sql import is_said, quoted, stripped
from pipelines.warehouse.tables import WITHDRAWN
from symetrie.measures import CLIENT_MEASURES, client_measure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipelines.settings.redaction import Redaction
    from pipelines.settings.sources import Source
    from symetrie.questionnaires import Questionnaire

# What a change of makes a new version: neither its times, for an update may change nothing, nor what we think of it.
_TEXTS = (
    "source", "response_id", "questionnaire_version", "unit_id", "channel", "touchpoint", "contact_reason",
    "language", "verbatim", "source_url",
)  # fmt: skip
_VALUES = ("business_date", "epoch_us(experienced_at)", "epoch_us(submitted_at)", "can_contact", "is_verified")
_MARKS = tuple(measure.column for measure in CLIENT_MEASURES)
_WRITTEN = ("touchpoint", "contact_reason", "source_url", "verbatim")  # by people, who may name somebody
_NO_MARK = 15  # marks go to 10: each is a digit in base 16, and the 14 of them one BIGINT


def build_accepted(
    connection: duckdb.DuckDBPyConnection,
    readings: Mapping[str, Reading],
    source: Source,
    questionnaire: Questionnaire,
    longest_verbatim: int,
    redaction: Redaction,
) -> None:
    """Make the view `accepted`: rows without a critical failure, verbatims redacted and no longer than allowed.

    A view, so that a million answers stream into their file instead of standing in memory twice.
    """
    written = _written(connection)
    content = {
        "source": quoted(source.name),
        "response_id": stripped("answer.response_id"),
        "questionnaire_version": quoted(questionnaire.version),
        "unit_id": readings["unit_id"].value,
        "business_date": "business_date::DATE",
        **{name: _instant(f"kept.{name}") for name in DATES},
        "version_at": _instant(version_of(source, "kept")),
        "channel": f"coalesce(nullif(kept.channel::VARCHAR, '{UNRECOGNISED}'), 'unknown')",
        **{
            name: redacted(stripped(f"answer.{name}"), names_by_list=False) for name in ("touchpoint", "contact_reason")
        },
        "language": stripped("answer.language"),
        "source_url": without_emails(stripped("answer.source_url")),
        "verbatim": f"left({redacted_words(redaction)}, {longest_verbatim})",
        **dict.fromkeys(_MARKS, "NULL::TINYINT"),
        **{client_measure(key).column: client_measure(key).column for key in questionnaire.measures},
        **{name: readings[name].value for name in YES_OR_NO},
        "status": f"CASE WHEN is_withdrawn THEN '{WITHDRAWN}' ELSE 'published' END",
        "trust_pct": "NULL::DOUBLE",
        "warnings": "warnings",
        **{name: "NULL::VARCHAR" for name in _WRITTEN if name not in written},
    }
    joined = joins(readings[name] for name in ("unit_id", *YES_OR_NO))
    if "verbatim" in written:
        joined += read_by_model(connection, redaction)
    connection.execute(
        f"""
        CREATE OR REPLACE VIEW accepted AS
        SELECT {", ".join(_column(name) for name in ANSWER_DTYPES)}
        FROM (
            SELECT {", ".join(f"{value} AS {name}" for name, value in content.items())}
            FROM answer_text AS answer JOIN kept USING (row_number) {joined}
        )
        """
    )


def _written(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Find the columns in which anything is written: the patterns of the others would be compiled for nothing."""
    counts = ", ".join(f"count({name})" for name in _WRITTEN)
    found = connection.execute(f"SELECT {counts} FROM answer_text").fetchone() or ()
    return {name for name, count in zip(_WRITTEN, found, strict=True) if count}


def redacted_words(redaction: Redaction) -> str:
    """Write the verbatim without personal data; what the model read has been through all the rest."""
    words = redacted("answer.verbatim", names_by_list=redaction.names != "off")
    if redaction.names == "model":
        words = f"coalesce(read_by_model.without_names, {words})"
    return f"CASE WHEN {is_said('answer.verbatim')} THEN {words} END"


def read_by_model(connection: duckdb.DuckDBPyConnection, redaction: Redaction) -> str:
    """Let the model read the words, where the settings ask for it; gives what has to be joined for it."""
    if redaction.names != "model":
        return ""
    build_read_by_model(connection, redaction.model)
    return " LEFT JOIN read_by_model ON read_by_model.text = answer.verbatim"


def version_of(source: Source, typed: str) -> str:
    """Write the version of an answer: when the source last changed it, else that of its page."""
    return "answer.version_at" if source.is_versioned_by_fetch else f"coalesce({typed}.updated_at, answer.version_at)"


def _instant(utc: str) -> str:
    return f"timezone('UTC', {utc})"


def _column(name: str) -> str:
    return f"{content_hash()} AS content_hash" if name == "content_hash" else name


def content_hash() -> str:
    """Write 16 hexadecimal digits of MD5 over the content: the same on every platform, for any order of the rows.

    Texts stand after their length, so that none runs into the next; instants are microseconds since 1970.
    """
    texts = [f"coalesce(strlen({text})::VARCHAR, '-'), {text}" for text in _TEXTS]
    values = [f"coalesce({value}::VARCHAR, '-')" for value in _VALUES]
    marks = " + ".join(f"coalesce({mark}, {_NO_MARK})::BIGINT * {16**place}" for place, mark in enumerate(_MARKS))
    return f"left(md5(concat_ws('|', {', '.join([*texts, *values])}, ({marks})::VARCHAR)), 16)"
