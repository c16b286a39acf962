"""What was deleted leaves the files too; what was not stays as it was."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import duckdb
import pytest
import sqlalchemy as sa

from pipelines.warehouse import Warehouse, open_warehouse
from pipelines.warehouse.tables import client_response
from tests.kept_open import let_go

pytestmark = pytest.mark.readers_copy

MARKER = "quetzalcoatlus"


def written(warehouse: Warehouse, answers, day: date) -> None:
    rows = answers(*({"response_id": f"R-{n}", "day": day, "verbatim": f"{MARKER} {n}"} for n in range(300)))
    with warehouse.publishing() as connection:
        warehouse.load(connection, client_response, rows.assign(run_id="r"))


def described(file: Path) -> list[tuple[str, ...]]:
    """Every table and column with its type, whether it may be null, and its description."""
    let_go()  # who only reads it needs it for itself
    with duckdb.connect(str(file), read_only=True) as connection:
        columns = "schema_name, table_name, column_name, data_type, is_nullable, comment"
        return connection.execute(f"SELECT {columns} FROM duckdb_columns() WHERE NOT internal ORDER BY ALL").fetchall()


def test_a_purge_keeps_every_row_and_every_description(warehouse: Warehouse, answers, home: Path) -> None:
    """On DuckDB the file is another one, built by a process that never saw what was deleted."""
    written(warehouse, answers, date(2026, 11, 20))
    file = home / "warehouse.duckdb"
    before = described(file) if file.exists() else []
    with warehouse.publishing() as connection:
        connection.execute(sa.delete(client_response).where(client_response.c.response_id != "R-7"))
    warehouse.purge()
    with warehouse.reading() as connection:
        assert connection.scalars(sa.select(client_response.c.verbatim)).all() == [f"{MARKER} 7"]
    warehouse.close()
    reopened = open_warehouse(str(warehouse.engine.url.render_as_string(hide_password=False)), home)
    reopened.close()
    if file.exists():
        assert described(file) == before
        assert file.stat().st_mode & 0o077 == 0
        assert f"{MARKER} 8".encode() not in file.read_bytes() + (home / "published" / "marts.duckdb").read_bytes()
        assert sorted(each.name for each in home.iterdir()) == [
            "published",
            "warehouse.duckdb",
            "warehouse.duckdb.lock",
        ]


def test_a_purge_leaves_readers_their_copy(home: Path) -> None:
    """The process that builds it works for the same people, whatever is private meanwhile."""
    former = os.umask(0o022)
    try:
        warehouse = open_warehouse(f"duckdb:///{home / 'w.duckdb'}", home)
        warehouse.purge()
        warehouse.close()
    finally:
        os.umask(former)
    assert (home / "published" / "marts.duckdb").stat().st_mode & 0o777 == 0o644
    assert (home / "w.duckdb").stat().st_mode & 0o777 == 0o600


def test_what_a_killed_purge_left_goes_with_the_next_one(home: Path) -> None:
    """It holds the whole warehouse; what another warehouse of the folder is at stays until it is a day old."""
    left, others, forgotten = (home / f".rebuilt-{name}" for name in ("w.duckdb-x1", "other.duckdb-x2", "x3"))
    for folder in (left, others, forgotten):
        (folder / "export").mkdir(parents=True)
    os.utime(forgotten, (0, 0))
    warehouse = open_warehouse(f"duckdb:///{home / 'w.duckdb'}", home)
    warehouse.purge()
    warehouse.close()
    assert sorted(home.glob(".rebuilt-*")) == [others]


def test_what_duckdb_makes_by_itself_is_for_the_owner_alone(home: Path) -> None:
    """Its write-ahead log holds what the warehouse holds; the readers' copy stays readable."""
    warehouse = open_warehouse(f"duckdb:///{home / 'w.duckdb'}", home)
    with warehouse.publishing() as connection:
        connection.exec_driver_sql("CREATE TABLE ops.probe AS SELECT 1 AS one")
        connection.exec_driver_sql("COMMIT")
        modes = {file.name: file.stat().st_mode & 0o077 for file in home.glob("w.duckdb*")}
        connection.exec_driver_sql("BEGIN")
    warehouse.close()
    assert "w.duckdb.wal" in modes
    assert {name: mode for name, mode in modes.items() if not name.endswith(".lock")} == dict.fromkeys(
        ("w.duckdb", "w.duckdb.wal"), 0
    )
    assert (home / "published" / "marts.duckdb").stat().st_mode & 0o044
