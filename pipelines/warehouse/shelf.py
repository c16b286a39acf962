"""Reading the quarantine: what waits on the shelf, by reason and by record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from pipelines.warehouse.tables import quarantine

if TYPE_CHECKING:
    from pipelines.warehouse.typing import AnyRow, AnySelect

WAITING, RESOLVED = "waiting", "resolved"

record = quarantine.c


def count_states(connection: sa.Connection, source: str | None) -> dict[str, int]:
    """How many records wait, and how many were settled, by how."""
    state = sa.case((record.resolved_at.is_(None), WAITING), else_=record.resolution)
    found = connection.execute(_of_source(source, sa.select(state, sa.func.count())).group_by(state)).all()
    return dict(sorted(((state or RESOLVED, number) for state, number in found), key=lambda each: each[0] != WAITING))


def count_reasons(connection: sa.Connection, source: str | None) -> list[tuple[str, int]]:
    """How many waiting records carry each reason code, most frequent first."""
    combinations = connection.execute(
        _of_source(source, sa.select(record.reasons, sa.func.count()))
        .where(record.resolved_at.is_(None))
        .group_by(record.reasons)
    )
    totals: Counter[str] = Counter()
    for reasons, number in combinations:
        for reason in reasons.split(","):
            totals[reason] += number
    return totals.most_common()


def newest_records(
    connection: sa.Connection, source: str | None, reason: str | None, limit: int, *, resolved: bool = False
) -> Sequence[AnyRow]:
    """The records that wait, those seen last first; or those resolved, the last settled first."""
    is_asked = record.resolved_at.is_not(None) if resolved else record.resolved_at.is_(None)
    moment = record.resolved_at if resolved else record.last_seen_at
    newest = _with_reason(reason, _of_source(source, sa.select(quarantine))).where(is_asked)
    ordered = newest.order_by(moment.desc(), record.source, record.record_key)
    return connection.execute(ordered.limit(limit)).all()


def waiting_records(
    connection: sa.Connection, source: str | None, reason: str | None, record_keys: Sequence[str] | None = None
) -> Sequence[AnyRow]:
    """Every record that waits, or those of the keys given, in the order they were first seen."""
    asked = _with_reason(reason, _of_source(source, sa.select(quarantine))).where(record.resolved_at.is_(None))
    if record_keys is not None:
        asked = asked.where(record.record_key.in_(record_keys))
    return connection.execute(asked.order_by(record.first_seen_at, record.source, record.record_key)).all()


def find_record(connection: sa.Connection, record_key: str) -> AnyRow | None:
    """One record by its key, the one seen last where two sources share the key."""
    found = sa.select(quarantine).where(record.record_key == record_key)
    return connection.execute(found.order_by(record.last_seen_at.desc()).limit(1)).one_or_none()


def _of_source(source: str | None, select: AnySelect) -> AnySelect:
    return select if source is None else select.where(record.source == source)


def _with_reason(reason: str | None, select: AnySelect) -> AnySelect:
    if reason is None:
        return select
    return select.where(("," + record.reasons + ",").contains(f",{reason},", autoescape=True))
