"""The records set aside: why, in a line that a person can act on, and what was received."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import duckdb
import pandas as pd

from expectations.readings import LONGEST_ID, PAGE_EXPECTATIONS
from pipelines.redaction import redacted
from pipelines.validation.accepted import version_of
from pipelines.validation.records import CRITICAL, QUARANTINE_DTYPES
from pipelines.validation.sql import keep, quoted, stripped

if TYPE_CHECKING:
    from pipelines.pages import RawBatch
    from pipelines.settings.sources import Source

# The whole record stays in the landed page.
LONGEST_PAYLOAD_BYTES = 64 * 1024
_NOTE_BYTES, _UTF8_BYTES = 256, 4
SHOWN_VALUE_CHARACTERS = 80
OF_ANSWER = "#"
"""Stands between the identifier of an answer and the hash of its record; no other key holds it."""


def quarantined(raw: RawBatch, source: Source) -> pd.DataFrame:
    """Give the refused answers and the unreadable records, one row each."""
    set_aside = pd.concat([_refused(raw, source), _unreadable(raw, source.name)], ignore_index=True)
    set_aside["record_key"] = _told_apart(set_aside["record_key"])
    set_aside["payload"] = capped(set_aside["payload"])
    set_aside["version_at"] = pd.to_datetime(set_aside["version_at"], utc=True)
    return set_aside.astype(QUARANTINE_DTYPES)


def _refused(raw: RawBatch, source: Source) -> pd.DataFrame:
    connection = raw.connection
    refused = connection.sql("SELECT row_number FROM flag WHERE is_refused ORDER BY row_number").df()["row_number"]
    if refused.empty:
        return pd.DataFrame(columns=list(QUARANTINE_DTYPES))
    keep(connection, "refused", raw.payloads(refused.tolist()))
    response_id = stripped("answer.response_id")
    return connection.sql(
        f"""
        WITH failed AS (
            SELECT row_number, position, reason, expectation, field, {_found(connection)} AS found_text
            FROM failure JOIN expectation USING (position) JOIN answer_text AS answer USING (row_number)
            WHERE severity = '{CRITICAL}'
        ), said AS (
            SELECT row_number, string_agg(expectation, ', ' ORDER BY position) AS expectations,
                string_agg('expected that ' || expectation || {_shown()}, '; ' ORDER BY position) AS message,
                bool_or(field = 'updated_at') AS is_update_refused
            FROM failed GROUP BY row_number
        ), coded AS (
            SELECT row_number, string_agg(reason, ',' ORDER BY position) AS reasons
            FROM (SELECT row_number, reason, min(position) AS position FROM failed GROUP BY ALL) GROUP BY row_number
        )
        SELECT {quoted(source.name)} AS source,
            CASE WHEN response_id_length <= {LONGEST_ID} THEN {response_id} || '{OF_ANSWER}' || left(md5(payload), 8)
                ELSE {_of_page()} END AS record_key,
            left({response_id}, {LONGEST_ID}) AS response_id, business_date, reasons, expectations, message, payload,
            CASE WHEN is_update_refused THEN answer.version_at ELSE {version_of(source, "typed")} END AS version_at
        FROM refused JOIN said USING (row_number) JOIN coded USING (row_number)
        JOIN typed USING (row_number) JOIN answer_text AS answer USING (row_number)
        ORDER BY row_number
        """
    ).df()


def _unreadable(raw: RawBatch, source: str) -> pd.DataFrame:
    """What no suite can judge: broken lines and documents, pages without a required column."""
    versions = [(page.content_hash, page.version_at.replace(tzinfo=None)) for page in raw.pages]
    known = pd.DataFrame(versions, columns=["page_hash", "version_at"])
    keep(raw.connection, "page_version", known.astype({"page_hash": "str", "version_at": "datetime64[us]"}))
    expected = " ".join(f"WHEN {quoted(reason)} THEN {quoted(text)}" for reason, text in PAGE_EXPECTATIONS.items())
    return raw.connection.sql(
        f"""
        SELECT {quoted(source)} AS source, {_of_page()} AS record_key, NULL::VARCHAR AS response_id,
            NULL::DATE AS business_date, reason AS reasons, CASE reason {expected} END AS expectations,
            message, coalesce(payload, '') AS payload, version_at
        FROM unreadable LEFT JOIN page_version USING (page_hash) ORDER BY row_number
        """
    ).df()


def _of_page() -> str:
    """Write the key of a record without an identifier: never by its line, which moves when one above it is erased."""
    return "left(page_hash, 12) || ':' || left(md5(coalesce(payload, '')), 8)"


def _told_apart(keys: pd.Series[str]) -> pd.Series[str]:
    """Number the equals among records without an identifier, each of them a record of its own; twins are one."""
    place = keys.groupby(keys).cumcount() + 1
    return keys.where((place == 1) | keys.str.contains(OF_ANSWER, regex=False), keys + "-" + place.astype("str"))


def _found(connection: duckdb.DuckDBPyConnection) -> str:
    """Write the SQL of what stands in the field that an expectation speaks of."""
    fields = connection.sql("SELECT DISTINCT field FROM expectation WHERE field IS NOT NULL").fetchall()
    texts = " ".join(f"WHEN {quoted(field)} THEN {stripped(f'answer.{field}')}" for (field,) in fields)
    return f"CASE field {texts} END"


def _shown() -> str:
    """Write the SQL of what was found, for a person: without personal data, which a lost delimiter puts anywhere."""
    of_unit, of_others = redacted("found_text", names_by_list=False), redacted("found_text")
    found = f"CASE field WHEN 'unit_id' THEN {of_unit} ELSE {of_others} END"
    return f"coalesce(', found ''' || left({found}, {SHOWN_VALUE_CHARACTERS}) || '''', '')"


def capped(payloads: pd.Series[str]) -> pd.Series[str]:
    """Cut long payloads, which stay JSON; NUL, written out or escaped, becomes the replacement character."""
    clean = payloads.str.replace("\0", "\ufffd", regex=False).str.replace("\\u0000", "\\ufffd", regex=False)
    long = clean[clean.str.len() > LONGEST_PAYLOAD_BYTES // _UTF8_BYTES]
    return long.map(_cut).reindex(clean.index).fillna(clean)


def _cut(payload: str) -> str:
    written = payload.encode()
    if len(written) <= LONGEST_PAYLOAD_BYTES:
        return payload
    # Half of what is allowed, since JSON within JSON escapes its quotes.
    kept = written[: LONGEST_PAYLOAD_BYTES // 2 - _NOTE_BYTES].decode(errors="ignore")
    note = f"the first {len(kept):,} characters of {len(written):,} bytes; the landed page holds the whole record"
    return json.dumps({"raw": kept, "note": note}, ensure_ascii=False)
