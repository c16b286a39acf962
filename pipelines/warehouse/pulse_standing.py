"""How a campaign stands: what waits, what was published, what the newest publication tells of a unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from pipelines.warehouse.tables import employee_response, publication, publication_score
from symetrie.measures import EMPLOYEE_MEASURES, PERCEIVED_MEASURES

if TYPE_CHECKING:
    from pipelines.warehouse.typing import AnyRow


@dataclass(frozen=True)
class CampaignStanding:
    """How many answers of a campaign publications have counted, how many wait, and how many publications there are."""

    counted_count: int
    waiting_count: int
    publication_count: int


def standing_of(connection: sa.Connection, campaign_id: str) -> CampaignStanding:
    """How a campaign stands."""
    answer = employee_response.c
    counts = sa.select(sa.func.count(answer.publication_id), sa.func.count()).where(answer.campaign_id == campaign_id)
    counted, stored = connection.execute(counts).one()
    published = sa.select(sa.func.count()).where(publication.c.campaign_id == campaign_id)
    return CampaignStanding(counted, stored - counted, connection.scalar(published) or 0)


def newest_publication(connection: sa.Connection, campaign_id: str) -> AnyRow | None:
    """The newest publication of a campaign."""
    of_campaign = sa.select(publication).where(publication.c.campaign_id == campaign_id)
    return connection.execute(of_campaign.order_by(publication.c.number.desc()).limit(1)).one_or_none()


def told_of(connection: sa.Connection, publication_id: str, unit_id: str) -> Sequence[AnyRow]:
    """What a publication tells of a whole unit, in the order in which measures are read."""
    cell = publication_score.c
    is_asked = sa.and_(cell.publication_id == publication_id, cell.unit_id == unit_id, cell.cut == "")
    order = {(each.side, each.key): place for place, each in enumerate((*EMPLOYEE_MEASURES, *PERCEIVED_MEASURES))}
    found = connection.execute(sa.select(publication_score).where(is_asked)).all()
    return sorted(found, key=lambda row: order[row.side, row.measure])
