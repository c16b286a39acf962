"""What is to be removed from a page, and how a draft without it is written, every other byte as it was received."""

from __future__ import annotations

import codecs
import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from pipelines.landing import GZIP_LEVEL
from pipelines.pages.texts import decoded, encoding_of, is_gzipped, line_end, opened

WIDE = ("utf-16", "utf-32")  # where a line feed is more than one byte


@dataclass(frozen=True)
class Removal:
    """The records to remove from a page: their numbers in it, and each as the reader gives it, in JSON."""

    lines: frozenset[int]
    payloads: tuple[str, ...]

    def values(self) -> list[Any]:
        """The records as values; of one that could not be read, its text."""
        return [_value(payload) for payload in self.payloads]


def _value(payload: str) -> Any:
    value = json.loads(payload, parse_constant=str)
    return value["raw"] if isinstance(value, dict) and value.keys() == {"raw"} else value


@contextmanager
def written(draft: Path, like: Path) -> Iterator[IO[bytes]]:
    """A draft to write to, compressed where the page is."""
    with draft.open("wb") as file:
        if not is_gzipped(like):
            yield file
            return
        with gzip.GzipFile("", "wb", GZIP_LEVEL, file, mtime=0) as compressed:
            yield cast("IO[bytes]", compressed)


def lines_of(page: Path, declared: str | None) -> Iterator[tuple[str, bytes]]:
    """Every line of a text page, as the reader sees it and as it was received."""
    encoding, end = encoding_of(page, declared), line_end(page, declared)
    with decoded(page, declared, end) as text, opened(page) as received:
        if end and not encoding.startswith(WIDE):
            yield from zip(text, received, strict=True)
            return
        encoder = codecs.getincrementalencoder(encoding)()
        for line in text:
            yield line, encoder.encode(line)
