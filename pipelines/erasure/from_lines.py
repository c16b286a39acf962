"""Removing records from CSV and JSON Lines."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.erasure.removal import Removal, lines_of, written
from pipelines.pages.columns import columns_of, places
from pipelines.pages.headers import Header, read_header
from pipelines.pages.mending import records
from pipelines.pages.sql import REPLACEMENT
from pipelines.pages.texts import first_text

if TYPE_CHECKING:
    from pipelines.settings import FilesSource
    from symetrie.questionnaires import Questionnaire

Fields = tuple[str, ...]


def remove_lines(page: Path, draft: Path, declared: str | None, removal: Removal) -> None:
    """Write a JSON Lines page without some of its lines."""
    with written(draft, page) as into:
        for number, (_, received) in enumerate(lines_of(page, declared), start=1):
            if number not in removal.lines:
                into.write(received)


def remove_records(
    page: Path, draft: Path, source: FilesSource, questionnaire: Questionnaire, removal: Removal
) -> None:
    """Write a CSV page without some of its records, whatever number of lines each takes."""
    csv.field_size_limit(sys.maxsize)
    start, _ = first_text(page, source.encoding)
    header = read_header(start, source.delimiter)
    assert header is not None, "a page without a header has no records"
    gone = {_as_fields(value) for value in removal.values()}
    date_place = _date_place(header, source, questionnaire)
    lines = lines_of(page, source.encoding)
    texts = (text for text, _ in islice(lines_of(page, source.encoding), header.lines, None))
    with written(draft, page) as into:
        into.writelines(received for _, received in islice(lines, header.lines))
        for record, _ in records(texts, header, date_place):
            above, own = _taken(lines, record)
            into.writelines(above)
            if not gone & {(_plain(record),), _fields(record, header)}:
                into.writelines(own)
        into.writelines(received for _, received in lines)


def _taken(lines: Iterator[tuple[str, bytes]], record: str) -> tuple[list[bytes], list[bytes]]:
    """The blank lines above a record, and its own, as they were received."""
    above: list[bytes] = []
    for text, received in lines:
        if text.strip():
            return above, [received, *(own for _, own in islice(lines, record.count("\n")))]
        above.append(received)
    return above, []


def _fields(record: str, header: Header) -> Fields:
    """The fields of a record; empty ones beyond the header's are left out, as the reader does."""
    found = next(csv.reader(record.splitlines(keepends=True), delimiter=header.delimiter), [])
    return _comparable(found[: len(header.names)])


def _as_fields(value: Any) -> Fields:
    """The fields of a record that the reader gives; one that could not be read is all one text."""
    return _comparable(value.values()) if isinstance(value, dict) else (_plain(value),)


def _comparable(fields: Iterable[str | None]) -> Fields:
    return tuple(_plain(field or "") for field in fields)


def _plain(text: str) -> str:
    """A text as mending leaves it: line feeds only, no NUL, no blanks around it."""
    return text.replace("\r\n", "\n").replace("\r", " ").replace("\0", REPLACEMENT).strip()


def _date_place(header: Header, source: FilesSource, questionnaire: Questionnaire) -> int | None:
    found = [places(each, header.names) for each in columns_of(source, questionnaire) if each.name == "submitted_at"]
    return found[0][0] if found and found[0] else None
