"""What else happened on some days: nothing to correct, but what explains a figure, or why there is none.

A unit that opens, closes, moves or has another name; another questionnaire; a day without an answer; a clock that is
ahead. None of it raises an alert by itself, so it is said, in a line.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import sqlalchemy as sa

from pipelines.alerts.reading import units_under
from pipelines.settings.network import LAST_DAY
from pipelines.warehouse.tables import daily_count, quarantine, unit, unit_parent

if TYPE_CHECKING:
    from pipelines.alerts.reading import AlertRow
    from pipelines.settings import Settings
    from pipelines.warehouse.typing import AnyCompoundSelect, AnyRow

AnnotationKind = Literal[
    "unit_opened",
    "unit_closed",
    "unit_renamed",
    "unit_moved",
    "questionnaire_changed",
    "day_without_answers",
    "future_answers",
]

KNOWN_DAYS = 28
"""A questionnaire that answers came to within so many days before is not new, nor is a weekday without answers."""

LATELY_DAYS = 7

ONE_DAY, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True, order=True)
class Annotation:
    """One thing that happened on a business date; `subject` is a unit, a questionnaire's version or a source."""

    on: date
    kind: AnnotationKind
    subject: str = ""
    former: str = ""
    now: str = ""
    count: int = 0


def happened_lately(
    connection: sa.Connection, settings: Settings, last: date | None, unit_id: str | None
) -> list[Annotation]:
    """Read what happened in the days up to one, to a unit and all below it, or to everybody."""
    if last is None:
        return []
    first, tops = last - timedelta(days=LATELY_DAYS - 1), (unit_id,) if unit_id else settings.network.roots
    sources = () if unit_id else settings.names_of("client")
    return sorted({each for top in tops for each in read_annotations(connection, first, last, top, sources)})


def annotations_around(connection: sa.Connection, row: AlertRow) -> Sequence[Annotation]:
    """What else happened to the unit of a signal or of news, from some weeks before until it was seen last."""
    if row.lane == "case":
        return ()
    return read_annotations(connection, row.opened_on - timedelta(days=KNOWN_DAYS), row.last_seen_on, row.unit_id)


def read_annotations(
    connection: sa.Connection, first: date, last: date, unit_id: str, sources: Collection[str] = ()
) -> list[Annotation]:
    """Read what happened to a unit and all below it from one day to another, both included, the oldest first.

    `sources` are those whose answers from the future are told; they belong to nobody, so to whoever asks for them.
    """
    under = units_under(unit_id, last)
    return sorted(
        {
            *_of_units(connection, first, last, under),
            *_moves(connection, first, last, under),
            *_of_answers(connection, first, last, under),
            *_from_the_future(connection, first, last, sources),
        }
    )


def _of_units(connection: sa.Connection, first: date, last: date, under: AnyCompoundSelect) -> Iterator[Annotation]:
    """Openings, closures and names, from the dated versions of the units that have one that begins or ends then."""
    for versions in _versions(connection, unit, unit.c.name, first, last, under):
        if first <= versions[0].valid_from <= last:
            yield Annotation(versions[0].valid_from, "unit_opened", versions[0].unit_id)
        if first <= versions[-1].valid_to <= last:
            yield Annotation(versions[-1].valid_to, "unit_closed", versions[-1].unit_id)
        for before, after in pairwise(versions):
            if first <= after.valid_from <= last and before.value != after.value:
                yield Annotation(after.valid_from, "unit_renamed", after.unit_id, before.value, after.value)


def _moves(connection: sa.Connection, first: date, last: date, under: AnyCompoundSelect) -> Iterator[Annotation]:
    for versions in _versions(connection, unit_parent, unit_parent.c.parent_id, first, last, under):
        for before, after in pairwise(versions):
            if first <= after.valid_from <= last and before.value != after.value:
                yield Annotation(after.valid_from, "unit_moved", after.unit_id, before.value, after.value)


def _versions(
    connection: sa.Connection, table: sa.Table, value: sa.Column[str], first: date, last: date, under: AnyCompoundSelect
) -> Iterator[Sequence[AnyRow]]:
    """The versions of each unit of which one begins or ends in these days, oldest first."""
    dated = table.c
    ends = dated.valid_to.between(first, min(last, LAST_DAY - ONE_DAY))
    touched = sa.or_(dated.valid_from.between(first, last), ends)
    chosen = sa.select(dated.unit_id).where(touched, dated.unit_id.in_(under))
    rows = connection.execute(
        sa.select(dated.unit_id, value.label("value"), dated.valid_from, dated.valid_to)
        .where(dated.unit_id.in_(chosen))
        .order_by(dated.unit_id, dated.valid_from)
    )
    of_unit: list[AnyRow] = []
    for row in rows:
        if of_unit and of_unit[-1].unit_id != row.unit_id:
            yield of_unit
            of_unit = []
        of_unit.append(row)
    if of_unit:
        yield of_unit


def _of_answers(connection: sa.Connection, first: date, last: date, under: AnyCompoundSelect) -> Iterator[Annotation]:
    """Questionnaires that answers came to for the first time, and days on which none came where some usually do."""
    counted = daily_count.c
    rows = connection.execute(
        sa.select(counted.business_date, counted.questionnaire_version)
        .where(counted.business_date.between(first - timedelta(days=KNOWN_DAYS), last), counted.unit_id.in_(under))
        .where(counted.is_held.is_(False))
        .distinct()
    ).all()
    days = {row.business_date for row in rows}
    began = dict[str, date]()
    for row in sorted(rows, key=lambda row: row.business_date):
        began.setdefault(row.questionnaire_version, row.business_date)
    for version, on in began.items():
        if on >= first and min(days) < on and not _was_asked_before(connection, version, on, under):
            yield Annotation(on, "questionnaire_changed", version)
    asked = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    for day in asked:
        if day not in days and day - WEEK in days:
            yield Annotation(day, "day_without_answers")


def _was_asked_before(connection: sa.Connection, version: str, day: date, under: AnyCompoundSelect) -> bool:
    counted = daily_count.c
    before = sa.and_(counted.business_date < day, counted.unit_id.in_(under), counted.is_held.is_(False))
    return bool(connection.scalar(sa.select(sa.exists().where(before, counted.questionnaire_version == version))))


def _from_the_future(
    connection: sa.Connection, first: date, last: date, sources: Collection[str]
) -> Iterator[Annotation]:
    """Answers that are dated after they came, by the morning on which they did; they are set aside."""
    aside = quarantine.c
    began, ended = (datetime.combine(day + ONE_DAY, time(), UTC) for day in (first, last + ONE_DAY))
    counts = connection.execute(
        sa.select(aside.source, sa.func.count().label("number"))
        .where(aside.source.in_(sorted(sources)), aside.reasons.contains("future_date"), aside.resolved_at.is_(None))
        .where(aside.first_seen_at.between(began, ended))
        .group_by(aside.source)
    )
    for row in counts:
        yield Annotation(last, "future_answers", row.source, count=row.number)
