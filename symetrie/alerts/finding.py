"""What one business date shows, and what makes findings of several days one alert."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

Lane = Literal["case", "signal", "news"]
"""One unhappy client, a measure that has moved, or an absence: never mixed, or people mute them all."""

Kind = Literal[
    "unhappy_client",
    "fall",
    "rise",
    "source_late",
    "source_silent",
    "unit_quiet",
    "unit_surge",
    "participation_low",
]
LOST = ("unit_closed", "unit_moved")
"""Why a cause is over that has not recovered: nobody can see it any more. Stands as `why` in the evidence."""

Severity = Literal[1, 2, 3]
"""3 is the worst."""


@dataclass(frozen=True, slots=True, order=True)
class Cause:
    """What an alert is about: findings of the same cause on several days are one alert, not several."""

    lane: Lane
    kind: Kind
    unit_id: str
    measure: str = ""
    subject: str = ""  # the answer of a case, the source of a source's silence


@dataclass(frozen=True, slots=True)
class Finding:
    """What a business date shows of a cause; the evidence is codes and numbers, never what a client wrote."""

    business_date: date
    cause: Cause
    severity: Severity
    size_points: float | None
    evidence: Mapping[str, Any]
    is_over: bool = False
    """Whether the cause has recovered on this date."""
