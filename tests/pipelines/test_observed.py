"""Every step names whom its events are about, and says how long it took to whoever listens."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import structlog

from pipelines import metrics
from pipelines.observed import observed

log = structlog.get_logger("pipelines.test")


class Board:
    """A meter that keeps what it is told."""

    def __init__(self) -> None:
        self.totals: dict[tuple[str, str], int] = {}
        self.values: dict[tuple[str, ...], float] = {}

    def incr(self, stat: str, count: int, *, tags: dict[str, Any]) -> None:
        self.totals[stat, tags["source"]] = self.totals.get((stat, tags["source"]), 0) + count

    def gauge(self, stat: str, value: float, *, tags: dict[str, Any]) -> None:
        self.values[(stat, *tags.values())] = value


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch) -> Board:
    """Somebody who listens, for one test."""
    monkeypatch.setattr(metrics, "_listening", [])
    metrics.send_to(made := Board())
    return made


@observed
def judge(settings: None, source: str, last_date: date, run_id: str) -> str:
    log.warning("batch.judged", rows=2)
    return "judged"


@observed
def publish(settings: None, folder: str, run_id: str, business_date: date, *, pipeline: str = "daily") -> None:
    log.warning("batch.published")


@observed
def break_down(settings: None, source: str) -> None:
    raise TimeoutError


def test_the_events_of_a_step_carry_its_run_source_and_day(caplog) -> None:
    assert judge(None, "shops", date(2026, 11, 20), run_id="r1") == "judged"
    for field in ("rows=2", "run_id=r1", "source=shops", "business_date=2026-11-20"):
        assert field in caplog.text


def test_a_staged_folder_says_its_source(caplog) -> None:
    publish(None, "/house/staging/r1/shops", "r1", date(2026, 11, 20))
    assert "source=shops" in caplog.text


def test_a_step_tells_its_seconds_also_when_it_fails(board) -> None:
    judge(None, "shops", date(2026, 11, 20), "r1")
    with pytest.raises(TimeoutError):
        break_down(None, "shops")
    assert set(board.values) == {
        ("symetrie.step.seconds", "judge", "shops"),
        ("symetrie.step.seconds", "break_down", "shops"),
    }


def test_rows_add_up_by_outcome_and_source(board) -> None:
    metrics.count_rows({"received": 5, "loaded": 4, "held": 0}, "shops")
    metrics.count_rows({"received": 2, "loaded": 2}, "shops")
    assert board.totals == {
        ("symetrie.rows.received", "shops"): 7,
        ("symetrie.rows.loaded", "shops"): 6,
        ("symetrie.rows.held", "shops"): 0,
    }


def test_where_nobody_listens_nothing_is_told() -> None:
    assert not metrics.is_listened_to()
    metrics.gauge("symetrie.freshness.hours", 1.0, source="shops")
