"""The lines of bytes that pass by in chunks."""

from __future__ import annotations


class LineCount:
    """Counts lines; a carriage return alone ends one for DuckDB and none for others, and leaves the count open."""

    def __init__(self) -> None:
        self._feeds = self._lone_returns = 0
        self._last = b"\n"

    def add(self, chunk: bytes) -> None:
        """Count a chunk; a line end may lie across its border."""
        is_split = self._last == b"\r" and chunk.startswith(b"\n")
        self._feeds += chunk.count(b"\n")
        self._lone_returns += chunk.count(b"\r") - chunk.count(b"\r\n") - is_split
        self._last = chunk[-1:] or self._last

    @property
    def total(self) -> int | None:
        r"""The lines, the last one with or without its line feed; None where a carriage return stands alone.

        >>> count = LineCount()
        >>> count.add(b"a\r")
        >>> count.add(b"\nb")
        >>> count.total
        2
        """
        return None if self._lone_returns else self._feeds + (self._last != b"\n")
