"""What JSON Lines and JSON documents share: records as JSON texts, their fields by dotted paths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipelines.pages.builder import BatchBuilder
from pipelines.pages.columns import MARK_PREFIX, REQUIRED, Column
from pipelines.pages.records import Records
from pipelines.pages.sql import first_of, raw_payload, text, texts

# Fields are those of the first records: the keys of a million records would cost a third of reading them.
RECORDS_LOOKED_AT = 10_000
# An escaped NUL, which PostgreSQL cannot store, looked for once per record instead of once per field.
_LINE = "CASE WHEN contains(line, '\\u0000') THEN replace(line, '\\u0000', '\\ufffd') ELSE line END"
_IS_BLANK = "line IS NULL OR trim(line, ' \t\r\n') = ''"
_IS_OBJECT = "starts_with(ltrim(line, ' \t\r\n'), '{') AND json_valid(line)"


def pointers(field: str) -> list[str]:
    """JSON pointers of a field: the key that is spelled so, then the dotted path through objects and lists.

    >>> pointers("respondent.store")
    ['/respondent.store', '/respondent/store']
    """
    escaped = field.replace("~", "~0").replace("/", "~1")
    return list(dict.fromkeys(["/" + escaped, "/" + escaped.replace(".", "/")]))


def load_objects(builder: BatchBuilder, lines: str, page_name: str) -> int:
    """Load the records of a relation with one JSON text per row, in a column `line`; gives their number."""
    records = _records(builder, lines)
    loaded = builder.load(records, first_line=1, page_name=page_name)
    absent = _absent(builder, lines)
    if absent:
        kept = {name: value for name, value in records.values.items() if name not in absent}
        loaded = builder.load(replace(records, values=kept), first_line=1, page_name=page_name)
    return loaded


def _records(builder: BatchBuilder, lines: str) -> Records:
    paths = {column.name: [path for field in column.fields for path in pointers(field)] for column in builder.columns}
    asked = list(dict.fromkeys(path for each in paths.values() for path in each))
    found = f"CASE WHEN {_IS_OBJECT} THEN json_extract_string(line, {texts(asked or ['/'])}) END"
    return Records(
        relation=f"(SELECT line, {found} AS found FROM (SELECT {_LINE} AS line FROM {lines}))",
        values={column.name: _value(column, [asked.index(each) + 1 for each in paths[column.name]])
                for column in builder.columns if paths[column.name]},
        payload=f"CASE WHEN {_IS_OBJECT} THEN line ELSE {raw_payload('line')} END",
        fields=_fields(builder, lines),
        unreadable=f"CASE WHEN found IS NULL THEN CASE WHEN {_IS_BLANK} THEN '' ELSE {raw_payload('line')} END END",
    )  # fmt: skip


def _value(column: Column, places: Sequence[int]) -> str:
    value = first_of([f"found[{place}]" for place in places], joined=column.is_joined)
    return f"nullif({value}, 'NaN')" if column.name.startswith(MARK_PREFIX) else value


def _fields(builder: BatchBuilder, lines: str) -> tuple[str, ...]:
    keys = builder.connection.execute(
        f"SELECT unnest(json_keys(line)) AS key FROM (SELECT line FROM {lines} LIMIT {RECORDS_LOOKED_AT})"
        f" WHERE {_IS_OBJECT}"
    ).fetchall()
    return tuple(dict.fromkeys(key for (key,) in keys))


def _absent(builder: BatchBuilder, lines: str) -> list[str]:
    """Required columns that no record of the page has a key for; a key whose value is null is there."""
    required = [column for column in builder.columns if column.name in REQUIRED]
    empty = set(builder.empty_columns([column.name for column in required]))
    return [column.name for column in required if column.name in empty and not _has_key(builder, lines, column)]


def _has_key(builder: BatchBuilder, lines: str, column: Column) -> bool:
    paths = [path for field in column.fields for path in pointers(field)]
    exists = " OR ".join(f"json_exists(line, {text(path)})" for path in paths) or "false"
    found = builder.connection.execute(
        f"SELECT coalesce(bool_or(CASE WHEN {_IS_OBJECT} THEN {exists} END), false) FROM {lines}"
    ).fetchone()
    return bool(found and found[0])
