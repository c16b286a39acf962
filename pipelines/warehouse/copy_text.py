"""Frames as CSV text for PostgreSQL's COPY, written by DuckDB at its own speed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    import pandas as pd

NULL = r"\N"
BLOCK_BYTES = 1 << 20


def csv_blocks(frame: pd.DataFrame) -> Iterator[bytes]:
    """The frame as blocks of CSV without a header; text is always quoted, so that it can never read as null."""
    with tempfile.TemporaryDirectory(prefix="symetrie-copy-") as folder, duckdb.connect() as engine:
        file = Path(folder) / "frame.csv"
        engine.execute("SET TimeZone = 'UTC'")
        engine.register("frame", frame)
        text_columns = [name for name, kind, *_ in engine.execute("DESCRIBE frame").fetchall() if kind == "VARCHAR"]
        quoted = f", FORCE_QUOTE ({', '.join(text_columns)})" if text_columns else ""
        engine.execute(f"COPY frame TO '{file}' (FORMAT csv, HEADER false, NULLSTR '{NULL}'{quoted})")
        with file.open("rb") as text:
            while block := text.read(BLOCK_BYTES):
                yield block
