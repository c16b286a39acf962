"""How much was replaced stands in the ledger by kind, and never what."""

from __future__ import annotations

import json
from datetime import date

import duckdb
import sqlalchemy as sa

from pipelines.load import load
from pipelines.redaction import redaction_counts
from pipelines.warehouse.tables import run

DAY = date(2026, 11, 20)


def test_answers_are_counted_once_for_each_kind_they_hold() -> None:
    verbatims = ["[phone] ou [phone], [name]", "[name]", "rien", None, "[autre]"]
    answers = duckdb.connect().sql(f"SELECT unnest({verbatims!r}) AS verbatim".replace("None", "NULL"))
    assert redaction_counts(answers) == {"phone": 1, "name": 2}


def test_the_ledger_holds_the_counts_of_a_batch(warehouse, batch, answers, stamp) -> None:
    rows = answers({"response_id": "1", "day": DAY, "verbatim": "merci [name]"}, {"response_id": "2", "day": DAY})
    saved = batch(rows)
    assert saved.redactions == {"name": 1}
    load(warehouse, saved, stamp(DAY))
    with warehouse.reading() as connection:
        assert json.loads(connection.scalar(sa.select(run.c.detail)))["redactions"] == {"name": 1}
