"""A range of dates from a source that is asked for windows of time: whole, in portions, and after an interruption."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import sqlalchemy as sa

from pipelines.ranges import Days
from pipelines.run import run_days
from pipelines.settings import Settings, load_settings
from pipelines.warehouse import open_warehouse
from pipelines.warehouse.check import problems
from pipelines.warehouse.tables import client_response, daily_count, run, score

FIRST, LAST = date(2026, 8, 30), date(2026, 10, 2)
HOUSE = """\
network:
  units:
    - {id: shops, kind: network, name: One shop, timezone: Europe/Paris}
    - {id: lyon, kind: site, name: Lyon, parent: shops}
questionnaires:
  test-1:
    overall: {field: mark, scale: one_to_five}
sources:
  - name: survey
    kind: rest
    path: /answers
    connection: survey_api
    questionnaire: test-1
    records: items
    fields: {response_id: id, unit_id: shop, submitted_at: at}
    window: {start: from, end: to, field: at, reread_days: 0}
    http: {retries: 0}
"""


class SurveyAPI(ThreadingHTTPServer):
    """A survey with two answers a day; down for windows that begin at or after `down_from`."""

    down_from = datetime.max.replace(tzinfo=UTC)

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[datetime, datetime]] = []

    @property
    def months(self) -> list[str]:
        """The month at the end of each window that was asked for."""
        return [f"{end - timedelta(hours=12):%Y-%m}" for _, end in self.asked]


class Handler(BaseHTTPRequestHandler):
    server: SurveyAPI

    def do_GET(self) -> None:
        asked = dict(parse_qsl(urlsplit(self.path).query))
        start, end = (datetime.fromisoformat(asked[name]) for name in ("from", "to"))
        if start >= self.server.down_from:
            self.send_error(503)
            return
        self.server.asked.append((start, end))
        body = json.dumps({"items": [each for each in answers() if start <= at(each) < end]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Keep quiet."""


def answers() -> Iterator[dict[str, Any]]:
    for number, day in enumerate(Days(FIRST, LAST)):
        for hour in (9, 15):
            given_at = f"{day}T{hour:02}:00:00+00:00"
            yield {"id": f"{day}-{hour}", "shop": "lyon", "at": given_at, "mark": 1 + (number + hour) % 5}


def at(answer: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(answer["at"])


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[SurveyAPI]:
    """The survey's API, on loopback."""
    server = SurveyAPI()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("AIRFLOW_CONN_SURVEY_API", f"http://127.0.0.1:{server.server_port}/http")
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def house(tmp_path: Path) -> Callable[[str], Settings]:
    """Make a house of its own, with an empty warehouse."""

    def make(name: str) -> Settings:
        file = tmp_path / "symetrie.yaml"
        file.write_text(HOUSE, encoding="utf-8")
        return load_settings(file, os.environ | {"SYMETRIE_HOME": str(tmp_path / name), "SYMETRIE_WAREHOUSE_URL": ""})

    return make


def content(settings: Settings) -> dict[str, list[tuple[Any, ...]]]:
    """What promise 2 calls content, of core and mart."""
    found = {}
    with closing(open_warehouse(settings.warehouse_url, settings.home)) as warehouse:
        assert problems(warehouse) == []
        with warehouse.reading() as connection:
            for table in (client_response, daily_count, score):
                columns = [column for column in table.columns if column.name not in ("run_id", "version_at")]
                found[table.name] = sorted(map(tuple, connection.execute(sa.select(*columns))), key=repr)
    return found


def test_a_range_is_asked_for_by_the_month_and_ends_as_its_days_one_by_one(api: SurveyAPI, house) -> None:
    """Three windows instead of thirty-four, one row of the ledger each."""
    at_once, day_by_day = house("at_once"), house("day_by_day")
    report = run_days(at_once, LAST, first_date=FIRST)
    assert (report.failures, report.counts["survey"]["loaded"]) == ({}, 68)
    assert api.months == ["2026-08", "2026-09", "2026-10"]
    for day in (FIRST, LAST - timedelta(days=1), LAST):  # after a break, a day asks for all that is not committed
        run_days(day_by_day, day)
    assert content(at_once) == content(day_by_day)
    with closing(open_warehouse(at_once.warehouse_url, at_once.home)) as warehouse, warehouse.reading() as connection:
        rows = connection.execute(sa.select(run.c.business_date, run.c.loaded_count).where(run.c.source == "survey"))
        assert sorted(map(tuple, rows)) == [
            (date(2026, 8, 31), 4),
            (date(2026, 9, 30), 60),
            (date(2026, 10, 2), 4),
        ]


def test_an_interrupted_range_goes_on_where_it_stopped_and_a_finished_one_begins_anew(api: SurveyAPI, house) -> None:
    settings = house("home")
    api.down_from = datetime(2026, 9, 25, tzinfo=UTC)
    report = run_days(settings, LAST, first_date=FIRST)
    assert (api.months, list(report.failures)) == (["2026-08", "2026-09"], ["survey"])
    assert report.counts["survey"]["loaded"] == 64

    api.down_from, api.asked = SurveyAPI.down_from, []
    assert run_days(settings, LAST, first_date=FIRST).counts["survey"]["loaded"] == 4
    assert api.months == ["2026-10"]

    api.asked = []
    assert run_days(settings, LAST, first_date=FIRST).counts["survey"]["loaded"] == 0
    assert api.months == ["2026-08", "2026-09", "2026-10"]


def test_another_range_takes_nothing_of_a_finished_one_for_granted(api: SurveyAPI, house) -> None:
    settings = house("home")
    assert run_days(settings, LAST, first_date=FIRST).failures == {}
    api.asked = []
    run_days(settings, LAST - timedelta(days=1), first_date=FIRST)
    assert api.months == ["2026-08", "2026-09", "2026-10"]
