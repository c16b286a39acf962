"""Mending a CSV file that cannot be read as it is: every record that can be saved, on its own.

One stray quote makes a reader join thousands of lines into one field. Here a line whose quotes do not add up is
set apart alone, and the lines after it are read as if it were not there. This is a loop over lines in Python:
it runs on files that DuckDB could not read whole, never on a sound one.
"""

from __future__ import annotations

import re
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

from pipelines.pages.headers import Header
from pipelines.pages.records import BROKEN_LINE, Reject
from pipelines.pages.texts import LONGEST_LINE, TextFile, decoded, line_end

TOGETHER = 10_000  # lines set apart at once
TOO_LONG = f"the line is longer than {LONGEST_LINE:,} characters"
State = Literal["closed", "open", "broken"]
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|^\D?\d{10,}")


@dataclass(frozen=True)
class Mended:
    """A copy with sound records only, how many they are, and the numbers of those set apart."""

    text: TextFile
    records: int
    removed: Sequence[int]


def mend(
    path: Path,
    declared: str | None,
    header: Header,
    date_place: int | None,
    to: Path,
    set_apart: Callable[[Sequence[Reject]], None],
) -> Mended:
    """Copy the sound records of a file; `date_place` is the column that holds a date in every record."""
    removed = array("q")
    waiting: list[Reject] = []
    written = feeds = 0
    with decoded(path, declared, line_end(path, declared)) as text, to.open("w", encoding="utf-8", newline="") as copy:
        copy.write("header\n")
        for number, (record, problem) in enumerate(records(islice(text, header.lines, None), header, date_place), 2):
            if not problem:
                copy.write(record + "\n")
                written, feeds = written + 1, feeds + record.count("\n") + 1
                continue
            removed.append(number)
            waiting.append(Reject(number, BROKEN_LINE, problem, record))
            if len(waiting) == TOGETHER:
                set_apart(waiting)
                waiting.clear()
    set_apart(waiting)
    return Mended(TextFile(to, is_gzipped=False, line_count=feeds + 1), written, removed)


def records(lines: Iterable[str], header: Header, date_place: int | None) -> Iterator[tuple[str, str]]:
    """Every record with its problem, empty where it is sound."""
    quotes = _Quotes(header.delimiter, len(header.names))
    feed = _Feed(lines)
    for line in feed.records():
        if quotes.is_sound(line):
            yield line, "" if len(line) <= LONGEST_LINE else TOO_LONG
            continue
        record, state = line, quotes.state(line)
        if state == "open":
            taken, state = _joined(line, feed, quotes, header, date_place)
            if state == "closed":
                record = "\n".join(taken)
            else:
                feed.give_back(taken[1:])
        yield record, _problem(record, state, quotes)


def _joined(line: str, feed: _Feed, quotes: _Quotes, header: Header, date_place: int | None) -> tuple[list[str], State]:
    """The lines up to the one that closes the quote, unless one of them is clearly a record of its own."""
    taken, state, size = [line], "open", len(line)
    for following in feed.raw():
        taken.append(following)
        size += len(following) + 1
        if size > LONGEST_LINE or _is_record(following, header, date_place):
            return taken, "broken"
        state = quotes.state(following, inside=True)
        if state != "open":
            break
    return taken, "closed" if state == "closed" else "broken"


def _is_record(line: str, header: Header, date_place: int | None) -> bool:
    fields = line.split(header.delimiter)
    if date_place is None or len(fields) < len(header.names):
        return False
    return bool(_DATE.search(fields[date_place]))


def _problem(record: str, state: State, quotes: _Quotes) -> str:
    if len(record) > LONGEST_LINE:
        return TOO_LONG
    if state != "closed":
        return "a quote is opened and not closed, or stands inside a quoted field"
    return "" if quotes.is_sound(record) else wrong_count(quotes.count(record), quotes.expected)


def wrong_count(found: int, expected: int) -> str:
    """What is said of a line with too few or too many fields."""
    return f"the line has {found} fields, the header {expected}"


class _Quotes:
    """What the quotes of a line make of it, by RFC 4180 and DuckDB's leave: one space before, any after."""

    def __init__(self, delimiter: str, expected: int) -> None:
        mark = re.escape(delimiter)
        field = rf'(?: ?"[^"]*+(?:""[^"]*+)*+" *|(?! ?")[^{mark}]*+)'
        self.delimiter, self.expected = delimiter, expected
        self.field = re.compile(rf"{field}(?:{mark}|$)")
        # Empty fields beyond the last are no harm.
        self.sound = re.compile(rf"(?:{field}{mark}){{{expected - 1}}}{field}{mark}*+")
        self.closed = re.compile(rf"(?:{field}{mark})*+{field}")
        self.open = re.compile(rf'(?:{field}{mark})*+ ?"[^"]*+(?:""[^"]*+)*+')
        self.closing = re.compile(r'[^"]*+(?:""[^"]*+)*+" *')

    def is_sound(self, record: str) -> bool:
        """Whether a record has the fields that the header promises."""
        if '"' not in record and record.count(self.delimiter) == self.expected - 1:
            return True
        return self.sound.fullmatch(record) is not None

    def state(self, line: str, *, inside: bool = False) -> State:
        """Whether a line ends its record, leaves a quoted field open, or is neither."""
        if inside:
            closing = self.closing.match(line)
            if closing is None:
                return "open"
            rest = line[closing.end() :]
            if not rest:
                return "closed"
            return self.state(rest[1:]) if rest.startswith(self.delimiter) else "broken"
        if '"' not in line or self.closed.fullmatch(line):
            return "closed"
        return "open" if self.open.fullmatch(line) else "broken"

    def count(self, record: str) -> int:
        """How many fields a sound record has."""
        if '"' not in record:
            return record.count(self.delimiter) + 1
        place = fields = 0
        while place <= len(record):
            found = self.field.match(record, place)
            assert found is not None, record
            fields += 1
            if found.end() == len(record) and not found[0].endswith(self.delimiter):
                break
            place = found.end()
        return fields


class _Feed:
    """Lines that can be given back; a lone carriage return in a line counts as a space."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._back: deque[str] = deque()

    def raw(self) -> Iterator[str]:
        """Every line, those that hold nothing too, which inside a quoted field are text."""
        while True:
            if self._back:
                yield self._back.popleft()
                continue
            line = next(self._lines, None)
            if line is None:
                return
            yield line.rstrip("\r\n").replace("\r", " ")

    def records(self) -> Iterator[str]:
        """Every line that holds something."""
        return (line for line in self.raw() if line.strip())

    def give_back(self, lines: list[str]) -> None:
        """Read these lines again."""
        self._back.extendleft(reversed(lines))
