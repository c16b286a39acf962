"""Contacts on their way in: what the agent noted, and the agent nowhere."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from pipelines.run import RunReport, run_days
from pipelines.settings import Settings
from pipelines.warehouse.tables import contact_rating, quarantine
from tests.pipelines.contacts.house import LAST, PLANTED, House, contact, rows

Drop = Callable[..., Path]
pytestmark = pytest.mark.parametrize("warehouse_url", ["duckdb"], indirect=True)  # the rest: test_both_engines.py


def receive(settings: Settings, **options: Any) -> RunReport:
    return run_days(settings, LAST, sources=["calls"], **options)


BAD = {
    "missing_contact": contact(""),
    "contact_id_too_long": contact("x" * 201, answer="r"),
    "unknown_unit": contact("b1", "Kowalczyk"),
    "missing_unit": contact("b2", ""),
    "missing_date": contact("b3", at=""),
    "unreadable_date": contact("b4", at="31/02/2026 09:00"),
    "future_date": contact("b5", at="01/01/2030 09:00"),
    "estimate_outside_scale": contact("b6", note="5"),
    "missing_estimate": contact("b7", note=""),
    "missing_client_response": contact("b8", answer=""),
    "missing_agent": contact("b9", agent=""),
}


def test_what_an_agent_noted_is_stored_without_the_agent(house: House, drop: Drop, home: Path, capfd: Any) -> None:
    settings = house(replace={"sources:": "thresholds: {bad_share_pct: 90}\nsources:"})
    good = [contact("c1", note="3,0"), contact("c2", agent="other", note="1"), contact("c3", at="2026-11-05T23:30:00Z")]
    drop(*good, *BAD.values(), contact("b11", note="Kowalczyk"), ("bkowalczyk7", "broken"))
    report = receive(settings)
    assert report.counts["calls"] == {
        "received": 16, "loaded": 3, "unchanged": 0, "superseded": 0, "quarantined": 13, "held": 0,
    }  # fmt: skip
    expected = "expected: the source sends no field that is not asked for, and no name at all"
    assert f"calls: fields dropped before anything was stored: E-mail, Nom; {expected}" in report.warnings

    stored = contact_rating.c
    assert rows(
        settings, stored.contact_id, stored.unit_id, sa.cast(stored.business_date, sa.Text), stored.agent_estimate,
        stored.client_source, stored.client_response_id,
    ) == [
        ("c1", "lyon", "2026-11-05", 3, "survey", "r-c1"),
        ("c2", "lyon", "2026-11-05", 1, "survey", "r-c2"),
        ("c3", "lyon", "2026-11-06", 4, "survey", "r-c3"),
    ]  # fmt: skip
    keys = dict(rows(settings, stored.contact_id, stored.agent_key))
    assert keys["c1"] == keys["c3"] != keys["c2"]

    found = rows(settings, quarantine.c.reasons, quarantine.c.payload, quarantine.c.message)
    assert {reason for reason, _, _ in found} == {*BAD, "broken_line"}
    for reason, payload, message in found:
        assert set(json.loads(payload)) <= {"contact_id", "unit_id", "contact_on", "line"}
        if reason not in ("estimate_outside_scale", "missing_estimate"):
            assert "of the file)" in message
    assert_nothing_of_the_agent(home, "".join(capfd.readouterr()))


def assert_nothing_of_the_agent(home: Path, said: str) -> None:
    """Every byte under the house's folder, and everything said."""
    files = [file for file in home.rglob("*") if file.is_file()]
    pages = [gzip.decompress(file.read_bytes()) for file in files if file.suffix == ".gz"]
    assert pages
    for name in PLANTED:
        assert name not in said, name
        for written in (*(file.read_bytes() for file in files), *pages):
            assert name.encode() not in written, name
