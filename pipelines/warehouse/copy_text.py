"""Rows as CSV text for PostgreSQL's COPY, written by DuckDB at its own speed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipelines.warehouse.rows import readable

if TYPE_CHECKING:
    from pipelines.warehouse.rows import Rows

NULL = r"\N"
BLOCK_BYTES = 1 << 20


def csv_blocks(rows: Rows, columns: Sequence[str]) -> Iterator[bytes]:
    """Blocks of CSV without a header; text is always quoted, so that it can never read as null."""
    with (
        tempfile.TemporaryDirectory(prefix="symetrie-copy-") as folder,
        duckdb.connect(config={"temp_directory": f"{folder}/spill"}) as engine,
    ):
        file = Path(folder) / "rows.csv"
        engine.execute("SET TimeZone = 'UTC'")
        with readable(engine, rows) as relation:
            select = f"SELECT {', '.join(columns)} FROM {relation}"
            kinds = engine.execute(f"DESCRIBE {select}").fetchall()
            texts = ", ".join(name for name, kind, *_ in kinds if kind == "VARCHAR")
            quoted = f", FORCE_QUOTE ({texts})" if texts else ""
            engine.execute(f"COPY ({select}) TO '{file}' (FORMAT csv, HEADER false, NULLSTR '{NULL}'{quoted})")
        with file.open("rb") as text:
            while block := text.read(BLOCK_BYTES):
                yield block
