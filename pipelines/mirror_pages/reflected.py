"""What every page of one last day of campaigns shares: what was asked, the network, and the sites of the curves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from pipelines.errors import SymetrieError
from pipelines.mirror_pages.records import Campaign, CurveSite, Estimate
from pipelines.summary.cleaning import clean
from pipelines.summary.tree import Tree, read_tree
from pipelines.warehouse.tables import mirror, publication, publication_score, score
from symetrie.anonymity import AnonymityRule
from symetrie.curve_sites import CLIENT_MINIMUM

WHOLE = ""  # the cut of a unit's whole figure
CLIENT_CURVES = ("nps", "overall")  # what clients' curve is made of, the first that was compared
ENGAGEMENT = "engagement"


@dataclass(frozen=True)
class ReflectedDay:
    """What was held against the clients up to the last day of one campaign, or of several that ended together."""

    as_of: date
    campaigns: Mapping[str, Campaign]  # by publication id
    standing: Mapping[str, str]  # by unit id, in the order of the network: the publication that it stands on
    asked: frozenset[tuple[str, str, str]]  # publication id, side and measure
    tree: Tree
    curve_sites: Mapping[tuple[str, str], Mapping[str, CurveSite]]  # by publication id and client measure, then site

    def campaign_of(self, unit_id: str) -> Campaign:
        """The campaign that a unit's page speaks of."""
        return self.campaigns[self.standing[unit_id]]


def read_reflected(connection: sa.Connection, as_of: date | None = None) -> ReflectedDay | None:
    """Read a day, by default the newest; None where nothing of the teams has been held against clients."""
    day = as_of or connection.scalar(sa.select(sa.func.max(mirror.c.as_of)))
    if day is None:
        return None
    standing = _standing(connection, day)
    if not standing:
        raise SymetrieError(f"mirror of {day}: no campaign that ended that day is published; see `symetrie pulse list`")
    tree, campaigns = read_tree(connection, day), _campaigns(connection, day)
    return ReflectedDay(
        as_of=day,
        campaigns=campaigns,
        standing={unit_id: standing[unit_id] for unit_id in tree.units if unit_id in standing},
        asked=_asked(connection, campaigns),
        tree=tree,
        curve_sites=_curve_sites(connection, day, campaigns, tree),
    )


def _standing(connection: sa.Connection, day: date) -> dict[str, str]:
    pairs = sa.select(mirror.c.unit_id, mirror.c.publication_id).where(mirror.c.as_of == day).distinct()
    return {row.unit_id: row.publication_id for row in connection.execute(pairs)}


def _campaigns(connection: sa.Connection, day: date) -> dict[str, Campaign]:
    of_mirror = sa.select(mirror.c.publication_id, mirror.c.window_days).where(mirror.c.as_of == day).distinct()
    window_days = {row.publication_id: row.window_days for row in connection.execute(of_mirror)}
    found = connection.execute(sa.select(publication).where(publication.c.publication_id.in_(sorted(window_days))))
    return {
        row.publication_id: Campaign(
            publication_id=row.publication_id,
            name=row.campaign_name,
            opens_on=row.opens_on,
            closes_on=row.closes_on,
            dimension_count=row.dimension_count,
            window_days=window_days[row.publication_id],
            rule=AnonymityRule(row.floor, row.verbatim_floor, row.unanimity_floor),
        )
        for row in found
    }


def _asked(connection: sa.Connection, publication_ids: Collection[str]) -> frozenset[tuple[str, str, str]]:
    told = publication_score.c
    asked = sa.select(told.publication_id, told.side, told.measure).where(told.publication_id.in_(publication_ids))
    return frozenset((id_, side, measure) for id_, side, measure in connection.execute(asked.distinct()))


def _curve_sites(
    connection: sa.Connection, day: date, campaigns: Mapping[str, Campaign], tree: Tree
) -> Mapping[tuple[str, str], Mapping[str, CurveSite]]:
    """The sites with clients enough whose engagement may be shown."""
    client, team = score.alias("client"), publication_score.alias("team")
    estimates = [table.c[name].label(f"{table.name}_{name}") for table in (client, team) for name in Estimate.__slots__]
    select = (
        sa.select(team.c.publication_id, client.c.measure, client.c.unit_id, client.c.window_days, *estimates)
        .select_from(client.join(team, team.c.unit_id == client.c.unit_id))
        .where(
            client.c.as_of == day,
            client.c.side == "client",
            client.c.measure.in_(CLIENT_CURVES),
            client.c.answer_count >= CLIENT_MINIMUM,
            team.c.publication_id.in_(campaigns.keys()),
            team.c.cut == WHOLE,
            team.c.side == "employee",
            team.c.measure == ENGAGEMENT,
            team.c.is_hidden.is_(False),
        )
    )
    sites: dict[tuple[str, str], dict[str, CurveSite]] = defaultdict(dict)
    for publication_id, measure, unit_id, days, *numbers in connection.execute(select):
        is_site = unit_id in tree.units and unit_id not in tree.below
        if is_site and days == campaigns[publication_id].window_days and None not in numbers:
            estimate, engagement = Estimate(*numbers[:3]), Estimate(*numbers[3:])
            sites[publication_id, measure][unit_id] = CurveSite(clean(tree.units[unit_id].name), estimate, engagement)
    return sites
