"""Two years of a network whose truth is known: the demo's clients, drawn as counts per day, site and measure.

A respondent's mood is shared by all their marks, as in the demo; here it takes one of five values of equal chance, so
that a day of a site is drawn as counts, and 2,000 sites by 14 measures by 730 days take seconds. The first year is
history in which nothing happens; the second is the year that is judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from pipelines.demo.marks import CUTS, EASE, OFFSET_SPREAD, SHARED_MOOD
from pipelines.demo.rows import MEASURES
from pipelines.demo.seasons import CLOSED_HOLIDAYS, busyness, mood
from symetrie.signals.network import Floats, Positions, Watched

Scenario = Literal["quiet", "restless", "usual", "small", "storm"]

FIRST = date(2024, 1, 1)
HISTORY_DAYS, JUDGED_DAYS = 366, 365
DAYS = HISTORY_DAYS + JUDGED_DAYS
SITES, REGIONS = 2000, 20
NETWORK = SITES + REGIONS

VOLUMES = np.array([0.3, 1, 3, 10, 30, 100, 300])
VOLUME_SHARES = np.array([0.25, 0.25, 0.20, 0.15, 0.08, 0.05, 0.02])

QUALITY, QUALITY_SPREAD = 0.75, 0.35  # latent: 77 % favourable, 60 % to 90 % between sites
SITE_DAY, NETWORK_DAY = 0.15, 0.03  # latent spread of the days of one site, and of all: over-dispersion
SEASON = 0.05  # latent amplitude over the year, beside the demo's Saturdays and December
BUSY_SHAPE = 8  # volumes of a day vary by a third around the season's, beyond chance
SUNDAY = 0.6

MOOD_OF_WEEKS, MOOD_FADES = 0.05, 21  # latent spread of a restless site's mood, about 1.5 points, and its days
WANDER_OF_A_YEAR = 0.1  # latent spread after a year of a level that wanders for good, about 3 points

FALLEN_SITES, DRIFTING_SITES = 0.20, 0.02
DRIFT_DAYS, DRIFT_POINTS = 180, 20
TOGETHER = 3  # measures that fall together
NATIONAL_POINTS = 4  # in every measure
PEAK_DAYS, SILENT_DAYS, SILENT_SHARE, NATIONAL_DAY = (50, 51, 120), (80, 81, 82), 0.6, 200

MOODS = ndtri((np.arange(5) + 0.5) / 5)
OWN_SPREAD = np.sqrt(1 - SHARED_MOOD * np.mean(MOODS**2))
NPS = MEASURES.index("nps")
DETRACTOR, PROMOTER = CUTS["0-10"][6], CUTS["0-10"][8]


@dataclass(frozen=True)
class Fall:
    """What truly happened: a unit, the measures that fell together, when, by how many points."""

    unit: int
    measures: Positions
    start: int
    points: float
    kind: Literal["site", "drift", "region", "network"] = "site"


@dataclass(frozen=True)
class Day:
    """What came in: answers of each site, unhappy ones by measure and site; and what an oracle knows."""

    number: int
    date: date
    answers: NDArray[np.int64]
    unhappy: Floats
    level: Floats  # latent, by site and measure, had nothing befallen them


@dataclass(frozen=True)
class World:
    """A network, its sites and what befalls them."""

    seed: int
    scenario: Scenario

    @cached_property
    def volume_class(self) -> Positions:
        """Which of `VOLUMES` each site has."""
        classes = np.repeat(np.arange(len(VOLUMES)), (VOLUME_SHARES * SITES).round().astype(int))
        return np.random.default_rng([self.seed, 1]).permutation(classes)

    @cached_property
    def region(self) -> Positions:
        """The region of each site."""
        return np.arange(SITES) % REGIONS

    @property
    def watched(self) -> Watched:
        """Sites first, then regions, then the network."""
        return Watched(len(MEASURES), np.concatenate([SITES + self.region, np.full(REGIONS, NETWORK), [-1]]), strata=1)

    @cached_property
    def falls(self) -> list[Fall]:
        """What truly happens in the judged year."""
        if self.scenario in ("quiet", "restless"):
            return []
        random = np.random.default_rng([self.seed, 2])
        who = random.permutation(SITES)
        fallen, drifting = int(FALLEN_SITES * SITES), int(DRIFTING_SITES * SITES)
        sizes = (5,) if self.scenario == "small" else (10, 20)

        def together() -> Positions:
            return random.choice(len(MEASURES), TOGETHER, replace=False)

        def day(until: int = JUDGED_DAYS) -> int:
            return HISTORY_DAYS + int(random.integers(until))

        falls = [Fall(int(site), together(), day(), float(random.choice(sizes))) for site in who[:fallen]]
        if self.scenario == "small":
            return falls
        falls += [
            Fall(int(site), together(), day(JUDGED_DAYS - DRIFT_DAYS), DRIFT_POINTS, "drift")
            for site in who[fallen : fallen + drifting]
        ]
        falls += [
            Fall(SITES + int(region), together(), day(JUDGED_DAYS - 35), 10, "region")
            for region in random.permutation(REGIONS)[:2]
        ]
        if self.scenario == "storm":
            falls.append(
                Fall(NETWORK, np.arange(len(MEASURES)), HISTORY_DAYS + NATIONAL_DAY, NATIONAL_POINTS, "network")
            )
        return falls

    @cached_property
    def wanderings(self) -> Floats:
        """What moves each site without anything having happened, latent, by day and site: nothing, if not restless."""
        found = np.zeros((DAYS, SITES))
        if self.scenario != "restless":
            return found
        random, stays = np.random.default_rng([self.seed, 5]), np.exp(-1 / MOOD_FADES)
        mood_of_weeks = np.zeros(SITES)
        for number in range(DAYS):
            strays = MOOD_OF_WEEKS * np.sqrt(1 - stays**2)
            mood_of_weeks = stays * mood_of_weeks + strays * random.standard_normal(SITES)
            wanders = WANDER_OF_A_YEAR / np.sqrt(JUDGED_DAYS) * random.standard_normal(SITES)
            found[number:] += wanders
            found[number] += mood_of_weeks
        return found

    def days(self) -> Iterator[Day]:
        """Both years, day by day."""
        random = np.random.default_rng([self.seed, 3])
        own = np.random.default_rng([self.seed, 4])
        levels = own.normal(QUALITY, QUALITY_SPREAD, SITES)[:, None] + np.array([EASE[key] for key in MEASURES])
        levels += OFFSET_SPREAD * own.standard_normal(levels.shape)
        quiet = levels.copy()
        for number in range(DAYS):
            today = FIRST + timedelta(days=number)
            self._befall(levels, number)
            season = mood(today) + SEASON * np.cos(2 * np.pi * (number - 30) / 365)
            answers = self._answers(random, today, number)
            strayed = SITE_DAY * random.standard_normal(SITES) + NETWORK_DAY * random.standard_normal()
            unhappy = _draw(random, answers, levels + season + (strayed + self.wanderings[number])[:, None])
            yield Day(number, today, answers, unhappy, quiet + season)

    def _befall(self, levels: Floats, number: int) -> None:
        for fall in self.falls:
            if fall.kind == "drift" and fall.start <= number < fall.start + DRIFT_DAYS:
                _lower(levels, np.array([fall.unit]), fall.measures, DRIFT_POINTS / DRIFT_DAYS)
            elif fall.kind == "site" and fall.start == number:
                _lower(levels, np.array([fall.unit]), fall.measures, fall.points)
            elif fall.kind == "region" and fall.start == number:
                _lower(levels, np.flatnonzero(self.region == fall.unit - SITES), fall.measures, fall.points)
            elif fall.kind == "network" and fall.start == number:
                _lower(levels, np.arange(SITES), fall.measures, fall.points)

    def _answers(self, random: np.random.Generator, today: date, number: int) -> NDArray[np.int64]:
        """How many came: by season and weekday, on holidays none, in a storm ten times as many, or from few sources."""
        busy = VOLUMES[self.volume_class] * busyness(today) * (SUNDAY if today.weekday() == 6 else 1)
        busy *= (today.month, today.day) not in CLOSED_HOLIDAYS
        judged = number - HISTORY_DAYS
        if self.scenario == "storm" and judged in PEAK_DAYS:
            busy = busy * 10
        answers = random.poisson(busy * random.gamma(BUSY_SHAPE, 1 / BUSY_SHAPE, SITES))
        if self.scenario == "storm" and judged in SILENT_DAYS:
            answers = random.binomial(answers, 1 - SILENT_SHARE)
        return answers


def unhappy_share(levels: Floats, spread: float) -> Floats:
    """The share of unhappy answers at latent levels, by measure and site; half of the passives of an NPS count."""
    share = 1 - ndtr(levels / spread)
    detractors, promoters = ndtr((DETRACTOR - levels[:, NPS]) / spread), 1 - ndtr((PROMOTER - levels[:, NPS]) / spread)
    share[:, NPS] = (1 + detractors - promoters) / 2
    return np.asarray(share.T)


def _lower(levels: Floats, sites: Positions, measures: Positions, points: float) -> None:
    """Let the sites fall together by so many points in the mean, each by the same latent step."""
    cells = np.ix_(sites, measures)
    before = ndtr(levels[cells]).mean(axis=0)
    levels[cells] += ndtri(np.clip(before - points / 100, 0.05, 0.97)) - ndtri(before)


def _draw(random: np.random.Generator, answers: NDArray[np.int64], levels: Floats) -> Floats:
    """Draw the unhappy answers, mood by mood, so that the marks of a respondent go together."""
    unhappy = np.zeros((len(MEASURES), SITES))
    busy = np.flatnonzero(answers)
    left = answers[busy].copy()
    for position, shared in enumerate(MOODS):
        of_mood = random.binomial(left, 1 / (len(MOODS) - position))
        left -= of_mood
        latent = levels[busy].T + np.sqrt(SHARED_MOOD) * shared
        drawn = random.binomial(np.broadcast_to(of_mood, latent.shape), 1 - ndtr(latent / OWN_SPREAD)).astype(float)
        drawn[NPS] = _draw_nps(random, of_mood, latent[NPS])
        unhappy[:, busy] += drawn
    return unhappy


def _draw_nps(random: np.random.Generator, answers: NDArray[np.int64], latent: Floats) -> Floats:
    below, above = ndtr((DETRACTOR - latent) / OWN_SPREAD), 1 - ndtr((PROMOTER - latent) / OWN_SPREAD)
    detractors = random.binomial(answers, below)
    promoters = random.binomial(answers - detractors, np.clip(above / (1 - below), 0, 1))
    return (answers + detractors - promoters) / 2
