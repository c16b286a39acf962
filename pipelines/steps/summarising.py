"""Summarise and deliver: one summary per recipient, and its mail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from pipelines import metrics
from pipelines.connections import Connections, environment_connections
from pipelines.observed import observed
from pipelines.steps.context import opened

if TYPE_CHECKING:
    from pipelines.delivery import Standing
    from pipelines.settings import Settings


@observed
def write_summaries(settings: Settings, business_date: date) -> int:
    """Write the morning summary of every recipient, with whatever is there."""
    from pipelines.summary import write_summaries as write

    with opened(settings) as warehouse:
        return write(warehouse, settings, business_date, run_id=f"summary-{business_date}")


@observed
def deliver_summaries(
    settings: Settings,
    *,
    business_date: date | None = None,
    recipient_ids: Sequence[str] = (),
    resend: bool = False,
    at_once: bool = False,
    connections: Connections = environment_connections,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Standing:
    """Mail the summaries that are due, each once; says what waits, what is dead and what is late."""
    from pipelines.delivery import deliver

    with opened(settings) as warehouse:
        standing = deliver(
            warehouse,
            settings,
            connections=connections,
            business_date=business_date,
            recipient_ids=recipient_ids,
            resend=resend,
            at_once=at_once,
            on_progress=on_progress,
        )
    metrics.gauge(metrics.OUTBOX_WAITING, len(standing.waiting))
    metrics.gauge(metrics.OUTBOX_DEAD, len(standing.dead))
    return standing
