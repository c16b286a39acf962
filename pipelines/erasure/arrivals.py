"""Erased answers that arrive again: the load leaves them out, whatever page, replay or release brings them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipelines.erasure.erased import Erased, erased_of
from pipelines.pages.sql import text

if TYPE_CHECKING:
    import pandas as pd
    import sqlalchemy as sa

    from pipelines.validation import ValidatedBatch


@dataclass(frozen=True)
class Left:
    """What may be stored of a batch: its records set aside but for erased ones, and the rows not to load."""

    quarantined: pd.DataFrame
    erased_rows: list[int]
    erased_set_aside: int

    @property
    def erased_count(self) -> int:
        """How many records of the batch were erased before; they count as superseded."""
        return len(self.erased_rows) + self.erased_set_aside


def without_erased(connection: sa.Connection, home: Path, batch: ValidatedBatch) -> Left:
    """Read what has been erased from the source, under the lock that an erasure takes, and look for it in the batch."""
    erased = erased_of(connection, home, batch.source)
    if erased is None:
        return Left(batch.quarantined, [], 0)
    assert batch.answers_file is not None, "a batch is loaded from where it was saved"
    with duckdb.connect() as engine:
        rows = erased.answers(
            engine, f"read_parquet({text(str(batch.answers_file))}, file_row_number = true)", "file_row_number"
        )
        set_aside = _set_aside(engine, batch.quarantined, erased)
    left = batch.quarantined.drop(index=batch.quarantined.index[set_aside]).reset_index(drop=True)
    return Left(left, rows, len(set_aside))


def _set_aside(engine: duckdb.DuckDBPyConnection, quarantined: pd.DataFrame, erased: Erased) -> list[int]:
    """The places of the records set aside that were erased, and of the unreadable ones that name one."""
    if quarantined.empty:
        return []
    engine.register("quarantined", quarantined[["response_id", "payload"]].assign(place=range(len(quarantined))))
    known = erased.answers(engine, "(FROM quarantined WHERE response_id IS NOT NULL)", "place")
    unknown = erased.texts(engine, "(FROM quarantined WHERE response_id IS NULL)", "place")
    return [*known, *unknown]
