"""How many unhappy clients speak of each reason, per unit with everything under it: with or without consent."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa

from pipelines.alerts.case_reading import answer, is_unhappy, words
from pipelines.alerts.cases import type_words
from pipelines.summary.among import among
from pipelines.summary.tree import stood_under
from pipelines.warehouse.tables import client_response, unit_ancestor
from symetrie.windows import window

if TYPE_CHECKING:
    from pipelines.settings.alert_cases import AlertCases


@dataclass(frozen=True, slots=True)
class ReasonCounts:
    """The unhappy clients of a unit in a window, those who wrote why, and how many speak of each reason.

    A client may speak of several: the counts add up to more than `told_count`. The most frequent comes first.
    """

    unhappy_count: int
    told_count: int
    counts: Mapping[str, int]


def reason_counts(
    connection: sa.Connection, alerts: AlertCases, business_date: date, days: int, asked: Collection[str]
) -> dict[str, ReasonCounts]:
    """Count the reasons of each asked unit, in the tree of each day; a unit without unhappy clients has no entry.

    The window of `days` ends on `business_date`, inclusive. The words are read where they stand and none is given.
    """
    wanted = set(asked)
    rows = connection.execute(
        sa.select(unit_ancestor.c.ancestor_id, words.label("words"), answer.language, sa.func.count().label("number"))
        .select_from(client_response.join(unit_ancestor, stood_under(answer.unit_id, answer.business_date)))
        .where(
            answer.business_date.between(*window(business_date, days)),
            answer.status == "published",
            is_unhappy(alerts.cases),
            among(unit_ancestor.c.ancestor_id, wanted),
        )
        .group_by(unit_ancestor.c.ancestor_id, words, answer.language)
    ).all()
    typology = alerts.typology()
    found = type_words(typology, ((row.words, row.language) for row in rows if row.words is not None))
    unhappy: Counter[str] = Counter()
    told: Counter[str] = Counter()
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        reasons = found[row.words, row.language] if row.words is not None else ()
        unhappy[row.ancestor_id] += row.number
        told[row.ancestor_id] += row.number if reasons else 0
        counts[row.ancestor_id].update(dict.fromkeys(reasons, row.number))
    places = {reason.code: place for place, reason in enumerate(typology.reasons)}
    return {
        unit_id: ReasonCounts(unhappy[unit_id], told[unit_id], _most_first(counts[unit_id], places))
        for unit_id in sorted(wanted & unhappy.keys())
    }


def _most_first(counts: Mapping[str, int], places: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], places[pair[0]])))
