"""Publish what of the employees' campaigns may be told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from pipelines.observed import observed
from pipelines.steps.context import opened

if TYPE_CHECKING:
    from pipelines.pulse.publishing import Published
    from pipelines.settings import Settings


@observed
def publish_pulse(
    settings: Settings, last_date: date, run_id: str, *, campaign_ids: Sequence[str] = ()
) -> list[Published]:
    """Publish every campaign, or those asked for, that has something to tell by the end of a day."""
    if not settings.campaigns:
        return []
    from pipelines.pulse.publishing import publish_due

    with opened(settings) as warehouse:
        return publish_due(settings, warehouse, last_date, run_id, campaign_ids)
