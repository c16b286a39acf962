"""Sweep: what has had its days goes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import structlog

from pipelines.errors import SymetrieError
from pipelines.observed import observed
from pipelines.steps.context import opened

if TYPE_CHECKING:
    from pipelines.settings import Settings

log = structlog.get_logger(__name__)


@observed
def sweep(settings: Settings) -> list[str]:
    """Remove what has had its days; a line for each kind that could not be swept, which never stops a run."""
    from pipelines import retention

    try:
        with opened(settings) as warehouse:
            failed = retention.sweep(warehouse, settings, datetime.now(UTC)).failed
    except SymetrieError as error:
        log.error("retention.failed", kind="all", reason=str(error))
        failed = ("all",)
    return [f"retention: {kind} could not be swept, and will be the next time; the log says why" for kind in failed]
