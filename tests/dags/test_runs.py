"""Both DAGs through Airflow, in one process: what `make run` does, on a good morning and on a bad one."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

DAGS = Path(__file__).parents[2] / "dags"
NOTHING_HELD = {"feedback.ask", "feedback.decide", "score_released"}
SYMETRIE = Path(sys.executable).with_name("symetrie")
pytestmark = pytest.mark.airflow


@dataclass(frozen=True)
class Morning:
    """A company after a morning, and what Airflow says about it."""

    company: Any
    airflow: Any
    process: subprocess.CompletedProcess[str]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the company's warehouse."""
        return list(self.company.rows(query))

    @property
    def said(self) -> str:
        """All that the process printed."""
        return self.process.stdout + self.process.stderr


def morning(company: Any, airflow: Any, *day: str, **more: str) -> Morning:
    return Morning(company, airflow, airflow.run(sys.executable, DAGS, *day, **company.environment, **more))


@pytest.fixture(scope="module")
def good(new_company: Any, new_airflow_home: Any) -> Morning:
    """A morning on which everything works."""
    return morning(new_company(), new_airflow_home())


@pytest.fixture(scope="module")
def bad(new_company: Any, new_airflow_home: Any) -> Morning:
    """A run for the day before yesterday, with one source that cannot be reached and one that knows no site of ours."""
    company = new_company()
    settings = company.home / "demo" / "symetrie.yaml"
    document = yaml.safe_load(settings.read_text(encoding="utf-8"))
    likeness = document["sources"][0]
    document["sources"] += [
        likeness | {"name": "unreachable", "path": "sftp://127.0.0.1/*.csv", "connection": "closed"},
        likeness | {"name": "nonsense", "path": "nonsense.csv"},
    ]
    settings.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    header = "N° réponse;Code magasin;Répondu le;Satisfaction globale\n"
    rows = [f"{number};Atlantis;02/03/2026 10:00;4\n" for number in range(100)]
    (settings.parent / "nonsense.csv").write_text("".join([header, *rows]), encoding="cp1252")
    (settings.parent / "nonsense.csv.done").touch()
    closed = "sftp://shop:opensesame@127.0.0.1:1"
    return morning(company, new_airflow_home(), company.day(2), AIRFLOW_CONN_CLOSED=closed)


def test_on_a_good_morning_every_task_of_both_dags_is_green(good: Morning) -> None:
    assert good.process.returncode == 0, good.said
    states = good.airflow.task_states("client_feedback_daily")
    assert set(states.values()) == {"success", "skipped"}
    assert {task.split("[")[0] for task, state in states.items() if state == "skipped"} == NOTHING_HELD
    assert good.airflow.task_states("morning_summary") == {"write": "success"}


def test_each_source_has_its_own_tasks_under_its_own_name(good: Morning) -> None:
    states = good.airflow.task_states("client_feedback_daily")
    sources = [name for (name,) in good.rows("SELECT DISTINCT source FROM core.client_response ORDER BY source")]
    assert len(sources) == 3
    assert {task for task in states if task.startswith("feedback.") and task.split("[")[0] not in NOTHING_HELD} == {
        f"feedback.{step}[{source}]" for step in ("extract", "validate", "load") for source in sources
    }


def test_the_asset_is_emitted_once_however_many_sources_there_are(good: Morning) -> None:
    assert good.airflow.rows("SELECT source_task_id FROM asset_event") == [("publish",)]


def test_every_record_of_the_run_is_accounted_for_in_the_ledger(good: Morning) -> None:
    accounted = "loaded_count + unchanged_count + superseded_count + quarantined_count + held_count"
    counts = good.rows(
        f"SELECT received_count, {accounted} FROM ops.run WHERE pipeline = 'client_feedback' AND run_id = "
        "(SELECT max(run_id) FROM ops.run WHERE pipeline = 'client_feedback')"
    )
    assert len(counts) == 3
    assert all(received == accounted > 0 for received, accounted in counts)


def test_airflow_and_the_command_line_leave_the_same_numbers(good: Morning, new_company: Any) -> None:
    other = new_company()
    done = good.airflow.run(SYMETRIE, "run", **other.environment)
    assert done.returncode == 0, done.stdout + done.stderr
    for table in ("mart.score", "mart.daily_count"):
        content = f"SELECT * FROM {table} ORDER BY ALL"
        assert good.rows(content) == other.rows(content) != []


def test_the_summaries_of_the_day_are_written(good: Morning) -> None:
    assert good.rows("SELECT business_date, count(*) > 0 FROM mart.summary GROUP BY business_date") == [
        (*good.rows("SELECT max(business_date) FROM mart.daily_count")[0], True)
    ]


def test_a_failing_source_turns_the_run_red_and_is_named(bad: Morning) -> None:
    assert bad.process.returncode == 1
    assert bad.airflow.task_states("client_feedback_daily")["report"] == "failed"
    assert "failed: unreachable" in bad.said
    assert "held: nonsense" in bad.said


def test_a_failing_source_stops_neither_the_others_nor_the_scores_nor_the_summary(bad: Morning) -> None:
    states = bad.airflow.task_states("client_feedback_daily")
    del states["feedback.decide"]  # never started for any source, hence one name for all of them
    failed = {task: state for task, state in states.items() if state not in ("success", "skipped")}
    assert failed == {
        "feedback.extract[unreachable]": "failed",
        "feedback.validate": "upstream_failed",  # never started, hence without the name of its source
        "feedback.load": "upstream_failed",
        "feedback.ask": "upstream_failed",
        "report": "failed",
    }
    assert bad.airflow.rows("SELECT source_task_id FROM asset_event") == [("publish",)]
    assert bad.airflow.task_states("morning_summary") == {"write": "success"}


def test_a_run_that_may_not_ask_leaves_a_held_batch_to_the_command_line(bad: Morning) -> None:
    """Without a scheduler no question would ever come to its end."""
    states = bad.airflow.task_states("client_feedback_daily")
    assert (states["feedback.load[nonsense]"], states["score_released"]) == ("success", "skipped")


def test_a_connection_comes_from_airflow_and_its_password_is_not_said(bad: Morning) -> None:
    assert "port 1 on 127.0.0.1" in bad.said
    assert "opensesame" not in bad.said


def test_the_day_comes_from_the_parameter_first(bad: Morning) -> None:
    assert bad.rows("SELECT CAST(business_date AS VARCHAR) FROM ops.run WHERE source = 'nonsense'") == [
        (bad.company.day(2),)
    ]


def test_the_ledger_says_which_source_failed_and_which_batch_is_held(bad: Morning) -> None:
    last = "(SELECT max(run_id) FROM ops.run WHERE pipeline = 'client_feedback')"
    status = dict(
        bad.rows(f"SELECT source, status FROM ops.run WHERE pipeline = 'client_feedback' AND run_id = {last}")
    )
    assert (status.pop("nonsense"), status.pop("unreachable")) == ("held", "failed")
    assert set(status.values()) == {"published"}


def test_a_held_batch_says_why_in_the_log_of_its_load(bad: Morning) -> None:
    assert re.search(r"batch.held.*unknown_unit|batch.held.*refused", bad.said)
