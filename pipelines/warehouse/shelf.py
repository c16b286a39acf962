"""Reading the quarantine: what waits on the shelf, by reason and by record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from pipelines.warehouse.tables import quarantine

if TYPE_CHECKING:
    from pipelines.warehouse.typing import AnyRow, AnySelect


def count_reasons(connection: sa.Connection, source: str | None) -> list[tuple[str, int]]:
    """How many unresolved records carry each reason code, most frequent first."""
    combinations = connection.execute(
        _waiting(source, sa.select(quarantine.c.reasons, sa.func.count())).group_by(quarantine.c.reasons)
    )
    totals: Counter[str] = Counter()
    for reasons, number in combinations:
        for reason in reasons.split(","):
            totals[reason] += number
    return totals.most_common()


def newest_records(connection: sa.Connection, source: str | None, reason: str | None, limit: int) -> Sequence[AnyRow]:
    """The unresolved records seen last."""
    newest = _waiting(source, sa.select(quarantine)).order_by(
        quarantine.c.last_seen_at.desc(), quarantine.c.source, quarantine.c.record_key
    )
    if reason is not None:
        newest = newest.where(("," + quarantine.c.reasons + ",").contains(f",{reason},", autoescape=True))
    return connection.execute(newest.limit(limit)).all()


def find_record(connection: sa.Connection, record_key: str) -> AnyRow | None:
    """One record by its key, the one seen last where two sources share the key."""
    found = sa.select(quarantine).where(quarantine.c.record_key == record_key)
    return connection.execute(found.order_by(quarantine.c.last_seen_at.desc()).limit(1)).one_or_none()


def _waiting(source: str | None, select: AnySelect) -> AnySelect:
    waiting = select.where(quarantine.c.resolved_at.is_(None))
    return waiting if source is None else waiting.where(quarantine.c.source == source)
