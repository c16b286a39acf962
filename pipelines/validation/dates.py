"""Dates as sources write them, read by DuckDB: a wall-clock time, or an instant where the text says its zone."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.validation.sql import quoted

_TIME = r"\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?"
_ISO_LOCAL = rf"\d{{4}}-\d{{2}}-\d{{2}}([Tt ]{_TIME})?"
_ISO_ZONED = rf"\d{{4}}-\d{{2}}-\d{{2}}[Tt ]{_TIME} ?([Zz]|UTC|[+-]([01]\d|2[0-3])(:?[0-5]\d)?)"
_ISO_AS_DUCKDB = r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}([.]\d{1,9})?(Z|[+-]([01]\d|2[0-3])(:?[0-5]\d)?)"
_NO_SECONDS = r"^(.{10}[T ]\d\d:\d\d)([Z+-])"
_FRENCH = r"\d{1,2}/\d{1,2}/\d{4}( \d{1,2}:\d{2}(:\d{2})?)?"
_EPOCH_SECONDS, _EPOCH_MILLISECONDS = r"\d{10}", r"\d{13}"
_FRENCH_FORMATS = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y")


def wall_time(text: str, formats: Sequence[str] = ()) -> str:
    """Write the SQL that reads a text column as a wall-clock TIMESTAMP; null where it says its zone, or cannot be read.

    A source's own strptime `formats` come first: 03/04/2026 is what the source says, and in April otherwise.
    """
    usual = f"""
        CASE WHEN {_matches(text, _ISO_LOCAL)} THEN try_cast({_dotted(text)} AS TIMESTAMP)
             WHEN {_matches(text, _FRENCH)} THEN {_strptime(text, _FRENCH_FORMATS)} END
    """
    local = [each for each in formats if not _says_zone(each)]
    return f"coalesce({_strptime(text, local)}, {usual})" if local else usual


def zoned_time(text: str, formats: Sequence[str] = ()) -> str:
    """Write the SQL that reads a text column as a UTC TIMESTAMP; null where it says no zone, or cannot be read."""
    usual = f"""
        CASE WHEN {_matches(text, _ISO_AS_DUCKDB)} THEN timezone('UTC', try_cast({text} AS TIMESTAMPTZ))
             WHEN {_matches(text, _ISO_ZONED)} THEN timezone('UTC', try_cast({_canonical(text)} AS TIMESTAMPTZ))
             WHEN {_matches(text, _EPOCH_SECONDS)} THEN make_timestamp({text}::BIGINT * 1000000)
             WHEN {_matches(text, _EPOCH_MILLISECONDS)} THEN make_timestamp({text}::BIGINT * 1000) END
    """
    zoned = [each for each in formats if _says_zone(each)]
    return f"coalesce(timezone('UTC', {_strptime(text, zoned)}), {usual})" if zoned else usual


def _strptime(text: str, formats: Sequence[str]) -> str:
    return f"try_strptime({text}, [{', '.join(map(quoted, formats))}])"


def _says_zone(strptime_format: str) -> bool:
    return "%z" in strptime_format or "%Z" in strptime_format


def _matches(text: str, pattern: str) -> str:
    return f"regexp_full_match({text}, {quoted(pattern)})"


def _dotted(text: str) -> str:
    return f"replace(upper({text}), ',', '.')"


def _canonical(text: str) -> str:
    """DuckDB wants seconds, no space before the zone, and Z for UTC."""
    compact = f"regexp_replace({_dotted(text)}, ' ?(UTC|Z)$| ([+-][0-9:]+)$', '\\2')"
    zoned = f"CASE WHEN regexp_matches({text}, '(UTC|[Zz])$') THEN {compact} || 'Z' ELSE {compact} END"
    return f"regexp_replace({zoned}, {quoted(_NO_SECONDS)}, '\\1:00\\2')"
