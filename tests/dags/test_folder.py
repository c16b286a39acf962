"""What every DAG file promises before anything runs."""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / "dags"
DAG_FILES = sorted(path for path in FOLDER.glob("*.py") if "@dag(" in path.read_text(encoding="utf-8"))
DAG_IDS = ["client_feedback_daily", "deliver_alerts", "deliver_summaries", "employee_pulse", "morning_summary"]
pytestmark = pytest.mark.airflow


@pytest.fixture(scope="module")
def found(migrated_home: Any) -> dict[str, Any]:
    """What Airflow finds in the folder, with a pool named for the DuckDB file."""
    script = Path(__file__).with_name("describe.py")
    done = migrated_home.run(sys.executable, script, SYMETRIE_WAREHOUSE_POOL="one_writer")
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_every_file_parses_to_the_one_dag_of_its_name(found: dict[str, Any]) -> None:
    assert found["errors"] == {}
    assert sorted(found["dags"]) == [path.stem for path in DAG_FILES] == DAG_IDS


def test_the_docstring_of_the_file_is_the_manual_in_the_ui(found: dict[str, Any]) -> None:
    for path in DAG_FILES:
        assert found["dags"][path.stem]["doc"] == ast.parse(path.read_text(encoding="utf-8")).body[0].value.value


def test_every_task_says_what_it_does_in_one_line(found: dict[str, Any]) -> None:
    for dag in found["dags"].values():
        for task in dag["tasks"].values():
            assert task["doc"].endswith(".")
            assert "\n" not in task["doc"]


def test_a_morning_run_carries_the_day_before_as_its_key_also_when_the_clocks_change(found: dict[str, Any]) -> None:
    assert found["dags"]["client_feedback_daily"]["partitions"] == [
        ["2026-03-29 05:30", "2026-03-28"],
        ["2026-10-25 05:30", "2026-10-24"],
        ["2026-11-21 05:30", "2026-11-20"],
    ]
    assert found["dags"]["morning_summary"]["partitions"] == [
        ["2026-03-29 07:00", "2026-03-28"],
        ["2026-10-25 07:00", "2026-10-24"],
        ["2026-11-21 07:00", "2026-11-20"],
    ]


def test_a_dag_of_the_morning_runs_at_once_when_it_is_switched_on_at_whatever_hour(found: dict[str, Any]) -> None:
    """Airflow alone would look at the clock: within 2.4 hours after half past five at once, else the next day."""
    mornings = ("client_feedback_daily", "morning_summary")
    assert [found["dags"][dag_id]["waits_when_switched_on"] for dag_id in mornings] == [False, False]


def test_the_tasks_that_write_to_duckdb_share_the_one_slot_pool(found: dict[str, Any]) -> None:
    pools = {
        f"{dag_id}.{task_id}": task["pool"]
        for dag_id, dag in found["dags"].items()
        for task_id, task in dag["tasks"].items()
    }
    assert {task for task, pool in pools.items() if pool == "one_writer"} == {
        "client_feedback_daily.alert",
        "client_feedback_daily.start",
        "client_feedback_daily.feedback.load",
        "client_feedback_daily.feedback.decide",
        "client_feedback_daily.score",
        "client_feedback_daily.score_released",
        "client_feedback_daily.sweep",
        "employee_pulse.answers.load",
        "employee_pulse.publish_campaigns",
        "employee_pulse.start",
        "morning_summary.write",
    }
    assert {pool for task, pool in pools.items()} == {"one_writer", "default_pool"}


def test_only_what_time_can_heal_is_tried_again(found: dict[str, Any]) -> None:
    assert found["decisions"] == {
        "ConnectionResetError": "retry",
        "TimeoutError": "retry",
        "OperationalError": "retry",
        "SymetrieError": "fail",
        "KeyError": "fail",
    }


def test_one_task_after_the_sources_emits_the_asset_and_one_after_a_release(found: dict[str, Any]) -> None:
    emitting = {
        task_id: task["outlets"]
        for task_id, task in found["dags"]["client_feedback_daily"]["tasks"].items()
        if task["outlets"]
    }
    assert emitting == {"publish": ["client_scores"], "score_released": ["client_scores"]}


def test_the_mornings_follow_the_clock_of_the_zone_that_the_environment_names(migrated_home: Any) -> None:
    script = Path(__file__).with_name("describe.py")
    done = migrated_home.run(sys.executable, script, SYMETRIE_TIMEZONE="Pacific/Auckland")
    partitions = json.loads(done.stdout.splitlines()[-1])["dags"]["client_feedback_daily"]["partitions"]
    assert partitions[-1] == ["2026-11-21 17:30", "2026-11-21"]  # 05:30 on the 22nd, in Auckland


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.name)
def test_a_file_of_the_folder_imports_at_its_top_only_airflow_s_public_side_and_its_neighbours(path: Path) -> None:
    allowed = ("airflow.sdk", "airflow.providers.", *(neighbour.stem for neighbour in FOLDER.glob("*.py")))
    for module in _imported_at_the_top(path):
        assert module.split(".")[0] in sys.stdlib_module_names or module.startswith(allowed)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.name)
def test_inside_its_functions_a_file_of_the_folder_reaches_no_further_than_the_pipelines(path: Path) -> None:
    inside = _imported(path) - _imported_at_the_top(path)
    allowed = ("airflow.sdk", "pipelines.", "airflow.providers.openlineage", "openlineage.client")
    assert all(module.startswith(allowed) for module in inside)


def _imported_at_the_top(path: Path) -> set[str]:
    return {name for node in ast.parse(path.read_text(encoding="utf-8")).body for name in _names(node)}


def _imported(path: Path) -> set[str]:
    return {name for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) for name in _names(node)}


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
