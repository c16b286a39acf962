"""Who works where: a team for each site and region, in which people come, go, and move from one to another."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from pipelines.demo.network import DemoNetwork
from pipelines.demo.plan import Plan
from pipelines.demo.pulse.campaigns import campaign, latest
from pipelines.demo.towns import REGIONS

# People of a site by the rank of its volume, from the quietest to the busiest: a few below 5, most 6 to 15, some 20.
RANKS, SIZES = (0.0, 0.12, 0.13, 0.80, 1.0), (2.0, 4.4, 6.0, 15.0, 30.0)
RANK_JITTER = 0.12
REGION_SIZES = (3, 6, 7)  # people of the regions themselves, one of them too few to be told

# Between two campaigns, in shares of all people; one person at least.
MOVED_SHARE, REPLACED_SHARE = 0.02, 0.03
NOWHERE = -1


@dataclass(frozen=True)
class Roster:
    """Who works where while a campaign is open, one entry per person: where now, and where in the campaign before."""

    person: NDArray[np.int32]
    unit: NDArray[np.int32]  # position among the units; NOWHERE was who has just come
    unit_before: NDArray[np.int32]
    hired_count: int


class Teams:
    """The teams of a network; its units are the sites, then the regions."""

    def __init__(self, plan: Plan, network: DemoNetwork) -> None:
        """Draw the teams of a plan."""
        self.plan, self.network = plan, network
        self.of_campaign = lru_cache(maxsize=None)(self._draw)

    @cached_property
    def unit_ids(self) -> NDArray[np.object_]:
        """The id of each unit."""
        return np.array([*(site.id for site in self.network.sites), *(each.id for each in REGIONS)], dtype=object)

    @cached_property
    def is_partner(self) -> NDArray[np.bool_]:
        """Whether each unit is run by a partner."""
        sites = [site.operated_by == "partner" for site in self.network.sites]
        return np.array([*sites, *(False for _ in REGIONS)], dtype=bool)

    def exists_on(self, day: date) -> NDArray[np.bool_]:
        """Tell which units exist on a day."""
        return np.concatenate([self.network.exists_on(day), np.ones(len(REGIONS), dtype=bool)])

    def on(self, day: date) -> Roster:
        """Give who works where on a day: as in the campaign that has opened last."""
        last = latest(self.plan, day)
        return self.of_campaign(last.number if last else 0)

    def invited(self, number: int) -> Roster:
        """Give who is invited to a campaign: everybody whose unit exists when it opens."""
        roster = self.of_campaign(number)
        kept = self.exists_on(campaign(self.plan, number).opens_on)[roster.unit]
        return Roster(roster.person[kept], roster.unit[kept], roster.unit_before[kept], roster.hired_count)

    def _draw(self, number: int) -> Roster:
        return self._after(self.of_campaign(number - 1), number) if number else self._first()

    def _first(self) -> Roster:
        random = self.plan.random(8)
        ranks = (self.network.rates.argsort().argsort() + 0.5) / max(self.plan.sites, 1)
        jittered = np.clip(ranks + random.normal(0, RANK_JITTER, len(ranks)), 0, 1)
        ranks = (jittered.argsort(kind="stable").argsort() + 0.5) / max(self.plan.sites, 1)
        sizes = [*np.interp(ranks, RANKS, SIZES).round().astype(int), *REGION_SIZES]
        unit = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        return Roster(np.arange(len(unit), dtype=np.int32), unit, unit, len(unit))

    def _after(self, before: Roster, number: int) -> Roster:
        """Let some people move to another site, and others leave their place to somebody new."""
        random, count = self.plan.random(9, number), len(before.person)
        changing = random.permutation(count)
        moved_count, replaced_count = (max(1, round(share * count)) for share in (MOVED_SHARE, REPLACED_SHARE))
        moved, replaced = changing[:moved_count], changing[moved_count : moved_count + replaced_count]
        person, unit, unit_before = before.person.copy(), before.unit.copy(), before.unit.copy()
        sites = np.flatnonzero(self.network.exists_on(campaign(self.plan, number).opens_on))
        if len(sites) > 1:
            drawn = random.integers(0, len(sites), moved_count)
            is_same = sites[drawn] == unit[moved]
            unit[moved] = sites[(drawn + is_same) % len(sites)]
        person[replaced] = before.hired_count + np.arange(len(replaced))
        unit_before[replaced] = NOWHERE
        return Roster(person, unit, unit_before, before.hired_count + len(replaced))
