r"""Personal data in clients' words, replaced by its kind: « rappelez-moi au [phone] ».

By pattern only, in DuckDB, so that a million verbatims take seconds. Its engine (RE2) has no look-around and no
checksum: where a shape cannot decide, it hides. 13 to 19 digits are a card, 10 or 11 that begin with 0 a telephone;
other numbers stay (orders, cases, amounts, dates, hours). Names are beyond patterns.

The kinds are codes and not words: the same text stands in a French and in an English page.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pattern:
    r"""One shape of personal data, in RE2, without case; `\1` and `\2` in what replaces it are its neighbours."""

    kind: str
    shape: str
    replacement: str


_SPACE = r"[ \x{a0}\x{202f}]"  # French typography separates digits by no-break spaces
_WORD = r"[\p{L}\p{N}_]"
_ADDRESS = rf"{_WORD}(?:[\p{{L}}\p{{N}}._%+-]*{_WORD})?"
_LABEL = r"\p{L}[\p{L}\p{N}-]*"
_AT = rf"(?:{_SPACE}?(?:@|\(at\)|\[at\]){_SPACE}?|{_SPACE}arobase{_SPACE})"
_DOT = rf"(?:\.|{_SPACE}?(?:\(dot\)|\[dot\]){_SPACE}?|{_SPACE}point{_SPACE})"
_IN_URL, _URL_END = r"[^\s<>\"«»]", r"[^\s<>\"«».,;:!?'’)}]"
_DOMAIN_ENDING = r"(?:com|fr|net|org|io|eu|be|ch|lu|de|es|it|uk|ie|info|shop|gl|ly)"
# A country, two check digits, perhaps a bank in letters (GB, NL, IE), then groups of four with a digit in each.
_GAP = rf"(?:{_SPACE}|[.-])?"
_IBAN_BANK = rf"(?:{_GAP}[a-z]{{4}})"
_IBAN_GROUP = rf"(?:{_GAP}(?:\d[a-z0-9]{{3}}|[a-z]\d[a-z0-9]{{2}}|[a-z]{{2}}\d[a-z0-9]|[a-z]{{3}}\d))"
_BEFORE, _AFTER = r"(^|[^0-9+])", r"(\b|[\p{L}_])"  # RE2 cannot look at a neighbour without taking it

_NATIONAL = "|".join(rf"0(?:{gap}?\d){{9,10}}" for gap in (_SPACE, r"\.", "-"))
_INTERNATIONAL = rf"(?:\+|00){_SPACE}?[1-9](?:(?:{_SPACE}|[./-]|{_SPACE}?\(\d{{1,4}}\){_SPACE}?)?\d){{7,13}}"
_AMERICAN = rf"\(\d{{3}}\){_SPACE}?\d{{3}}[ .-]\d{{4}}"

# In this order: a URL may hold an address, an IBAN holds digits that look like a card, a card those of a telephone;
# a telephone in pairs comes before cards, or two of them side by side would make one.
PATTERNS = (
    Pattern("email", rf"{_ADDRESS}@{_LABEL}(?:\.{_LABEL})*", "[email]"),
    Pattern("email", rf"{_ADDRESS}{_AT}{_LABEL}(?:{_DOT}{_LABEL})*{_DOT}\p{{L}}{{2,}}", "[email]"),
    Pattern("url", rf"\b(?:https?://|www\.){_IN_URL}*{_URL_END}", "[url]"),
    Pattern("url", rf"\b(?:[a-z0-9-]+\.)+{_DOMAIN_ENDING}/{_IN_URL}*{_URL_END}", "[url]"),
    Pattern("iban", rf"\b[a-z]{{2}}\d{{2}}{_IBAN_BANK}?{_IBAN_GROUP}{{2,7}}(?:{_GAP}\d{{1,3}})?\b", "[iban]"),
    Pattern("phone", rf"{_BEFORE}0[1-9](?:(?:{_SPACE}|[.,/-]{_SPACE}?)\d{{2}}){{4}}{_AFTER}", r"\1[phone]\2"),
    Pattern("card", rf"{_BEFORE}(?:[1-9]|0[1-9])(?:(?:{_SPACE}|-)?\d){{12,18}}{_AFTER}", r"\1[card]\2"),
    Pattern("phone", rf"(^|[^0-9])(?:{_INTERNATIONAL}|{_NATIONAL}|{_AMERICAN}){_AFTER}", r"\1[phone]\2"),
)  # fmt: skip

# What a text must hold for any pattern to be worth trying; most verbatims hold none of these.
_SIGN = r"\d(?:\D{0,6}\d){7}|@|://|www\.|arobase|[\[(]at[\])]|\.[a-z]+/"


def redacted(text: str) -> str:
    """Write the DuckDB SQL of a text without personal data."""
    replaced = text
    for pattern in PATTERNS:
        replaced = f"regexp_replace({replaced}, {_literal(pattern.shape)}, {_literal(pattern.replacement)}, 'gi')"
    return f"CASE WHEN regexp_matches({text}, {_literal(_SIGN)}, 'i') THEN {replaced} ELSE {text} END"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
