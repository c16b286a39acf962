"""Which days a finder has to look at: those it never saw, and those whose counts have changed since it did.

Every day has a number, raised in the very transaction that computes its scores anew, and every finder keeps the number
of what it saw, written with what it found. The two are compared, and nothing is ever cleared: whatever is killed
between the two, the numbers differ until somebody has looked.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from pipelines.warehouse.tables import alert_looked, changed_day, daily_count, stale_score

NEVER_CHANGED, TO_SEE_AGAIN = 0, -1


def note_changed_days(connection: sa.Connection) -> None:
    """Raise the number of every day whose scores are stale."""
    stale = sa.select(stale_score.c.business_date).distinct()
    day = changed_day.c.business_date
    connection.execute(
        sa.update(changed_day).values(change_number=changed_day.c.change_number + 1).where(day.in_(stale))
    )
    new = stale.add_columns(sa.literal(NEVER_CHANGED + 1, sa.BigInteger))
    known = sa.select(day)
    connection.execute(
        sa.insert(changed_day).from_select(
            ["business_date", "change_number"], new.where(stale_score.c.business_date.not_in(known))
        )
    )


def unseen_days(connection: sa.Connection, finder: str, last: date, look_back_days: int) -> set[date]:
    """The days up to the last one, as far back as is looked, that a finder has not seen as they are now.

    They begin with the first day that has counts, or ever had; the last one is among them until it is seen.
    """
    numbers: dict[date, int] = dict(connection.execute(sa.select(changed_day)).all())
    seen = sa.select(alert_looked.c.business_date, alert_looked.c.change_number).where(alert_looked.c.finder == finder)
    saw: dict[date, int] = dict(connection.execute(seen).all())
    counted = connection.scalar(sa.select(sa.func.min(daily_count.c.business_date)))
    first = max(min([last, counted or last, *numbers]), last - timedelta(days=look_back_days - 1))
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    return {day for day in days if saw.get(day) != numbers.get(day, NEVER_CHANGED)}


def changed_since_seen(connection: sa.Connection, first: date) -> set[date]:
    """The days from one on that have changed since somebody looked at them."""
    seen, is_now = alert_looked.c, changed_day.c
    same_day = seen.business_date == is_now.business_date
    days = sa.select(seen.business_date).join(changed_day, same_day).where(seen.change_number != is_now.change_number)
    return set(connection.scalars(days.where(seen.business_date >= first).distinct()))


def note_looked(connection: sa.Connection, finder: str, days: Collection[date], looked_at: datetime) -> set[date]:
    """Remember that a finder has looked at days as they are now; gives those that it had never looked at."""
    of_finder = sa.and_(alert_looked.c.finder == finder, alert_looked.c.business_date.in_(days))
    known = set(connection.scalars(sa.select(alert_looked.c.business_date).where(of_finder)))
    numbers: dict[date, int] = dict(
        connection.execute(sa.select(changed_day).where(changed_day.c.business_date.in_(days))).all()
    )
    connection.execute(sa.delete(alert_looked).where(of_finder))
    rows = [
        {
            "business_date": day,
            "finder": finder,
            "change_number": numbers.get(day, NEVER_CHANGED),
            "looked_at": looked_at,
        }
        for day in sorted(days)
    ]
    if rows:
        connection.execute(sa.insert(alert_looked), rows)
    return set(days) - known


def look_again(connection: sa.Connection, finder: str, days: Collection[date]) -> None:
    """Let a finder look again at days of which something has changed that no scores are made of."""
    is_meant = sa.and_(alert_looked.c.finder == finder, alert_looked.c.business_date.in_(days))
    connection.execute(sa.update(alert_looked).values(change_number=TO_SEE_AGAIN).where(is_meant))


def last_looked(connection: sa.Connection) -> date | None:
    """The last business date that anybody has looked at: what falls due is told up to the morning after it."""
    last: date | None = connection.scalar(sa.select(sa.func.max(alert_looked.c.business_date)))
    return last


def looked_days(connection: sa.Connection) -> dict[str, list[date]]:
    """The days that each finder has looked at, in order."""
    found: dict[str, list[date]] = {}
    rows = connection.execute(
        sa.select(alert_looked.c.finder, alert_looked.c.business_date).order_by(alert_looked.c.business_date)
    )
    for finder, day in rows:
        found.setdefault(finder, []).append(day)
    return found
