"""What readers hand to the batch: how the records of a page are found, and what could not be read as one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.pages.sql import REPLACEMENT

BROKEN_LINE, BROKEN_DOCUMENT, MISSING_COLUMN = "broken_line", "broken_document", "missing_column"
PAYLOAD_CHARACTERS = 1 << 21  # of what could not be read, more stays in the landing only


@dataclass(frozen=True)
class PageFile:
    """A page as readers need it: its file, the name people know, its format, its number of lines where known."""

    path: Path
    name: str
    format: str
    line_count: int | None


@dataclass(frozen=True)
class Records:
    """How a format finds its records, as SQL: a relation in the page's order, and expressions over it."""

    relation: str
    values: Mapping[str, str]
    payload: str
    fields: tuple[str, ...]
    unreadable: str = "NULL"


@dataclass(frozen=True)
class LoadedPage:
    """The rows of `record` that came from a page, and how to read them again."""

    first_row: int
    count: int
    records: Records


@dataclass(frozen=True)
class Reject:
    """A record that is not one: its number in the page, why, and its text."""

    line: int
    reason: str
    message: str
    text: str | None

    @property
    def payload(self) -> str:
        """Its text as JSON."""
        kept = None if self.text is None else self.text[:PAYLOAD_CHARACTERS].replace("\0", REPLACEMENT)
        return json.dumps({"raw": kept}, ensure_ascii=False)


@dataclass(frozen=True)
class Plan:
    """How a page is loaded if nothing much is wrong with it.

    `rejects`, given the page's number in the batch and how many records were loaded, tells what is broken beside
    them; None when not every line is accounted for.
    """

    records: Records
    first_line: int
    rejects: Callable[[int, int], Sequence[Reject] | None]
