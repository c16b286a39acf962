"""The demo's web survey through its API gives what its files give, to the last broken line."""

from __future__ import annotations

import json
import os
from contextlib import closing
from datetime import date
from pathlib import Path

import duckdb
import pytest
import requests
import sqlalchemy as sa

from pipelines.demo import make_demo
from pipelines.demo.api import CONNECTION, serving
from pipelines.run import run_days
from pipelines.settings import load_settings
from pipelines.sources import look
from pipelines.warehouse import open_warehouse
from pipelines.warehouse.tables import daily_count

UNTIL = date(2026, 10, 30)


def ask(connection: str, **params: str) -> requests.Response:
    given = json.loads(connection)
    return requests.get(
        f"http://127.0.0.1:{given['port']}/v1/answers", params=params, timeout=5,
        headers={"Authorization": f"Bearer {given['password']}"},
    )  # fmt: skip


def test_every_line_of_the_files_is_served_once_in_its_window(demo: Path) -> None:
    with serving(demo) as connection:
        answers, cursor = [], "0"
        while cursor is not None:
            window = {"from": "2026-10-19T22:00:00Z", "to": "2026-10-21T22:00:00Z"}
            page = ask(connection, **window, cursor=cursor, limit="50").json()
            answers, cursor = answers + page["answers"], page["next_cursor"]
    files = [demo / f"drops/enquete_web/enquete_web_2026-10-{day}.jsonl" for day in (21, 22)]
    lines = [line for file in files for line in file.read_text("utf-8").split("\n")[:-1]]
    assert page["total"] == len(lines) == len(answers)
    served = [
        each if isinstance(each, str) else {k: v for k, v in each.items() if k != "recorded_at"} for each in answers
    ]
    assert served == [json.loads(line) if line.endswith("}}") else line for line in lines]


def test_the_api_wants_its_key_and_sensible_parameters(demo: Path) -> None:
    with serving(demo) as connection:
        port = json.loads(connection)["port"]
        assert requests.get(f"http://127.0.0.1:{port}/v1/answers", timeout=5).status_code == 401
        assert ask(connection, **{"from": "yesterday", "to": "today"}).status_code == 400
        assert ask(connection).status_code == 400


def test_the_connection_is_known_while_the_api_is_up(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(CONNECTION, raising=False)
    with serving(demo) as connection:
        assert os.environ[CONNECTION] == connection
    assert CONNECTION not in os.environ


def test_the_counts_through_the_api_are_those_of_the_truth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """History first, then a day: every answer, late ones and edits included, counts where it must."""
    folder, home = tmp_path / "demo", tmp_path / "home"
    make_demo(folder, date(2026, 10, 29), days=20, sites=6, answers_per_day=90, api=True)
    settings = load_settings(folder / "symetrie.yaml", {"SYMETRIE_HOME": str(home)})
    assert [source.name for source in settings.sources if source.kind == "rest"] == ["enquete_web"]
    with serving(folder):
        assert run_days(settings, date(2026, 10, 29), sources=["enquete_web"]).failures == {}
        make_demo(folder, UNTIL)
        assert run_days(settings, UNTIL, sources=["enquete_web"]).failures == {}
        assert "rows on its first page" in look(settings.source("enquete_web"))
    with closing(open_warehouse(settings.warehouse_url, home)) as warehouse, warehouse.reading() as connection:
        count = daily_count.c
        found = connection.execute(
            sa.select(
                count.business_date, count.unit_id, count.measure, sa.func.sum(count.answer_count),
                sa.func.sum(count.favourable_count), sa.func.sum(count.unfavourable_count),
            ).group_by(count.business_date, count.unit_id, count.measure)
        ).all()  # fmt: skip
    promised = duckdb.execute(
        "SELECT business_date, unit_id, measure, sum(answer_delta)::INT, sum(favourable_delta)::INT,"
        " sum(unfavourable_delta)::INT FROM read_parquet(?) WHERE source = 'enquete_web' GROUP BY ALL",
        [str(folder / "truth/counts/*.parquet")],
    ).fetchall()
    assert {tuple(row) for row in found} == {row for row in promised if any(row[3:])}
