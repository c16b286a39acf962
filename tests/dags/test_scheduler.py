"""Days in the life of a whole Airflow: scheduler, DAG processor, API server and workers, as processes.

The scheduler and a task are killed in the middle of a backfill, forwards; a daily run comes between; a backfill
backwards follows; then the gate holds two batches. SYMETRIE_TORTURE_DAYS says how many days, two by default.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import duckdb
import pytest

pytestmark = pytest.mark.airflow
SYMETRIE = Path(sys.executable).with_name("symetrie")
DAG_ID = "client_feedback_daily"
DAYS = int(os.environ.get("SYMETRIE_TORTURE_DAYS", "2"))
PATIENCE_SECONDS = 300 + 120 * DAYS
READING_SECONDS = 20
"""Nobody answers a question in the second it appears: Airflow 3.3 would then take the end of the process that asked
for that of the resumed task, begin a second try of it, and let the run wait until it gives the task up."""
SCHEDULED_AT = timedelta(hours=5, minutes=30)
# The day that the last morning was about: at night the morning to come has not run yet.
YESTERDAY = (datetime.now(ZoneInfo("Europe/Paris")) - SCHEDULED_AT).date() - timedelta(days=1)
FIRST, LAST = YESTERDAY - timedelta(days=DAYS), YESTERDAY - timedelta(days=1)
SETTINGS = """\
network:
  units:
    - {{id: shops, kind: network, name: Two shops, timezone: Europe/Paris}}
    - {{id: lyon, kind: site, name: Lyon, parent: shops}}
    - {{id: nice, kind: site, name: Nice, parent: shops}}
questionnaires:
  test-1:
    overall: {{field: mark, scale: one_to_five}}
gate: {{default: discard, wait_minutes: {wait_minutes}}}
sources:
  - name: survey
    kind: rest
    path: /answers
    connection: survey_api
    questionnaire: test-1
    records: items
    fields: {{response_id: id, unit_id: shop, submitted_at: at}}
    window: {{start: from, end: to, field: at, reread_days: 0}}
{more}"""
DROPS = """\
  - name: drops
    kind: files
    path: drops/*.csv
    questionnaire: test-1
    settle_seconds: 0
    fields: {response_id: id, unit_id: shop, submitted_at: at}
"""


class SurveyAPI(ThreadingHTTPServer):
    """A survey with forty answers a day; the windows that it is told to keep waiting hang until they are let go."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.held_up: dict[str, threading.Event] = {}
        self.reached: dict[str, threading.Event] = {}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def hold_up(self, day: date) -> None:
        """Let the first window that ends with that day hang."""
        self.held_up[str(day)], self.reached[str(day)] = threading.Event(), threading.Event()

    def let_go(self, day: date) -> None:
        """Answer from now on."""
        self.held_up.pop(str(day)).set()


class Handler(BaseHTTPRequestHandler):
    server: SurveyAPI

    def do_GET(self) -> None:
        asked = dict(parse_qsl(urlsplit(self.path).query))
        start, end = (datetime.fromisoformat(asked[name]) for name in ("from", "to"))
        last = f"{(end - timedelta(hours=12)).date()}"
        if last in self.server.held_up:
            self.server.reached[last].set()
            self.server.held_up[last].wait(60)
        body = json.dumps({"items": [each for each in answers() if start <= at(each) < end]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def answers() -> Iterator[dict[str, Any]]:
    """Forty answers on each day, from FIRST to yesterday."""
    for number in range(DAYS + 1):
        for minute in range(40):
            moment = f"{FIRST + timedelta(days=number)}T10:{minute:02}:00+00:00"
            shop, mark = ("lyon", "nice")[minute % 2], 1 + (number + minute) % 5
            yield {"id": f"{number}-{minute}", "shop": shop, "at": moment, "mark": mark}


def at(answer: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(answer["at"])


@dataclass
class House:
    """A company that asks the survey, in a folder of its own."""

    folder: Path
    api: SurveyAPI

    def settle(self, *, wait_minutes: float = 60, with_drops: bool = False) -> None:
        """Write the settings."""
        (self.folder / "drops").mkdir(exist_ok=True)
        text = SETTINGS.format(wait_minutes=wait_minutes, more=DROPS if with_drops else "")
        (self.folder / "symetrie.yaml").write_text(text, encoding="utf-8")

    def drop_nonsense(self, name: str) -> None:
        """Drop a file that the gate stops: most of its shops are unknown."""
        lines = [f"{name}{n},{'paris' if n > 9 else 'lyon'},{YESTERDAY} 11:00,5" for n in range(40)]
        (self.folder / "drops" / f"{name}.csv").write_text("\n".join(["id,shop,at,mark", *lines, ""]), encoding="utf-8")

    @property
    def environment(self) -> dict[str, str]:
        """Where a process finds it, and the survey."""
        return {
            "SYMETRIE_HOME": str(self.folder / "home"),
            "SYMETRIE_CONFIG": str(self.folder / "symetrie.yaml"),
            "AIRFLOW_CONN_SURVEY_API": f"http://127.0.0.1:{self.api.server_port}/http",
        }

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask its warehouse, once nobody else has it open."""
        for _ in range(100):
            try:
                with duckdb.connect(str(self.folder / "home" / "warehouse.duckdb"), read_only=True) as connection:
                    return connection.execute(query).fetchall()
            except duckdb.IOException:
                time.sleep(0.2)
        pytest.fail("the warehouse is never free")

    def content(self) -> dict[str, list[tuple[Any, ...]]]:
        """What promise 2 calls content, of core and mart."""
        without = {"core.client_response": "EXCLUDE (run_id, version_at)", "mart.daily_count": "", "mart.score": ""}
        return {table: self.rows(f"SELECT * {left} FROM {table} ORDER BY ALL") for table, left in without.items()}


@dataclass
class Life:
    """What was seen of these days, and what is left of them."""

    airflow: Any
    house: House
    exits: dict[str, int] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    content: dict[str, dict[str, list[tuple[Any, ...]]]] = field(default_factory=dict)

    def backfill(self, *options: str) -> subprocess.Popen[str]:
        """`symetrie backfill`, as somebody types it."""
        connection = {"AIRFLOW_CONN_AIRFLOW": self.airflow.url}
        return subprocess.Popen(
            [SYMETRIE, "backfill", "--from", str(FIRST), "--to", str(LAST), *options],
            env=self.airflow.home.environment | self.house.environment | connection,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def finish(self, name: str, process: subprocess.Popen[str]) -> None:
        """Wait for a command, and keep what it said."""
        self.said[name], _ = process.communicate(timeout=PATIENCE_SECONDS)
        self.exits[name] = process.returncode
        self.content[name] = self.house.content()

    def kill_the_task(self, task_id: str) -> None:
        """Kill the process of a running task."""
        [(pid,)] = self.airflow.home.rows(
            f"SELECT pid FROM task_instance WHERE state = 'running' AND task_id = '{task_id}'"
        )
        os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def life(start_scheduler: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    """A backfill with a scheduler and a task killed in it, a daily run meanwhile, and a backfill backwards."""
    api = SurveyAPI()
    house = House(tmp_path_factory.mktemp("house"), api)
    house.settle()
    airflow = start_scheduler({"SYMETRIE_WAREHOUSE_POOL": "one_writer", **house.environment})
    airflow.wait_for("the API", lambda: bool(airflow.call("GET", "pools")))
    airflow.call("POST", "pools", name="one_writer", slots=1, description="", include_deferred=False)
    airflow.switch_on(DAG_ID)
    lived = Life(airflow, house)

    api.hold_up(FIRST)
    forwards = lived.backfill()
    assert api.reached[str(FIRST)].wait(PATIENCE_SECONDS), airflow.logs()
    airflow.kill("scheduler")
    api.hold_up(FIRST + timedelta(days=1))
    api.let_go(FIRST)
    airflow.start("scheduler")

    assert api.reached[str(FIRST + timedelta(days=1))].wait(PATIENCE_SECONDS), airflow.logs()
    lived.kill_the_task("feedback.extract")
    api.let_go(FIRST + timedelta(days=1))

    daily = airflow.trigger(DAG_ID, str(YESTERDAY))
    lived.finish("forwards", forwards)
    lived.states["daily"] = airflow.wait_for_run(DAG_ID, daily)
    lived.content["daily"] = house.content()
    lived.finish("backwards", lived.backfill("--reverse", "--again"))
    yield lived
    api.shutdown()
    api.server_close()


def test_a_backfill_outlives_its_scheduler_and_a_task_and_says_that_all_days_are_green(life: Life) -> None:
    """Both were killed with -9 in the middle of a day."""
    assert life.exits["forwards"] == 0, life.said["forwards"] + life.airflow.logs()
    assert f"{DAYS} days through Airflow, 0 of them red." in life.said["forwards"]


def test_the_keys_of_a_backfill_are_the_business_dates_asked_for(life: Life) -> None:
    """Both ends included, one after the other, then backwards."""
    keys = [key for (key,) in life.airflow.home.rows(
        "SELECT partition_key FROM backfill_dag_run ORDER BY backfill_id, sort_ordinal"
    )]  # fmt: skip
    asked = [str(FIRST + timedelta(days=number)) for number in range(DAYS)]
    assert keys == [*asked, *reversed(asked)]


def test_a_daily_run_in_the_middle_of_a_backfill_is_green_and_tells_once_that_scores_are_there(life: Life) -> None:
    assert life.states["daily"] == "success"
    assert life.airflow.home.rows(
        f"SELECT source_task_id FROM asset_event WHERE partition_key = '{YESTERDAY}' ORDER BY id LIMIT 1"
    ) == [("publish",)]


def test_forwards_backwards_and_in_process_end_in_the_same_content(life: Life, tmp_path: Path) -> None:
    """Every answer of every day, once, with the same scores."""
    house = House(tmp_path, life.house.api)
    house.settle()
    done = life.airflow.home.run(SYMETRIE, "run", "--from", str(FIRST), "--to", str(YESTERDAY), **house.environment)
    assert done.returncode == 0, done.stdout + done.stderr
    in_process = house.content()
    assert len(in_process["core.client_response"]) == 40 * (DAYS + 1)
    assert life.content["backwards"] == in_process
    assert life.content["daily"] == in_process


def test_every_run_adds_up(life: Life) -> None:
    done = life.airflow.home.run(SYMETRIE, "warehouse", "check", **life.house.environment)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def asked(life: Life) -> dict[str, Any]:
    """A held batch: what Airflow shows while nobody has answered, and what stands there after somebody has."""
    life.house.settle(with_drops=True)
    life.house.drop_nonsense("a")
    run_id = life.airflow.trigger(DAG_ID, str(YESTERDAY))
    where = f"dags/{DAG_ID}/dagRuns/{run_id}"
    life.airflow.wait_for(
        "the question", lambda: life.airflow.call("GET", f"{where}/hitlDetails")["total_entries"] == 1
    )
    [question] = life.airflow.call("GET", f"{where}/hitlDetails")["hitl_details"]
    waiting = {"feedback.ask[drops]": "awaiting_input", "publish": "success"}
    life.airflow.wait_for(
        "the scores beside the open question", lambda: waiting.items() <= task_states(life, run_id).items()
    )
    meanwhile = task_states(life, run_id)
    time.sleep(READING_SECONDS)
    index = question["task_instance"]["map_index"]
    life.airflow.call(
        "PATCH", f"{where}/taskInstances/feedback.ask/{index}/hitlDetails", chosen_options=["Release"], params_input={}
    )
    state = life.airflow.wait_for_run(DAG_ID, run_id)
    return {"question": question, "meanwhile": meanwhile, "state": state, "after": task_states(life, run_id)}


def task_states(life: Life, run_id: str) -> dict[str, str]:
    """The state of every task of a run; mapped ones under the name that the UI shows."""
    found = life.airflow.home.rows(
        f"SELECT task_id, rendered_map_index, state FROM task_instance WHERE run_id = '{run_id}'"
    )
    return {f"{task}[{label}]" if label else task: state for task, label, state in found}


def decision(life: Life) -> tuple[str, dict[str, Any]]:
    """The status and the decision of the batch that was held last."""
    [(status, detail)] = life.house.rows(
        "SELECT status, detail FROM ops.run WHERE detail LIKE '%\"decision\"%' ORDER BY started_at DESC LIMIT 1"
    )
    return status, json.loads(detail)["decision"]


def test_the_question_names_the_source_and_the_reason(asked: dict[str, Any]) -> None:
    assert asked["question"]["subject"] == f"drops: release or discard the batch of {YESTERDAY}?"
    assert "source drops: batch held" in asked["question"]["body"]
    assert (asked["question"]["options"], asked["question"]["defaults"]) == (
        ["Release", "Discard", "Keep held"],
        ["Discard"],
    )


def test_nobody_waits_for_the_answer(asked: dict[str, Any]) -> None:
    """The other source is scored and told of while the question stands."""
    assert asked["meanwhile"]["feedback.ask[drops]"] == "awaiting_input"
    assert (asked["meanwhile"]["score"], asked["meanwhile"]["publish"]) == ("success", "success")


def test_a_released_batch_is_published_scored_and_told_of_again(life: Life, asked: dict[str, Any]) -> None:
    assert asked["state"] == "success"
    assert asked["after"]["score_released"] == "success"
    assert life.house.rows("SELECT count(*) FROM core.client_response WHERE source = 'drops'") == [(10,)]
    status, said = decision(life)
    assert (status, said["verdict"], said["by_default"]) == ("released", "release", False)
    assert said["decided_by"]


def test_a_question_that_nobody_answers_ends_in_the_default(life: Life, asked: dict[str, Any]) -> None:
    """The time is that of the settings; the run ends green, and the ledger says that nobody decided."""
    life.house.settle(wait_minutes=0.1, with_drops=True)
    life.house.drop_nonsense("b")
    run_id = life.airflow.trigger(DAG_ID, str(YESTERDAY))
    assert life.airflow.wait_for_run(DAG_ID, run_id) == "success"
    status, said = decision(life)
    assert (status, said["verdict"], said["by_default"], said["decided_by"]) == ("discarded", "discard", True, None)
    assert life.house.rows("SELECT count(*) FROM core.client_response WHERE source = 'drops'") == [(10,)]
