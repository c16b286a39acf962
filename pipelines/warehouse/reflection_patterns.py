"""Patterns of answers: how many respondents judged the eleven dimensions in the same way, and of which unit."""

from __future__ import annotations

import functools
import operator
from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa

from pipelines.warehouse.base import Warehouse
from pipelines.warehouse.dated import stands_last
from pipelines.warehouse.reflection_clients import stands_under
from pipelines.warehouse.tables import client_response, employee_response, unit_ancestor
from symetrie.dimensions import DIMENSIONS
from symetrie.measures import measure
from symetrie.windows import window

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.warehouse.reflection import Published
    from pipelines.warehouse.typing import AnySelect

UNANSWERED, UNFAVOURABLE, FAVOURABLE = 0, 1, 2
WAYS = 3  # to answer one dimension: a pattern is a number of eleven digits on this base, the first dimension last


def client_patterns(
    warehouse: Warehouse, connection: sa.Connection, asked: sa.Table, as_of: date, days: int
) -> pd.DataFrame:
    """Patterns of the clients of each asked unit in the window: unit_id, respondent_count and a column per dimension.

    A dimension is 1 favourable, 0 unfavourable, missing where it was not answered.
    """
    answers = client_response
    placed = answers.join(unit_ancestor, stands_under(answers)).join(
        asked, asked.c.unit_id == unit_ancestor.c.ancestor_id
    )
    is_counted = sa.and_(answers.c.business_date.between(*window(as_of, days)), answers.c.status == "published")
    wanted = _counted_by_pattern(asked, answers, "client").select_from(placed).where(is_counted)
    return _read(warehouse.frame(connection, wanted))


def employee_patterns(
    warehouse: Warehouse, connection: sa.Connection, asked: sa.Table, published: Published
) -> pd.DataFrame:
    """The same of the employees whose answers a publication of the campaign has counted.

    The one place outside of publications that reads employees' answers. It may: it is asked only of units whose eleven
    scores are published to the answer, of enough people that even unanimity is told; what is made of it is a
    probability in coarse steps, in which no single person is to be seen; and it never leaves the process.
    Answers that no publication has counted yet are not read, so nothing is told of them before their time.
    """
    answers = employee_response
    placed = answers.join(unit_ancestor, unit_ancestor.c.unit_id == answers.c.unit_id).join(
        asked, asked.c.unit_id == unit_ancestor.c.ancestor_id
    )
    is_told = sa.and_(
        answers.c.campaign_id == published.campaign_id,
        answers.c.publication_id.is_not(None),
        stands_last(unit_ancestor, published.closes_on, since=published.opens_on),
    )
    wanted = _counted_by_pattern(asked, answers, "employee").select_from(placed).where(is_told)
    return _read(warehouse.frame(connection, wanted))


def _counted_by_pattern(asked: sa.Table, answers: sa.Table, side: str) -> AnySelect:
    """One small number for each way to answer, so that the engine groups by it and few rows come out."""
    measures = [measure(side, dimension.key) for dimension in DIMENSIONS]
    digits = [
        WAYS**place
        * sa.case(
            (answers.c[each.column] >= each.favourable_from, FAVOURABLE),
            (answers.c[each.column].is_not(None), UNFAVOURABLE),
            else_=UNANSWERED,
        )
        for place, each in enumerate(measures)
    ]
    pattern = sa.cast(functools.reduce(operator.add, digits), sa.BigInteger).label("pattern")
    return sa.select(asked.c.unit_id, pattern, sa.func.count().label("respondent_count")).group_by(
        asked.c.unit_id, pattern
    )


def _read(counted: pd.DataFrame) -> pd.DataFrame:
    """Write the number of each pattern out as a column per dimension."""
    pattern = counted.pop("pattern").astype("int64")
    marks = {UNFAVOURABLE: 0.0, FAVOURABLE: 1.0}
    digits = {each.key: (pattern // WAYS**place % WAYS).map(marks) for place, each in enumerate(DIMENSIONS)}
    return counted.assign(**digits)
