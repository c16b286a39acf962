"""Alert: look at the days whose answers have changed, and tell what they show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from pipelines.connections import Connections, environment_connections
from pipelines.observed import observed
from pipelines.steps.context import opened

if TYPE_CHECKING:
    from pipelines.alerts.alerting import AlertReport
    from pipelines.delivery import Standing
    from pipelines.settings import Settings


FURTHEST_EAST = timedelta(hours=14)
"""Of all clocks, those of Kiribati are first."""


@observed
def raise_alerts(
    settings: Settings,
    last_date: date,
    run_id: str,  # noqa: ARG001 - named in the events of the step
    *,
    on_progress: Callable[[str, int, int], None] = lambda what, done, total: None,
) -> AlertReport:
    """Look at every day up to a business date that has changed since it was looked at, and tell the alerts anew.

    Done again it changes nothing, and whatever was killed before it is made up for; but for a page that was there
    already when it was killed before writing pages: that waits for the next change of its alert.
    """
    from pipelines.alerts.alerting import alert
    from pipelines.alerts.finders import FINDERS
    from pipelines.alerts.pages import write_alert_pages

    with opened(settings) as warehouse:
        today = (datetime.now(UTC) + FURTHEST_EAST).date()
        report = alert(warehouse, settings, (), last_date, FINDERS, today=today, on_progress=on_progress)
        write_alert_pages(warehouse, settings, (*report.new, *report.differing), report.gone, on_progress=on_progress)
        return report


@observed
def tell_alerts(
    settings: Settings,
    *,
    business_date: date | None = None,
    channel_ids: Sequence[str] = (),
    resend: bool = False,
    at_once: bool = False,
    connections: Connections = environment_connections,
) -> Standing:
    """Tell every channel the alerts that it is owed, in one message a morning; says what waits, is dead or is late."""
    from pipelines.alerts.telling import tell

    with opened(settings) as warehouse:
        return tell(
            warehouse,
            settings,
            settings.alerts,
            connections=connections,
            business_date=business_date,
            channel_ids=channel_ids,
            resend=resend,
            at_once=at_once,
        )
