"""Removing records from a JSON document: its lists are written anew without them, the rest stays as it was received."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pipelines.erasure.removal import Removal, written
from pipelines.pages.texts import decoded, encoding_of

_DECODER = json.JSONDecoder(parse_constant=str)
_BLANKS = re.compile(r"[ \t\r\n]*")

Cut = tuple[int, int, str]
"""Where a piece of the text begins and ends, and what stands there instead."""


def remove_elements(page: Path, draft: Path, declared: str | None, removal: Removal) -> None:
    """Write a JSON document without some of its records; one that is a record itself, or unreadable, becomes empty."""
    with decoded(page, declared, "") as file:
        text = file.read()
    gone = removal.values()
    kept = "" if any(isinstance(value, str) and text.startswith(value) for value in gone) else _without(text, gone)
    with written(draft, page) as into:
        into.write(kept.encode(encoding_of(page, declared), "backslashreplace"))


def _without(text: str, gone: Sequence[Any]) -> str:
    start = _after_blanks(text, 0)
    whole, _ = _DECODER.raw_decode(text, start)
    if whole in gone:
        return ""
    pieces, place = [], 0
    for begin, end, instead in _cuts(text, start, gone):
        pieces += [text[place:begin], instead]
        place = end
    return "".join([*pieces, text[place:]])


def _cuts(text: str, start: int, gone: Sequence[Any]) -> Iterator[Cut]:
    """The outermost lists that hold a record to remove, each with what remains of it."""
    if text[start] not in "[{":
        return
    elements = list(_elements(text, start))
    kept = [text[begin:end] for begin, end, value in elements if value not in gone]
    if text[start] == "[" and len(kept) < len(elements):
        end = text.index("]", elements[-1][1]) + 1
        yield start, end, f"[{','.join(kept)}]"
        return
    for begin, _, _ in elements:
        yield from _cuts(text, begin, gone)


def _elements(text: str, start: int) -> Iterator[tuple[int, int, Any]]:
    """The elements of a list, or the values of an object: where each begins and ends, and what it is."""
    place = _after_blanks(text, start + 1)
    while text[place] not in "]}":
        if text[start] == "{":
            _, end = _DECODER.raw_decode(text, place)
            place = _after_blanks(text, _after_blanks(text, end) + 1)  # the colon
        value, end = _DECODER.raw_decode(text, place)
        yield place, end, value
        place = _after_blanks(text, end)
        if text[place] == ",":
            place = _after_blanks(text, place + 1)


def _after_blanks(text: str, place: int) -> int:
    found = _BLANKS.match(text, place)
    assert found is not None
    return found.end()
