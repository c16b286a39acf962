"""What every shape is made of: RE2, which DuckDB runs, has no look-around and knows words in ASCII only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SPACE = r"[ \x{a0}\x{202f}]"  # French typography separates digits by no-break spaces
BEFORE_NUMBER, AFTER_NUMBER = r"(^|[^0-9+])", r"(\b|[A-Za-z_])"  # RE2 cannot look at a neighbour without taking it
# Latin letters by their ranges: the whole of \p{L} takes RE2 ten times as long to prepare, for every batch again.
CAPITAL = r"[A-ZÀ-ÖØ-ÞĆČĐĞİŁŃŒŚŞŠŸŹŻŽ]"
SMALL = r"[a-zß-öø-ÿĀ-ſ]"
IN_WORD = r"A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ"  # for use between [ and ]
LETTER = rf"[{IN_WORD}]"


@dataclass(frozen=True, slots=True)
class Pattern:
    r"""One shape of personal data, in RE2; `\1` and `\2` in what replaces it are what stands around it."""

    kind: str
    shape: str
    replacement: str


def mark(kind: str) -> str:
    """Give what stands in the place of personal data: a code and no word, the same in French and in English."""
    return f"[{kind}]"


def any_of(shapes: Iterable[str]) -> str:
    """Write the shape of any of several, the first that fits."""
    return f"(?:{'|'.join(shapes)})"


def replaced(text: str, patterns: Iterable[Pattern]) -> str:
    """Write the DuckDB SQL of a text after all the patterns, in their order."""
    for pattern in patterns:
        text = f"regexp_replace({text}, {literal(pattern.shape)}, {literal(pattern.replacement)}, 'g')"
    return text


def matches(text: str, shape: str) -> str:
    """Write the DuckDB SQL of whether a text holds a shape."""
    return f"regexp_matches({text}, {literal(shape)})"


def literal(text: str) -> str:
    """Write a text as a literal."""
    return "'" + text.replace("'", "''") + "'"
