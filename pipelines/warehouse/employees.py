"""Employees' answers into `core`: one per person and campaign, the last one given, in whatever order they arrive.

An answer that a publication has counted stays as it was counted: corrected beside what was published, it would tell
of the person who corrected it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from pipelines.warehouse.facts import LOADED, SUPERSEDED, UNCHANGED
from pipelines.warehouse.rows import FILE_ROW_NUMBER
from pipelines.warehouse.tables import campaign, campaign_headcount, employee_response
from pipelines.warehouse.temporary import temporary_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipelines.settings.campaigns import Campaign
    from pipelines.warehouse.base import Warehouse
    from pipelines.warehouse.typing import AnySelect

KEY = ("source", "campaign_id", "respondent_key")
VERSION = ("answered_on", "version_at", "turn", "content_key")
STORED = tuple(column for column in employee_response.columns if column.name not in ("publication_id", "run_id"))


def store_answers(warehouse: Warehouse, connection: sa.Connection, answers: Path, run_id: str) -> dict[str, int]:
    """Store the answers of a Parquet file; gives how many were loaded, unchanged and superseded."""
    columns: list[sa.Column[Any]] = [
        sa.Column(FILE_ROW_NUMBER, sa.BigInteger),
        *(sa.Column(column.name, column.type) for column in STORED),
    ]
    verdict = (sa.Column(FILE_ROW_NUMBER, sa.BigInteger), sa.Column("outcome", sa.Text))
    with (
        warehouse.staged(connection, "staged_pulse", columns, answers) as staged,
        temporary_table(connection, "pulse_verdict", *verdict) as verdicts,
    ):
        connection.execute(sa.insert(verdicts).from_select(verdicts.columns.keys(), _judged(staged)))
        _replace(connection, staged, verdicts, run_id)
        found = sa.select(verdicts.c.outcome, sa.func.count()).group_by(verdicts.c.outcome)
        counts: dict[str, int] = dict(connection.execute(found).all())
    return {outcome: counts.get(outcome, 0) for outcome in (LOADED, UNCHANGED, SUPERSEDED)}


def store_campaigns(connection: sa.Connection, campaigns: Sequence[Campaign]) -> None:
    """Bring the campaigns and their headcounts up to date with the settings; a campaign that has gone stays."""
    ids = [each.id for each in campaigns]
    connection.execute(sa.delete(campaign).where(campaign.c.campaign_id.in_(ids)))
    connection.execute(sa.delete(campaign_headcount).where(campaign_headcount.c.campaign_id.in_(ids)))
    if campaigns:
        connection.execute(sa.insert(campaign), [_row(each) for each in campaigns])
    invited = [
        {"campaign_id": each.id, "unit_id": unit_id, "invited_count": count}
        for each in campaigns
        for unit_id, count in each.headcounts.items()
    ]
    if invited:
        connection.execute(sa.insert(campaign_headcount), invited)


def _row(each: Campaign) -> dict[str, object]:
    return {
        "campaign_id": each.id,
        "source": each.source,
        "name": each.name,
        "questionnaire_version": each.questionnaire,
        "opens_on": each.opens_on,
        "closes_on": each.closes_on,
    }


def _judged(staged: sa.Table) -> AnySelect:
    held = employee_response.c
    rank = sa.func.row_number().over(
        partition_by=[staged.c[name] for name in KEY],
        order_by=[*(staged.c[name].desc() for name in VERSION), staged.c.file_row_number],
    )
    ranked = sa.select(staged, rank.label("rank")).subquery("ranked")
    outcome = sa.case(
        (ranked.c.rank > 1, SUPERSEDED),
        (held.respondent_key.is_(None), LOADED),
        (held.content_key == ranked.c.content_key, UNCHANGED),
        (held.publication_id.is_not(None), SUPERSEDED),
        (_is_newer(ranked.c, held), LOADED),
        else_=SUPERSEDED,
    )
    same = sa.and_(*(held[name] == ranked.c[name] for name in KEY))
    return sa.select(ranked.c.file_row_number, outcome).select_from(ranked.outerjoin(employee_response, same))


def _is_newer(incoming: Any, held: Any) -> sa.ColumnElement[bool]:
    """The later answer; of one day the later page, of one page the later turn, so that no order matters."""
    newer: sa.ColumnElement[bool] = sa.false()
    for name in reversed(VERSION):
        newer = sa.or_(incoming[name] > held[name], sa.and_(incoming[name] == held[name], newer))
    return newer


def _replace(connection: sa.Connection, staged: sa.Table, verdicts: sa.Table, run_id: str) -> None:
    """Replace older answers by the loaded ones, and raise the version of unchanged ones."""
    held = employee_response
    same = sa.and_(*(staged.c[name] == held.c[name] for name in KEY))
    of_row = staged.c.file_row_number == verdicts.c.file_row_number
    loaded = staged.join(verdicts, of_row & (verdicts.c.outcome == LOADED))
    is_loaded = sa.exists(sa.select(sa.literal(1)).select_from(loaded).where(same))
    connection.execute(sa.delete(held).where(is_loaded))
    names = [column.name for column in STORED]
    newest = sa.select(*(staged.c[name] for name in names), sa.literal(run_id)).select_from(loaded)
    connection.execute(sa.insert(held).from_select([*names, "run_id"], newest))
    confirmed = sa.and_(same, of_row, verdicts.c.outcome == UNCHANGED, _is_newer(staged.c, held.c))
    version = {name: staged.c[name] for name in VERSION if name != "content_key"}
    connection.execute(sa.update(held).values(version).where(confirmed))
