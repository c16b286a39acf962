"""From the API to the facts: what was received is loaded, unchanged, superseded or quarantined, and no cursor lies."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from pipelines import steps
from pipelines.run import run_days
from pipelines.sources import look
from pipelines.warehouse import open_warehouse
from pipelines.warehouse.past import watermark
from pipelines.warehouse.tables import client_response
from pipelines.warehouse.tables import run as ledger

DAY = date(2026, 11, 20)
MARK = "$.answers[?(@.question=='overall')].mark"
SOURCE = """\
    fields: {response_id: $.id, unit_id: shop.code, submitted_at: at, updated_at: changed, verbatim: words}
    window: {start: from, end: to, field: at, reread_days: 2, since: 2026-11-10, slice_days: 4}
    count: $.total
    http: {read_seconds: 2, total_seconds: 5, retries: 1, retry_wait_seconds: 0}
"""


@pytest.fixture
def settings(configure):
    return configure(SOURCE, mark=MARK)


def answer(id_: object, at: str, mark: int = 5, shop: str = "lyon", changed: str | None = None) -> dict[str, object]:
    return {
        "id": id_, "at": f"2026-11-{at}:00Z", "changed": f"2026-11-{changed or at}:00Z", "shop": {"code": shop},
        "answers": [{"question": "nps", "mark": 3}, {"question": "overall", "mark": mark}], "words": "Très bien",
    }  # fmt: skip


def run(settings, day: date) -> dict[str, int]:
    """Extract, validate and load a day; the counts of its ledger row."""
    run_id = steps.start_run(settings, day)
    pages = steps.extract_source(settings, "survey", day)
    return steps.load_batch(settings, steps.validate_source(settings, "survey", pages, day, run_id), run_id, day)


def facts(settings) -> dict[str, int]:
    with closing(open_warehouse(settings.warehouse_url, settings.home)) as warehouse, warehouse.reading() as connection:
        found = connection.execute(sa.select(client_response.c.response_id, client_response.c.overall))
        return {row.response_id: row.overall for row in found}


def committed_to(settings) -> datetime | None:
    with closing(open_warehouse(settings.warehouse_url, settings.home)) as warehouse, warehouse.reading() as connection:
        return watermark(connection, "survey")


def test_an_empty_window_is_no_change_of_schema(settings, server, honest):
    """Its page shows no fields; those of the page before it are the last that were seen."""
    for held, day in (([answer(1, "18T10:00")], 18), ([], 19), ([answer(2, "20T10:00")], 20)):
        server.handler = honest(server, held)
        assert run(settings, date(2026, 11, day))["received"] == len(held)
    with closing(open_warehouse(settings.warehouse_url, settings.home)) as warehouse, warehouse.reading() as connection:
        details = [json.loads(detail) for detail in connection.scalars(sa.select(ledger.c.detail))]
    assert [detail["failed_checks"] for detail in details] == [[], [], []]


def test_every_row_of_the_api_comes_to_one_end_and_the_cursor_moves_to_what_was_committed(settings, server, honest):
    """History first, then day by day; an edit and a late answer within the re-read come in; a bad unit is set apart."""
    held = [answer(n, f"{10 + n}T10:00") for n in range(1, 9)] + [answer(99, "12T11:00", shop="paris")]
    held.sort(key=lambda row: row["at"])
    server.handler = honest(server, held)
    counts = run(settings, date(2026, 11, 18))
    assert (counts["received"], counts["loaded"], counts["quarantined"]) == (9, 8, 1)
    assert committed_to(settings) == datetime(2026, 11, 18, 10, tzinfo=UTC)

    held[-1] = answer(8, "18T10:00", mark=1, changed="19T08:00")
    held += [answer(9, "17T12:00"), answer(9007199254740993, "19T23:30")]
    held.sort(key=lambda row: row["at"])
    second = run(settings, DAY)
    assert second["received"] == second["loaded"] + second["unchanged"] + second["superseded"] + second["quarantined"]
    assert (second["loaded"], second["unchanged"]) == (3, 2)
    assert facts(settings) == {**{str(n): 5 for n in range(1, 8)}, "8": 1, "9": 5, "9007199254740993": 5}
    assert committed_to(settings) == datetime(2026, 11, 19, 23, 30, tzinfo=UTC)


def test_an_empty_day_leaves_the_cursor_where_it_was_and_a_hole_is_filled(settings, server, honest):
    """The source was silent on the 19th and spoke late of it: nothing is missed."""
    held = [answer(1, "18T10:00")]
    server.handler = honest(server, held)
    run(settings, date(2026, 11, 18))
    run(settings, date(2026, 11, 19))
    assert committed_to(settings) == datetime(2026, 11, 18, 10, tzinfo=UTC)
    held += [answer(2, "19T10:00"), answer(3, "20T10:00")]
    run(settings, DAY)
    assert facts(settings) == {"1": 5, "2": 5, "3": 5}


def test_a_failing_server_leaves_everything_as_it_was_and_the_next_run_heals(settings, server, honest):
    """It fails between two pages: the ledger names the page, and what came before it is not asked for again."""
    held = [answer(n, f"20T1{n}:00") for n in range(5)]
    well = honest(server, held)
    server.handler = lambda heard: server.json({}, 503) if heard.params.get("cursor") else well(heard)
    broken = run_days(settings, DAY)
    assert "source survey: page 2 of" in broken.failures["survey"]
    assert facts(settings) == {}
    server.handler = well
    assert run(settings, DAY)["loaded"] == 5


def test_a_day_run_twice_or_replayed_without_the_server_changes_nothing(settings, server, honest):
    server.handler = honest(server, [answer(n, f"20T1{n}:00") for n in range(5)])
    run(settings, DAY)
    before = facts(settings)
    again = run(settings, DAY)
    assert (again["received"], again["unchanged"], again["loaded"]) == (5, 5, 0)
    count = len(server.heard)
    assert run_days(settings, DAY, replay=True).failures == {}
    assert len(server.heard) == count
    assert facts(settings) == before


def test_a_look_asks_for_one_page_and_takes_nothing(settings, server, honest):
    server.handler = honest(server, [])
    assert look(settings.source("survey")) == "0 rows on its first page of the last day"
    assert len(server.heard) == 1
    assert not (settings.home / "landing").exists()


def test_an_unknown_connection_is_told_with_the_source(settings, monkeypatch):
    monkeypatch.delenv("AIRFLOW_CONN_SURVEY_API")
    with pytest.raises(Exception, match="source survey: connection 'survey_api' is not known; set AIRFLOW_CONN_SURVEY"):
        steps.extract_source(settings, "survey", DAY)
