"""A run over the demo company ends in its known truth, whichever way the days are asked for."""

from __future__ import annotations

import json
import os
from collections import Counter
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlalchemy as sa

from pipelines.demo import make_demo
from pipelines.errors import SymetrieError
from pipelines.run import run_days
from pipelines.settings import Settings, load_settings
from pipelines.warehouse import open_warehouse
from pipelines.warehouse.check import problems
from pipelines.warehouse.tables import client_response, daily_count, quarantine, run, score

LAST = date(2026, 11, 20)
SIZE = {"days": 12, "sites": 8, "answers_per_day": 200}


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve days of eight shops."""
    folder = tmp_path_factory.mktemp("demo")
    make_demo(folder, LAST, **SIZE)
    return folder


def settings_for(folder: Path, url: str, home: Path) -> Settings:
    environment = {"SYMETRIE_HOME": str(home), "SYMETRIE_WAREHOUSE_URL": url}
    return load_settings(folder / "symetrie.yaml", os.environ | environment)


def rows(settings: Settings, *columns: Any) -> list[tuple[Any, ...]]:
    with closing(open_warehouse(settings.warehouse_url, settings.home)) as warehouse, warehouse.reading() as connection:
        return sorted((tuple(row) for row in connection.execute(sa.select(*columns))), key=repr)


def counted(settings: Settings) -> dict[tuple[date, str, str], tuple[int, int, int]]:
    c = daily_count.c
    totals = [
        sa.cast(sa.func.sum(c[f"{name}_count"]), sa.BigInteger) for name in ("answer", "favourable", "unfavourable")
    ]
    keys = (c.business_date, c.unit_id, c.measure)
    with closing(open_warehouse(settings.warehouse_url, settings.home)) as warehouse, warehouse.reading() as connection:
        return {tuple(row[:3]): tuple(row[3:]) for row in connection.execute(sa.select(*keys, *totals).group_by(*keys))}


def truth(folder: Path, last: date) -> dict[tuple[date, str, str], tuple[int, int, int]]:
    """What the generator says the counts are, once everything delivered by the next morning has come in."""
    found = duckdb.connect().execute(
        "SELECT business_date, unit_id, measure, sum(answer_delta), sum(favourable_delta), sum(unfavourable_delta)"
        f" FROM '{folder}/truth/counts/*.parquet' WHERE delivery_day <= ? GROUP BY ALL HAVING sum(answer_delta) > 0",
        [last + timedelta(days=1)],
    )
    return {(row[0], row[1], row[2]): tuple(map(int, row[3:])) for row in found.fetchall()}


def test_a_range_ends_in_the_truth_of_the_demo(demo_folder: Path, warehouse_url: str, home: Path) -> None:
    """Counts, ledger and reasons are those that the generator wrote down."""
    settings = settings_for(demo_folder, warehouse_url, home)
    report = run_days(settings, LAST)
    assert report.failures == {}
    assert counted(settings) == truth(demo_folder, LAST)
    ledgers = [json.loads(file.read_text()) for file in sorted((demo_folder / "truth" / "ledger").glob("*.json"))]
    for source, counts in report.counts.items():
        assert counts["received"] == sum(ledger[source]["received"] for ledger in ledgers)
        assert counts["quarantined"] == sum(sum(ledger[source]["quarantined"].values()) for ledger in ledgers)
    expected: Counter[str] = Counter()
    for ledger in ledgers:
        for each in ledger.values():
            expected.update(each["quarantined"])
    assert set(expected) <= {
        reason for (reasons,) in rows(settings, quarantine.c.reasons) for reason in reasons.split(",")
    }
    with closing(open_warehouse(settings.warehouse_url, home)) as warehouse:
        assert problems(warehouse) == []


def test_files_that_come_day_by_day_end_as_those_that_come_at_once(tmp_path: Path, demo_folder: Path) -> None:
    """Each morning's drop with its late answers, edits and repetitions, against all of them in one batch."""
    growing = tmp_path / "growing"
    daily = None
    for offset in reversed(range(4)):
        day = date(2026, 11, 12) - timedelta(days=offset)
        make_demo(growing, day, days=2, sites=8, answers_per_day=60)
        daily = settings_for(growing, f"duckdb:///{tmp_path / 'daily.duckdb'}", tmp_path / "daily")
        run_days(daily, day)
        assert counted(daily) == truth(growing, day)
    at_once = settings_for(growing, f"duckdb:///{tmp_path / 'once.duckdb'}", tmp_path / "once")
    run_days(at_once, date(2026, 11, 12))
    for table in (client_response, daily_count, score):
        columns = [column for column in table.columns if column.name != "run_id"]
        assert rows(daily, *columns) == rows(at_once, *columns), table.name


def test_a_source_that_fails_stops_neither_the_others_nor_the_scores(
    demo_folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is named, it stands in the ledger as failed, and everything else is published."""
    from pipelines import steps

    extract = steps.extract_source

    def failing(settings: Settings, source: str, *days: date, **kept: Any) -> list[str]:
        if source == "bornes":
            raise SymetrieError("bornes: the folder is locked")
        return extract(settings, source, *days, **kept)

    monkeypatch.setattr(steps, "extract_source", failing)
    settings = settings_for(demo_folder, f"duckdb:///{home / 'w.duckdb'}", home)
    report = run_days(settings, LAST)
    assert report.failures == {"bornes": "bornes: the folder is locked"}
    assert dict(rows(settings, run.c.source, run.c.status)) == {
        "all": "published",
        "apres_visite": "published",
        "bornes": "failed",
        "enquete_web": "published",
    }
    assert rows(settings, score.c.unit_id)
