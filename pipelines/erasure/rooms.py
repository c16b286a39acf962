"""The rooms that an erasure visits, in order; a new table that holds answers, or quotes them, joins this list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipelines.erasure import alerts, facts, landing, staging, summaries
from pipelines.erasure.visit import Found, Visit


@dataclass(frozen=True)
class Room:
    """A place where an answer may stand: how it is found there, and how it is removed; either may be done again."""

    name: str
    find: Callable[[Visit], Found]
    clear: Callable[[Visit], None]
    is_told_anew: bool = False  # it counts or quotes answers, and is written again without this one


# The quarantine comes after the landing: what was mended in it leads to lines that do not name the answer.
# Summaries come last: they are written from what the other rooms have left.
ROOMS = (
    Room("core", facts.find_answer, facts.clear_answer),
    Room("alerts", alerts.find, alerts.clear),
    Room("landing", landing.find, landing.clear),
    Room("staging", staging.find, staging.clear),
    Room("quarantine", facts.find_set_aside, facts.clear_set_aside),
    Room("summaries and pages", summaries.find, summaries.rewrite, is_told_anew=True),
)
