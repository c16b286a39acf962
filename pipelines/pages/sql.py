"""Small pieces of DuckDB's SQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def text(value: str) -> str:
    """A text literal."""
    return "'" + value.replace("'", "''") + "'"


def texts(values: Iterable[str]) -> str:
    """A list of text literals."""
    return f"[{', '.join(map(text, values))}]"


def name(identifier: str) -> str:
    """A quoted identifier."""
    return '"' + identifier.replace('"', '""') + '"'


def without_nul(expression: str) -> str:
    """A text where NUL, which PostgreSQL cannot store, became the replacement character."""
    replaced = f"replace({expression}, chr(0), '{REPLACEMENT}')"
    return f"CASE WHEN contains({expression}, chr(0)) THEN {replaced} ELSE {expression} END"


def first_of(expressions: Sequence[str], *, joined: bool) -> str:
    """The first that is not null; or, joined, all of them on lines of their own."""
    if not expressions:
        return "NULL"
    if len(expressions) == 1:
        return expressions[0]
    listed = ", ".join(expressions)
    return f"nullif(concat_ws(chr(10), {listed}), '')" if joined else f"coalesce({listed})"


def raw_payload(expression: str) -> str:
    """The payload of something that could not be read as a record: its text."""
    return f"CAST(json_object('raw', {without_nul(expression)}) AS VARCHAR)"
