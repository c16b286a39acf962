"""What the engine decides of employees' answers: which one counts, on DuckDB and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pipelines.run import RunReport, run_days
from pipelines.settings import Settings
from pipelines.warehouse import open_warehouse
from pipelines.warehouse.tables import employee_response, quarantine
from tests.pipelines.pulse.house import LAST, House, answer

Drop = Callable[..., Path]


def receive(settings: Settings, **options: Any) -> RunReport:
    return run_days(settings, LAST, sources=["pouls"], **options)


def rows(settings: Settings, *columns: Any) -> list[tuple[Any, ...]]:
    with closing(open_warehouse(settings.warehouse_url, settings.home)) as warehouse, warehouse.reading() as connection:
        return sorted((tuple(row) for row in connection.execute(sa.select(*columns))), key=repr)


def reasons(settings: Settings) -> list[str]:
    return [reason for (reason,) in rows(settings, quarantine.c.reasons)]


def test_in_whatever_order_the_files_come_the_same_answer_counts(house: House, drop: Drop) -> None:
    settings = house()
    drop(answer("anna", at="06/10/2026 09:00", marks="5 5 5 9 5 5"))
    receive(settings)
    drop(answer("anna", at="05/10/2026 09:00", marks="1 1 1 1 1 1"), answer("bob"))
    counts = receive(settings).counts["pouls"]
    assert (counts["loaded"], counts["superseded"]) == (1, 1)
    assert sorted(mark for (mark,) in rows(settings, employee_response.c.own_trust)) == [4, 5]


def test_twice_changes_nothing(house: House, drop: Drop) -> None:
    settings = house()
    drop(*(answer(f"p{number}") for number in range(20)))
    receive(settings)
    before = rows(settings, *employee_response.columns)
    again = receive(settings)
    assert again.counts["pouls"] == dict.fromkeys(again.counts["pouls"], 0)
    replayed = receive(settings, replay=True)
    assert replayed.counts["pouls"]["unchanged"] == 20
    assert rows(settings, *employee_response.columns) == before


def test_every_record_received_is_accounted_for(house: House, drop: Drop) -> None:
    settings = house()
    drop(*(answer(f"p{number}") for number in range(7)), answer("", "x"), answer("p1"), ("broken",))
    counts = receive(settings).counts["pouls"]
    assert counts["received"] == 10
    assert counts == {"received": 10, "loaded": 7, "unchanged": 0, "superseded": 1, "quarantined": 2, "held": 0}
