"""Days as a span: DuckDB's blocks know their first and last day, so years outside of it are not read."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa


def in_span_of(
    connection: sa.Connection, day: sa.ColumnElement[date], days: sa.ColumnElement[date]
) -> sa.ColumnElement[bool]:
    """Whether a day lies between the first and the last of some days; never where there are none."""
    span: tuple[date | None, date | None] = connection.execute(sa.select(sa.func.min(days), sa.func.max(days))).one()
    return sa.false() if span[0] is None else day.between(*span)
