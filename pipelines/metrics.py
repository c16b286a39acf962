"""Numbers for whoever watches: a port that a DAG fills with Airflow's metrics; elsewhere nobody listens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class Meter(Protocol):
    """What takes the numbers, in the words of Airflow's `Stats`."""

    def incr(self, stat: str, count: int, *, tags: dict[str, Any]) -> None:
        """Add to a total."""

    def gauge(self, stat: str, value: float, *, tags: dict[str, Any]) -> None:
        """Say how much it is now."""


ROWS, STEP_SECONDS, FRESHNESS_HOURS = "symetrie.rows", "symetrie.step.seconds", "symetrie.freshness.hours"
OUTBOX_WAITING, OUTBOX_DEAD = "symetrie.outbox.waiting", "symetrie.outbox.dead"

_listening: list[Meter] = []


def send_to(meter: Meter) -> None:
    """Send the numbers of this process there, and nowhere else."""
    _listening[:] = [meter]


def is_listened_to() -> bool:
    """Whether somebody takes the numbers: what costs a query is not asked for otherwise."""
    return bool(_listening)


def count_rows(counts: Mapping[str, int], source: str) -> None:
    """Tell where the records of a batch went."""
    for outcome, rows in counts.items():
        for meter in _listening:
            meter.incr(f"{ROWS}.{outcome}", rows, tags={"source": source})


def gauge(name: str, value: float, **tags: str) -> None:
    """Tell how much something is now."""
    for meter in _listening:
        meter.gauge(name, value, tags=tags)
