"""What the newest reflections say of one unit, and why they leave something out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa

from pipelines.errors import SymetrieError
from pipelines.warehouse.tables import label, mirror, publication, publication_score

if TYPE_CHECKING:
    from pipelines.warehouse.typing import AnyRow


@dataclass(frozen=True, slots=True)
class Reflection:
    """The mirror of a unit by measure, its label, the publication behind them, and why its figures are hidden."""

    as_of: date
    mirror: Mapping[str, AnyRow]
    label: AnyRow | None
    publication: AnyRow
    hidden: Mapping[tuple[str, str], str]  # by side and measure, the reason


def read_reflection(connection: sa.Connection, unit_id: str, up_to: date | None = None) -> Reflection:
    """Read the newest reflection of a unit, of a campaign that closed up to a day where one is given."""
    rows = connection.execute(_newest_mirror(unit_id, up_to)).all()
    if not rows:
        raise SymetrieError(_nothing_told(connection, unit_id, up_to))
    as_of, publication_id = rows[0].as_of, rows[0].publication_id
    of_unit = publication_score.c
    withheld = sa.select(of_unit.side, of_unit.measure, of_unit.hidden_reason).where(
        of_unit.publication_id == publication_id, of_unit.unit_id == unit_id, of_unit.cut == "", of_unit.is_hidden
    )
    return Reflection(
        as_of=as_of,
        mirror={row.measure: row for row in rows},
        label=connection.execute(
            sa.select(label).where(label.c.as_of == as_of, label.c.unit_id == unit_id)
        ).one_or_none(),
        publication=connection.execute(
            sa.select(publication).where(publication.c.publication_id == publication_id)
        ).one(),
        hidden={(side, measure): reason for side, measure, reason in connection.execute(withheld).all()},
    )


def _newest_mirror(unit_id: str, up_to: date | None) -> sa.Select[tuple[object, ...]]:
    newest = sa.select(sa.func.max(mirror.c.as_of)).where(mirror.c.unit_id == unit_id, *_until(mirror.c.as_of, up_to))
    return sa.select(mirror).where(mirror.c.unit_id == unit_id, mirror.c.as_of == newest.scalar_subquery())


def _until(day: sa.Column[date], up_to: date | None) -> list[sa.ColumnElement[bool]]:
    return [] if up_to is None else [day <= up_to]


def _nothing_told(connection: sa.Connection, unit_id: str, up_to: date | None) -> str:
    of_which = "campaign" if up_to is None else f"campaign that closed by {up_to}"
    published = sa.select(sa.func.count()).select_from(publication).where(*_until(publication.c.closes_on, up_to))
    if connection.scalar(published):
        return f"unit {unit_id!r} is in no publication of a {of_which}; see symetrie pulse list"
    return f"no {of_which} has been published; see symetrie pulse list"
