"""The states of an alert, and what a person can do in each."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, get_args

from symetrie.alerts.marks import ACTIONS, ActionName

State = Literal["open", "acknowledged", "corrected", "closed", "recovered", "expired", "withdrawn"]
EventName = Literal[
    "opened",
    "worsened",
    "acknowledged",
    "corrected",
    "snoozed",
    "closed",
    "escalated",
    "recovered",
    "expired",
    "moved",
    "revised",
    "withdrawn",
]

STATES: tuple[State, ...] = get_args(State)
ACTIVE: tuple[State, ...] = ("open", "acknowledged", "corrected")
"""States in which an alert still waits for somebody, or for its recovery."""

EVENT_OF: Mapping[ActionName, EventName] = MappingProxyType(
    {"acknowledge": "acknowledged", "correct": "corrected", "snooze": "snoozed", "close": "closed"}
)
AFTER: Mapping[tuple[State, ActionName], State] = MappingProxyType(
    {
        ("open", "acknowledge"): "acknowledged",
        ("open", "correct"): "corrected",
        ("open", "close"): "closed",
        ("open", "snooze"): "open",
        ("acknowledged", "correct"): "corrected",
        ("acknowledged", "close"): "closed",
        ("acknowledged", "snooze"): "acknowledged",
        ("corrected", "close"): "closed",
        ("corrected", "snooze"): "corrected",
    }
)
"""The state that an action leads to; where there is none, it leaves the state as it is."""


def possible_actions(state: State) -> tuple[ActionName, ...]:
    """Give what a person can do about an alert in a state.

    >>> possible_actions("acknowledged")
    ('correct', 'snooze', 'close')
    >>> possible_actions("expired")
    ()
    """
    return tuple(name for name in ACTIONS if (state, name) in AFTER)
