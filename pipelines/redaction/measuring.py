"""How well personal data is found, on texts in which a person marked it: `Merci à {name|Julie} !`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipelines.redaction.redacting import KINDS
from pipelines.redaction.shape import mark

_LABEL = re.compile(r"\{(\w+)\|(.*?)\}")
_MARK = re.compile("(" + "|".join(re.escape(mark(kind)) for kind in KINDS) + ")")


class Span(NamedTuple):
    """A piece of a text, and the kind of personal data in it."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text, and where its personal data stands."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """Of one kind: how many pieces there are and were hidden whole, how many marks were set and hide such a piece."""

    kind: str
    piece_count: int
    hidden_count: int
    mark_count: int
    right_count: int


def labelled(line: str) -> Labelled:
    """Read a line with its labels.

    >>> labelled("Merci à {name|Julie} !")
    Labelled(text='Merci à Julie !', spans=(Span(kind='name', start=8, end=13),))
    """
    spans, text, at = [], "", 0
    for label in _LABEL.finditer(line):
        text += line[at : label.start()]
        spans.append(Span(label[1], len(text), len(text) + len(label[2])))
        text, at = text + label[2], label.end()
    return Labelled(text + line[at:], tuple(spans))


def marked(text: str, redacted: str) -> tuple[Span, ...]:
    """Find what stood where the marks of a redacted text stand.

    >>> marked("Merci à Julie !", "Merci à [name] !")
    (Span(kind='name', start=8, end=13),)
    """
    pieces = _MARK.split(redacted)
    shape = "".join("(.+?)" if place % 2 else re.escape(piece) for place, piece in enumerate(pieces))
    found = re.fullmatch(shape, text, re.DOTALL)
    if found is None:
        raise ValueError(f"more than marks was changed in {text!r}: {redacted!r}")
    kinds = [piece.strip("[]") for piece in pieces[1::2]]
    return tuple(Span(kind, *found.span(place)) for place, kind in enumerate(kinds, start=1))


def measured(texts: Sequence[Labelled], redacted: Sequence[str]) -> list[Measured]:
    """Count, for every kind, what was hidden and what was marked in vain."""
    pairs = [(text, marked(text.text, after)) for text, after in zip(texts, redacted, strict=True)]
    return [_of_kind(kind, pairs) for kind in KINDS]


def missed(text: Labelled, redacted: str) -> Iterator[str]:
    """Tell the pieces that were not hidden whole, and the marks that hide nothing personal."""
    marks = marked(text.text, redacted)
    yield from (
        f"left {text.text[span.start : span.end]!r}" for span in text.spans if not _is_hidden(span, marks, text.text)
    )
    yield from (f"took {text.text[span.start : span.end]!r}" for span in marks if not _is_right(span, text.spans))


def _of_kind(kind: str, pairs: Sequence[tuple[Labelled, tuple[Span, ...]]]) -> Measured:
    hidden = [_is_hidden(span, marks, text.text) for text, marks in pairs for span in text.spans if span.kind == kind]
    right = [_is_right(span, text.spans) for text, marks in pairs for span in marks if span.kind == kind]
    return Measured(kind, len(hidden), sum(hidden), len(right), sum(right))


def _is_hidden(span: Span, marks: Iterable[Span], text: str) -> bool:
    """Whether marks of the same kind leave no letter and no digit of a piece."""
    covered = {at for each in marks if each.kind == span.kind for at in range(each.start, each.end)}
    return all(at in covered for at in range(span.start, span.end) if text[at].isalnum())


def _is_right(found: Span, spans: Iterable[Span]) -> bool:
    return any(span.kind == found.kind and span.start < found.end and found.start < span.end for span in spans)
