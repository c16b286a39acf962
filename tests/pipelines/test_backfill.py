"""What `symetrie backfill` asks of Airflow, and what it makes of the answers; an Airflow itself is in tests/dags."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from pipelines import backfill
from pipelines.backfill import Backfill, run_backfill
from pipelines.connections import Connection
from pipelines.errors import SymetrieError, Unreachable
from pipelines.ranges import Days

DAYS = Days(date(2026, 11, 10), date(2026, 11, 12))
KEYS = ["2026-11-10", "2026-11-11", "2026-11-12"]
OF_THESE_DAYS = {"from_date": "2026-11-10T00:00:00Z", "to_date": "2026-11-12T23:59:59Z"}
DAG = "/api/v2/dags/client_feedback_daily"


class StubAirflow:
    """The part of Airflow's API that a backfill needs; what it would do is set by the test."""

    def __init__(self, server: HTTPServer) -> None:
        self.connection = Connection("http", server.host, port=server.port)
        self.is_paused, self.planned, self.refusal = False, list(KEYS), 0
        self.runs = [("success", "success", "success")]
        self.others: list[dict[str, Any]] = []
        self.under_way: dict[str, Any] = {}
        self.looks = self.takes = 0
        self.created: list[dict[str, Any]] = []
        self.tokens: set[str | None] = set()
        server.expect_request(DAG).respond_with_handler(self._dag)
        server.expect_request(f"{DAG}/dagRuns").respond_with_handler(self._runs)
        server.expect_request("/api/v2/backfills/dry_run").respond_with_handler(self._plan)
        server.expect_request("/api/v2/backfills", method="POST").respond_with_handler(self._create)
        server.expect_request("/api/v2/backfills", method="GET").respond_with_handler(self._list)
        server.expect_request("/api/v2/backfills/1").respond_with_handler(self._one)
        server.expect_request("/auth/token", json={"username": "camille", "password": "opensesame"}).respond_with_json(
            {"access_token": "a token"}
        )

    def _dag(self, request: Request) -> Response:
        self.tokens.add(request.headers.get("Authorization"))
        return answer({"is_paused": self.is_paused})

    def _plan(self, request: Request) -> Response:
        return answer({"backfills": [{"partition_key": key} for key in self.planned]})

    def _create(self, request: Request) -> Response:
        if self.refusal:
            return answer({"detail": "refused by the test"}, self.refusal)
        self.created.append(request.get_json())
        return answer({"id": 1, **OF_THESE_DAYS})

    def _list(self, request: Request) -> Response:
        return answer({"backfills": [self.under_way], "total_entries": 1})

    def _one(self, request: Request) -> Response:
        self.looks += 1
        return answer({"completed_at": None if self.looks <= self.takes else "2026-11-22T06:00:00Z"})

    def _runs(self, request: Request) -> Response:
        states = self.runs.pop(0) if len(self.runs) > 1 else self.runs[0]
        runs = [run(key, state, "2026-11-22T06:00:00Z") for key, state in zip(KEYS, states, strict=False)]
        return answer({"dag_runs": [*self.others, *runs], "total_entries": len(runs) + len(self.others)})


def run(key: str, state: str, end: str) -> dict[str, Any]:
    return {"partition_key": key, "state": state, "end_date": end if state in ("success", "failed") else None}


def answer(content: dict[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(content), status, content_type="application/json")


@pytest.fixture
def airflow(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> StubAirflow:
    """An Airflow that does as it is told, at once."""
    monkeypatch.setattr(backfill, "ASK_EVERY_SECONDS", 0)
    return StubAirflow(httpserver)


@pytest.fixture
def run_it(airflow: StubAirflow) -> Callable[..., dict[str, str]]:
    """Run a backfill of three days."""
    return lambda **options: run_backfill(Backfill(DAYS, **options), airflow.connection, on_progress=lambda *_: None)


def test_both_days_at_the_ends_are_asked_for_one_after_the_other_and_without_questions(airflow, run_it) -> None:
    run_it()
    assert airflow.created == [
        {
            "dag_id": "client_feedback_daily",
            **OF_THESE_DAYS,
            "run_backwards": False,
            "reprocess_behavior": "failed",
            "max_active_runs": 1,
            "dag_run_conf": {"ask": False},
        }
    ]


def test_reverse_and_again_reach_airflow(airflow, run_it) -> None:
    run_it(reverse=True, again=True)
    assert (airflow.created[0]["run_backwards"], airflow.created[0]["reprocess_behavior"]) == (True, "completed")


def test_of_several_runs_of_a_day_the_one_that_ended_last_counts(airflow, run_it) -> None:
    """The schedule may run a day too while a backfill is at it, and be faster or slower."""
    airflow.others = [run(KEYS[0], "failed", "2026-11-22T05:00:00Z"), run(KEYS[1], "failed", "2026-11-22T07:00:00Z")]
    assert run_it() == dict(zip(KEYS, ("success", "failed", "success"), strict=True))


def test_a_day_is_at_work_while_any_run_of_it_is(airflow, run_it) -> None:
    airflow.runs = [("queued", "success", "success"), ("failed", "success", "success")]
    airflow.others = [run(KEYS[0], "success", "2026-11-22T05:00:00Z")]
    assert run_it()[KEYS[0]] == "failed"


def test_the_end_is_waited_for(airflow, run_it) -> None:
    airflow.runs = [("running", "queued", "queued"), ("success", "running", "queued"), ("success", "failed", "success")]
    assert run_it() == dict(zip(KEYS, ("success", "failed", "success"), strict=True))


def test_airflow_s_own_end_of_a_backfill_is_waited_for(airflow, run_it) -> None:
    """Before, it would refuse the next one."""
    airflow.takes = 3
    run_it()
    assert airflow.looks == 4


def test_a_plan_with_another_day_is_refused_before_anything_starts(airflow, run_it) -> None:
    airflow.planned.append("2026-11-13")
    with pytest.raises(SymetrieError, match=r"would also run 2026-11-13; nothing was started"):
        run_it()
    assert airflow.created == []


def test_a_day_without_a_run_is_named(airflow, run_it) -> None:
    airflow.runs = [("success", "success")]
    with pytest.raises(SymetrieError, match=r"made no run for 2026-11-12"):
        run_it()


def test_a_paused_dag_is_named_instead_of_waited_for(airflow, run_it) -> None:
    airflow.is_paused = True
    with pytest.raises(SymetrieError, match="is paused in Airflow; switch it on"):
        run_it()


def test_a_command_that_was_stopped_goes_on_waiting_for_its_own_backfill(airflow, run_it) -> None:
    airflow.refusal, airflow.under_way = 409, {"id": 1, **OF_THESE_DAYS}
    assert set(run_it().values()) == {"success"}


def test_another_backfill_under_way_is_not_mistaken_for_this_one(airflow, run_it) -> None:
    airflow.refusal, airflow.under_way = 409, {"id": 1, **OF_THESE_DAYS, "from_date": "2026-11-01T00:00:00Z"}
    with pytest.raises(SymetrieError, match="is at another one; wait for its end"):
        run_it()


def test_what_airflow_refuses_is_said_in_its_own_words(airflow, run_it) -> None:
    airflow.refusal = 422
    with pytest.raises(SymetrieError, match=r"refuses with 422: .*refused by the test"):
        run_it()


@pytest.mark.parametrize(
    ("login", "password", "header"),
    [
        ("camille", "opensesame", "Bearer a token"),
        (None, "a token of mine", "Bearer a token of mine"),
        (None, None, None),
    ],
)
def test_login_and_password_become_a_token(airflow, login, password, header) -> None:
    """A password alone is a token; an Airflow where everybody is admin needs neither."""
    known = airflow.connection
    mine = Connection("http", known.host, login=login, password=password, port=known.port)
    run_backfill(Backfill(DAYS), mine, on_progress=lambda *_: None)
    assert airflow.tokens == {header}


def test_where_no_airflow_answers_one_line_says_so_at_once() -> None:
    with pytest.raises(Unreachable, match=r"no Airflow answers at http://127.0.0.1:1 \(ConnectionError\); start it"):
        run_backfill(Backfill(DAYS), Connection("http", "127.0.0.1", port=1), on_progress=lambda *_: None)
