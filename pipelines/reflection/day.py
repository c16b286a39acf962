"""Everything that the reflections of one last day of campaigns are made of."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd
import sqlalchemy as sa
import structlog

from pipelines.reflection.organisations import top_units
from pipelines.warehouse import Warehouse
from pipelines.warehouse.dated import tree_of
from pipelines.warehouse.reflection import Published, told_by, units_on
from pipelines.warehouse.reflection_clients import asked_units
from pipelines.warehouse.rolling import COUNTS, window_counts

log = structlog.get_logger(__name__)

WHOLE = ""
"""The cut of a unit's whole figure."""


@dataclass(frozen=True)
class Day:
    """What was published of campaigns that closed on a day, and the clients' answers held against it."""

    as_of: date
    client_days: int
    published: Mapping[str, Published]  # by publication id
    told: pd.DataFrame  # every figure of these publications, and of those before them of the same source
    standing: pd.Series[str]  # by unit id, the publication that its reflections stand on
    clients: pd.DataFrame  # the clients' counts in the window: unit_id, measure and the three counts
    tree: pd.DataFrame  # the network as it last stood in the campaigns: unit_id, ancestor_id, depth
    tops: pd.DataFrame  # top units of the organisations of each sector: unit_id, organisation_id, sector

    @cached_property
    def figures(self) -> pd.DataFrame:
        """The figures of each unit in the publication that it stands on."""
        pairs = self.standing.rename("publication_id").rename_axis("unit_id").reset_index()
        return self.told.merge(pairs, on=["unit_id", "publication_id"])

    @cached_property
    def whole_figures(self) -> pd.DataFrame:
        """Those of whole units, hidden ones too."""
        return self.figures[self.figures["cut"] == WHOLE]

    @cached_property
    def shown_figures(self) -> pd.DataFrame:
        """Those of whole units that may be seen."""
        return self.whole_figures[~self.whole_figures["is_hidden"]]

    @property
    def below(self) -> pd.DataFrame:
        """Every unit beside each that stands above it."""
        return self.tree[self.tree["depth"] > 0]

    @cached_property
    def sites(self) -> frozenset[str]:
        """The units that nothing stands under."""
        return frozenset(self.tree["unit_id"]) - frozenset(self.below["ancestor_id"])

    def asked(
        self, warehouse: Warehouse, connection: sa.Connection, unit_ids: Collection[str] | None = None
    ) -> AbstractContextManager[sa.Table]:
        """The units to read clients' answers of, for a `with` block: by default all that stand on a publication."""
        return asked_units(warehouse, connection, self.as_of, self.standing.index if unit_ids is None else unit_ids)

    def published_for(self, unit_ids: pd.Series[str], what: str) -> pd.Series[Any]:
        """What the publication that each unit stands on says of itself."""
        values = {id_: getattr(each, what) for id_, each in self.published.items()}
        return unit_ids.map(self.standing).map(values)


def gather(warehouse: Warehouse, connection: sa.Connection, published: Sequence[Published], client_days: int) -> Day:
    """Read what the reflections of the last day of some campaigns need, in a handful of queries."""
    as_of = published[0].closes_on
    by_id = {each.publication_id: each for each in published}
    before = {each.previous_id for each in published if each.previous_id is not None}
    told = told_by(warehouse, connection, {*by_id, *before})
    tree = tree_of(warehouse, connection, as_of, since=min(each.opens_on for each in published))
    tops = top_units(units_on(warehouse, connection, as_of), tree)
    standing = _standing(told[told["publication_id"].isin(by_id)], tree)
    clients = _clients(warehouse, connection, as_of, {*standing.index, *tops["unit_id"]}, client_days)
    return Day(as_of, client_days, by_id, told, standing, clients, tree, tops)


def _clients(
    warehouse: Warehouse, connection: sa.Connection, as_of: date, unit_ids: Collection[str], days: int
) -> pd.DataFrame:
    columns = ["unit_id", "measure", *COUNTS]
    if not unit_ids:
        return pd.DataFrame(columns=columns)
    with asked_units(warehouse, connection, as_of, unit_ids) as asked:
        return window_counts(warehouse, connection, asked, [days])[columns]


def _standing(told: pd.DataFrame, tree: pd.DataFrame) -> pd.Series[str]:
    """The publication that each unit and all above it stand on: of several, the one that tells most of the unit."""
    of_whole = told.assign(answer_count=told["answer_count"].where(told["cut"] == WHOLE, 0))
    answers = of_whole.groupby(["unit_id", "publication_id"], as_index=False)["answer_count"].sum()
    above = answers.merge(tree, on="unit_id").assign(unit_id=lambda frame: frame["ancestor_id"], answer_count=0)
    candidates = pd.concat([answers, above[answers.columns]])
    ranked = candidates.sort_values(["unit_id", "answer_count", "publication_id"], ascending=[True, False, True])
    several = ranked.drop_duplicates(["unit_id", "publication_id"])["unit_id"].duplicated()
    if several.any():
        log.info("reflection.several_publications", units=int(several.sum()), chosen="the one that tells most of each")
    chosen = ranked.drop_duplicates("unit_id")
    return pd.Series(chosen["publication_id"].to_numpy(), index=pd.Index(chosen["unit_id"]), dtype="str")
