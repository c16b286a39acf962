"""Clients' words made safe to show: no control characters, one line, cut between words."""

from __future__ import annotations

import re
import unicodedata

SHOWN_CHARACTERS = 260

# Left out: control characters (an escape sequence would command the terminal) and those that turn the direction of
# what follows; the marks that only join or order characters (ZWJ, ZWNJ, LRM, RLM) belong to emoji and to scripts.
_UNSAFE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]")
_SPACES = re.compile(r"[\s\u2028\u2029]+")

ZERO_WIDTH_JOINER = "\u200d"
REGIONAL_INDICATORS = range(0x1F1E6, 0x1F200)
SKIN_TONES = range(0x1F3FB, 0x1F400)


def clean(text: str) -> str:
    """The text on one line, without what could command a terminal or turn the page's direction."""
    return _SPACES.sub(" ", _UNSAFE.sub("", text)).strip()


def shorten(text: str, most: int = SHOWN_CHARACTERS) -> str:
    """The clean text, cut with … between two words where it is long, never inside an emoji or an accented letter."""
    text = clean(text)
    if len(text) <= most:
        return text
    space = text.rfind(" ", most // 2, most)
    end = space if space > 0 else _before_cluster(text, most - 1)
    return text[:end].rstrip(" ,;:.-") + "…"


def _before_cluster(text: str, end: int) -> int:
    """The last place at or before `end` that does not fall inside a character made of several."""
    while end > 1 and (_joins(text[end]) or text[end - 1] == ZERO_WIDTH_JOINER):
        end -= 1
    return end


def _joins(character: str) -> bool:
    code = ord(character)
    return (
        unicodedata.category(character) in ("Mn", "Me", "Mc")
        or character == ZERO_WIDTH_JOINER
        or code in SKIN_TONES
        or code in REGIONAL_INDICATORS
    )
