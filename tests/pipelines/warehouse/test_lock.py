"""Of two publications one works, the other waits with a message; nobody fails because somebody else is at work."""

from __future__ import annotations

import multiprocessing
import time
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from pipelines.errors import SymetrieError, Unreachable
from pipelines.warehouse import Warehouse, open_warehouse
from pipelines.warehouse.tables import stale_score


def publish_slowly(url: str, home: Path, inside: Path, leave: Path) -> None:
    """Another process: publish one row, and stay inside the transaction until the file `leave` is there."""
    with closing(open_warehouse(url, home)) as warehouse, warehouse.publishing() as connection:
        connection.execute(sa.insert(stale_score).values(business_date=date(2026, 11, 20), unit_id="other"))
        inside.touch()
        assert appears(leave, seconds=60)


def appears(file: Path, *, seconds: float) -> bool:
    """Wait for a file: unlike a shared event, it survives the death of whoever else waits for it."""
    deadline = time.monotonic() + seconds
    while not file.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    return file.exists()


def rows(warehouse: Warehouse) -> set[str]:
    with warehouse.reading() as connection:
        return set(connection.scalars(sa.select(stale_score.c.unit_id)))


@pytest.fixture
def other_process(warehouse: Warehouse, warehouse_url: str, home: Path, tmp_path: Path):
    """A process that is in the middle of a publication; the file `leave` lets it end."""
    inside, leave = tmp_path / "inside", tmp_path / "leave"
    process = multiprocessing.get_context("spawn").Process(
        target=publish_slowly, args=(warehouse_url, home, inside, leave)
    )
    process.start()
    assert appears(inside, seconds=60)
    yield process, leave
    leave.touch()
    process.join(30)


def test_a_second_publication_waits_with_a_message_and_then_works(
    warehouse: Warehouse, other_process, caplog: pytest.LogCaptureFixture
) -> None:
    """Both rows stand in the warehouse afterwards."""
    process, leave = other_process
    leave_soon(leave)
    with warehouse.publishing() as connection:
        connection.execute(sa.insert(stale_score).values(business_date=date(2026, 11, 20), unit_id="mine"))
    process.join(30)
    assert "another run is" in caplog.text
    assert rows(warehouse) == {"other", "mine"}


def test_a_publication_that_is_killed_leaves_nothing_and_frees_the_lock(warehouse: Warehouse, other_process) -> None:
    """A kill -9 inside the transaction: the state before it, and the next publication goes in at once."""
    process, _ = other_process
    process.kill()
    process.join(30)
    with warehouse.publishing():
        pass
    assert rows(warehouse) == set()


def test_patience_ends_with_one_clear_line(
    warehouse: Warehouse, other_process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who holds the lock for ever is named, not waited for for ever."""
    for adapter in ("on_duckdb", "on_postgresql"):
        monkeypatch.setattr(f"pipelines.warehouse.{adapter}.LOCK_PATIENCE_SECONDS", 1.0)
    with pytest.raises(SymetrieError, match="run again"), warehouse.publishing():
        pass


def test_a_server_that_does_not_answer_is_one_line_without_the_password(home: Path) -> None:
    """And a connection error, which a scheduler may try again."""
    with pytest.raises(Unreachable) as refused:
        open_warehouse("postgresql://symetrie:s3cret@127.0.0.1:1/symetrie", home)
    assert "127.0.0.1" in str(refused.value)
    assert "s3cret" not in str(refused.value)
    assert isinstance(refused.value, ConnectionError)


def leave_soon(leave: Path) -> None:
    """Let the other process go once this one has had the time to find the door closed."""
    import threading

    threading.Thread(target=lambda: (time.sleep(1.5), leave.touch()), daemon=True).start()
