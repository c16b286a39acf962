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


# An escaped backslash or a whole pair of surrogates, which stay; else one half of a pair, which nothing can store.
_HALF_OF_A_PAIR = r"(\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"


def storable_json(expression: str) -> str:
    """A JSON text without what no text can hold: an escaped NUL is replaced, half of an emoji that was cut goes."""
    whole = f"regexp_replace({expression}, {text(_HALF_OF_A_PAIR)}, '\\1', 'g')"
    suspects = " OR ".join(f"contains({expression}, '{escape}')" for escape in ("\\u0000", "\\ud", "\\uD"))
    return f"CASE WHEN {suspects} THEN replace({whole}, '\\u0000', '\\ufffd') ELSE {expression} END"


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
