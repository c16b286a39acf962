"""A held batch: somebody decides, or the default does when its time is over, and the ledger keeps which."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from pipelines import held, steps
from pipelines.gate import Decision
from pipelines.run import RunReport, run_days
from pipelines.settings import Settings
from pipelines.warehouse import open_warehouse
from pipelines.warehouse.check import problems
from pipelines.warehouse.tables import client_response, run, score

DAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 21, 4, 30, tzinfo=UTC)
Configure = Callable[..., Settings]


@pytest.fixture
def hold(configure: Configure, drop: Callable[..., Any]) -> Callable[..., tuple[Settings, RunReport]]:
    """Run the day of a source whose file the gate stops, at half past five in Paris."""

    def run_it(gate: str) -> tuple[Settings, RunReport]:
        settings = configure(gate=gate)
        drop("a.csv", 10, bad=20)
        with time_machine.travel(NOW):
            return settings, run_days(settings, DAY)

    return run_it


def rows(settings: Settings, *columns: Any) -> list[tuple[Any, ...]]:
    with closing(open_warehouse(settings.warehouse_url, settings.home)) as warehouse, warehouse.reading() as connection:
        return [tuple(row) for row in connection.execute(sa.select(*columns))]


def ledger(settings: Settings) -> tuple[str, dict[str, Any]]:
    """The status and the detail of the batch."""
    [(status, detail)] = [
        row[1:] for row in rows(settings, run.c.pipeline, run.c.status, run.c.detail) if row[0] == "client_feedback"
        and json.loads(row[2])["failed_checks"]
    ]  # fmt: skip
    return status, json.loads(detail)


def test_a_batch_is_held_with_its_reason_and_the_moment_up_to_which_somebody_may_decide(hold) -> None:
    settings, report = hold("{wait_minutes: 90}")
    status, detail = ledger(settings)
    assert status == "held"
    assert "batch held" in report.failures["survey"]
    assert NOW + timedelta(minutes=90) <= datetime.fromisoformat(detail["decide_by"]) < NOW + timedelta(minutes=95)


@pytest.mark.parametrize(
    ("default", "status", "answers"),
    [("release", "released", 10), ("discard", "discarded", 0), ("keep_held", "held", 0)],
)
def test_the_next_run_applies_the_default_once_the_time_is_over_and_says_so(
    hold, default: str, status: str, answers: int
) -> None:
    settings, _ = hold(f"{{default: {default}, wait_minutes: 60}}")
    with time_machine.travel(NOW + timedelta(hours=24)):
        report = run_days(settings, DAY + timedelta(days=1))
    assert "survey: nobody decided in time" in report.warnings[0]
    found, detail = ledger(settings)
    assert found == status
    assert (detail["decision"]["verdict"], detail["decision"]["by_default"]) == (default, True)
    assert len(rows(settings, client_response.c.response_id)) == answers
    assert bool(rows(settings, score.c.unit_id)) == bool(answers)


def test_before_its_time_the_default_does_nothing(hold) -> None:
    settings, _ = hold("{default: discard, wait_minutes: 60}")
    with time_machine.travel(NOW + timedelta(minutes=59)):
        assert held.apply_defaults(settings) == []
    assert ledger(settings)[0] == "held"


def test_who_keeps_a_batch_held_is_not_overruled_by_the_default_and_may_release_it_later(hold) -> None:
    settings, report = hold("{default: discard, wait_minutes: 60}")
    held.carry_out(settings, report.run_id, "survey", Decision("keep_held", NOW, "camille"))
    with time_machine.travel(NOW + timedelta(days=2)):
        assert held.apply_defaults(settings) == []
    assert held.still_held(settings, report.run_id) == ["survey"]
    assert steps.release_batch(settings, report.run_id, "survey")["loaded"] == 10


def test_of_two_decisions_the_first_stands(hold) -> None:
    """An operator in Airflow and another one at a terminal."""
    settings, report = hold("{}")
    held.carry_out(settings, report.run_id, "survey", Decision("release", NOW, "camille"))
    held.carry_out(settings, report.run_id, "survey", Decision("discard", NOW, "dominique"))
    status, detail = ledger(settings)
    assert (status, detail["decision"]["decided_by"], detail["decision"]["by_default"]) == (
        "released",
        "camille",
        False,
    )
    with closing(open_warehouse(settings.warehouse_url, settings.home)) as warehouse:
        assert problems(warehouse) == []


def test_a_default_that_fails_stops_neither_the_run_nor_the_other_sources(hold, drop) -> None:
    """Its staged rows are gone, say: the line names the source, and the day goes on."""
    import shutil

    settings, _ = hold("{default: release}")
    shutil.rmtree(settings.home / "staging")
    drop("b.csv", 40)
    with time_machine.travel(NOW + timedelta(days=1)):
        report = run_days(settings, DAY)
    assert "the default, release, failed" in report.warnings[0]
    assert report.counts["survey"]["loaded"] == 40
