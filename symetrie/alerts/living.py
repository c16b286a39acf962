"""An alert whose life is being told, day by day, and what is known of it in the end."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from symetrie.alerts.finding import Cause, Finding, Severity
from symetrie.alerts.identity import alert_id
from symetrie.alerts.marks import Action
from symetrie.alerts.rules import Rules
from symetrie.alerts.states import ACTIVE, AFTER, EVENT_OF, EventName, State

Above = Callable[[date], Sequence[str]]
"""The units above the cause's own on a day: its parent, the parent's parent, …"""

ONE_DAY = timedelta(days=1)
NO_DETAIL: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to an alert; where it changed no state, both states are the same."""

    on_date: date
    name: EventName
    from_state: State | None
    to_state: State
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Life:
    """One alert, and everything that happened to it."""

    cause: Cause
    alert_id: str
    opened_on: date
    state: State
    severity: Severity
    size_points: float | None
    evidence: Mapping[str, Any]
    last_seen_on: date
    recovered_on: date | None
    ended_on: date | None
    deadline_on: date
    due_on: date | None  # the next day on which time alone will change it
    escalated_to: str | None
    snoozed_until: date | None
    events: tuple[Event, ...]


class Living:
    """The life so far: it begins with what its first day shows, and ends once.

    Its days of grace are counted from the opening that people knew, where late data have shown an earlier one.
    """

    __slots__ = (
        "_above",
        "_counted_from",
        "_ended_on",
        "_escalated_to",
        "_events",
        "_level",
        "_recovered_on",
        "_rules",
        "_seen",
        "_snoozed_until",
        "_state",
        "_worst",
        "cause",
        "opened_on",
    )

    def __init__(self, first: Finding, rules: Rules, above: Above, counted_from: date) -> None:
        self.cause, self.opened_on = first.cause, first.business_date
        self._counted_from = counted_from
        self._rules, self._above = rules, above
        self._seen, self._worst, self._level = first, first.severity, 1
        self._state: State = "open"
        self._events = [Event(self.opened_on, "opened", None, "open", {})]
        self._recovered_on: date | None = None
        self._ended_on: date | None = None
        self._escalated_to: str | None = None
        self._snoozed_until: date | None = None

    def happen(
        self, on_date: date, name: EventName, to_state: State | None = None, detail: Mapping[str, Any] = NO_DETAIL
    ) -> None:
        """Note an event, and the state that it leads to."""
        former, self._state = self._state, to_state or self._state
        self._events.append(Event(on_date, name, former, self._state, detail))
        if self._is_active and self._state not in ACTIVE:
            self._ended_on = on_date

    def show(self, finding: Finding) -> None:
        """Take over what a day shows; only what is worse than ever before is an event."""
        if finding.severity > self._worst and self._is_active:
            detail = {"severity": finding.severity, "former_severity": self._worst}
            self.happen(finding.business_date, "worsened", detail=detail)
        self._seen, self._worst = finding, max(self._worst, finding.severity)

    def act(self, on_date: date, action: Action) -> None:
        """Do what a person did; on an alert that late data have ended meanwhile it leaves a trace, and no more."""
        detail = {"action_id": action.action_id}
        if action.until_on is not None:
            detail["until_on"] = action.until_on.isoformat()
            self._snoozed_until = action.until_on
        self.happen(on_date, EVENT_OF[action.name], AFTER.get((self._state, action.name)), detail)

    def recover(self, over_on: date) -> None:
        """End with what it was about, unless it has ended before."""
        self._recovered_on = over_on
        if self._is_active:
            self.happen(over_on, "recovered", "recovered")

    def lose(self, over_on: date, why: str) -> None:
        """End because it cannot be seen any more, unless it has ended before."""
        if self._is_active:
            self.happen(over_on, "expired", "expired", {"why": why})

    def let_days_pass(self, today: date) -> None:
        """Let everything happen that falls due up to the morning of a day."""
        while self._is_active:
            expiry, escalation = self._rules.expiry(self._counted_from), self._next_escalation()
            if min(expiry, escalation) > today:
                return
            if expiry <= escalation:
                self._expire(expiry)
            else:
                self._escalate(escalation)

    def told(self) -> Life:
        """Give the whole life."""
        return Life(
            cause=self.cause,
            alert_id=alert_id(self.cause, self.opened_on),
            opened_on=self.opened_on,
            state=self._state,
            severity=self._seen.severity,
            size_points=self._seen.size_points,
            evidence=self._seen.evidence,
            last_seen_on=self._seen.business_date,
            recovered_on=self._recovered_on,
            ended_on=self._ended_on,
            deadline_on=self._rules.deadline(self._counted_from),
            due_on=min(self._rules.expiry(self._counted_from), self._next_escalation()) if self._is_active else None,
            escalated_to=self._escalated_to,
            snoozed_until=self._snoozed_until,
            events=tuple(self._events),
        )

    @property
    def _is_active(self) -> bool:
        return self._ended_on is None

    def _next_escalation(self) -> date:
        """The day on which the next unit above hears of it; a snooze puts that off to the day after it."""
        if self._state != "open" or self._level > len(self._rules.escalate_late_days):
            return date.max
        due = self._rules.escalation(self._counted_from, self._level)
        return due if self._snoozed_until is None or due > self._snoozed_until else self._snoozed_until + ONE_DAY

    def _escalate(self, today: date) -> None:
        units = self._above(today)
        if self._level <= len(units):
            self._escalated_to = units[self._level - 1]
            self.happen(today, "escalated", detail={"unit_id": self._escalated_to, "level": self._level})
        self._level += 1

    def _expire(self, today: date) -> None:
        """What was corrected, and not contradicted since, needs nobody to close it."""
        if self._state == "corrected":
            self.happen(today, "closed", "closed", {"by_itself": True})
        else:
            self.happen(today, "expired", "expired")
