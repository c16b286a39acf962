"""Look at one business date: what was expected, what came, and what it adds to the evidence of each stream."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from symetrie.signals import dispersion, season
from symetrie.signals.common_day import NARROWEST_STRAY, WIDEST_STRAY, Expected, first_level, fit_common_day
from symetrie.signals.counts import Answers, DayCounts, rolled_up
from symetrie.signals.network import Floats, Watched
from symetrie.signals.state import Streams
from symetrie.signals.tilts import TILTS, log_likelihood_ratio

RHYTHM_DAYS = 91
"""How long a stream's usual day is averaged over."""

USUAL_DAYS = 91
"""How slowly the usual level of siblings follows their days: a season, not a bad week."""

STRAY_DAYS = 91
CLEAR_ENOUGH = 0.2  # a family whose day says less than this against its usual level teaches nothing of how it strays

DRIFT_PER_YEAR = 0.02
"""How far a level strays within a year without anything having happened, in log odds: old answers fade."""

LONGEST_LESSON = 0.5
"""No single day moves a level by more."""


@dataclass(frozen=True)
class _Weighed:
    """A day whose answers are weighed by what they say of each stream itself."""

    day: DayCounts
    expected: Expected
    season: Floats  # (groups,)
    weight: Floats  # of a row's log likelihood
    streams: int

    def by_stream(self, values: Floats) -> Floats:
        return np.bincount(self.day.stream, values, self.streams).astype(np.float64)

    @property
    def pull(self) -> Floats:
        excess = self.day.unhappy - self.day.answers * self.expected.share
        return self.by_stream(excess * self.weight)

    @property
    def information(self) -> Floats:
        share = self.expected.share
        return self.by_stream(self.day.answers * share * (1 - share) * self.weight)


def look_at(streams: Streams, came: Answers, watched: Watched) -> None:
    """Take a day into the memory of the streams, in place; nothing is decided yet."""
    if not len(came.answers):
        return
    day = rolled_up(came, streams.level, watched)
    streams.usual = first_level(day, streams.usual)
    season_of_groups = _season(streams, came, watched)
    weighed = _weigh(streams, day, season_of_groups, watched)
    _keep_season(streams, came, weighed, watched)
    _add_evidence(streams, weighed)
    _add_recovery(streams, weighed)
    _learn_levels(streams, weighed)
    _follow_siblings(streams, weighed, watched)
    streams.days += 1


def _season(streams: Streams, came: Answers, watched: Watched) -> Floats:
    """The season of the groups of units that stand alone; 0 for all others, whose siblings have the same."""
    shift = np.zeros((watched.measures, watched.families, watched.strata))
    of_alone = season.seasonal_shift(streams.past, came.day).reshape(watched.measures, -1, 1)
    shift[:, watched.family_of(came.day.weekday())[watched.alone]] = of_alone
    return shift.ravel()


def _weigh(streams: Streams, day: DayCounts, season_of_groups: Floats, watched: Watched) -> _Weighed:
    """Weigh each row: over-dispersion, the siblings' day and an uncertain level all leave less of its answers."""
    measure = day.stream // watched.units
    base, likeness = dispersion.estimated(streams.spread, streams.days)
    discount = 1 / (base[measure] * (1 + likeness[measure] * day.alike))
    start = streams.usual + season_of_groups
    expected = fit_common_day(day, streams.level[day.stream] + day.mix, start, streams.stray, discount)
    variance = day.answers * expected.share * (1 - expected.share)
    squared = (day.unhappy - day.answers * expected.share) ** 2 * expected.left / variance
    teaches = np.where(expected.left > dispersion.MOSTLY_ITS_OWN, discount, 0)
    streams.spread = dispersion.learned(streams.spread, measure, day.alike, squared, variance, teaches)
    information = expected.information * expected.left
    unknown = 1 + np.bincount(day.stream, information, watched.streams) / streams.known
    of_its_own = ~watched.only_children[day.stream % watched.units]
    weight = discount * expected.left / unknown[day.stream] * of_its_own
    return _Weighed(day, expected, season_of_groups, weight, watched.streams)


def _keep_season(streams: Streams, came: Answers, weighed: _Weighed, watched: Watched) -> None:
    """Keep how far the day strayed from the usual level, its season not taken out."""
    day = weighed.day
    share = expit(streams.level[day.stream] + day.mix + streams.usual[day.group])
    strayed = weighed.by_stream(day.unhappy - day.answers * share)
    information = weighed.by_stream(day.answers * share * (1 - share))
    of_alone = (np.arange(watched.measures)[:, None] * watched.units + watched.alone).ravel()
    seen = np.where(information > 0, strayed / np.maximum(information, 1e-9), np.nan)[of_alone]
    season.keep(streams.past, came.day, seen)


def _add_evidence(streams: Streams, weighed: _Weighed) -> None:
    """Add the day to every sequential test; one that falls to 0 begins again."""
    day, share, information = weighed.day, weighed.expected.share, weighed.information
    answered, pace = weighed.by_stream(day.answers), 1 / min(streams.days + 1, RHYTHM_DAYS)
    streams.rhythm += (information - streams.rhythm) * pace
    streams.busyness += (answered - streams.busyness) * pace
    for position, tilt in enumerate(TILTS):
        ratio = log_likelihood_ratio(day.unhappy, day.answers, share, tilt)
        streams.evidence[position] += weighed.by_stream(weighed.weight * ratio)
    goes_on = streams.evidence > 0
    streams.evidence = np.where(goes_on, streams.evidence, 0)
    streams.answered = np.where(goes_on, streams.answered + answered, 0)
    streams.unhappy = np.where(goes_on, streams.unhappy + weighed.by_stream(day.unhappy), 0)
    streams.expected = np.where(goes_on, streams.expected + weighed.by_stream(day.answers * share), 0)
    streams.weighed = np.where(goes_on, streams.weighed + weighed.by_stream(day.answers * weighed.weight), 0)
    streams.since = np.where(goes_on, streams.since + 1, 0)


def _add_recovery(streams: Streams, weighed: _Weighed) -> None:
    """Of fallen streams, weigh the level before the fall against the level since."""
    day, back = weighed.day, (streams.level - streams.fallen_from)[weighed.day.stream]
    fallen = np.flatnonzero(~np.isnan(back))
    if not len(fallen):
        return
    share, answers, unhappy = weighed.expected.share[fallen], day.answers[fallen], day.unhappy[fallen]
    ratio = log_likelihood_ratio(unhappy, answers, share, -back[fallen]) * weighed.weight[fallen]
    added = np.bincount(day.stream[fallen], ratio, weighed.streams)
    streams.recovering = np.maximum(streams.recovering + added, 0)


def _learn_levels(streams: Streams, weighed: _Weighed) -> None:
    """Move each level towards what came, the less the better it is known (a Kalman filter's step)."""
    streams.known /= 1 + streams.known * DRIFT_PER_YEAR**2 / 365
    streams.known += weighed.information
    lesson = weighed.pull / streams.known
    streams.level += np.clip(lesson, -LONGEST_LESSON, LONGEST_LESSON)


def _follow_siblings(streams: Streams, weighed: _Weighed, watched: Watched) -> None:
    """Let the usual level of siblings follow the day's, and learn how far the days of those who stand alone stray."""
    expected = weighed.expected
    off = expected.common - streams.usual - weighed.season
    is_clear = watched.is_alone & (expected.said > CLEAR_ENOUGH)
    seen = (off / np.maximum(expected.said, CLEAR_ENOUGH)) ** 2 - 1 / np.maximum(expected.family, 1)
    strayed = streams.stray**2 + np.where(is_clear, seen - streams.stray**2, 0) / STRAY_DAYS
    streams.stray = np.sqrt(strayed.clip(NARROWEST_STRAY**2, WIDEST_STRAY**2))
    came = expected.family > 0
    streams.days_seen = np.where(came, streams.days_seen * (1 - 1 / USUAL_DAYS) + 1, streams.days_seen)
    pace = np.maximum(1 / USUAL_DAYS, 1 / np.maximum(streams.days_seen, 1))
    streams.usual = np.where(came, streams.usual + off * pace, streams.usual)
    _follow_surroundings(streams, weighed)


def _follow_surroundings(streams: Streams, weighed: _Weighed) -> None:
    """Let what is around each stream, its siblings and its mix, follow slowly."""
    day = weighed.day
    answers = weighed.by_stream(day.answers)
    around = weighed.by_stream(day.answers * (weighed.expected.common[day.group] + day.mix)) / np.maximum(answers, 1)
    pace = np.where(streams.around == 0, 1, 1 / RHYTHM_DAYS)
    streams.around += np.where(answers > 0, (around - streams.around) * pace, 0)
