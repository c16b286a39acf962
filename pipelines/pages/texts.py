"""Text files of any encoding: UTF-8 with or without a mark, UTF-16 with one, CP1252, or as declared."""

from __future__ import annotations

import codecs
import gzip
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, cast

from pipelines.lines import LineCount

CHUNK = 1 << 20
GZIP_MAGIC = b"\x1f\x8b"
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
UTF8_NAMES = frozenset({"utf-8", "utf-8-sig"})
BYTES_AS_CP1252 = "symetrie.bytes_as_cp1252"
# The longest line read, in bytes: eight times the longest field that people have sent.
LONGEST_LINE = 8_000_000
NOT_IN_TEXT = "\x01"


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """What is not UTF-8 was written by a program that knew CP1252 only."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(BYTES_AS_CP1252, _as_cp1252)


@dataclass(frozen=True)
class TextFile:
    """A file that DuckDB reads as UTF-8, gzip-ed or not, with its number of lines where they can be counted."""

    path: Path
    is_gzipped: bool
    line_count: int | None

    @property
    def compression(self) -> str:
        """DuckDB's word for it."""
        return "gzip" if self.is_gzipped else "none"


def is_gzipped(path: Path) -> bool:
    """Whether the file is a gzip archive, whatever its name."""
    with path.open("rb") as file:
        return file.read(2) == GZIP_MAGIC


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The bytes of a file, decompressed."""
    with gzip.open(path) if is_gzipped(path) else path.open("rb") as file:
        yield cast("BinaryIO", file)


def count_lines(path: Path) -> int | None:
    """Lines of a file, the last one with or without its line feed; None where a carriage return stands alone."""
    lines = LineCount()
    with opened(path) as file:
        while chunk := file.read(CHUNK):
            lines.add(chunk)
    return lines.total


def first_text(path: Path, declared: str | None) -> tuple[str, bool]:
    """The first megabyte as text, and whether the file is UTF-8 so far."""
    with opened(path) as file:
        start = file.read(CHUNK)
    encoding, errors = _codec(start, declared)
    if encoding == "utf-8-sig":
        with suppress(UnicodeDecodeError):  # CP1252, read again below
            return codecs.getincrementaldecoder(encoding)("strict").decode(start), True
    return codecs.getincrementaldecoder(encoding)(errors).decode(start), False


@contextmanager
def decoded(path: Path, declared: str | None, newline: str) -> Iterator[IO[str]]:
    """The text of a file in its own encoding."""
    with opened(path) as file:
        encoding, errors = _codec(file.read(2), declared)
    with opened(path) as file, io.TextIOWrapper(file, encoding, errors, newline) as text:
        yield text


def encoding_of(path: Path, declared: str | None) -> str:
    """The encoding in which a file is written on."""
    with opened(path) as file:
        encoding, _ = _codec(file.read(2), declared)
    return "utf-8" if encoding == "utf-8-sig" else encoding


def text_of(data: bytes, declared: str | None) -> str:
    """The text of bytes in their own encoding."""
    encoding, errors = _codec(data[:2], declared)
    return data.decode(encoding, errors)


def utf8_copy(path: Path, declared: str | None, to: Path) -> TextFile:
    """Write the file's text as UTF-8."""
    with decoded(path, declared, "") as text, to.open("w", encoding="utf-8", newline="") as copy:
        while chunk := text.read(CHUNK):
            copy.write(chunk)
    return TextFile(to, is_gzipped=False, line_count=count_lines(to))


def plain_lines(path: Path, declared: str | None, to: Path, set_apart: Callable[[int, str], None]) -> TextFile:
    """Write the file's lines as UTF-8, a line feed each, but for the too long ones, which are set apart.

    A lone carriage return in a line counts as a space, and the character that no text has as another such.
    """
    lines = 0
    with decoded(path, declared, line_end(path, declared)) as text, to.open("w", encoding="utf-8", newline="") as copy:
        for number, line in enumerate(text, start=1):
            kept = line.rstrip("\r\n").replace("\r", " ").replace(NOT_IN_TEXT, "\x02")
            if len(kept.encode()) >= LONGEST_LINE:
                set_apart(number, kept)
                continue
            copy.write(kept + "\n")
            lines += 1
    return TextFile(to, is_gzipped=False, line_count=lines)


def line_end(path: Path, declared: str | None) -> str:
    """What ends the lines of a file: a line feed; or, where it has none, as files of old have not, anything."""
    start, _ = first_text(path, declared)
    return "\n" if "\n" in start else ""


def _codec(start: bytes, declared: str | None) -> tuple[str, str]:
    """The encoding and what to do with bytes that do not fit; the mark of UTF-16 is believed first."""
    if start.startswith(UTF16_MARKS):
        return "utf-16", "replace"
    if declared is None or declared in UTF8_NAMES:
        return "utf-8-sig", BYTES_AS_CP1252
    return declared, "replace"
