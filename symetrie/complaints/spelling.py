"""The words of a text as they are compared: without case, accents or typography, cut where a sentence turns."""

import re
import unicodedata
from functools import cache

_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc\u00b4`", "'") | {"œ": "oe", "æ": "ae"})
# "isn't", "isnt" and the "isn t" of sources that drop punctuation; "cannot" too.
_NOT = re.compile(
    r"\b(ca|wo|sha|do|did|does|could|would|should|is|was|are|were|has|have|had|must|need)n[' ]?t\b|\bcannot\b"
)
_ACCENTS = re.compile(r"[\u0300-\u036f]+")
_ELISION = re.compile(r"\b(aujourd|prud|presqu|quelqu)'")
_STRETCHED = re.compile(r"([a-z])\1{2,}")  # trooop, looong: no word of either language has a letter three times
# A hyphen joins: whether its parts are one word is for the lexicon to say.
_PIECE = re.compile(r"[0-9]+(?:[.,][0-9]+)?|[a-z]+|[.!?;\n()]+|[,:]")


def plain(text: str) -> str:
    """Write a text in small letters without accents.

    >>> plain("L’Accueil était DÉPLORABLE, ma sœur")
    "l'accueil etait deplorable, ma soeur"
    """
    lowered = text.casefold().translate(_APOSTROPHES)
    if lowered.isascii():
        return lowered
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", lowered))


def pieces(text: str) -> list[str]:
    r"""Cut a text in words, numbers and the marks between them.

    >>> pieces("N'est pas aimable : trooop lent, didn't wait 1,5 h")
    ['n', 'est', 'pas', 'aimable', ':', 'trop', 'lent', ',', 'did', 'not', 'wait', '1,5', 'h']
    """
    text = _NOT.sub(_with_not, _STRETCHED.sub(r"\1", _ELISION.sub(r"\1", plain(text))))
    return _PIECE.findall(text)


def _with_not(match: re.Match[str]) -> str:
    verb = match.group(1)
    return f"{({'ca': 'can', 'wo': 'will', 'sha': 'shall'}).get(verb, verb)} not" if verb else "can not"


@cache
def word(written: str) -> str:
    """Write a headword or a form of the data as it is compared, its hyphens kept.

    >>> word("rendez-vous"), word("déçue"), word("hors prix")
    ('rendez-vous', 'decue', 'hors prix')
    """
    return plain(written)
