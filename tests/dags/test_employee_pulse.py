"""The pulse through Airflow: stored and published, and nobody's name in what Airflow keeps, says or hands over."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

DAGS = Path(__file__).parents[2] / "dags"
SYMETRIE = Path(sys.executable).with_name("symetrie")
pytestmark = pytest.mark.airflow


@dataclass(frozen=True)
class Morning:
    """A company whose teams are asked, after a morning of all DAGs."""

    company: Any
    airflow: Any
    process: subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def morning(new_airflow_home: Any, tmp_path_factory: pytest.TempPathFactory) -> Morning:
    home, airflow = tmp_path_factory.mktemp("asked"), new_airflow_home()
    environment = {"SYMETRIE_HOME": str(home), "SYMETRIE_CONFIG": str(home / "demo" / "symetrie.yaml")}
    size = ("--sites", "6", "--days", "35", "--answers-per-day", "40")
    made = airflow.run(SYMETRIE, "demo", "--history", *size, **environment)
    assert made.returncode == 0, made.stdout + made.stderr
    return Morning(home, airflow, airflow.run(sys.executable, DAGS, **environment))


def test_the_teams_are_asked_beside_the_clients(morning: Morning) -> None:
    assert morning.process.returncode == 0, morning.process.stdout + morning.process.stderr
    states = morning.airflow.task_states("employee_pulse")
    assert {states[f"answers.{step}[pouls]"] for step in ("extract", "validate", "load")} == {"success"}
    assert "feedback.load[double_ecoute]" in morning.airflow.task_states("client_feedback_daily")


def test_no_name_address_or_login_is_in_the_house_in_airflow_s_tables_or_in_any_log(morning: Morning) -> None:
    """Every byte of the warehouse, the landing, the pages and mails, of XComs and logs, and all that was printed."""
    demo = morning.company / "demo"
    planted = json.loads((demo / "truth" / "pulse" / "planted.json").read_text(encoding="utf-8"))
    files = [file for file in morning.company.rglob("*") if file.is_file() and demo not in file.parents]
    files += [file for file in morning.airflow.folder.rglob("*") if file.is_file()]
    written = [file.read_bytes() for file in files]
    plain = b"\n".join(gzip.decompress(each) if each.startswith(b"\x1f\x8b") else each for each in written)
    said = (morning.process.stdout + morning.process.stderr).encode()
    for kind in ("last_names", "emails", "logins"):
        assert [name for name in planted[kind] if name.encode() in plain + said] == [], kind
