"""Rows on their way in: a frame, or a Parquet file that never becomes one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import sqlalchemy as sa

if TYPE_CHECKING:
    import pandas as pd

    Rows: TypeAlias = pd.DataFrame | Path

FILE_ROW_NUMBER = "file_row_number"
"""A column that DuckDB adds to the rows of a Parquet file, for tables that ask for it."""


def column_names(rows: Rows, table: sa.Table) -> list[str]:
    """The columns to fill: those of the frame, or all of the table's where a file comes in."""
    return list(table.columns.keys()) if isinstance(rows, Path) else list(rows.columns)


@contextmanager
def readable(engine: Any, rows: Rows) -> Iterator[str]:
    """What a DuckDB connection selects the rows from, for the length of a `with` block."""
    if isinstance(rows, Path):
        escaped = str(rows).replace("'", "''")
        yield f"read_parquet('{escaped}', {FILE_ROW_NUMBER} = true)"
        return
    engine.register("incoming_frame", rows)
    try:
        yield "incoming_frame"
    finally:
        engine.unregister("incoming_frame")
