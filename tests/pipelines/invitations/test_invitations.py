"""How many clients were invited, from what survey tools export to the collapse of participation that it shows."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from pipelines.replay import Mending, replay_quarantine
from pipelines.run import RunReport, run_days
from pipelines.settings import Settings, load_settings
from pipelines.warehouse import open_warehouse
from pipelines.warehouse.check import problems
from pipelines.warehouse.tables import alert_looked, client_response, invitation_count, quarantine

LAST = date(2026, 11, 20)
HOUSE = """\
network:
  units:
    - {id: chain, kind: network, name: The chain, timezone: Europe/Paris}
    - {id: lyon, kind: site, name: Lyon, parent: chain}
    - {id: lille, kind: site, name: Lille, parent: chain}
    - {id: nice, kind: site, name: Nice, parent: chain, valid_to: 2026-10-31}
    - {id: boston, kind: site, name: Boston, parent: chain, timezone: America/New_York}
questionnaires:
  client-1:
    overall: {field: mark, scale: one_to_five}
thresholds: {bad_share_pct: 90}
sources:
  - name: survey
    path: drops/survey/*.csv
    questionnaire: client-1
    settle_seconds: 0
  - name: sent
    side: invitation
    path: drops/sent/*
    settle_seconds: 0
    timezone: Europe/Paris
    unit_codes: {L1: lyon}
    channels: {Courriel: email}
    fields: {unit_id: Magasin, sent_on: Date, channel: Canal, sent_count: Envois}
"""
FIELDS = ("Magasin", "Date", "Canal", "Envois")
GOOD = (
    ("L1", "2026-11-05", "Courriel", "120"),
    ("lyon", "2026-11-05", "SMS", "40,0"),
    ("lille", "05/11/2026 23:30", "", "0"),
    ("boston", "2026-11-05", "sms", "9"),  # a day is that day, wherever its hour may be midnight
    ("boston", "2026-11-05 02:30", "email", "3"),
    ("lille", "2026-11-07", "sms", "5"),
    ("lille", "2026-11-07", "sms", "5"),
)
BAD = {
    "unknown_unit": [("metz", "2026-11-05", "sms", "8")],
    "missing_unit": [("", "2026-11-05", "sms", "8")],
    "unit_not_valid": [("nice", "2026-11-05", "sms", "8")],
    "missing_date": [("lille", "", "sms", "8")],
    "unreadable_date": [("lille", "31/02/2026", "sms", "8")],
    "impossible_date": [("lille", "1980-01-01", "sms", "8")],
    "future_date": [("lille", "2099-01-01", "sms", "8")],
    "unknown_channel": [("lille", "2026-11-05", "Pigeon", "8")],
    "not_a_count": [("lille", "2026-11-08", "sms", each) for each in ("-3", "1.5", "1 000", "beaucoup", "")],
    "contradicted_count": [("lille", "2026-11-06", "sms", each) for each in ("5", "6")],
}
STORED = [
    ("boston", "2026-11-04", "email", 3),
    ("boston", "2026-11-05", "sms", 9),
    ("lille", "2026-11-05", "unknown", 0),
    ("lille", "2026-11-07", "sms", 5),
    ("lyon", "2026-11-05", "email", 120),
    ("lyon", "2026-11-05", "sms", 40),
]
Row = Sequence[Any]
House = Callable[..., Settings]
Drop = Callable[..., None]


@pytest.fixture
def house(tmp_path: Path, home: Path, warehouse_url: str) -> House:
    (tmp_path / "drops" / "sent").mkdir(parents=True)

    def make(replace: dict[str, str] | None = None) -> Settings:
        text = HOUSE
        for old, new in (replace or {}).items():
            assert old in text
            text = text.replace(old, new)
        (tmp_path / "symetrie.yaml").write_text(text, encoding="utf-8")
        environment = {"SYMETRIE_HOME": str(home), "SYMETRIE_WAREHOUSE_URL": warehouse_url}
        return load_settings(tmp_path / "symetrie.yaml", environment)

    return make


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    """Drop a file, a minute after the one before."""
    numbers = iter(range(1, 100))

    def write(rows: Iterable[Row], name: str = "sent.csv", *, minutes: int | None = None) -> None:
        number = next(numbers)
        file = tmp_path / "drops" / "sent" / f"{number}_{name}"
        with file.open("w", encoding="utf-8", newline="") as into:
            if file.suffix == ".csv":
                csv.writer(into, delimiter=";").writerows([FIELDS, *rows])
            else:
                into.writelines(json.dumps(dict(zip(FIELDS, row, strict=True))) + "\n" for row in rows)
        at = datetime(2026, 11, 9, tzinfo=UTC).timestamp() + 60 * (number if minutes is None else minutes)
        os.utime(file, (at, at))

    return write


def receive(settings: Settings, **options: Any) -> RunReport:
    report = run_days(settings, LAST, sources=["sent"], **options)
    assert report.failures == {}
    return report


def counts(report: RunReport) -> dict[str, int]:
    return {name: count for name, count in report.counts["sent"].items() if count}


def rows(settings: Settings, *columns: Any) -> list[tuple[Any, ...]]:
    with closing(open_warehouse(settings.warehouse_url, settings.home)) as warehouse, warehouse.reading() as connection:
        return sorted((tuple(row) for row in connection.execute(sa.select(*columns))), key=repr)


def stored(settings: Settings) -> list[tuple[Any, ...]]:
    sent = invitation_count.c
    return rows(settings, sent.unit_id, sa.cast(sent.business_date, sa.Text), sent.channel, sent.sent_count)


def waiting(settings: Settings, *reasons: str) -> list[tuple[Any, ...]]:
    record = quarantine.c
    return [row for row in rows(settings, record.reasons, record.resolution) if row[0] in reasons]


def check(settings: Settings) -> None:
    """Every run accounts for every record."""
    with closing(open_warehouse(settings.warehouse_url, settings.home)) as warehouse:
        assert problems(warehouse) == []


def test_numbers_are_stored_by_unit_day_and_channel_bad_ones_wait_and_a_newer_file_replaces(
    house: House, drop: Drop
) -> None:
    settings = house()
    drop([*GOOD, *(row for bad in BAD.values() for row in bad)])
    assert counts(receive(settings)) == {"received": 22, "loaded": 6, "superseded": 1, "quarantined": 15}
    assert stored(settings) == STORED
    assert {reason for (reason,) in rows(settings, quarantine.c.reasons)} == {*BAD}
    assert counts(receive(settings)) == {}

    newer = [("L1", "2026-11-05", "Courriel", 100), ("lille", "2026-11-06", "sms", 6), GOOD[1]]
    drop(newer, "sent.jsonl")
    assert counts(receive(settings)) == {"received": 3, "loaded": 2, "unchanged": 1}
    replaced = sorted([*STORED[:4], ("lille", "2026-11-06", "sms", 6), ("lyon", "2026-11-05", "email", 100), STORED[5]])
    assert stored(settings) == replaced
    assert waiting(settings, "contradicted_count") == [("contradicted_count", "superseded")] * 2
    drop([("L1", "2026-11-05", "Courriel", 110)], minutes=1)
    assert counts(receive(settings)) == {"received": 1, "superseded": 1}
    assert counts(receive(settings, replay=True))["quarantined"] == 15
    assert stored(settings) == replaced
    check(settings)


@pytest.mark.parametrize("warehouse_url", ["duckdb"], indirect=True)
def test_what_waits_is_read_again_and_a_replay_moves_what_the_settings_had_misplaced(house: House, drop: Drop) -> None:
    drop([GOOD[0], *BAD["unknown_unit"], *BAD["not_a_count"][:1], *BAD["unknown_channel"]])
    assert counts(receive(house())) == {"received": 4, "loaded": 1, "quarantined": 3}
    mended = house({"{L1: lyon}": "{L1: lille, metz: lyon}", "Courriel: email": "Courriel: email, Pigeon: letter"})
    assert replay_quarantine(mended, reason="unknown_unit").counts["sent"]["loaded"] == 1
    assert stored(mended) == [("lyon", "2026-11-05", "email", 120), ("lyon", "2026-11-05", "sms", 8)]
    assert replay_quarantine(mended, reason="not_a_count", mending=Mending({"sent_count": "3"})).cut == ()
    receive(mended, replay=True)
    assert stored(mended) == [
        ("lille", "2026-11-05", "email", 120),
        ("lille", "2026-11-05", "letter", 8),
        ("lille", "2026-11-08", "sms", 3),
        ("lyon", "2026-11-05", "sms", 8),
    ]
    assert {resolution for (resolution,) in rows(mended, quarantine.c.resolution)} == {"loaded"}
    check(mended)


def answer(settings: Settings, shop: str, ages: range, per_day: int) -> None:
    """Clients' answers of some days, by their ages on the last one."""
    days = [LAST - timedelta(days=age) for age in ages for _ in range(per_day)]
    at = pd.to_datetime(pd.Series(days)).astype("datetime64[us]")
    written = pd.DataFrame(
        {
            "source": "survey",
            "response_id": [f"{shop}-{day}-{number}" for number, day in enumerate(days)],
            "questionnaire_version": "client-1",
            "unit_id": shop,
            "business_date": at,
            "submitted_at": at.dt.tz_localize("UTC"),
            "version_at": at.dt.tz_localize("UTC"),
            "channel": "sms",
            "status": "published",
            "content_hash": "x",
            "run_id": "test",
        }
    )
    with closing(open_warehouse(settings.warehouse_url, settings.home)) as warehouse, warehouse.publishing() as into:
        warehouse.load(into, client_response, written)


def test_a_collapse_of_participation_is_told_when_the_invitations_come_later_than_the_answers(
    house: House, drop: Drop
) -> None:
    settings = house()
    answer(settings, "lyon", range(140), 10)
    answer(settings, "boston", range(140), 10)
    answer(settings, "lille", range(21, 140), 10)
    answer(settings, "lille", range(21), 3)
    assert "participation_low" not in receive(settings).alerts
    assert ("news",) in rows(settings, alert_looked.c.finder)

    def sent(per_day: int) -> list[Row]:
        days = [LAST - timedelta(days=age) for age in range(140)]
        return [(shop, day, "sms", per_day) for day in days for shop in ("lyon", "lille", "boston")]

    drop(sent(50))
    assert receive(settings).alerts["participation_low"] == 1
    before = rows(settings, alert_looked)
    drop([("lille", LAST - timedelta(days=300), "sms", 50), *sent(50)])
    assert counts(receive(settings)) == {"received": 421, "loaded": 1, "unchanged": 420}
    assert rows(settings, alert_looked) == before
