"""Airflow for the tests: always in processes of its own, in an empty home, on loopback."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest
import requests
from filelock import FileLock

DAGS = Path(__file__).parents[2] / "dags"
AIRFLOW, SYMETRIE = (Path(sys.executable).with_name(name) for name in ("airflow", "symetrie"))
PATIENCE_SECONDS = 300.0

collect_ignore = ["describe.py"]  # a script, which imports Airflow


@dataclass(frozen=True)
class AirflowHome:
    """A home of Airflow, what its processes are started with, and what its tables say afterwards."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """The environment of an Airflow process: the machine's, without anybody's Airflow or house."""
        machine = {key: value for key, value in os.environ.items() if not key.startswith(("AIRFLOW", "SYMETRIE"))}
        return machine | {
            "AIRFLOW_HOME": str(self.folder),
            "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{self.folder}/airflow.db",
            "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
            "SYMETRIE_RETRY_SECONDS": "0",
        }

    def run(self, *command: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end, in the environment of this Airflow."""
        environment = self.environment | more
        return subprocess.run(
            command, env=environment, check=False, capture_output=True, text=True, timeout=PATIENCE_SECONDS
        )

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask Airflow's own tables."""
        with closing(sqlite3.connect(f"file:{self.folder}/airflow.db?mode=ro", uri=True)) as connection:
            return connection.execute(query).fetchall()

    def task_states(self, dag_id: str) -> dict[str, str]:
        """The state of every task of the last run; mapped ones under the name that the UI shows."""
        found = self.rows(
            "SELECT task_id, rendered_map_index, state FROM task_instance WHERE run_id = "
            f"(SELECT run_id FROM dag_run WHERE dag_id = '{dag_id}' ORDER BY id DESC LIMIT 1)"
        )
        return {f"{task}[{label}]" if label else task: state for task, label, state in found}


@contextmanager
def made_once(tmp_path_factory: pytest.TempPathFactory, name: str) -> Iterator[tuple[Path, bool]]:
    """A folder that all workers of a session share, and whether it is to be filled: by the first who asks for it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    is_made = folder.with_name(f"{name}.made")
    with FileLock(folder.with_name(f"{name}.lock")):
        is_new = not is_made.exists()
        if is_new:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
        yield folder, is_new
        is_made.touch()


@pytest.fixture(scope="session")
def migrated_home(tmp_path_factory: pytest.TempPathFactory) -> AirflowHome:
    """Airflow's tables, made once for the session."""
    with made_once(tmp_path_factory, "airflow") as (folder, is_new):
        home = AirflowHome(folder)
        if is_new:
            done = home.run(AIRFLOW, "db", "migrate")
            assert done.returncode == 0, done.stdout + done.stderr
    return home


@pytest.fixture(scope="module")
def new_airflow_home(migrated_home: AirflowHome, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], AirflowHome]:
    """Give Airflows in which nothing has run yet."""

    def copied() -> AirflowHome:
        return AirflowHome(shutil.copytree(migrated_home.folder, tmp_path_factory.mktemp("home"), dirs_exist_ok=True))

    return copied


@dataclass(frozen=True)
class Company:
    """A small demo company with its history filled and yesterday's files waiting."""

    home: Path

    @property
    def environment(self) -> dict[str, str]:
        """Where a process finds this company."""
        return {"SYMETRIE_HOME": str(self.home), "SYMETRIE_CONFIG": str(self.home / "demo" / "symetrie.yaml")}

    def day(self, ago: int) -> str:
        """A business date; the files of the day one day ago wait."""
        return (datetime.now(ZoneInfo("Europe/Paris")) - timedelta(days=ago)).date().isoformat()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask its warehouse, which nobody else has open."""
        with duckdb.connect(str(self.home / "warehouse.duckdb"), read_only=True) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture(scope="session")
def demo_company(migrated_home: AirflowHome, tmp_path_factory: pytest.TempPathFactory) -> Company:
    """The company that the tests copy."""
    with made_once(tmp_path_factory, "company") as (folder, is_new):
        company = Company(folder)
        if is_new:
            size = ("--sites", "6", "--days", "12", "--answers-per-day", "80")
            done = migrated_home.run(SYMETRIE, "demo", "--history", "--no-pulse", *size, **company.environment)
            assert done.returncode == 0, done.stdout + done.stderr
    return company


@pytest.fixture(scope="module")
def new_company(demo_company: Company, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Company]:
    """Give companies that are alike and know nothing of each other."""

    def copied() -> Company:
        return Company(shutil.copytree(demo_company.home, tmp_path_factory.mktemp("copy"), dirs_exist_ok=True))

    return copied


class Scheduler:
    """Airflow's scheduler, DAG processor and API server, as processes that listen on loopback only."""

    COMPONENTS: Mapping[str, tuple[str, ...]] = {
        "api-server": (),
        "scheduler": ("--skip-serve-logs",),  # the log server would listen on every interface
        "dag-processor": (),
    }

    def __init__(self, home: AirflowHome, environment: dict[str, str]) -> None:
        self.home = home
        self.url = f"http://127.0.0.1:{(port := _free_port())}"
        self.environment = home.environment | environment | {
            "PATH": f"{AIRFLOW.parent}{os.pathsep}{os.environ['PATH']}",
            "AIRFLOW__API__HOST": "127.0.0.1",
            "AIRFLOW__API__PORT": str(port),
            "AIRFLOW__API__BASE_URL": self.url,
            "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
            "AIRFLOW__CORE__PARALLELISM": "2",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
            "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
            "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "3600",  # no test changes a DAG
            # A test does not wait five minutes to see that a process is dead, or that the time of a question is over.
            "AIRFLOW__SCHEDULER__SCHEDULER_HEARTBEAT_SEC": "1",
            "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD": "10",
            "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "5",
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_SEC": "2",
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "20",
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "2",
            "AIRFLOW__SCHEDULER__TRIGGER_TIMEOUT_CHECK_INTERVAL": "2",
        }  # fmt: skip
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, *components: str) -> None:
        """Start the processes, by default all of them, each the head of a group of its own."""
        for component in components or self.COMPONENTS:
            with (self.home.folder / f"{component}.log").open("ab") as log:
                self.processes[component] = subprocess.Popen(
                    [AIRFLOW, component, *self.COMPONENTS[component]],
                    env=self.environment,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )

    def kill(self, component: str) -> None:
        """End a process and all that it started, the tasks of a scheduler among them, as a power cut does."""
        os.killpg(self.processes[component].pid, signal.SIGKILL)
        self.processes[component].wait(timeout=10)

    def stop(self) -> None:
        """End every group, gently, then for good."""
        for end in (signal.SIGTERM, signal.SIGKILL):
            for process in self.processes.values():
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, end)
            for process in self.processes.values():
                with suppress(subprocess.TimeoutExpired):
                    process.wait(timeout=10)

    def call(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        """Call the REST API."""
        answer = requests.request(method, f"{self.url}/api/v2/{path}", json=body or None, timeout=30)
        answer.raise_for_status()
        return dict(answer.json())

    def wait_for(self, what: str, reached: Callable[[], bool]) -> None:
        """Wait until something holds; when it does not in time, or a process has ended, show the logs."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline and all(each.poll() is None for each in self.processes.values()):
            with suppress(requests.RequestException):
                if reached():
                    return
            time.sleep(1)
        pytest.fail(f"Airflow did not reach: {what}\n{self.logs()}")

    def logs(self) -> str:
        """The end of what each process said."""
        tails = {name: (self.home.folder / f"{name}.log").read_text(errors="replace") for name in self.COMPONENTS}
        return "\n".join(f"--- {name} ---\n{text[-4000:]}" for name, text in tails.items())

    def switch_on(self, dag_id: str) -> None:
        """Switch a DAG on as soon as it is known; the others stay as they come, switched off."""
        self.wait_for("the DAG", lambda: self.call("GET", f"dags?dag_id_pattern={dag_id}")["total_entries"] == 1)
        self.call("PATCH", f"dags/{dag_id}", is_paused=False)

    def trigger(self, dag_id: str, business_date: str) -> str:
        """Start a run for a business date, as the schedule does: by its partition key."""
        return str(
            self.call("POST", f"dags/{dag_id}/dagRuns", logical_date=None, partition_key=business_date)["dag_run_id"]
        )

    def wait_for_run(self, dag_id: str, run_id: str) -> str:
        """Wait until a run has ended; gives its state."""
        states = ("success", "failed")
        path = f"dags/{dag_id}/dagRuns/{run_id}"
        self.wait_for(f"the end of {dag_id} {run_id}", lambda: self.call("GET", path)["state"] in states)
        return str(self.call("GET", path)["state"])


@pytest.fixture(scope="module")
def start_scheduler(new_airflow_home: Callable[[], AirflowHome]) -> Iterator[Callable[..., Scheduler]]:
    """Start a whole Airflow, which ends with the module."""
    started: list[Scheduler] = []

    def start(environment: dict[str, str]) -> Scheduler:
        started.append(Scheduler(new_airflow_home(), environment))
        started[-1].start()
        return started[-1]

    yield start
    for scheduler in started:
        scheduler.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
