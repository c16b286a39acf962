"""Score: every score that the loaded answers touch."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from pipelines import metrics
from pipelines.observed import observed
from pipelines.steps.context import opened, stamp_of
from pipelines.steps.pulsing import write_mirrors
from pipelines.warehouse.ledger import SCORE

if TYPE_CHECKING:
    import sqlalchemy as sa

    from pipelines.settings import Settings
    from pipelines.warehouse import Warehouse


@observed
def score_days(
    settings: Settings,
    last_date: date,
    run_id: str,
    *,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, int]:
    """Bring every score up to date that the loaded answers touch, up to a day."""
    from pipelines.score import score

    reflected: list[date] = []
    with opened(settings) as warehouse:
        days = score(
            warehouse,
            settings.network,
            stamp_of(run_id, last_date, SCORE),
            daily_for=settings.retention.score_daily_days,
            windows=settings.windows,
            on_progress=on_progress,
            on_stale=lambda connection: reflected.extend(_reflect(warehouse, settings, connection)),
        )
        write_mirrors(settings, warehouse, reflected)
        if settings.names_of("contact"):
            from pipelines.contacts.agreeing import agree

            agree(settings, warehouse, last_date)
        _gauge_freshness(settings, warehouse)
    return {"days": days}


def _reflect(warehouse: Warehouse, settings: Settings, connection: sa.Connection) -> list[date]:
    """Bring what holds clients and employees side by side up to date where clients' answers have changed."""
    if not settings.campaigns:
        return []
    from pipelines.reflection import reflect_stale

    return reflect_stale(warehouse, connection, settings)


def _gauge_freshness(settings: Settings, warehouse: Warehouse) -> None:
    """Tell how old the newest answer of each source is."""
    from pipelines.warehouse.past import newest_answer

    if not metrics.is_listened_to():
        return
    with warehouse.reading() as connection:
        newest = {name: newest_answer(connection, name) for name in settings.names_of("client")}
    for source, given_at in newest.items():
        if given_at:
            age = datetime.now(UTC) - given_at
            metrics.gauge(metrics.FRESHNESS_HOURS, age.total_seconds() / 3600, source=source)
