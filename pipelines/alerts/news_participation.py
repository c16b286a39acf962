"""Units whose clients no longer answer the invitations that they get."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from pipelines.alerts.news_units import quiet_findings
from pipelines.alerts.news_window import spread_out
from pipelines.warehouse.rhythm import invitations_by_day, invited_answers_by_day
from symetrie.rhythm.above import with_units_above
from symetrie.rhythm.pattern import FEW, PEAK, Rhythm
from symetrie.rhythm.quiet import quiet
from symetrie.rhythm.rules import DAYS_OF_PAST, WEEK_STRETCHES, QuietRule, chance_per_look
from symetrie.rhythm.shared import falls_shared
from symetrie.rhythm.variation import variation

if TYPE_CHECKING:
    import sqlalchemy as sa

    from pipelines.alerts.news_window import Day
    from pipelines.settings.alert_news import AlertNews
    from symetrie.alerts.finding import Finding
    from symetrie.intervals import Floats

WEEK = 7  # an invitation is answered within days: only over weeks do answers belong to invitations
BLOCK = 4


def find_low_participation(connection: sa.Connection, day: Day, rules: AlertNews) -> list[Finding]:
    """Units that get implausibly few answers for the invitations sent, against their own past; none where unknown."""
    first = day.date - timedelta(days=DAYS_OF_PAST - 1)
    sent = invitations_by_day(connection, first, day.date)
    if not sent:
        return []
    units = {row.unit_id for row in sent}
    answers = invited_answers_by_day(connection, first, day.date, units)
    rows = with_units_above(day.tree, _participation(_by_week(day, answers), _by_week(day, sent)))
    rule = QuietRule(
        share=rules.participation_below_pct / 100,
        chance=chance_per_look(rules.false_per_unit_year, len(WEEK_STRETCHES)),
        stretches=WEEK_STRETCHES,
        cycle=1,
        kept=1,
        least_steps=8,
    )
    shared = falls_shared(day.tree, rows.seen, rows.expected)
    found = quiet(rows, shared, variation(rows, day.tree.leaves, BLOCK), rule)
    return quiet_findings(day, rows, found, "participation_low", rule.share, days_a_step=WEEK)


def _participation(answers: Floats, sent: Floats) -> Rhythm:
    """What is usual follows from the invitations, at the share that a unit's clients have answered."""
    invited = np.where(sent > 0, answers, 0.0)
    share = invited.sum(1) / np.maximum(sent.sum(1), 1.0)
    usual = share[:, None] * sent
    return Rhythm(invited, np.minimum(invited, PEAK * usual + FEW), usual, (sent > 0).astype(float))


def _by_week(day: Day, rows: object) -> Floats:
    """Sums of whole weeks, the last one ending on the date."""
    place = {unit: row for row, unit in enumerate(day.units)}
    known = [row for row in rows if row.unit_id in place]  # type: ignore[attr-defined]
    of_units = np.zeros((len(day.units), DAYS_OF_PAST))
    of_units[[place[row.unit_id] for row in known]] = spread_out(known, DAYS_OF_PAST)
    return np.asarray(of_units.reshape(len(day.units), -1, WEEK).sum(2))
