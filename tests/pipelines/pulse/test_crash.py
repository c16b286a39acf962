"""A publication that is killed leaves nothing, and is made the same the next time."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest
import sqlalchemy as sa

from pipelines.steps import opened
from pipelines.warehouse.tables import employee_response, publication, publication_score, score
from tests.pipelines.pulse.house import House
from tests.pipelines.pulse.test_publishing import publish, rows, store, team

KILLED = """
import os, signal, sys
from datetime import date
from pathlib import Path
from pipelines import steps
from pipelines.pulse import publishing
from pipelines.settings import load_settings

written = getattr(publishing, sys.argv[1])

def killed(*given, **named):
    written(*given, **named)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(publishing, sys.argv[1], killed)
settings = load_settings(Path(sys.argv[2]), {"SYMETRIE_HOME": sys.argv[3], "SYMETRIE_WAREHOUSE_URL": sys.argv[4]})
steps.publish_pulse(settings, date(2026, 11, 20), "killed")
"""


@pytest.mark.parametrize(
    ("step", "warehouse_url"),
    [
        ("mark_counted", "duckdb"),
        ("write_publication", "duckdb"),
        ("write_publication", "postgresql"),
        ("replace_scores", "postgresql"),
    ],
    indirect=["warehouse_url"],
)
def test_a_killed_publication_leaves_nothing_and_the_next_one_is_whole(house: House, step: str) -> None:
    settings = house()
    store(settings, *team("lyon", 6, 9), *team("lille", 4, 7))
    command = [sys.executable, "-c", KILLED, step, settings.path, settings.home, settings.warehouse_url]
    killed = subprocess.run(command, check=False, capture_output=True, text=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert rows(settings, sa.select(publication)) == rows(settings, sa.select(publication_score)) == []
    assert rows(settings, sa.select(employee_response.c.publication_id).distinct()) == [(None,)]
    assert publish(settings) == ["autumn-1"]
    assert len(rows(settings, sa.select(score.c.unit_id).where(score.c.side == "employee").distinct())) == 3


@pytest.mark.parametrize("warehouse_url", ["postgresql"], indirect=True)  # of DuckDB's file only one is open at a time
def test_of_two_publications_at_once_one_works_and_the_other_finds_nothing_left(house: House) -> None:
    settings = house()
    store(settings, *team("lyon", 6, 9), *team("lille", 4, 7))
    code = KILLED.replace("os.kill(os.getpid(), signal.SIGKILL)", "pass")
    command = [sys.executable, "-c", code, "replace_scores", settings.path, settings.home, settings.warehouse_url]
    both = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0], [process.stderr for process in both]
    with opened(settings) as warehouse, warehouse.reading() as connection:
        assert connection.scalars(sa.select(publication.c.publication_id)).all() == ["autumn-1"]
