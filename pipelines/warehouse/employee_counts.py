"""What a publication counts: the answers that none has counted yet, by the finest groups. Private throughout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import sqlalchemy as sa

from pipelines.warehouse.dated import stands_last, tree_of
from pipelines.warehouse.tables import employee_response, unit
from symetrie.measures import EMPLOYEE_MEASURES, PERCEIVED_MEASURES, Measure

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.settings.campaigns import Campaign
    from pipelines.warehouse.base import Warehouse

MEASURES = (*EMPLOYEE_MEASURES, *PERCEIVED_MEASURES)
OWN = "own"  # who runs a unit of which the settings say nothing
Wave: TypeAlias = "sa.Select[Any]"
"""The answers that a publication would count, as a query of their keys."""


@dataclass(frozen=True)
class People:
    """What a publication counts, by the finest groups, and the tree in which they stand; private."""

    groups: pd.DataFrame
    respondents: pd.DataFrame
    words: pd.DataFrame
    ancestors: pd.DataFrame


def open_wave(campaign: Campaign, fewest: int | None) -> Wave:
    """The answers of a campaign that no publication has counted; or only those of units that have so many of them."""
    answer = employee_response.c
    is_open = sa.and_(answer.campaign_id == campaign.id, answer.publication_id.is_(None))
    wave = sa.select(answer.respondent_key).where(is_open)
    if fewest is not None:
        units = sa.select(answer.unit_id).where(is_open).group_by(answer.unit_id).having(sa.func.count() >= fewest)
        wave = wave.where(answer.unit_id.in_(units))
    return wave


def people_of(
    warehouse: Warehouse, connection: sa.Connection, wave: Wave, campaign: Campaign, cuts: Sequence[str]
) -> People:
    """Count the answers of a wave by unit, cut and measure."""
    answer = employee_response.c
    is_asked = sa.and_(answer.campaign_id == campaign.id, answer.respondent_key.in_(wave))
    own = [name for name in ("relation", "channel") if name in cuts]
    by_group = _counts(own).where(is_asked).group_by(answer.unit_id, *(answer[name] for name in own))
    counts = warehouse.frame(connection, by_group)
    words = sa.select(answer.unit_id, answer.verbatim).where(is_asked, answer.verbatim.is_not(None))
    units = warehouse.frame(connection, _units(campaign))
    operated_by = dict(zip(units["unit_id"], units["operated_by"], strict=True))
    groups = _long(counts, own)
    return People(
        groups=groups.assign(operated_by=groups["unit_id"].map(operated_by)),
        respondents=warehouse.frame(connection, respondents().where(is_asked)),
        words=warehouse.frame(connection, words),
        ancestors=tree_of(warehouse, connection, campaign.closes_on),
    )


def respondents() -> sa.Select[Any]:
    """How many people have answered, by unit."""
    answer = employee_response.c
    return sa.select(answer.unit_id, sa.func.count().label("answer_count")).group_by(answer.unit_id)


def _counts(cuts: Sequence[str]) -> sa.Select[Any]:
    """One row per finest group, with every count beside the others: one pass over the answers."""
    answer = employee_response.c
    columns: list[sa.ColumnElement[Any]] = []
    for place, each in enumerate(MEASURES):
        mark = answer[each.column]
        columns += [
            sa.func.count(mark).label(f"answer_{place}"),
            _sum(mark >= each.favourable_from).label(f"favourable_{place}"),
            _sum(mark <= each.unfavourable_to).label(f"unfavourable_{place}"),
        ]
    return sa.select(answer.unit_id, *(answer[name] for name in cuts), *columns)


def _sum(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


def _long(counts: pd.DataFrame, cuts: Sequence[str]) -> pd.DataFrame:
    """One row per finest group and measure; the unfavourable ones only of what is told by both."""
    import pandas as pd

    parts = [
        counts[["unit_id", *cuts]].assign(
            side=each.side,
            measure=each.key,
            answer_count=counts[f"answer_{place}"].astype("int64"),
            favourable_count=counts[f"favourable_{place}"].astype("int64"),
            unfavourable_count=_detractors(counts[f"unfavourable_{place}"], each),
        )
        for place, each in enumerate(MEASURES)
    ]
    groups = pd.concat(parts, ignore_index=True)
    return groups[groups["answer_count"] > 0].reset_index(drop=True)


def _detractors(counted: pd.Series[int], of: Measure) -> pd.Series[float]:
    """Those who are told of eNPS; nothing of what is told by its favourable answers alone."""
    numbers = counted.astype("float64")
    return numbers if of.kind == "nps" else numbers * float("nan")


def _units(campaign: Campaign) -> sa.Select[Any]:
    operated_by = sa.func.coalesce(unit.c.operated_by, OWN).label("operated_by")
    return sa.select(unit.c.unit_id, operated_by).where(stands_last(unit, campaign.closes_on))
