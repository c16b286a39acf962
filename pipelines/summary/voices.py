"""What clients said on the day: how many were unhappy, who can be contacted, and their words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import UTC, date
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from pipelines.summary.among import among
from pipelines.summary.figures import UnhappyClients, Verbatim
from pipelines.summary.tree import Tree, stood_under
from pipelines.warehouse.tables import client_response, unit_ancestor
from symetrie.measures import NPS, OVERALL, client_measure
from symetrie.windows import window

SHOWN_UNHAPPY, SHOWN_HAPPY, SHOWN_AT_LEAST = 5, 1, 3
TERSE_CHARACTERS, TELLING_CHARACTERS = 20, 280
"""A shorter comment gives way to those that say why; a longer one tells more, up to here."""

READ_CHARACTERS = 2000
FEWEST_CHARACTERS = 2
OLDEST_WORDS_DAYS = 28

answer = client_response.c

# A case of the method (§12): overall 1 or 2, or a detractor.
IS_UNHAPPY = sa.or_(answer.overall <= OVERALL.unfavourable_to, answer.nps <= NPS.unfavourable_to)
IS_HAPPY = sa.or_(
    answer.overall >= OVERALL.favourable_from,
    sa.and_(answer.overall.is_(None), answer.nps >= NPS.favourable_from),
)


def read_unhappy(
    connection: sa.Connection, business_date: date, asked: Collection[str]
) -> Mapping[str, UnhappyClients]:
    """Count, for each unit, the unhappy clients of the day and those who agreed to be contacted."""
    can_contact = sa.case((answer.can_contact.is_(True), 1), else_=0)
    was_asked = sa.func.count(answer.can_contact)
    found = connection.execute(
        sa.select(
            unit_ancestor.c.ancestor_id,
            sa.func.count(),
            sa.cast(sa.func.sum(can_contact), sa.BigInteger),
            was_asked,
        )
        .select_from(client_response.join(unit_ancestor, stood_under(answer.unit_id, answer.business_date)))
        .where(
            answer.business_date == business_date,
            answer.status == "published",
            IS_UNHAPPY,
            among(unit_ancestor.c.ancestor_id, asked),
        )
        .group_by(unit_ancestor.c.ancestor_id)
    )
    return {unit_id: UnhappyClients(*counts) for unit_id, *counts in found}


def read_verbatims(
    connection: sa.Connection, business_date: date, windows: Mapping[str, int], tree: Tree
) -> Mapping[str, tuple[Verbatim, ...]]:
    """The words to show for each unit from its own window: the lowest marks first, then a good one."""
    shown: dict[str, tuple[Verbatim, ...]] = {}
    for days in sorted({min(days, OLDEST_WORDS_DAYS) for days in windows.values()}):
        asked = {unit_id for unit_id, own in windows.items() if min(own, OLDEST_WORDS_DAYS) == days}
        ranked = connection.execute(_ranked_for_units(*window(business_date, days), asked)).all()
        by_unit: dict[str, list[Verbatim]] = defaultdict(list)
        for row in ranked:
            if row.ancestor_id in asked:
                by_unit[row.ancestor_id].append(_verbatim(row, tree))
        shown |= {unit_id: _selection(found) for unit_id, found in by_unit.items()}
    return shown


def _selection(found: list[Verbatim]) -> tuple[Verbatim, ...]:
    unhappy = sorted((each for each in found if each.is_unhappy), key=_share)
    happy = [each for each in found if not each.is_unhappy]
    return (*unhappy, *happy[: max(SHOWN_HAPPY, SHOWN_AT_LEAST - len(unhappy))])


def _share(verbatim: Verbatim) -> float:
    measure = client_measure(verbatim.measure)
    return (verbatim.mark - measure.lowest) / (measure.highest - measure.lowest)


def _ranked_for_units(first: date, last: date, asked: Collection[str]) -> sa.Select[Any]:
    """The first few of each unit; ranked within each site before they are rolled up, and their text read last."""
    leading = _ranked_in_sites(first, last).subquery("leading")
    joined = leading.join(unit_ancestor, stood_under(leading.c.unit_id, leading.c.business_date))
    ranked = (
        sa.select(
            unit_ancestor.c.ancestor_id,
            *leading.c,
            _rank(unit_ancestor.c.ancestor_id, leading).label("place"),
        )
        .select_from(joined)
        .where(leading.c.site_place <= SHOWN_UNHAPPY, among(unit_ancestor.c.ancestor_id, asked))
        .subquery("ranked")
    )
    same_answer = sa.and_(answer.source == ranked.c.source, answer.response_id == ranked.c.response_id)
    return (
        sa.select(
            ranked.c.ancestor_id,
            ranked.c.is_unhappy,
            answer.unit_id,
            answer.overall,
            answer.nps,
            answer.submitted_at,
            answer.channel,
            answer.can_contact,
            sa.func.substr(answer.verbatim, 1, READ_CHARACTERS).label("text"),
        )
        .select_from(ranked.join(client_response, same_answer))
        .where(ranked.c.place <= sa.case((ranked.c.is_unhappy, SHOWN_UNHAPPY), else_=SHOWN_AT_LEAST))
        .order_by(ranked.c.ancestor_id, ranked.c.is_unhappy.desc(), ranked.c.place)
    )


def _ranked_in_sites(first: date, last: date) -> sa.Select[Any]:
    told = (
        sa.select(
            answer.source,
            answer.response_id,
            answer.unit_id,
            answer.business_date,
            answer.overall,
            answer.nps,
            sa.case((IS_UNHAPPY, sa.true()), else_=sa.false()).label("is_unhappy"),
            sa.func.length(answer.verbatim).label("length"),
        )
        .where(
            answer.business_date.between(first, last),
            answer.status == "published",
            sa.func.length(answer.verbatim) >= FEWEST_CHARACTERS,
            sa.or_(IS_UNHAPPY, IS_HAPPY),
        )
        .subquery("told")
    )
    return sa.select(told, _rank(told.c.unit_id, told).label("site_place"))


def _rank(per: sa.ColumnElement[Any], told: sa.FromClause) -> sa.Over[int]:
    """Those that say why, unhappy ones from the lowest mark up, happy ones from the highest down; then the newest."""
    out_of_100 = 100 // (OVERALL.highest - OVERALL.lowest)
    share = sa.func.coalesce((told.c.overall - OVERALL.lowest) * out_of_100, told.c.nps * (100 // NPS.highest))
    told_characters = sa.case((told.c.length > TELLING_CHARACTERS, TELLING_CHARACTERS), else_=told.c.length)
    return sa.func.row_number().over(
        partition_by=(per, told.c.is_unhappy),
        order_by=(
            sa.case((told.c.length < TERSE_CHARACTERS, 1), else_=0),
            sa.case((told.c.is_unhappy, share), else_=-share),
            told.c.business_date.desc(),
            told_characters.desc(),
            told.c.source,
            told.c.response_id,
        ),
    )


def _verbatim(row: sa.Row[Any], tree: Tree) -> Verbatim:
    unit = tree.units.get(row.unit_id)
    is_detractor_alone = row.is_unhappy and row.overall is not None and row.overall > OVERALL.unfavourable_to
    measure = NPS if row.overall is None or is_detractor_alone else OVERALL
    return Verbatim(
        text=row.text,
        measure=measure.key,
        mark=row.nps if measure is NPS else row.overall,
        is_unhappy=bool(row.is_unhappy),
        can_contact=bool(row.can_contact),
        channel=row.channel,
        unit_id=row.unit_id,
        unit_name=unit.name if unit else row.unit_id,
        submitted_at=row.submitted_at.astimezone(ZoneInfo(unit.timezone) if unit else UTC),
    )
