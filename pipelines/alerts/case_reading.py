"""The answers that may be cases, read in one statement for all days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from pipelines.warehouse.tables import client_response
from symetrie.complaints.reading import LONGEST_READ
from symetrie.complaints.spelling import plain
from symetrie.measures import CLIENT_MEASURES, NPS, OVERALL

if TYPE_CHECKING:
    from pipelines.settings.alert_cases import CaseRules

answer = client_response.c

# What an engine folds by itself depends on how it was set up: capitals and accents of the house's languages are named.
_ACCENTED = "àâäéèêëîïôöùûüçÀÂÄÉÈÊËÎÏÔÖÙÛÜÇ"
_PLAIN = "aaaeeeeiioouuucaaaeeeeiioouuuc"

words = sa.func.substr(answer.verbatim, 1, LONGEST_READ)
"""What is read of a client's words; they are typed and never kept."""


def read_candidates(connection: sa.Connection, rules: CaseRules, days: Sequence[date]) -> Sequence[sa.Row[Any]]:
    """Read the published answers of some days whose client can be contacted and may be unhappy."""
    return connection.execute(_candidates(rules, days)).all()


def _candidates(rules: CaseRules, days: Sequence[date]) -> sa.Select[Any]:
    may_be_serious = sa.and_(answer.verbatim.is_not(None), _is_middling())
    return (
        sa.select(
            answer.source,
            answer.response_id,
            answer.unit_id,
            answer.business_date,
            answer.experienced_at,
            answer.submitted_at,
            answer.channel,
            answer.touchpoint,
            answer.language,
            answer.source_url,
            *(answer[measure.column].label(measure.key) for measure in CLIENT_MEASURES),
            is_complaint(rules).label("is_complaint"),
            words.label("words"),
        )
        .where(
            answer.business_date.in_(days),
            answer.status == "published",
            answer.can_contact.is_(True),
            sa.or_(is_unhappy(rules), may_be_serious),
        )
        .order_by(answer.business_date, answer.unit_id, answer.source, answer.response_id)
    )


def is_unhappy(rules: CaseRules) -> sa.ColumnElement[bool]:
    """Whether a client is unhappy: a low overall mark, a detractor, or a complaint."""
    return sa.or_(answer.overall <= rules.overall_up_to, answer.nps <= rules.nps_up_to, is_complaint(rules))


def is_complaint(rules: CaseRules) -> sa.ColumnElement[bool]:
    """Whether the source says that the client had contacted the company to complain."""
    said = sa.func.lower(sa.func.translate(sa.func.trim(answer.contact_reason), _ACCENTED, _PLAIN))
    return sa.func.coalesce(said.in_(sorted({plain(word) for word in rules.complaints})), sa.false())


def _is_middling() -> sa.ColumnElement[bool]:
    """Whether a serious reason would make it a case: no favourable overall mark, else an unfavourable one elsewhere."""
    others = [answer[each.column] <= each.unfavourable_to for each in CLIENT_MEASURES if each not in (OVERALL, NPS)]
    return sa.or_(answer.overall < OVERALL.favourable_from, sa.and_(answer.overall.is_(None), sa.or_(*others)))
