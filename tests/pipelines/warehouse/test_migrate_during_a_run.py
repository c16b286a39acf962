"""A migration during a run: it waits for the publication under way, and older code publishes nothing after it."""

from __future__ import annotations

import multiprocessing
import time
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from pipelines.errors import SymetrieError
from pipelines.warehouse import Warehouse, open_warehouse
from pipelines.warehouse.check import problems
from pipelines.warehouse.migrate import MIGRATIONS, current_revision, head_revision
from pipelines.warehouse.opening import _adapter
from pipelines.warehouse.tables import SCHEMAS, stale_score

FIRST_REVISION = "0001"


def older(url: str, home: Path) -> Warehouse:
    """The warehouse as the first release opens it."""
    warehouse = _adapter(url, home)
    warehouse.revision = FIRST_REVISION
    return warehouse


def publish_slowly(url: str, home: Path, inside: Path, leave: Path) -> None:
    """Another process, of the first release: publish one row, and stay inside until the file `leave` is there."""
    with closing(older(url, home)) as warehouse, warehouse.publishing() as connection:
        connection.execute(sa.insert(stale_score).values(business_date=date(2026, 11, 20), unit_id="older"))
        inside.touch()
        while not leave.exists():
            time.sleep(0.05)


@pytest.fixture
def first_release(warehouse_url: str, home: Path) -> str:
    """A warehouse as the first release left it; gives its URL."""
    from alembic import command
    from alembic.config import Config

    with closing(_adapter(warehouse_url, home)) as warehouse, warehouse.publishing() as connection:
        for schema in SCHEMAS:
            connection.execute(sa.schema.DropSchema(schema, cascade=True, if_exists=True))
            connection.execute(sa.schema.CreateSchema(schema))
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, FIRST_REVISION)
    return warehouse_url


def test_a_migration_waits_for_a_publication_and_older_code_writes_nothing_after_it(
    first_release: str, home: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    inside, leave = tmp_path / "inside", tmp_path / "leave"
    process = multiprocessing.get_context("spawn").Process(
        target=publish_slowly, args=(first_release, home, inside, leave)
    )
    process.start()
    while not inside.exists():
        assert process.is_alive()
        time.sleep(0.05)
    leave_soon = multiprocessing.get_context("spawn").Process(target=touch_later, args=(leave,))
    leave_soon.start()
    with closing(older(first_release, home)) as before:
        with closing(open_warehouse(first_release, home)) as warehouse:
            assert current_revision(warehouse) == head_revision()
            assert problems(warehouse)[0].startswith("mart.score: 1 unit-days were loaded")
        assert "another run is" in caplog.text
        with pytest.raises(SymetrieError, match="upgrade the code"), before.publishing():
            pytest.fail("older code was let in")
    process.join(30)
    leave_soon.join(30)
    assert process.exitcode == 0


def touch_later(leave: Path) -> None:
    """Let the publication go once the migration has had the time to find the door closed."""
    time.sleep(2)
    leave.touch()
