"""Every batch of a run leaves what it was judged on, and nothing of what clients said."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pipelines import steps
from pipelines.cli.app import app
from pipelines.judgements import index_file
from pipelines.run import run_days
from pipelines.settings import Settings, load_settings

DAY = date(2026, 11, 20)
SETTINGS = """\
network:
  units:
    - {id: lyon, kind: site, name: Lyon, timezone: Europe/Paris}
questionnaires:
  test-1:
    overall: {field: mark, scale: one_to_five}
sources:
  - name: survey
    kind: files
    path: drops/*.csv
    questionnaire: test-1
    settle_seconds: 0
    fields: {response_id: id, unit_id: shop, submitted_at: at, verbatim: words}
"""


@pytest.fixture
def house(tmp_path: Path, home: Path) -> Settings:
    """A house with one source."""
    (tmp_path / "drops").mkdir()
    (tmp_path / "symetrie.yaml").write_text(SETTINGS, encoding="utf-8")
    url = f"duckdb:///{home / 'warehouse.duckdb'}"
    return load_settings(
        tmp_path / "symetrie.yaml", os.environ | {"SYMETRIE_HOME": str(home), "SYMETRIE_WAREHOUSE_URL": url}
    )


@pytest.fixture
def drop(tmp_path: Path) -> Callable[..., None]:
    """Drop good answers and answers from a shop that nobody knows."""

    def write(name: str, *, good: int, bad: int) -> None:
        rows = [
            f"person-{name}{n},{'lyon' if n < good else 'paris'},2026-11-20 10:00,5,Zoé was wonderful"
            for n in range(good + bad)
        ]
        (tmp_path / "drops" / f"{name}.csv").write_text("\n".join(["id,shop,at,mark,words", *rows, ""]))

    return write


def records(house: Settings) -> list[dict[str, Any]]:
    files = (house.home / "validation").glob("*/survey-*.json")
    return sorted((json.loads(file.read_text(encoding="utf-8")) for file in files), key=lambda each: each["judged_at"])


def test_a_published_batch_leaves_its_counts(house, drop) -> None:
    drop("a", good=30, bad=2)
    run_days(house, DAY)
    (record,) = records(house)
    assert (record["status"], record["business_date"], record["accepted_count"]) == ("published", "2026-11-20", 30)
    assert (record["counts"]["received"], record["counts"]["quarantined"]) == (32, 2)
    assert [(check["reason"], check["failed_count"]) for check in record["row_checks"] if check["failed_count"]] == [
        ("unknown_unit", 2)
    ]


def test_a_held_batch_leaves_why_then_what_was_decided(house, drop) -> None:
    drop("a", good=10, bad=20)
    report = run_days(house, DAY)
    (record,) = records(house)
    assert record["status"] == "held"
    assert [check["name"] for check in record["checks"] if not check["passed"]] == ["too_many_bad_rows"]
    steps.release_batch(house, report.run_id, "survey")
    assert [record["status"] for record in records(house)] == ["released"]


def test_a_discarded_batch_says_so(house, drop) -> None:
    drop("a", good=10, bad=20)
    steps.discard_batch(house, run_days(house, DAY).run_id, "survey")
    assert [record["status"] for record in records(house)] == ["discarded"]


def test_no_page_holds_an_answer_or_an_id(house, drop) -> None:
    drop("a", good=30, bad=2)
    run_days(house, DAY)
    files = [file for file in (house.home / "validation").rglob("*") if file.is_file()]
    assert {"index.html"} < {file.name for file in files}
    for file in files:
        assert not any(word in file.read_text(encoding="utf-8") for word in ("Zoé", "person-", "paris"))


def test_status_says_where_to_read_them(house, monkeypatch) -> None:
    monkeypatch.setenv("SYMETRIE_HOME", str(house.home))
    monkeypatch.setenv("SYMETRIE_WAREHOUSE_URL", house.warehouse_url)
    said = CliRunner().invoke(app, ["status", "--config", str(house.path)]).stdout
    assert f"What every batch was judged on: {index_file(house.home)}" in said
