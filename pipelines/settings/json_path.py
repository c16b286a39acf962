"""JSONPath, as far as settings need it: keys, places in a list, and a search in a list for one equal value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BEGINNINGS = ("$.", "$[")
_PLAIN = r"(?:\.[^\W\d][\w-]*|\[\d+\])"
_STEP = re.compile(
    r"\.(?P<key>[^\W\d][\w-]*)"
    r"|\['(?P<quoted>[^'\"]*)'\]"
    r"|\[(?P<place>\d+)\]"
    rf"|\[\?\(\s*@(?P<inner>{_PLAIN}+)\s*==\s*(?P<quote>['\"]?)(?P<text>[^'\"]*?)(?P=quote)\s*\)\]"
)
Key = str | int


@dataclass(frozen=True)
class Search:
    """The first element of a list in which the value at a path, as text, is the one given."""

    path: tuple[Key, ...]
    text: str


Step = Key | Search


def is_json_path(field: str) -> bool:
    """Tell a JSONPath from the plain name of a field."""
    return field.startswith(_BEGINNINGS)


def checked_path(field: str) -> str:
    """Refuse a JSONPath that cannot be read; any other name of a field is taken as it is."""
    if is_json_path(field):
        json_path_steps(field)
    return field


def json_path_steps(path: str) -> tuple[Step, ...]:
    """The steps of a JSONPath.

    >>> json_path_steps("$.answers[?(@.field.ref=='store')].number")
    ('answers', Search(path=('field', 'ref'), text='store'), 'number')
    """
    return tuple(_step(match) for match in _matches(path))


def _matches(path: str) -> Iterator[re.Match[str]]:
    position = 1
    while position < len(path):
        match = _STEP.match(path, position)
        if match is None:
            raise ValueError(
                f"is not a JSONPath from {path[position:]!r} on; write keys, places and one search for an equal value, "
                "as $.items[0].id or $.answers[?(@.field.ref=='store')].number"
            )
        yield match
        position = match.end()


def _step(match: re.Match[str]) -> Step:
    if match["inner"] is not None:
        return Search(tuple(_key(each) for each in _STEP.finditer(match["inner"])), match["text"])
    return _key(match)


def _key(match: re.Match[str]) -> Key:
    if match["place"] is not None:
        return int(match["place"])
    return match["key"] if match["key"] is not None else match["quoted"]
