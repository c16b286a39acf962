"""The file that readers of a DuckDB warehouse open: `mart` and not one byte of anything else.

DuckDB writes blocks whole, and what its compressed texts leave free in a block is whatever the memory held before
(https://github.com/duckdb/duckdb/issues/23382): written by a process that has read `core`, words of clients.
So the rows are handed over as Parquet, which has no such gaps, to a process that reads nothing else.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pipelines.errors import SymetrieError
from pipelines.warehouse.tables import PUBLIC_SCHEMA

APART = Path(__file__).with_name("apart.py")


def replace_copy(engine: sa.Engine, file: Path, changes: Mapping[sa.Column[Any], Collection[date]]) -> None:
    """Put a new copy in the place of the former one: that one but for the days that changed, or whole without any."""
    with _empty_folder(file.parent / ".draft") as folder:
        draft = folder / file.name
        with engine.connect() as connection:
            statements = list(_replaced_days(connection, changes, folder) if changes else _all(connection, folder))
        if changes:
            shutil.copyfile(file, draft)
        _run_apart(draft, statements)
        draft.replace(file)


@contextmanager
def _empty_folder(path: Path) -> Iterator[Path]:
    """A folder for the length of a `with` block, without what a killed process may have left in it."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _all(connection: sa.Connection, folder: Path) -> Iterator[str]:
    """Hand over every table of `mart`: what makes a copy of them."""
    yield f"CREATE SCHEMA {PUBLIC_SCHEMA}"
    for name in sa.inspect(connection).get_table_names(schema=PUBLIC_SCHEMA):
        table = f"{PUBLIC_SCHEMA}.{name}"
        yield f"CREATE TABLE {table} AS FROM {_handed_over(connection, f'FROM {table}', folder)}"


def _replaced_days(
    connection: sa.Connection, changes: Mapping[sa.Column[Any], Collection[date]], folder: Path
) -> Iterator[str]:
    """Hand over the days that changed: what replaces them in a copy."""
    for day, days in changes.items():
        if days:
            listed = ", ".join(f"DATE '{each}'" for each in sorted(days))
            changed = f"FROM {day.table} WHERE {day.name} IN ({listed})"
            yield f"DELETE {changed}"
            yield f"INSERT INTO {day.table} FROM {_handed_over(connection, changed, folder)}"


def _handed_over(connection: sa.Connection, rows: str, folder: Path) -> str:
    """Write rows to a Parquet file of the folder; its name, as a statement that runs there gives it."""
    file = folder / f"{len(list(folder.iterdir()))}.parquet"
    connection.exec_driver_sql(f"COPY ({rows}) TO '{str(file).replace(chr(39), chr(39) * 2)}' (FORMAT parquet)")
    return f"'{file.name}'"


def _run_apart(file: Path, statements: list[str]) -> None:
    """Run statements on a file from within its folder, in a fresh process."""
    command = [sys.executable, "-P", str(APART), file.name]
    done = subprocess.run(  # noqa: S603 - ourselves
        command, cwd=file.parent, input=";\n".join(statements), capture_output=True, text=True, check=False
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["killed"])[-1]
        raise SymetrieError(
            f"snapshot {file}: cannot be written: {reason}; `symetrie warehouse snapshot` writes it anew"
        )
