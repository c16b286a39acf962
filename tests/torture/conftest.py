"""A small company under torture: its files, its runs in processes that may be killed, what its warehouse holds."""

from __future__ import annotations

import json
import os
import random
import signal
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
import yaml

from pipelines.run import run_days
from pipelines.settings import Settings, load_settings
from pipelines.warehouse import open_warehouse
from pipelines.warehouse.check import problems
from pipelines.warehouse.tables import METADATA

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 6)
UNITS = ("north", "south", "station")
# What a run writes about itself, and no reader of scores sees.
ABOUT_THE_RUN = {"run_id", "written_at", "withdrawn_at"}
SEED = int(os.environ.get("SYMETRIE_SEED", "20261122"))
_database_numbers = count(1)


@dataclass(frozen=True)
class House:
    """One warehouse and one home of the company."""

    home: Path
    url: str
    config: Path

    @property
    def settings(self) -> Settings:
        """The company's settings, for this house."""
        return load_settings(self.config, {"SYMETRIE_HOME": str(self.home), "SYMETRIE_WAREHOUSE_URL": self.url})

    def run(self) -> None:
        """The whole range; whatever fails ends the process red."""
        report = run_days(self.settings, LAST, first_date=FIRST)
        if report.failures:
            raise AssertionError(report.failures)

    def told(self) -> Mapping[str, Any]:
        """What the warehouse tells its readers, and whether its books balance."""
        with closing(open_warehouse(self.url, self.home)) as warehouse:
            with warehouse.reading() as connection:
                tables = [table for table in METADATA.sorted_tables if table.schema in ("core", "mart")]
                found: dict[str, Any] = {table.fullname: _digest(connection, table) for table in tables}
                ledger = METADATA.tables["ops.run"]
                sums = [sa.func.sum(ledger.c[f"{name}_count"]) for name in ("received", "quarantined")]
                found["received, quarantined"] = [int(value) for value in connection.execute(sa.select(*sums)).one()]
            found["problems"] = problems(warehouse)
        return found


def _digest(connection: sa.Connection, table: sa.Table) -> str:
    columns = [column for column in table.columns if column.name not in ABOUT_THE_RUN]
    rows = sorted(repr(tuple(map(_plain, row))) for row in connection.execute(sa.select(*columns)))
    return f"{len(rows)} rows, {sha256(chr(10).join(rows).encode()).hexdigest()[:16]}"


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return round(value, 9) if isinstance(value, float) else value


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six days of two sources: new, edited, late and repeated answers, and some that are refused."""
    folder, rng = tmp_path_factory.mktemp("company"), random.Random(SEED)
    for offset in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=offset)
        till = [_answer(rng, f"t{offset}-{number}", day) for number in range(40)]
        edited = [_answer(rng, f"t{offset - 1}-{number}", day - timedelta(days=1)) for number in range(5) if offset]
        late = [_answer(rng, f"late{offset}-{number}", day - timedelta(days=2)) for number in range(3)]
        _write_csv(folder / "till" / f"answers_{day}.csv", [*till, *edited, *late, *till[:2]])
        web = [_answer(rng, f"w{offset}-{number}", day) for number in range(30)]
        bad = [web[0] | {"response_id": f"bad{offset}", "unit_id": "nowhere"}]
        _write_lines(folder / "web" / f"answers_{day}.jsonl", [*web, *bad])
    config = folder / "symetrie.yaml"
    config.write_text(yaml.safe_dump(_settings()), encoding="utf-8")
    return config


def _settings() -> dict[str, Any]:
    shop = {"kind": "site", "timezone": "Europe/Paris", "parent": "shops"}
    return {
        "network": {
            "units": [
                {"id": "shops", "kind": "network", "name": "Shops", "timezone": "Europe/Paris"},
                *({"id": unit, "name": unit.title(), **shop} for unit in UNITS),
            ]
        },
        "sources": [
            {"name": "till", "path": "till/*.csv", "questionnaire": "desk", "settle_seconds": 0},
            {"name": "web", "path": "web/*.jsonl", "questionnaire": "desk", "settle_seconds": 0},
        ],
        "questionnaires": {
            "desk": {
                "overall": {"field": "overall", "scale": "one_to_five"},
                "nps": {"field": "nps", "scale": "nps_0_10"},
                "listening": {"field": "listening", "scale": "one_to_five"},
            }
        },
    }


def _answer(rng: random.Random, response_id: str, day: date) -> dict[str, str]:
    return {
        "response_id": response_id,
        "unit_id": rng.choice(UNITS),
        "submitted_at": f"{day}T{rng.randrange(8, 20):02d}:{rng.randrange(60):02d}:00",
        "overall": str(rng.randint(1, 5)),
        "nps": str(rng.randint(0, 10)),
        "listening": rng.choice(["1", "2", "3", "4", "5", ""]),
        "verbatim": rng.choice(["", "Très bien reçue", "Trop d'attente en caisse"]),
    }


def _write_csv(file: Path, rows: list[dict[str, str]]) -> None:
    file.parent.mkdir(exist_ok=True)
    lines = [";".join(rows[0]), *(";".join(row.values()) for row in rows)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_lines(file: Path, rows: list[dict[str, str]]) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture
def new_database(postgresql_server: str, postgresql_template: str) -> Iterator[Callable[[], str]]:
    """Give migrated PostgreSQL databases, which go with the test."""
    made: list[str] = []

    def make() -> str:
        made.append(f"torture_{os.getpid()}_{next(_database_numbers)}")
        with psycopg.connect(postgresql_server, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{made[-1]}" TEMPLATE "{postgresql_template}"')
        address = postgresql_server.replace("postgresql://", "postgresql+psycopg://")
        return address.replace("/postgres?", f"/{made[-1]}?")

    yield make
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        for name in made:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["duckdb", "postgresql"])
def new_house(
    request: pytest.FixtureRequest, company: Path, new_database: Callable[[], str], tmp_path_factory: Any
) -> Callable[[], House]:
    """Give empty houses, once per engine."""

    def make() -> House:
        home = tmp_path_factory.mktemp("house")
        url = f"duckdb:///{home / 'warehouse.duckdb'}" if request.param == "duckdb" else new_database()
        return House(home, url, company)

    return make


def start_child(work: Callable[[], object]) -> int:
    """Do the work in a fork, whose imports are warm already; gives its process id."""
    child = os.fork()
    if child:
        return child
    try:
        work()
    except BaseException:  # noqa: BLE001  (the parent reads the exit code)
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def end_of(child: int) -> int:
    """Wait for a child; gives its exit code, or minus the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.fixture
def in_child() -> Callable[[Callable[[], object]], float]:
    """Do something in a process of its own, to its end; gives the seconds it took."""

    def run(work: Callable[[], object]) -> float:
        began = time.monotonic()
        assert end_of(start_child(work)) == 0, "the child ended red; its traceback stands above"
        return time.monotonic() - began

    return run


@pytest.fixture
def kill_after() -> Callable[[Callable[[], object], float], bool]:
    """Start something in a process of its own and kill it after some seconds; whether it was still at work."""

    def run(work: Callable[[], object], seconds: float) -> bool:
        child = start_child(work)
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        return end_of(child) == -signal.SIGKILL

    return run
