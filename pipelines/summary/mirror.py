"""The newest mirror of clients and teams at a glance: how many dimensions are solid on both sides, and which is not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from pipelines.summary.among import among
from pipelines.summary.figures import MirrorGlance, WatchedDimension
from pipelines.warehouse.tables import mirror, publication
from symetrie.dimensions import DIMENSIONS

BOTH_SOLID = "both_solid"

# What to look at first, by its quadrant: what neither side finds, then what the team pays for, then inward comfort.
TO_WATCH = ("neither", "clients_only", "team_only")

TOLD_DAYS = 400
"""A yearly campaign is told until the next; an older one says nothing of today."""


def read_mirrors(connection: sa.Connection, business_date: date, asked: Collection[str]) -> Mapping[str, MirrorGlance]:
    """The glance of each unit at its newest campaign; none where the teams are not asked."""
    return {
        row.unit_id: MirrorGlance(
            opens_on=row.opens_on,
            as_of=row.as_of,
            compared_count=row.compared_count,
            solid_count=row.solid_count,
            watched=_watched(row),
        )
        for row in connection.execute(_glances(business_date, asked))
        if row.unit_id in asked
    }


def _watched(row: sa.Row[Any]) -> WatchedDimension | None:
    if row.quadrant not in TO_WATCH:
        return None
    return WatchedDimension(row.measure, row.quadrant, row.client_score, row.employee_score)


def _glances(business_date: date, asked: Collection[str]) -> sa.Select[Any]:
    """One row per unit: the counts of its newest campaign, beside the dimension to look at first.

    The weakest is the one whose bound above is lowest: a small sample has a wide interval, so none is ranked raw.
    """
    said, newest = mirror.c, _newest(business_date, asked)
    weakest = sa.case(
        (said.quadrant == "clients_only", said.employee_high),
        (said.quadrant == "team_only", said.client_high),
        else_=sa.func.least(said.client_high, said.employee_high),
    )
    quadrant_place = sa.case(
        *((said.quadrant == quadrant, place) for place, quadrant in enumerate(TO_WATCH)), else_=len(TO_WATCH)
    )
    names = "unit_id", "as_of", "publication_id", "measure", "quadrant", "client_score", "employee_score"
    placed = (
        sa.select(
            *(said[name] for name in names),
            _in_unit(sa.func.count(said.quadrant)).label("compared_count"),
            _in_unit(sa.func.count(sa.case((said.quadrant == BOTH_SOLID, 1)))).label("solid_count"),
            _in_unit(sa.func.row_number(), quadrant_place, weakest, said.measure).label("place"),
        )
        .select_from(mirror.join(newest, sa.and_(newest.c.unit_id == said.unit_id, newest.c.as_of == said.as_of)))
        .where(said.measure.in_([dimension.key for dimension in DIMENSIONS]))
        .subquery("placed")
    )
    of_campaign = placed.join(publication, publication.c.publication_id == placed.c.publication_id)
    return sa.select(placed, publication.c.opens_on).select_from(of_campaign).where(placed.c.place == 1)


def _newest(business_date: date, asked: Collection[str]) -> sa.Subquery:
    """The newest campaign of each unit that a summary of a day may tell.

    A campaign that is over belongs to its days even where it was published late, so that a day told again says the
    same; one that is published while it runs counts from its publication on.
    """
    known_from = datetime.combine(business_date + timedelta(days=1), time(tzinfo=UTC))
    is_known = sa.or_(publication.c.closes_on <= business_date, publication.c.published_at < known_from)
    return (
        sa.select(mirror.c.unit_id, sa.func.max(mirror.c.as_of).label("as_of"))
        .select_from(mirror.join(publication, publication.c.publication_id == mirror.c.publication_id))
        .where(
            is_known,
            mirror.c.as_of > business_date - timedelta(days=TOLD_DAYS),
            among(mirror.c.unit_id, asked),
        )
        .group_by(mirror.c.unit_id)
        .subquery("newest")
    )


def _in_unit(function: sa.FunctionElement[int], *order: sa.ColumnElement[Any]) -> sa.Over[int]:
    return function.over(partition_by=mirror.c.unit_id, order_by=order or None)
