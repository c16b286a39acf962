"""Answers of one business day, drawn by lot."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.demo.marks import (
    DIMENSION_POSITIONS,
    EASE,
    POSITION,
    draw_latent,
    marks_of,
    site_levels,
    site_offsets,
)
from pipelines.demo.network import DemoNetwork, build_network
from pipelines.demo.phrases import MIXED_MARK, MOODS, draw_phrases
from pipelines.demo.plan import Plan
from pipelines.demo.pulse.teams import Teams
from pipelines.demo.rows import BLANK, DONT_KNOW, MEASURES, Rows, fill, new_rows
from pipelines.demo.seasons import busyness
from pipelines.demo.sources import EDITED, LATE, LATE_DAYS, LATER_DAYS, REPEATED, SPOILED_SHARE, SPOILS, Source

UNANSWERED_SHARE = 0.06  # of each dimension; a fifth of it for overall satisfaction
CAN_CONTACT_SHARE = 0.55
VISITED_TODAY_SHARE = 0.45  # and as much of the rest a day earlier, and so on
FOR_EVER = 9_999  # days
DAY_JITTER = 0.08  # relative standard deviation of a day's volume

# Cohorts: the answers of a day that share one stream of random numbers.
PLAIN, SPECIAL, SPOILED = 1, 2, 3
COHORT_LETTERS = {PLAIN: "A", SPECIAL: "B", SPOILED: "C"}


@dataclass(frozen=True)
class Company:
    """A plan with the network drawn from it."""

    plan: Plan

    @cached_property
    def network(self) -> DemoNetwork:
        """The sites."""
        return build_network(self.plan)

    @cached_property
    def teams(self) -> Teams:
        """Who works where."""
        return Teams(self.plan, self.network)

    @cached_property
    def offsets(self) -> NDArray[np.float64]:
        """What each site is especially good or bad at."""
        return site_offsets(self.network, self.plan.random(3))

    @cached_property
    def site_ids(self) -> NDArray[np.object_]:
        """The id of each site."""
        return np.array([site.id for site in self.network.sites], dtype=object)

    def levels(self, day: date) -> NDArray[np.float32]:
        """Give the latent level of each site and measure on a day."""
        return site_levels(self.network, self.offsets, day)

    def days_open(self, day: date) -> NDArray[np.int64]:
        """Give for how many days each site has existed, for ever where it always did."""
        opened = self.network.opened
        return np.where(np.isnat(opened), FOR_EVER, (np.datetime64(day, "D") - opened).astype(np.int64)).clip(0)

    def expected(self, source: Source, day: date) -> NDArray[np.float64]:
        """Give the expected answers of each site on a day."""
        jitter = np.exp(self.plan.random(4, source.number, day.toordinal()).normal(0, DAY_JITTER))
        open_factor = np.where(self.network.open_on(day), 1.0, source.closed_day_factor)
        factor = source.share * busyness(day) * jitter
        return np.asarray(self.network.rates * open_factor * self.network.exists_on(day) * factor)


def draw_answers(company: Company, source: Source, day: date, cohort: int) -> Rows:
    """Draw the answers of a cohort; the same arguments give the same answers, whoever asks and when."""
    expected = company.expected(source, day)
    random = company.plan.random(5, source.number, day.toordinal(), cohort)
    rows = new_rows(int(random.poisson(expected.sum() * _share(source, cohort))))
    fill(rows, {"day": day, "cohort": cohort, "number": np.arange(len(rows))})
    rows["site"] = _draw_sites(expected, len(rows), random)
    rows["channel"] = draw_code(tuple(source.channels.values()), len(rows), random)
    rows["can_contact"] = random.random(len(rows)) < CAN_CONTACT_SHARE
    latent = draw_latent(company.levels(day)[rows["site"]], random)
    fill(rows, _draw_times(company, source, day, rows["site"], random))
    fill(rows, {key: _draw_mark(source, key, latent[:, POSITION[key]], random) for key in source.measures})
    fill(rows, _draw_fates(source, cohort, len(rows), random))
    if source.text_share:
        fill(rows, _draw_text(source, rows["overall"], latent, random))
    return rows


def _share(source: Source, cohort: int) -> float:
    special = sum(source.fates.values())
    return {PLAIN: 1 - special, SPECIAL: special, SPOILED: SPOILED_SHARE * len(source.spoils)}[cohort]


def _draw_sites(expected: NDArray[np.float64], count: int, random: np.random.Generator) -> NDArray[np.int32]:
    until = np.cumsum(expected)
    drawn = random.random(count) * (until[-1] if len(until) else 0)
    return np.searchsorted(until, drawn, side="right").astype(np.int32)


def _draw_times(
    company: Company, source: Source, day: date, sites: NDArray[np.int32], random: np.random.Generator
) -> dict[str, NDArray[np.datetime64]]:
    hours = draw_code(source.hours, len(sites), random).astype(np.int64)
    seconds = hours * 3600 + random.integers(0, 3600, len(sites))
    lag = np.minimum(random.geometric(VISITED_TODAY_SHARE, len(sites)) - 1, source.longest_visit_lag)
    lag = np.minimum(lag, company.days_open(day)[sites])
    return {
        "submitted": np.datetime64(day, "s") + seconds.astype("timedelta64[s]"),
        "visited": np.datetime64(day, "D") - lag.astype("timedelta64[D]"),
    }


def _draw_mark(source: Source, key: str, latent: NDArray[np.float32], random: np.random.Generator) -> NDArray[np.int8]:
    chance = random.random(len(latent), dtype=np.float32)
    marks = marks_of(key, latent)
    unanswered = UNANSWERED_SHARE / 5 if key == "overall" else UNANSWERED_SHARE
    marks[chance < unanswered] = BLANK
    if source.says_dont_know and key in EASE.keys() - {"overall", "nps", "ces"}:
        marks[chance < unanswered / 2] = DONT_KNOW
    return marks


def _draw_fates(source: Source, cohort: int, count: int, random: np.random.Generator) -> dict[str, NDArray[np.int8]]:
    """Say how each answer arrives, how many days later, and what spoils it (-1 when nothing does)."""
    fate, delay, spoil = (np.full(count, start, np.int8) for start in (0, 0, -1))
    if cohort == SPECIAL:
        fate = np.array(list(source.fates), np.int8)[draw_code(tuple(source.fates.values()), count, random)]
        late = 1 + draw_code(LATE_DAYS, count, random)
        later = 1 + draw_code(LATER_DAYS, count, random)
        delay = np.select([fate == LATE, np.isin(fate, (EDITED, REPEATED))], [late, later], 0).astype(np.int8)
    if cohort == SPOILED:
        kinds = np.array([SPOILS.index(kind) for kind in source.spoils], np.int8)
        spoil = kinds[random.integers(0, len(kinds), count)]
    return {"fate": fate, "delay": delay, "spoil": spoil}


def _draw_text(
    source: Source, overall: NDArray[np.int8], latent: NDArray[np.float32], random: np.random.Generator
) -> dict[str, NDArray[Any]]:
    """Draw what the client writes about: the dimension that stands out, in the mood of the overall mark."""
    mood = np.sign(overall - MIXED_MARK) + 1
    mood[overall < 0] = 1
    ease = np.array([EASE[MEASURES[position]] for position in DIMENSION_POSITIONS], np.float32)
    against_usual = latent[:, DIMENSION_POSITIONS] - ease
    theme = np.where(mood == 2, against_usual.argmax(axis=1), against_usual.argmin(axis=1)).astype(np.int8)
    shares = np.array([source.text_share.get(name, 0.0) for name in MOODS])
    writes = random.random(len(mood)) < shares[mood]
    is_english = random.random(len(mood)) < source.english_share
    phrases = draw_phrases(mood, theme, is_english, random)
    return {"mood": mood, "writes": writes, "is_english": is_english, **phrases}


def draw_code(weights: tuple[float, ...], count: int, random: np.random.Generator) -> NDArray[np.int8]:
    """Draw positions in a tuple of weights."""
    until = np.cumsum(np.array(weights, dtype=float))
    drawn: NDArray[np.intp] = np.searchsorted(until, random.random(count) * until[-1], side="right")
    return drawn.astype(np.int8)
