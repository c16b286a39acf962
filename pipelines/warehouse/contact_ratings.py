"""What agents noted of their contacts, into `core`: one row per contact, the newest, in whatever order they arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from pipelines.warehouse.facts import LOADED, SUPERSEDED, UNCHANGED
from pipelines.warehouse.rows import FILE_ROW_NUMBER
from pipelines.warehouse.tables import contact_rating
from pipelines.warehouse.temporary import temporary_table

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.warehouse.base import Warehouse
    from pipelines.warehouse.typing import AnySelect

KEY, VERSION = ("source", "contact_id"), ("version_at", "content_key")
STORED = tuple(column for column in contact_rating.columns if column.name != "run_id")


def store_ratings(warehouse: Warehouse, connection: sa.Connection, ratings: Path, run_id: str) -> dict[str, int]:
    """Store the contacts of a Parquet file; gives how many were loaded, unchanged and superseded."""
    columns: list[sa.Column[Any]] = [
        sa.Column(FILE_ROW_NUMBER, sa.BigInteger),
        *(sa.Column(column.name, column.type) for column in STORED),
        sa.Column("verbatim", sa.Text),  # which every saved batch has, and contacts leave empty
    ]
    verdict = (sa.Column(FILE_ROW_NUMBER, sa.BigInteger), sa.Column("outcome", sa.Text))
    with (
        warehouse.staged(connection, "staged_rating", columns, ratings) as staged,
        temporary_table(connection, "rating_verdict", *verdict) as verdicts,
    ):
        connection.execute(sa.insert(verdicts).from_select(verdicts.columns.keys(), _judged(staged)))
        _replace(connection, staged, verdicts, run_id)
        found = sa.select(verdicts.c.outcome, sa.func.count()).group_by(verdicts.c.outcome)
        counts: dict[str, int] = dict(connection.execute(found).all())
    return {outcome: counts.get(outcome, 0) for outcome in (LOADED, UNCHANGED, SUPERSEDED)}


def _judged(staged: sa.Table) -> AnySelect:
    held = contact_rating.c
    rank = sa.func.row_number().over(
        partition_by=[staged.c[name] for name in KEY],
        order_by=[*(staged.c[name].desc() for name in VERSION), staged.c.file_row_number],
    )
    ranked = sa.select(staged, rank.label("rank")).subquery("ranked")
    is_newer = sa.tuple_(*(ranked.c[name] for name in VERSION)) > sa.tuple_(*(held[name] for name in VERSION))
    outcome = sa.case(
        (ranked.c.rank > 1, SUPERSEDED),
        (held.contact_id.is_(None), LOADED),
        (held.content_key == ranked.c.content_key, UNCHANGED),
        (is_newer, LOADED),
        else_=SUPERSEDED,
    )
    same = sa.and_(*(held[name] == ranked.c[name] for name in KEY))
    return sa.select(ranked.c.file_row_number, outcome).select_from(ranked.outerjoin(contact_rating, same))


def _replace(connection: sa.Connection, staged: sa.Table, verdicts: sa.Table, run_id: str) -> None:
    """Replace older versions by the loaded ones, and raise the version of unchanged ones."""
    held = contact_rating
    same = sa.and_(*(staged.c[name] == held.c[name] for name in KEY))
    of_row = staged.c.file_row_number == verdicts.c.file_row_number
    loaded = staged.join(verdicts, of_row & (verdicts.c.outcome == LOADED))
    connection.execute(sa.delete(held).where(sa.exists(sa.select(sa.literal(1)).select_from(loaded).where(same))))
    names = [column.name for column in STORED]
    newest = sa.select(*(staged.c[name] for name in names), sa.literal(run_id)).select_from(loaded)
    connection.execute(sa.insert(held).from_select([*names, "run_id"], newest))
    is_confirmed = sa.and_(same, of_row, verdicts.c.outcome == UNCHANGED, staged.c.version_at > held.c.version_at)
    connection.execute(sa.update(held).values(version_at=staged.c.version_at).where(is_confirmed))
