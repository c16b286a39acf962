"""A message as JSON for a program: what the others read in sentences, as fields, with the sentences beside."""

from __future__ import annotations

from typing import Any

from pipelines.alerts.telling.annotated import annotation_lines
from pipelines.alerts.telling.making import spread
from pipelines.alerts.telling.message import Message
from pipelines.alerts.telling.record import Telling, ToldAlert
from pipelines.alerts.telling.sentences import AlertWords, sentence
from pipelines.summary.language import language

VERSION = 1
"""Raised when a field changes its meaning or goes; new fields may come at any time."""

MOST_ALERTS = 1000
"""About a megabyte: beyond it, programs ask the warehouse (`mart.alert`)."""

Json = dict[str, Any]


def webhook_document(telling: Telling, message: Message) -> Json:
    """What is posted: as many alerts as the message was made with, in its order."""
    words = AlertWords(language(message.locale), telling)
    shown = spread(telling.alerts)[: message.line_count]
    return {
        "version": VERSION,
        "message_id": telling.message_id,
        "channel": telling.channel_id,
        "business_date": telling.business_date.isoformat(),
        "unit_id": telling.unit_id,
        "unit_name": words.unit(telling.unit_id),
        "locale": message.locale,
        "headline": message.headline,
        "alert_count": len(telling.alerts),
        "left_out_count": len(telling.alerts) - len(shown),
        "open_count": telling.open_count,
        "also": list(annotation_lines(telling.annotations, words)),
        "alerts": [_alert(words, each) for each in shown],
    }


def _alert(words: AlertWords, told: ToldAlert) -> Json:
    row = told.row
    return {
        "alert_id": row.alert_id,
        "reason": told.reason,
        "lane": row.lane,
        "kind": row.kind,
        "unit_id": row.unit_id,
        "unit_name": words.unit(row.unit_id),
        "measure": row.measure or None,
        "opened_on": row.opened_on.isoformat(),
        "state": row.state,
        "severity": row.severity,
        "size_points": row.size_points,
        "deadline_on": row.deadline_on.isoformat(),
        "escalated_to_unit_id": row.escalated_to_unit_id,
        "said": sentence(words.said(told)),
        "details": list(words.details(told)),
        "words": told.words or None,
        "url": words.telling.address(row.alert_id, words.language.locale),
        "evidence": dict(row.evidence),
    }
