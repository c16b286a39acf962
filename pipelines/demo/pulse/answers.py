"""The answers to one campaign, drawn by lot: who takes part, when, again, too late, and what is spoilt."""

import numpy as np
from numpy.typing import NDArray

from pipelines.demo.answers import Company, draw_code
from pipelines.demo.marks import CUTS, SHARED_MOOD
from pipelines.demo.pulse.campaigns import DAYS_AFTER_CLOSING, DemoCampaign, campaign
from pipelines.demo.pulse.comments import draw_comments
from pipelines.demo.pulse.levels import team_levels
from pipelines.demo.pulse.questions import ITEMS, QUESTIONS, WORDED
from pipelines.demo.pulse.rows import (
    MARK_OFF_SCALE,
    NOTHING,
    ON_A_ROW_OF_THEIR_OWN,
    REFUSED,
    RELATIONS,
    ROW,
    SPOILS,
)
from pipelines.demo.rows import BLANK, DONT_KNOW, Rows
from pipelines.demo.sources import SHOP_HOURS
from symetrie.questions import asked

PARTICIPATION, PARTICIPATION_SPREAD = 0.75, 0.10  # mean and standard deviation over teams
LEAST, MOST = 0.40, 0.97

# In shares of those invited; one person at least.
AGAIN_SHARE, THRICE_SHARE, LATE_SHARE, SPOILED_SHARE = 0.05, 0.01, 0.015, 0.005
STRANGE_RELATION_SHARE = 0.01  # of the rows that are not refused

# Weight of each day from the opening Monday on: the first days, a reminder after a week, few on Sundays.
DAYS = (18, 14, 9, 6, 5, 3, 1, 13, 9, 6, 4, 3, 1, 8)
DAY, MINUTE = np.timedelta64(1, "D"), np.timedelta64(60, "s")
SOON_SHARE, SOON, LATER = 0.5, (10, 60), (24 * 60, 96 * 60)  # minutes after which somebody answers again
LATEST_AGAIN, LATEST_THRICE = (23 * 60 + 40) * MINUTE, (23 * 60 + 50) * MINUTE  # of the last day

TRAIT = 0.7  # share of a person's mood that stays from one campaign to the next
UNANSWERED_SHARE = 0.03

Times = NDArray[np.datetime64]
Places = NDArray[np.intp]


def draw_campaign(company: Company, number: int) -> Rows:
    """Draw every row that a campaign brings, in the order of their time."""
    asked_for, random = campaign(company.plan, number), company.plan.random(11, number)
    roster = company.teams.invited(number)
    taking_part = np.flatnonzero(random.random(len(roster.person)) < _participation(company)[roster.unit])
    everybody = np.arange(len(roster.person))
    again = _some(taking_part, AGAIN_SHARE, random)
    thrice, late = _some(again, THRICE_SHARE / AGAIN_SHARE, random), _some(everybody, LATE_SHARE, random)
    spoiled = [_some(everybody, SPOILED_SHARE, random) for _ in ON_A_ROW_OF_THEIR_OWN]
    first, second, third, too_late = _times(asked_for, len(everybody), random)
    places = [taking_part, again, thrice, late, *spoiled]
    times = [first[taking_part], second[again], third[thrice], too_late[late], *(first[each] for each in spoiled)]
    spoils = [*(NOTHING,) * 3, SPOILS.index("late"), *(SPOILS.index(kind) for kind in ON_A_ROW_OF_THEIR_OWN)]
    chosen = np.concatenate(places)
    rows: Rows = np.zeros(len(chosen), ROW)
    rows["submitted"], rows["spoil"] = np.concatenate(times), np.repeat(spoils, [len(each) for each in places])
    rows["person"], rows["unit"] = roster.person[chosen], roster.unit[chosen]
    _answer(company, rows, roster.hired_count, random)
    return rows[np.lexsort((rows["spoil"], rows["person"], rows["submitted"]))]


def _participation(company: Company) -> NDArray[np.float64]:
    """Give the share of each team that takes part, the same in every campaign."""
    drawn = company.plan.random(10).normal(PARTICIPATION, PARTICIPATION_SPREAD, len(company.teams.unit_ids))
    return np.clip(drawn, LEAST, MOST)


def _some(places: Places, share: float, random: np.random.Generator) -> Places:
    """Choose a share of people, one at least where there is anybody."""
    return np.sort(random.permutation(places)[: max(1, round(share * len(places)))])


def _times(asked_for: DemoCampaign, count: int, random: np.random.Generator) -> tuple[Times, Times, Times, Times]:
    """Draw for everybody when they would answer first, again, once more, and after the closing."""
    opens, closes = np.datetime64(asked_for.opens_on, "s"), np.datetime64(asked_for.closes_on, "s")
    first = opens + draw_code(DAYS, count, random) * DAY + _minute_of_day(count, random)
    second = np.minimum(first + _gap(count, random), closes + LATEST_AGAIN)
    third = np.minimum(second + _gap(count, random), closes + LATEST_THRICE)
    days_late = random.integers(1, DAYS_AFTER_CLOSING + 1, count)
    return first, second, third, closes + days_late * DAY + _minute_of_day(count, random)


def _minute_of_day(count: int, random: np.random.Generator) -> NDArray[np.timedelta64]:
    hours = draw_code(SHOP_HOURS, count, random).astype(np.int64)
    return np.asarray((60 * hours + random.integers(0, 60, count)) * MINUTE)


def _gap(count: int, random: np.random.Generator) -> NDArray[np.timedelta64]:
    is_soon = random.random(count) < SOON_SHARE
    return np.asarray(np.where(is_soon, random.integers(*SOON, count), random.integers(*LATER, count)) * MINUTE)


def _answer(company: Company, rows: Rows, hired_count: int, random: np.random.Generator) -> None:
    """Fill in the marks, the relation and the comment; then spoil what is spoilt by them."""
    latent = _latent(company, rows, hired_count, random)
    for position, key in enumerate(QUESTIONS):
        rows[key] = _marks(key, latent[:, position], random)
    rows["relation"] = draw_code(tuple(RELATIONS.values()), len(rows), random)
    for name, drawn in draw_comments(rows, latent, random).items():
        rows[name] = drawn
    rows[ITEMS[0]][rows["spoil"] == SPOILS.index("mark_seven")] = MARK_OFF_SCALE
    accepted = np.flatnonzero(~np.isin(rows["spoil"], REFUSED))
    strange = _some(accepted, STRANGE_RELATION_SHARE, random)
    rows["relation"][strange] = len(RELATIONS)
    rows["spoil"][strange] = SPOILS.index("unknown_relation")


def _latent(company: Company, rows: Rows, hired_count: int, random: np.random.Generator) -> NDArray[np.float32]:
    """Draw one latent value per row and question; a person keeps the better part of their mood."""
    trait = company.plan.random(12).standard_normal(hired_count)[rows["person"]]
    mood = np.sqrt(TRAIT) * trait + np.sqrt(1 - TRAIT) * random.standard_normal(len(rows))
    own = random.standard_normal((len(rows), len(QUESTIONS)))
    drawn = np.sqrt(SHARED_MOOD) * mood[:, None] + np.sqrt(1 - SHARED_MOOD) * own
    return np.asarray(team_levels(company)[rows["unit"]] + drawn, dtype=np.float32)


def _marks(key: str, latent: NDArray[np.float32], random: np.random.Generator) -> NDArray[np.int8]:
    question, chance = asked(key), random.random(len(latent))
    marks = (question.lowest + np.searchsorted(CUTS[question.onto], latent, side="right")).astype(np.int8)
    marks[chance < UNANSWERED_SHARE] = BLANK
    if key in WORDED:
        marks[chance < UNANSWERED_SHARE / 2] = DONT_KNOW
    return marks
