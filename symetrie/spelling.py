"""One normal form for the many spellings of an answer, so that a scale is written once."""

import re
import unicodedata

LONGEST_ANSWER = 100  # characters; a longer text is a verbatim and no mark

_NUMBER = re.compile(r"([+-]?)0*([0-9]+)(?:[.,]([0-9]*))?")
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
_ACCENTS = re.compile(r"[\u0300-\u036f\ufe0f]")  # the last one only asks for a coloured emoji
_INCLUSIVE_ENDING = re.compile(r"\((?:e|s|es)\)|[·•](?:e|s|es)(?!\w)")  # satisfait(e), satisfait·es
_SEPARATORS = re.compile(r"[\s_'\u2018\u2019\u02bc`\"\u201c\u201d«»().,;:!-]+")
_SPACED_SLASH = re.compile(r" ?/ ?")


def normal_form(answer: object) -> str:
    r"""Reduce an answer to what it says: a whole number, or words without case, accents or punctuation.

    Blank gives the empty string; a number that is not whole stays as it was written.

    >>> [normal_form(answer) for answer in ("4", "4,0", " 04 ", 4.0, "4.5")]
    ['4', '4', '4', '4', '4.5']
    >>> normal_form("Tout à fait d\u2019accord") == normal_form("TOUT A FAIT D'ACCORD ")
    True
    """
    written = str(answer).strip()
    if len(written) > LONGEST_ANSWER:
        return written
    text = unicodedata.normalize("NFKD", written).translate(_DASHES).strip("\"' ")
    number = _NUMBER.fullmatch(text)
    return _whole_number(text, *number.groups()) if number else _words(text)


def _whole_number(text: str, sign: str, whole: str, decimals: str | None) -> str:
    if (decimals or "").strip("0"):
        return text
    return f"-{whole}" if sign == "-" else whole


def _words(text: str) -> str:
    bare = _INCLUSIVE_ENDING.sub("", _ACCENTS.sub("", text).casefold())
    words = _SPACED_SLASH.sub("/", _SEPARATORS.sub(" ", bare).strip())
    # Punctuation alone, or around a number ("- 4"), is not for us to understand: it stays as written.
    return text if not words or words.isdigit() else words
