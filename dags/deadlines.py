"""The deadlines of the mornings: a run that is not over in time is told in the log, while it still runs."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from airflow.sdk import DeadlineAlert, DeadlineReference, SyncCallback

log = logging.getLogger(__name__)


def over_within(minutes: int) -> DeadlineAlert:
    """So long after it was queued a run is to be over: the partitioned runs of a morning have no other date."""
    return DeadlineAlert(
        reference=DeadlineReference.DAGRUN_QUEUED_AT,
        interval=timedelta(minutes=minutes),
        callback=SyncCallback(tell_that_it_is_late, kwargs={"minutes": minutes}),
    )


def tell_that_it_is_late(minutes: int, context: Any) -> None:
    """Write the one line that a monitor of the log waits for."""
    run = context["dag_run"]
    log.error("morning.late dag_id=%s run_id=%s minutes=%d", run["dag_id"], run["dag_run_id"], minutes)
