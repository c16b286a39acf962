"""Several runs at once, as real processes on one warehouse: they wait for each other, and end as if in a row."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pipelines.run import run_days
from pipelines.settings import Settings
from pipelines.warehouse import open_warehouse
from pipelines.warehouse.check import problems
from pipelines.warehouse.tables import client_response, daily_count, run, score

SYMETRIE = Path(sys.executable).with_name("symetrie")
DAY = date(2026, 11, 20)
AT_ONCE = (
    ("--date", "2026-11-20"),
    ("--date", "2026-11-20"),
    ("--from", "2026-11-01", "--to", "2026-11-20"),
    ("--from", "2026-11-15", "--to", "2026-11-20"),
    ("--date", "2026-11-20", "--replay"),
)
PATIENCE_SECONDS = 300
Rows = dict[str, list[tuple[Any, ...]]]


def start(settings: Settings, *arguments: str) -> subprocess.Popen[str]:
    """A run in a process of its own."""
    where = {"SYMETRIE_HOME": str(settings.home), "SYMETRIE_WAREHOUSE_URL": settings.warehouse_url}
    return subprocess.Popen(
        [SYMETRIE, "run", *arguments, "--config", str(settings.path)],
        env=os.environ | where,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def content(settings: Settings) -> Rows:
    """What promise 2 calls content, of core and mart, in a warehouse that adds up."""
    found: Rows = {}
    with closing(open_warehouse(settings.warehouse_url, settings.home)) as warehouse:
        assert problems(warehouse) == []
        with warehouse.reading() as connection:
            for table in (client_response, daily_count, score):
                columns = [column for column in table.columns if column.name != "run_id"]
                found[table.name] = sorted(map(tuple, connection.execute(sa.select(*columns))), key=repr)
    return found


def loaded_count(settings: Settings) -> int:
    """How many answers all runs have loaded together; a row that does not add up stops the ledger itself."""
    with closing(open_warehouse(settings.warehouse_url, settings.home)) as warehouse, warehouse.reading() as connection:
        return connection.scalar(sa.select(sa.func.sum(run.c.loaded_count))) or 0


def test_runs_of_one_day_overlapping_ranges_and_a_replay_at_once_end_as_one_after_the_other(
    warehouse_url: str, configure: Callable[..., Settings], drop: Callable[..., Path], tmp_path: Path
) -> None:
    """Files come in while they work; a page is received once, whoever is first, and nobody fails over it."""
    settings = configure(warehouse_url)
    for number in range(3):
        drop(f"{'abc'[number]}.csv", 20, mark=2 + number, at=1_795_000_000.0 + number)
    running = [start(settings, *arguments) for arguments in AT_ONCE]
    time.sleep(3)
    drop("d.csv", 20, bad=1)
    said = [process.communicate(timeout=PATIENCE_SECONDS) for process in running]
    assert [process.returncode for process in running] == [0] * len(AT_ONCE), said

    run_days(settings, DAY)  # whatever came too late for all of them
    assert loaded_count(settings) == 80  # the replay may have been first to read what another run had landed

    in_a_row = Settings(**vars(settings) | {"home": tmp_path / "other", "warehouse_url": _beside(tmp_path)})
    run_days(in_a_row, DAY)
    assert content(settings) == content(in_a_row)


def _beside(folder: Path) -> str:
    return f"duckdb:///{folder / 'in_a_row.duckdb'}"
