"""Rendered summaries on their way to the warehouse: on disk, since a page is 30 kB and a morning may have 12,500."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from pipelines.landing import PRIVATE_FOLDER
from pipelines.warehouse.tables import summary

ROWS_PER_FILE = 1000

Row = dict[str, object]


@dataclass(frozen=True)
class Spool:
    """Rows of `mart.summary` in Parquet files."""

    files: Sequence[Path]
    row_count: int


@contextmanager
def spooled(rows: Iterable[Row], home: Path, *, run_id: str) -> Iterator[Spool]:
    """Write rows to files as they come; the files are there for the length of a `with` block."""
    parent = home / "staging" / "summaries"  # where retention finds what a killed run has left
    parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=parent) as folder:  # for its owner alone
        counts = dict(_written(iter(rows), Path(folder), run_id))
        yield Spool([*counts], sum(counts.values()))
    with suppress(OSError):  # another day's summaries still wait there
        parent.rmdir()


def _written(rows: Iterator[Row], folder: Path, run_id: str) -> Iterator[tuple[Path, int]]:
    import duckdb
    import pandas as pd

    written_at = pd.Timestamp(datetime.now(UTC))
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for number, some in enumerate(iter(lambda: list(islice(rows, ROWS_PER_FILE)), [])):
            frame = pd.DataFrame(some).assign(written_at=written_at, run_id=run_id)[summary.columns.keys()]
            file = folder / f"{number:05}.parquet"
            dated = frame.assign(business_date=pd.to_datetime(frame["business_date"]))
            connection.from_df(dated).write_parquet(str(file))
            yield file, len(some)
