"""What one source delivers on one morning: yesterday's answers, and what is late, edited or sent again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipelines.demo.answers import PLAIN, SPECIAL, SPOILED, Company, draw_answers
from pipelines.demo.phrases import draw_revisions
from pipelines.demo.rows import EDIT, REFUSED, REPEAT, SECOND_TWIN, Rows, with_role
from pipelines.demo.sources import APRES_VISITE, EDITED, LATE, LATE_DAYS, REASONS, REPEATED, SPOILS, TWIN, Source

UNKNOWN_SITE, MISSING_SITE = -2, -1
OTHER_DAYS = {"year_1980": np.datetime64("1980-01-01"), "year_2099": np.datetime64("2099-12-31")}
MARK_OFF_SCALE = 7
LONG_TEXT_SOURCE, LONG_TEXT_DAY = APRES_VISITE, 20  # after the first one
BETTER_SHARE = 0.6  # of the edited answers
REFUSED_SPOILS = [SPOILS.index(kind) for kind, reason in REASONS.items() if reason]


@dataclass(frozen=True)
class Delivery:
    """The rows of a file with their role, and the former state of those that it edits."""

    source: Source
    day: date
    rows: Rows
    replaced: Rows


class Deliveries:
    """Draws deliveries; the few answers that come back on later days are kept for those."""

    def __init__(self, company: Company) -> None:
        """Draw for one company."""
        self.company = company
        self._special = lru_cache(maxsize=32)(self._draw_special)

    def of(self, source: Source, day: date) -> Delivery:
        """Put together the delivery of a business day."""
        special = self._special(source, day)[0]
        on_time, twins = special[special["fate"] != LATE], special[special["fate"] == TWIN]
        parts = [self._plain(source, day), on_time, with_role(twins, SECOND_TWIN), self._spoiled(source, day)]
        replaced = [special[:0]]
        for before, after in self._due(source, day):
            parts.append(before[before["fate"] == LATE])
            parts.append(with_role(before[before["fate"] == REPEATED], REPEAT))
            parts.append(with_role(after[after["fate"] == EDITED], EDIT))
            replaced.append(before[before["fate"] == EDITED])
        return Delivery(source, day, _in_order(np.concatenate(parts)), np.concatenate(replaced))

    def _due(self, source: Source, day: date) -> Iterator[tuple[Rows, Rows]]:
        """Give the answers of earlier days of which something comes today, before and after an edit."""
        for delay in range(1, len(LATE_DAYS) + 1):
            earlier = day - timedelta(days=delay)
            if earlier >= self.company.plan.anchor:
                answers, revised = self._special(source, earlier)
                is_due = answers["delay"] == delay
                yield answers[is_due], revised[is_due]

    def _draw_special(self, source: Source, day: date) -> tuple[Rows, Rows]:
        answers = draw_answers(self.company, source, day, SPECIAL)
        return answers, _revised(answers, self.company.plan.random(6, source.number, day.toordinal()))

    def _plain(self, source: Source, day: date) -> Rows:
        answers = draw_answers(self.company, source, day, PLAIN)
        if source is LONG_TEXT_SOURCE and day == self.company.plan.day(LONG_TEXT_DAY):
            answers["spoil"][:1] = SPOILS.index("very_long")
        return answers

    def _spoiled(self, source: Source, day: date) -> Rows:
        answers = draw_answers(self.company, source, day, SPOILED)
        _spoil(self.company, source, day, answers)
        return answers


def _revised(answers: Rows, random: np.random.Generator) -> Rows:
    """Give the answers as their clients change them on the eve of the delivery: other marks, and a word about it."""
    revised, count = answers.copy(), len(answers)
    overall, nps = answers["overall"], answers["nps"]
    is_better = (overall == 1) | ((overall < 5) & (random.random(count) < BETTER_SHARE))
    way = np.where(is_better, 1, -1)
    revised["overall"] = np.where(overall > 0, np.clip(overall + way * random.integers(1, 3, count), 1, 5), overall)
    revised["nps"] = np.where(nps >= 0, np.clip(nps + way * random.integers(1, 5, count), 0, 10), nps)
    revised["revision"] = draw_revisions(answers["is_english"], is_better, random)
    seconds = random.integers(6 * 3600, 19 * 3600, count).astype("timedelta64[s]")
    revised["updated"] = (answers["day"] + answers["delay"].astype("timedelta64[D]")).astype("datetime64[s]") + seconds
    return revised


def _spoil(company: Company, source: Source, day: date, answers: Rows) -> None:
    """Spoil each answer in its own way, on a site that always existed so that it has one fault only."""
    plain = company.network.plain_sites()
    answers["site"][~np.isin(answers["site"], plain)] = plain[0] if plain else 0
    unopened = np.flatnonzero(~company.network.exists_on(day))
    if not len(unopened):
        answers["spoil"][answers["spoil"] == SPOILS.index("before_opening")] = SPOILS.index("missing_unit")
    for kind in source.spoils:
        chosen = answers["spoil"] == SPOILS.index(kind)
        for name, value in _fault(source, kind, unopened).items():
            answers[name][chosen] = value
        if kind in OTHER_DAYS:
            _move(answers, chosen, np.datetime64(day, "D") - OTHER_DAYS[kind])
    answers["role"][np.isin(answers["spoil"], REFUSED_SPOILS)] = REFUSED


def _fault(source: Source, kind: str, unopened: NDArray[np.intp]) -> Mapping[str, int]:
    """Give the column that makes a row faulty, with its value; some faults are of the text alone."""
    return {
        "missing_unit": {"site": MISSING_SITE},
        "unknown_unit": {"site": UNKNOWN_SITE},
        "before_opening": {"site": int(unopened[0]) if len(unopened) else MISSING_SITE},
        "mark_seven": {"overall": MARK_OFF_SCALE},
        "unknown_channel": {"channel": len(source.channels)},
    }.get(kind, {})


def _move(answers: Rows, chosen: NDArray[np.bool_], back: np.timedelta64) -> None:
    for column in ("submitted", "visited"):
        answers[column][chosen] -= back


def _in_order(rows: Rows) -> Rows:
    """Sort as an export does: by the time of the answer."""
    return rows[np.lexsort((rows["role"], rows["number"], rows["cohort"], rows["submitted"]))]
