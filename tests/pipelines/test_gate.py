"""The decision about a held batch, before anything is carried out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pipelines.gate import Decision, decide_by, decision_awaited_until, overdue_decision
from pipelines.settings.gate import Gate

HELD_AT = datetime(2026, 11, 21, 4, 40, tzinfo=UTC)
GATE = Gate(default="discard", wait_minutes=90)
HELD = {"failed_checks": ["too many bad rows"], "decide_by": decide_by(HELD_AT, GATE).isoformat()}


def test_the_default_waits_for_its_time() -> None:
    assert overdue_decision(HELD, GATE, HELD_AT + timedelta(minutes=89, seconds=59)) is None


def test_the_default_is_nobody_s_decision() -> None:
    now = HELD_AT + timedelta(minutes=90)
    assert overdue_decision(HELD, GATE, now) == Decision("discard", now, None)


def test_the_default_is_that_of_the_settings_when_the_time_is_over() -> None:
    """Somebody may change it while a batch waits."""
    decision = overdue_decision(HELD, Gate(default="release"), HELD_AT + timedelta(days=1))
    assert decision is not None
    assert decision.verdict == "release"


def test_a_batch_that_somebody_keeps_held_is_left_alone() -> None:
    kept = HELD | Decision("keep_held", HELD_AT, "camille").detail
    assert decision_awaited_until(kept) is None
    assert overdue_decision(kept, GATE, HELD_AT + timedelta(days=30)) is None


def test_a_batch_held_before_there_was_a_time_limit_waits_for_a_person() -> None:
    assert overdue_decision({"failed_checks": []}, GATE, HELD_AT + timedelta(days=30)) is None


@pytest.mark.parametrize(("person", "by_default"), [("camille", False), (None, True)])
def test_the_ledger_keeps_who_decided_when_and_whether_it_was_the_default(person: str | None, by_default: bool) -> None:
    assert Decision("release", HELD_AT, person).detail == {
        "decision": {
            "verdict": "release",
            "decided_at": "2026-11-21T04:40:00+00:00",
            "decided_by": person,
            "by_default": by_default,
        }
    }
