"""The header of a CSV file: its delimiter, its names, the lines it takes."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass

DELIMITERS = (";", ",", "\t", "|")
# A longer header is a quote that was opened and never closed.
LONGEST_HEADER_LINES = 10
_SEPARATOR_HINT = re.compile(r'"?sep=(.)"?$', re.IGNORECASE)  # the first line that spreadsheets write


@dataclass(frozen=True)
class Header:
    """Names of the columns, and what stands above the first record: rows as DuckDB skips them, lines as counted."""

    names: tuple[str, ...]
    delimiter: str
    rows: int
    lines: int
    is_sound: bool  # False where a quote in it does not add up: DuckDB would not end it where we do

    def columns(self) -> list[str]:
        """DuckDB's names of the columns, since those of the file may be anything."""
        return [f"c{place}" for place in range(len(self.names))]


def read_header(text: str, delimiter: str | None) -> Header | None:
    """Read the header from the beginning of a file; None when the file holds nothing.

    >>> read_header('id;"note, free";site', None).names
    ('id', 'note, free', 'site')
    """
    lines = [line.rstrip("\r") + "\n" for line in text.split("\n" if "\n" in text else "\r")]
    above = next((place for place, line in enumerate(lines) if line.strip("\ufeff \t\n")), None)
    if above is None:
        return None
    hint = _SEPARATOR_HINT.match(lines[above].strip())
    if hint and len(lines) > above + 1:
        above, delimiter = above + 1, delimiter or hint[1]
    return _parsed(lines[above : above + LONGEST_HEADER_LINES], above, delimiter)


def _parsed(lines: list[str], above: int, delimiter: str | None) -> Header:
    chosen = delimiter or max(DELIMITERS, key=lambda each: len(_first_record(lines, each)[0]))
    names, taken = _first_record(lines, chosen)
    return Header(
        names=tuple(name.strip().replace("\0", "") for name in names),
        delimiter=chosen,
        rows=above + 1,
        lines=above + max(taken, 1),
        is_sound=taken > 0,
    )


def _first_record(lines: list[str], delimiter: str) -> tuple[list[str], int]:
    """The fields of the first record and the lines that it takes; no lines when its quotes do not add up."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        return next(reader), reader.line_num
    except csv.Error:
        return lines[0].replace('"', "").strip("\n").split(delimiter), 0
