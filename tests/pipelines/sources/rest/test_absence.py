"""Answers missing from a complete pull: a few are withdrawn, many hold the batch until a person decides."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from pipelines import steps
from pipelines.load import BatchHeld
from pipelines.settings import Settings
from pipelines.warehouse import open_warehouse
from pipelines.warehouse.tables import client_response, complete_pull, run, tombstone

DAY = date(2026, 11, 20)
SOURCE = """\
    fields: {{response_id: id, unit_id: shop, submitted_at: at}}
    window: {{start: from, end: to, field: at, reread_days: 9, since: 2026-11-11, slice_days: {slice_days}}}
    absent_is_withdrawn: true
"""


@pytest.fixture
def house(configure, warehouse_url) -> Callable[..., Settings]:
    """The settings of a house that asks the server."""

    def make(slice_days: int = 30, thresholds: str = "{}") -> Settings:
        made: Settings = configure(SOURCE.format(slice_days=slice_days), url=warehouse_url, thresholds=thresholds)
        return made

    return make


@pytest.fixture
def give(server, honest) -> Callable[..., tuple[str, dict[str, int] | None]]:
    """Let the API hold some answers and run the day: its run, and its counts, none when the batch was held."""

    def run_day(settings: Settings, held: list[dict[str, Any]]) -> tuple[str, dict[str, int] | None]:
        server.handler = honest(server, sorted(held, key=lambda row: row["at"]), size=200)
        run_id = steps.start_run(settings, DAY)
        pages = steps.extract_source(settings, "survey", DAY)
        folder = steps.validate_source(settings, "survey", pages, DAY, run_id)
        try:
            return run_id, steps.load_batch(settings, folder, run_id, DAY)
        except BatchHeld:
            return run_id, None

    return run_day


def answers(count: int, day: int = 20, shop: str = "lyon") -> list[dict[str, Any]]:
    times = [f"2026-11-{day}T{8 + n // 60:02d}:{n % 60:02d}:00Z" for n in range(count)]
    return [{"id": f"{day}-{n}", "shop": shop, "at": at, "mark": 5} for n, at in enumerate(times)]


def rows(settings: Settings, *columns: Any) -> list[tuple[Any, ...]]:
    with closing(open_warehouse(settings.warehouse_url, settings.home)) as warehouse, warehouse.reading() as connection:
        return sorted((tuple(row) for row in connection.execute(sa.select(*columns))), key=repr)


def known(settings: Settings) -> int:
    return len(rows(settings, client_response.c.response_id))


def test_a_pull_that_comes_back_empty_is_held_and_withdraws_nothing(house, give) -> None:
    """Its batch has no rows; the reason says how many answers are at stake, and in which window."""
    settings = house()
    give(settings, answers(30))
    run_id, counts = give(settings, [])
    assert counts is None
    [(status, detail)] = rows(settings, run.c.status, run.c.detail)[:1]
    assert status == "held"
    assert (
        "30 of 30 known answers are gone from the pull of 2026-11-10 23:00 to 2026-11-20 23:00 UTC; "
        "expected: no pull withdraws more than 20 % of the answers in its window"
    ) in detail
    assert (known(settings), rows(settings, tombstone.c.response_id)) == (30, [])
    assert len(rows(settings, complete_pull.c.pull_id)) == 1
    assert steps.release_batch(settings, run_id, "survey")["received"] == 0
    assert (known(settings), len(rows(settings, tombstone.c.response_id))) == (0, 30)
    give(settings, answers(30))
    assert known(settings) == 30, "an answer that is there again comes back"


def test_a_discarded_absence_is_forgotten_and_the_next_pull_is_judged_by_itself(house, give) -> None:
    settings = house()
    give(settings, answers(30))
    run_id, _ = give(settings, [])
    steps.discard_batch(settings, run_id, "survey")
    assert give(settings, answers(30))[1]["unchanged"] == 30
    assert (known(settings), rows(settings, tombstone.c.response_id)) == (30, [])


def test_what_a_small_shop_takes_back_is_withdrawn(house, give) -> None:
    settings = house()
    give(settings, answers(3))
    assert give(settings, answers(2))[1]["unchanged"] == 2
    assert known(settings) == 2


def test_new_answers_do_not_outweigh_the_missing_ones(house, give) -> None:
    settings = house()
    give(settings, answers(30, day=18))
    _, counts = give(settings, [*answers(10, day=18), *answers(200)])
    assert counts is None


def test_every_slice_of_a_pull_is_judged_by_itself(house, give) -> None:
    """The API forgot one slice of its window; twelve are few of all, and all of theirs."""
    settings = house(slice_days=5)
    give(settings, [*answers(12, day=13), *answers(150)])
    _, counts = give(settings, answers(150))
    assert counts is None


def test_an_answer_that_is_refused_now_is_not_missing(house, give) -> None:
    settings = house()
    give(settings, answers(40))
    moved = answers(15, shop="unknown")
    _, counts = give(settings, [*moved, *answers(40)[15:]])
    assert (counts["quarantined"], counts["unchanged"]) == (15, 25)
    assert known(settings) == 40


def test_the_house_draws_its_own_line(house, give) -> None:
    settings = house(thresholds="{absent_share_pct: 100}")
    give(settings, answers(30))
    assert give(settings, [])[1] == {
        "received": 0, "loaded": 0, "unchanged": 0, "superseded": 0, "quarantined": 0, "held": 0,
    }  # fmt: skip
    assert known(settings) == 0
