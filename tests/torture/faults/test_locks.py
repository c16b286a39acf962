"""Somebody else holds what a run needs: it waits as long as it may, leaves in one line, and the next one works."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import filelock
import psycopg
import pytest

pytestmark = pytest.mark.torture

PUBLICATION_LOCK = 0x53594D45
PATIENCE_SECONDS = 1.0
HOLD = "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"


def impatient() -> None:
    """Let this process wait for another run no longer than a moment."""
    from pipelines.warehouse import on_duckdb, on_postgresql

    on_duckdb.LOCK_PATIENCE_SECONDS = on_postgresql.LOCK_PATIENCE_SECONDS = PATIENCE_SECONDS


def session(house: Any) -> psycopg.Connection[Any]:
    """Another session at the database of a house."""
    return psycopg.connect(house.url.replace("+psycopg", ""), autocommit=True)


@pytest.mark.parametrize("new_house", ["postgresql"], indirect=True)
def test_a_publication_that_is_kept_waiting_too_long_is_one_line(
    new_house: Callable[[], Any], run_day: Any, one_line: Any, heals: Any
) -> None:
    house = new_house()
    with session(house) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [PUBLICATION_LOCK])
        line = one_line(run_day(house, before=impatient))
    assert "another run has been publishing for 1 s" in line
    heals(house)


@pytest.mark.parametrize("new_house", ["duckdb"], indirect=True)
def test_a_file_that_another_run_keeps_too_long_is_one_line(
    new_house: Callable[[], Any], run_day: Any, one_line: Any, heals: Any
) -> None:
    house = new_house()
    with filelock.FileLock(house.home / "warehouse.duckdb.lock"):
        line = one_line(run_day(house, before=impatient))
    assert "another run has held it for 1 s" in line
    heals(house)


@pytest.mark.parametrize("new_house", ["duckdb"], indirect=True)
def test_a_file_that_another_program_holds_is_one_line(
    new_house: Callable[[], Any], run_day: Any, one_line: Any, heals: Any
) -> None:
    """A notebook, a BI tool: it asks for no lock of ours, and DuckDB says who it is."""
    house = new_house()
    command = [sys.executable, "-c", HOLD, str(house.home / "warehouse.duckdb")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        line = one_line(run_day(house))
        other.communicate()
    assert line.startswith(f"symetrie: warehouse {house.home / 'warehouse.duckdb'}: ")
    assert f"PID {other.pid}" in line
    heals(house)


@pytest.mark.parametrize("new_house", ["postgresql"], indirect=True)
def test_a_deadlock_is_one_line(
    new_house: Callable[[], Any], run_day: Any, strike: Any, one_line: Any, seen: Any, heals: Any
) -> None:
    """Somebody maintains the tables by hand, in another order; PostgreSQL ends whoever finds the deadlock: the run."""
    house = new_house()
    line = one_line(run_day(house, before=strike("pipelines.publication.merge", lambda: lock_crosswise(house))))
    assert line.startswith("failed: warehouse ")
    assert "deadlock detected" in line
    assert len(seen(house)["failures"]) == 1
    heals(house)


def lock_crosswise(house: Any) -> None:
    """Hold what the publication is about to write, and wait for what it has written."""
    other = session(house)
    other.execute("SET deadlock_timeout = '60s'")  # the other one looks first
    other.execute("BEGIN")
    other.execute("LOCK TABLE mart.daily_count NOWAIT")
    waiting = threading.Thread(target=lambda: (other.execute("LOCK TABLE ops.received_page"), other.close()))
    waiting.start()
    with session(house) as watching:
        while not watching.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()[0]:  # type: ignore[index]
            time.sleep(0.01)
