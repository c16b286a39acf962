"""The lists beside the shapes, and how a name of a list is spelled as a shape."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files


@cache
def words(name: str) -> tuple[str, ...]:
    """Read a list of words; of two that begin alike the longer comes first, for RE2 takes the first that fits."""
    return tuple(sorted(_read(name).split(), reverse=True))


@cache
def phrases(name: str) -> tuple[str, ...]:
    """Read a list of phrases, one a line."""
    return tuple(sorted(_read(name).splitlines(), reverse=True))


def spelled(name: str) -> str:
    r"""Write a name with its accents or without, as a whole word; an accent at its edge is left to `has_accented_edge`.

    RE2 knows the edges of words in ASCII: for it « élise » begins in the middle of « fidélise ».

    >>> print(spelled("Anaïs-Zoé"))
    \bAna[iï]s[ -]Zoe\b
    """
    first, *middle, last = tuple(name)
    return rf"\b{_plain(first)}{''.join(map(_letter, middle))}{_plain(last)}\b"


def has_accented_edge(name: str) -> bool:
    """Whether a name begins or ends with a letter that has an accent."""
    return not (name[0].isascii() and name[-1].isascii())


def _plain(letter: str) -> str:
    return re.escape(unicodedata.normalize("NFD", letter)[0])


def _letter(letter: str) -> str:
    if letter in "-_":
        return "[ -]"
    plain = _plain(letter)
    return plain if letter.isascii() else f"[{plain}{letter}]"


def _read(name: str) -> str:
    return files("pipelines.redaction").joinpath("data", f"{name}.txt").read_text(encoding="utf-8")
