"""The gate's decision about a held batch: who took it, when, and what the default says once the time is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipelines.settings.gate import Gate, Verdict

DECIDE_BY = "decide_by"
DECISION = "decision"
"""Keys of a ledger row's detail."""


@dataclass(frozen=True)
class Decision:
    """What was decided about a held batch; by nobody when the default applied."""

    verdict: Verdict
    decided_at: datetime
    decided_by: str | None = None

    @property
    def detail(self) -> dict[str, object]:
        """What the ledger keeps of it."""
        said = {"verdict": self.verdict, "decided_at": self.decided_at.isoformat(), "decided_by": self.decided_by}
        return {DECISION: said | {"by_default": self.decided_by is None}}


def decide_by(held_at: datetime, gate: Gate) -> datetime:
    """Until when an operator may decide before the default applies.

    >>> from datetime import UTC
    >>> from pipelines.settings.gate import Gate
    >>> decide_by(datetime(2026, 11, 21, 4, 40, tzinfo=UTC), Gate(wait_minutes=90)).isoformat()
    '2026-11-21T06:10:00+00:00'
    """
    return held_at + timedelta(minutes=gate.wait_minutes)


def decision_awaited_until(detail: Mapping[str, Any]) -> datetime | None:
    """When the default applies to a held batch; never once something was decided, be it to keep it held."""
    return None if DECISION in detail or DECIDE_BY not in detail else datetime.fromisoformat(detail[DECIDE_BY])


def overdue_decision(detail: Mapping[str, Any], gate: Gate, now: datetime) -> Decision | None:
    """The default, where it is time for it."""
    until = decision_awaited_until(detail)
    return None if until is None or now < until else Decision(gate.default, now)
