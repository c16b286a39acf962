"""The network of the demo: its sites, how busy and how good each is, and what changes in its history."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import IntEnum
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from pipelines.demo.changes import Change, changes
from pipelines.demo.climate import Climate, draw_climate, felt
from pipelines.demo.plan import Plan
from pipelines.demo.seasons import CLOSED_HOLIDAYS
from pipelines.demo.towns import METROPOLE, NETWORK_ID, NETWORK_NAME, REGIONS, REUNION, SECTOR, site_name

SMALLEST_WITH_A_STORY = 10  # sites; below, every site is a plain one

OPENS_ON_DAY, MOVES_ON_DAY = 48, 72  # after the first one

SPREAD = 0.9  # standard deviation of the logarithm of the sites' sizes
SMALL_SITES_SHARE = 0.06  # of the sites, from 0.3 to one answer a day
SMALL_SITES_RATES = (0.3, 1.0)
CORNER_RATE = 0.02  # so few that even 91 days give no answer

WORST_PCT, BEST_PCT = 45.0, 90.0
PARTNER_POINTS = -4.0
PARTNER_PLACES, PARTNER_TURN = (4, 11, 18), 19  # about one site in six, in every region

OPENING_WEEKS = {"mon-sun": range(7), "mon-sat": range(6), "tue-sat": range(1, 6)}

CSV_COLUMNS = (
    "id", "kind", "name", "parent", "timezone", "sector", "operated_by", "open_on", "closed_dates", "valid_from",
    "valid_to",
)  # fmt: skip


class Story(IntEnum):
    """What is special about a site, by its place from the end of the list."""

    OPENS = 1
    MOVES = 3
    OVERSEAS = 4
    CORNER = 5


@dataclass(frozen=True)
class Site:
    """A shop as it is when the demo begins, or opens."""

    id: str
    name: str
    region: int
    timezone: str = METROPOLE
    operated_by: str = "own"
    open_on: str = "mon-sat"
    opened: date | None = None
    moves_on: date | None = None
    moves_to: int | None = None

    @property
    def kiosk_code(self) -> str:
        """The code its kiosk sends: the site's id, but an old code where the site moved."""
        return f"BORNE-{self.id}" if self.moves_on else self.id


@dataclass(frozen=True)
class DemoNetwork:
    """The sites in order, with arrays of the same order: expected answers a day, percent favourable, and climate."""

    sites: tuple[Site, ...]
    rates: NDArray[np.float64]
    quality_pct: NDArray[np.float64]
    climate: Climate
    changes: tuple[Change, ...]
    holidays: tuple[date, ...]

    @cached_property
    def opened(self) -> NDArray[np.datetime64]:
        """The opening day of each site, NaT where it was always there."""
        return np.array([site.opened for site in self.sites], dtype="datetime64[D]")

    @cached_property
    def weekdays(self) -> NDArray[np.bool_]:
        """Whether each site (rows) is open on each weekday (columns)."""
        weeks = [[day in OPENING_WEEKS[site.open_on] for day in range(7)] for site in self.sites]
        return np.array(weeks, dtype=bool).reshape(-1, 7)

    def open_on(self, day: date) -> NDArray[np.bool_]:
        """Tell which sites are open on a day."""
        return self.weekdays[:, day.weekday()] & self.exists_on(day) & (day not in self.holidays)

    def exists_on(self, day: date) -> NDArray[np.bool_]:
        """Tell which sites have opened by a day."""
        return np.isnat(self.opened) | (self.opened <= np.datetime64(day, "D"))

    def plain_sites(self) -> list[int]:
        """Give the positions of the sites that always existed where they are now."""
        return [at for at, site in enumerate(self.sites) if site.opened is None and site.moves_on is None]

    def write(self, path: Path) -> None:
        """Write the network as the table that the settings read."""
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(CSV_COLUMNS)
            rows.writerows(self._rows())

    def _rows(self) -> Iterator[Sequence[str]]:
        closed = " ".join(day.isoformat() for day in self.holidays)
        yield NETWORK_ID, "network", NETWORK_NAME, "", METROPOLE, SECTOR, "own", "", closed, "", ""
        for region in REGIONS:
            yield region.id, "region", region.name, NETWORK_ID, "", "", "", "", "", "", ""
        for site in self.sites:
            zone = "" if site.timezone == METROPOLE else site.timezone
            operated_by = "" if site.operated_by == "own" else site.operated_by
            for parent, first, last in _stays(site):
                yield (
                    site.id, "site", site.name, parent, zone, "", operated_by, site.open_on, "", first, last,
                )  # fmt: skip


def build_network(plan: Plan) -> DemoNetwork:
    """Draw the network of a plan."""
    random = plan.random(1)
    sites = tuple(_site(plan, position) for position in range(plan.sites))
    rates = _rates(plan, random)
    climate = draw_climate(plan)
    quality = _quality_pct(sites, felt(climate.site, random))
    ordinary = range(plan.sites - max(Story))  # none where the network is too small for stories
    return DemoNetwork(sites, rates, quality, climate, changes(plan, rates, quality, ordinary), _holidays(plan))


def _site(plan: Plan, position: int) -> Site:
    region = position % len(REGIONS)
    towns, turn = REGIONS[region].towns, position // len(REGIONS)
    site_id = f"M{position + 1:0{max(3, len(str(plan.sites)))}d}"
    name = site_name(towns[turn % len(towns)], turn // len(towns))
    operated_by = "partner" if position % PARTNER_TURN in PARTNER_PLACES else "own"
    open_on = "mon-sun" if position % 6 == 0 else "tue-sat" if position % 5 == 3 else "mon-sat"
    plain = Site(site_id, name, region, METROPOLE, operated_by, open_on)
    story = plan.sites - position if plan.sites >= SMALLEST_WITH_A_STORY else 0
    match story:
        case Story.OPENS:
            return replace(plain, opened=plan.day(OPENS_ON_DAY))
        case Story.MOVES:
            return replace(plain, moves_on=plan.day(MOVES_ON_DAY), moves_to=(region + 1) % len(REGIONS))
        case Story.OVERSEAS:
            return replace(plain, name="Saint-Pierre de La Réunion", timezone=REUNION)
        case Story.CORNER:
            return replace(plain, name=f"{name} Corner", operated_by="partner")
    return plain


def _rates(plan: Plan, random: np.random.Generator) -> NDArray[np.float64]:
    """Share the answers of a usual day between the sites: log-normal, a few very small ones, one nobody answers in."""
    has_corner = plan.sites >= SMALLEST_WITH_A_STORY
    count, answers = plan.sites - has_corner, plan.answers_per_day
    rates = answers * _log_normal(count)
    small = round(SMALL_SITES_SHARE * count)
    if answers > 2 * count:
        rates[:small] = np.geomspace(*SMALL_SITES_RATES, small)
        rates[small:] = (answers - rates[:small].sum()) * _log_normal(count - small)
    rates = random.permutation(rates)
    return np.insert(rates, plan.sites - Story.CORNER, CORNER_RATE) if has_corner else rates


def _log_normal(count: int) -> NDArray[np.float64]:
    """Give the quantiles of a log-normal law, as shares of their sum, smallest first."""
    shares = np.exp(SPREAD * ndtri((np.arange(count) + 0.5) / count))
    return np.asarray(shares / shares.sum())


def _quality_pct(sites: Sequence[Site], order: NDArray[np.float64]) -> NDArray[np.float64]:
    """Spread the percent favourable of the sites evenly between the worst and the best, in an order."""
    ranks = (order.argsort().argsort() + 0.5) / max(len(sites), 1)
    partner = np.array([site.operated_by == "partner" for site in sites], dtype=bool)
    drawn = WORST_PCT + (BEST_PCT - WORST_PCT) * ranks**0.8 + PARTNER_POINTS * partner
    return np.maximum(drawn, WORST_PCT)


def _stays(site: Site) -> Iterator[tuple[str, str, str]]:
    """Give the parents of a site with the first and last day of each stay, blank where it has no end."""
    opened = site.opened.isoformat() if site.opened else ""
    if site.moves_on is None or site.moves_to is None:
        yield REGIONS[site.region].id, opened, ""
        return
    yield REGIONS[site.region].id, opened, (site.moves_on - timedelta(days=1)).isoformat()
    yield REGIONS[site.moves_to].id, site.moves_on.isoformat(), ""


def _holidays(plan: Plan) -> tuple[date, ...]:
    """List the closed days for the year of the anchor and the four that follow."""
    years = range(plan.anchor.year, plan.anchor.year + 5)
    days = (date(year, month, day) for year in years for month, day in CLOSED_HOLIDAYS)
    return tuple(day for day in days if day >= plan.anchor)
