"""The topology of docker-compose.yml without containers: a worker dies in mid-day, and the day is complete."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest

pytestmark = [pytest.mark.airflow, pytest.mark.postgresql]

SERVICES = ("api-server", "scheduler", "dag-processor", "triggerer")
DAG = "client_feedback_daily"
RUNNING = "SELECT pid FROM task_instance WHERE state = 'running'"


def test_a_day_is_complete_although_one_of_two_celery_workers_is_killed_in_the_middle(
    topology: Any, yesterday: str
) -> None:
    """PostgreSQL, Redis, scheduler, DAG processor, triggerer, API server and two workers, as the file starts them."""
    for service in SERVICES:
        topology.start(service, service)
    topology.start("worker", "worker-1", "--celery-hostname", "first@%h", "--skip-serve-logs")
    topology.start("worker", "worker-2", "--skip-serve-logs")
    topology.wait_for("the DAG", lambda: topology.rows(f"SELECT 1 FROM dag WHERE dag_id = '{DAG}' AND NOT is_stale"))
    airflow(topology, "dags", "unpause", DAG)

    def works() -> bool:
        running = {pid for (pid,) in topology.rows(RUNNING)}
        return any(child.pid in running for child in topology.children("worker-1"))

    topology.wait_for("a task on the first worker", works)
    topology.kill("worker-1")
    topology.wait_for(
        "the end of the day", lambda: set(states(topology)) and set(states(topology)) <= {"success", "failed"}
    )

    assert set(states(topology)) == {"success"}, topology.logs()
    assert [service for service in (*SERVICES, "worker") if not topology.is_healthy(service)] == []
    counted = "SELECT sum(answer_count) FROM mart.daily_count WHERE business_date = %s AND measure = 'overall'"
    assert topology.rows(counted.replace("%s", f"'{yesterday}'"), "warehouse") == [(2000,)]
    loaded = "SELECT source, sum(loaded_count) FROM ops.run WHERE pipeline = 'client_feedback' GROUP BY 1 ORDER BY 1"
    assert topology.rows(loaded, "warehouse") == [(f"desk-{number}", 500) for number in range(4)]
    assert topology.rows("SELECT max(as_of)::text FROM mart.score", "warehouse") == [(yesterday,)]


def states(topology: Any) -> list[str]:
    """The state of every run of the day."""
    return [state for (state,) in topology.rows(f"SELECT state FROM dag_run WHERE dag_id = '{DAG}'")]


def airflow(topology: Any, *arguments: str) -> None:
    """Run a command of Airflow where the scheduler runs."""
    done = subprocess.run(
        ["airflow", *arguments], env=topology.environment("scheduler"), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
