"""Publications in the warehouse: what was told before, and what one leaves behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from pipelines.warehouse.employee_counts import Wave, respondents
from pipelines.warehouse.tables import (
    employee_cell,
    employee_count,
    employee_response,
    participation,
    publication,
    publication_score,
    pulse_verbatim,
    score,
)

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.settings.campaigns import Campaign
    from pipelines.warehouse.base import Warehouse

EMPLOYEE_SIDES = ("employee", "perceived")


@dataclass(frozen=True)
class Before:
    """What was published of a campaign before: the last number, every figure, the words, and who was counted."""

    number: int
    cells: pd.DataFrame
    words: pd.DataFrame
    respondents: pd.DataFrame


def before(warehouse: Warehouse, connection: sa.Connection, campaign_id: str) -> Before:
    """Read what was published of a campaign before."""
    of_campaign = publication.c.campaign_id == campaign_id
    number = connection.scalar(sa.select(sa.func.coalesce(sa.func.max(publication.c.number), 0)).where(of_campaign))
    last = f"{campaign_id}-{number}"
    cells = sa.select(*(each for each in employee_cell.c if each.name not in ("publication_id", "campaign_id")))
    words = sa.select(pulse_verbatim.c.unit_id, pulse_verbatim.c.verbatim)
    answer = employee_response.c
    counted = sa.and_(answer.campaign_id == campaign_id, answer.publication_id.is_not(None))
    return Before(
        number=int(number or 0),
        cells=warehouse.frame(connection, cells.where(employee_cell.c.publication_id == last)),
        words=warehouse.frame(connection, words.where(pulse_verbatim.c.publication_id == last)),
        respondents=warehouse.frame(connection, respondents().where(counted)),
    )


def mark_counted(connection: sa.Connection, wave: Wave, publication_id: str) -> int:
    """Mark the answers of a wave as counted; gives how many they are."""
    answer = employee_response
    campaign_id = publication_id.rpartition("-")[0]
    marked = connection.execute(
        sa.update(answer)
        .values(publication_id=publication_id)
        .where(
            answer.c.campaign_id == campaign_id, answer.c.publication_id.is_(None), answer.c.respondent_key.in_(wave)
        )
    )
    return int(marked.rowcount)


def write_publication(
    warehouse: Warehouse,
    connection: sa.Connection,
    record: Mapping[str, Any],
    *,
    counts: pd.DataFrame,
    cells: pd.DataFrame,
    scores: pd.DataFrame,
    answered: pd.DataFrame,
    words: pd.DataFrame,
) -> None:
    """Write a publication: its record, what it tells, and privately what it stands on."""
    content = sha256("".join(frame.to_csv(index=False) for frame in (scores, answered, words)).encode())
    connection.execute(sa.insert(publication).values(**record, content_hash=content.hexdigest()))
    keys = {"publication_id": record["publication_id"]}
    of_campaign = keys | {"campaign_id": record["campaign_id"]}
    whole = {name: counts[name].fillna("") if name in counts else "" for name in ("relation", "channel")}
    parts = counts.assign(**of_campaign, **whole).drop(columns=["operated_by"])
    _load(warehouse, connection, employee_count, parts)
    lows = {name: cells[name].fillna(0) for name in ("favourable_low", "favourable_high")}
    _load(warehouse, connection, employee_cell, cells.assign(**of_campaign, **lows))
    _load(warehouse, connection, publication_score, scores.assign(**keys))
    _load(warehouse, connection, participation, answered.assign(**keys))
    _load(warehouse, connection, pulse_verbatim, words.assign(**keys))


def _load(warehouse: Warehouse, connection: sa.Connection, table: sa.Table, rows: pd.DataFrame) -> None:
    """Append rows as the table's columns are typed: what is missing makes floats of counts."""
    if rows.empty:
        return
    counts = [column.name for column in table.columns if isinstance(column.type, sa.Integer) and column.name in rows]
    whole = {name: rows[name].astype("Float64").astype("Int64") for name in counts}
    warehouse.load(connection, table, rows.assign(**whole).reset_index(drop=True))


def replace_scores(warehouse: Warehouse, connection: sa.Connection, campaign: Campaign, scores: pd.DataFrame) -> None:
    """Put what a publication tells of whole units in the place of the campaign's former scores."""
    is_former = sa.and_(score.c.as_of == campaign.closes_on, score.c.side.in_(EMPLOYEE_SIDES))
    connection.execute(sa.delete(score).where(is_former))
    rows = scores[scores["cut"] == ""].drop(columns=["cut", "cut_value"])
    days = (campaign.closes_on - campaign.opens_on).days + 1
    _load(warehouse, connection, score, rows.assign(as_of=campaign.closes_on, window_days=days))
