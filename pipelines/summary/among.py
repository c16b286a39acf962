"""Asking for some units or for all of them in one query."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

LISTED_UNITS = 1000
"""Beyond so many it is quicker to read every unit and leave some aside than to list them to the engine."""


def among(column: sa.ColumnElement[str], unit_ids: Collection[str]) -> sa.ColumnElement[bool]:
    """Keep the rows of a few units; of many, everything passes and the reader picks."""
    return column.in_(sorted(unit_ids)) if len(unit_ids) <= LISTED_UNITS else sa.true()
