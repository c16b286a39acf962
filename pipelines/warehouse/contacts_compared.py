"""Contacts that both agent and client have rated, counted by unit and agent: private, and never stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from pipelines.warehouse.tables import client_response, contact_rating
from symetrie.windows import window

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from pipelines.warehouse.base import Warehouse
    from symetrie.agreement import AgreementRule

COUNTS = ("both_favourable", "agent_only", "client_only", "neither_favourable", "falsely_confident")


def compared_contacts(
    warehouse: Warehouse, connection: sa.Connection, as_of: date, days: int, rule: AgreementRule
) -> pd.DataFrame:
    """Count the contacts of a window by who found them favourable: unit_id, agent_key and the five counts.

    A contact and its answer are only held together where both name the same unit.
    """
    contact, answer = contact_rating.c, client_response.c
    agent = contact.agent_estimate >= rule.agent_favourable_from
    client = answer.overall >= rule.client_favourable_from
    conditions = {
        "both_favourable": agent & client,
        "agent_only": agent & ~client,
        "client_only": ~agent & client,
        "neither_favourable": ~agent & ~client,
        "falsely_confident": agent & (answer.overall <= rule.client_unfavourable_to),
    }
    counts = (_count(conditions[name]).label(name) for name in COUNTS)
    compared = (
        sa.select(contact.unit_id, contact.agent_key, *counts)
        .select_from(_answered())
        .where(_is_in(as_of, days), contact.unit_id == answer.unit_id)
        .group_by(contact.unit_id, contact.agent_key)
        .order_by(contact.unit_id, contact.agent_key)
    )
    return warehouse.frame(connection, compared)


def contacts_of_other_units(connection: sa.Connection, as_of: date, days: int) -> int:
    """Count the contacts whose answer is of another unit, and perhaps of a partition never to be joined."""
    is_other = contact_rating.c.unit_id != client_response.c.unit_id
    counted = sa.select(sa.func.count()).select_from(_answered()).where(_is_in(as_of, days), is_other)
    return connection.scalar(counted) or 0


def _answered() -> sa.Join:
    contact, answer = contact_rating.c, client_response.c
    same = sa.and_(answer.source == contact.client_source, answer.response_id == contact.client_response_id)
    return contact_rating.join(client_response, same)


def _is_in(as_of: date, days: int) -> sa.ColumnElement[bool]:
    """The contacts of the window, whose clients have answered by its end; answers that are held are not told."""
    answer = client_response.c
    is_told = sa.and_(answer.overall.is_not(None), answer.status == "published", answer.business_date <= as_of)
    return sa.and_(contact_rating.c.business_date.between(*window(as_of, days)), is_told)


def _count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[Any]:
    return sa.cast(sa.func.sum(sa.case((condition, 1), else_=0)), sa.BigInteger)
