"""`mart.agreement`: what agents expected beside what clients said, of every unit with enough agents behind it.

Agents are the people here. Units are joined into blocks by numbers of agents alone, a figure is the sum of the whole
blocks inside its unit, and no two figures differ by fewer agents than the floor.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import sqlalchemy as sa
import structlog

from pipelines.pulse.publishing import rule_of
from pipelines.warehouse.contacts_compared import COUNTS, compared_contacts, contacts_of_other_units
from pipelines.warehouse.dated import tree_of
from pipelines.warehouse.reflection import replace_day
from pipelines.warehouse.tables import agreement as agreement_table
from symetrie.agreement import AGREEMENT_RULE, AgreementRule, agreement
from symetrie.anonymity import TOO_FEW, WOULD_TELL, AnonymityRule
from symetrie.anonymity.blocks import COVERAGE, IN_NO_BLOCK
from symetrie.anonymity.release import placed_inside, with_blocks

if TYPE_CHECKING:
    from pipelines.settings import Settings
    from pipelines.warehouse import Warehouse

log = structlog.get_logger(__name__)

WINDOW_DAYS = 28
"""Stretches of contacts that are told share no day: of two that did, the difference would be of a few agents."""
FIRST_END = date(2026, 1, 4)  # a Sunday; every stretch ends a whole number of stretches after it, or before
LATE_DAYS = 7  # clients answer for so long after a contact; a stretch is told once, and stays as it was told
SUBJECT = {"side": "contact", "measure": "agreement"}  # of the blocks: there is one


def last_end(day: date) -> date:
    """Give the end of the last stretch that may be told by the end of a day.

    >>> last_end(date(2026, 11, 21)), last_end(date(2026, 11, 15))
    (datetime.date(2026, 11, 8), datetime.date(2026, 11, 8))
    """
    since = day - timedelta(days=LATE_DAYS) - FIRST_END
    return FIRST_END + timedelta(days=since.days // WINDOW_DAYS * WINDOW_DAYS)


def agree(settings: Settings, warehouse: Warehouse, last_date: date) -> None:
    """Tell the last stretch that is over, unless it has been told."""
    as_of, rule = last_end(last_date), rule_of(settings.pulse)
    told = sa.select(sa.func.count()).select_from(agreement_table).where(agreement_table.c.as_of == as_of)
    with warehouse.reading() as connection:
        if connection.scalar(told):
            return
    with warehouse.publishing() as connection:
        tree = tree_of(warehouse, connection, as_of)
        compared = compared_contacts(warehouse, connection, as_of, WINDOW_DAYS, AGREEMENT_RULE)
        left_out = contacts_of_other_units(connection, as_of, WINDOW_DAYS)
        if not (compared.empty or connection.scalar(told)):
            rows = agreement_rows(compared, tree, rule, AGREEMENT_RULE)
            stamped = rows.assign(as_of=pd.Timestamp(as_of), window_days=WINDOW_DAYS)
            replace_day(warehouse, connection, agreement_table, as_of, stamped)
        warehouse.only_changes(agreement_table.c.as_of, [as_of])
    if left_out:
        log.warning("contacts.of_other_units", as_of=as_of.isoformat(), contacts=left_out)


def agreement_rows(
    compared: pd.DataFrame, ancestors: pd.DataFrame, rule: AnonymityRule, scale: AgreementRule
) -> pd.DataFrame:
    """One row per unit that has contacts compared, at any level: its figures, or the reason why they are withheld.

    ``compared``: one row per unit and agent with the five counts; ``ancestors``: unit_id, ancestor_id and depth.
    """
    groups = compared.groupby("unit_id", as_index=False)[[*COUNTS]].sum()
    agents = compared.groupby("unit_id")["agent_key"].nunique()
    groups = groups.assign(**SUBJECT, answer_count=groups["unit_id"].map(agents))
    placed = placed_inside(_large_blocks(with_blocks(groups, ancestors, (), rule), compared, rule), ancestors, ())
    inside = placed[placed["is_inside"]].groupby("ancestor_id")[["answer_count", *COUNTS]].sum()
    behind = placed.groupby("ancestor_id")["answer_count"].sum()
    inside = inside.reindex(behind.index, fill_value=0)
    is_few = _agents_of(compared, ancestors).reindex(behind.index) < rule.floor
    is_hidden = is_few | (inside["answer_count"] < COVERAGE * behind) | (inside["answer_count"] == 0)
    counts = {name: inside[name].to_numpy(dtype=np.float64) for name in COUNTS}
    figures = pd.DataFrame(agreement(**counts)._asdict(), index=behind.index).mask(is_hidden)
    contacts = inside[[name for name in COUNTS if name != "falsely_confident"]].sum(axis=1)
    reasons = pd.Series(np.where(is_few, TOO_FEW, WOULD_TELL), index=behind.index, dtype="str")
    return figures.assign(
        rule_version=scale.version,
        contact_count=contacts.astype("Int64").mask(is_hidden),
        is_hidden=is_hidden,
        hidden_reason=reasons.where(is_hidden),
    ).reset_index(names="unit_id")


def _large_blocks(told: pd.DataFrame, compared: pd.DataFrame, rule: AnonymityRule) -> pd.DataFrame:
    """The groups with their blocks; one that is large only by counting agents of several units twice is none."""
    block_of = told.set_index("unit_id")["block"]
    agents = compared["agent_key"].groupby(compared["unit_id"].map(block_of)).nunique()
    return told.assign(block=told["block"].where(told["block"].map(agents) >= rule.floor, IN_NO_BLOCK))


def _agents_of(compared: pd.DataFrame, ancestors: pd.DataFrame) -> pd.Series[int]:
    """How many agents stand behind each unit, each counted once."""
    placed = compared.merge(ancestors[["unit_id", "ancestor_id"]], on="unit_id")
    return placed.groupby("ancestor_id")["agent_key"].nunique()
