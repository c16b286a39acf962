"""The SQL of a text without personal data."""

from __future__ import annotations

from pipelines.redaction.addresses import ADDRESS_SIGN, ADDRESSES
from pipelines.redaction.names import first_names, introduction_sign, names
from pipelines.redaction.numbers import EMAIL_SIGN, EMAILS, NUMBER_SIGN, NUMBERS
from pipelines.redaction.shape import any_of, matches, replaced

KINDS = (*dict.fromkeys(pattern.kind for pattern in (*NUMBERS, *ADDRESSES)), "name")


# Accents written apart from their letters are put together, or no list would know the name.
_ACCENT_APART = r"[\x{300}-\x{302}\x{308}\x{327}]"


def redacted(text: str, *, names_by_list: bool = True) -> str:
    """Write the DuckDB SQL of a text without personal data; most texts are only looked at.

    Two looks, for RE2 runs fast as long as its automaton stays small: first names, and all the rest in one.
    """
    sign = any_of((NUMBER_SIGN, ADDRESS_SIGN, _ACCENT_APART))
    patterned = replaced(f"nfc_normalize({text})", (*NUMBERS, *ADDRESSES))
    if not names_by_list:
        return f"CASE WHEN {matches(text, sign)} THEN {patterned} ELSE {text} END"
    is_candidate = f"{matches(text, any_of((sign, introduction_sign())))} OR {matches(text, first_names())}"
    before_names = f"CASE WHEN {matches(text, sign)} THEN {patterned} ELSE {text} END"
    return f"CASE WHEN {is_candidate} THEN {replaced(before_names, names())} ELSE {text} END"


def without_emails(text: str) -> str:
    """Write the DuckDB SQL of an address of the net without the e-mail addresses in it."""
    return f"CASE WHEN {matches(text, EMAIL_SIGN)} THEN {replaced(text, EMAILS)} ELSE {text} END"
