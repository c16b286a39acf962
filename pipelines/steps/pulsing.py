"""Publish what of the employees' campaigns may be told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING

from pipelines.observed import observed
from pipelines.steps.context import opened

if TYPE_CHECKING:
    from pipelines.pulse.publishing import Published
    from pipelines.settings import Settings
    from pipelines.warehouse import Warehouse


@observed
def publish_pulse(
    settings: Settings, last_date: date, run_id: str, *, campaign_ids: Sequence[str] = ()
) -> list[Published]:
    """Publish every campaign, or those asked for, that has something to tell by the end of a day."""
    if not settings.campaigns:
        return []
    from pipelines.pulse.publishing import publish_due

    with opened(settings) as warehouse:
        published = publish_due(settings, warehouse, last_date, run_id, campaign_ids)
        write_mirrors(settings, warehouse, {each.campaign.closes_on for each in published})
    return published


def write_mirrors(settings: Settings, warehouse: Warehouse, days: Collection[date]) -> None:
    """Write the pages of what was reflected of some days."""
    if days:
        from pipelines.mirror_pages import write_mirror_pages

        for day in sorted(days):
            write_mirror_pages(warehouse, settings, day)
