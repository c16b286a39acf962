"""What readers open on DuckDB: always what `mart` holds, whether it was copied whole or by the days that changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
import sqlalchemy as sa

from pipelines.errors import SymetrieError
from pipelines.load import load
from pipelines.score import score
from pipelines.warehouse import Warehouse, open_warehouse
from pipelines.warehouse.network import synchronise_network
from pipelines.warehouse.on_duckdb import DuckDBWarehouse
from pipelines.warehouse.tables import METADATA, client_response, summary
from tests.kept_open import let_go

pytestmark = pytest.mark.readers_copy

DAY = date(2026, 11, 20)
MARKER = "quetzalcoatlus"
PRIVATE_ROWS = f"""
    INSERT INTO core.client_response (source, response_id, questionnaire_version, unit_id, business_date, submitted_at,
        version_at, channel, verbatim, status, content_hash, run_id)
    SELECT 'survey', uuid(), 'q', 'nice', DATE '2026-11-20', now(), now(), 'store',
        repeat('{MARKER} ', 1 + i % 40) || uuid(), 'published', 'h', 'r' FROM range(20000) private(i)"""
PUBLIC_ROWS = """
    INSERT INTO mart.summary (business_date, recipient_id, unit_id, locale, content_hash, figures, subject, body_text,
        body_html, written_at, run_id)
    SELECT DATE '{day}', i, 'nice', 'fr', 'h', 'f', 's', uuid() || uuid() || uuid(), 'b', now(), 'r'
    FROM range(2000) public(i)"""
PUBLIC = [table for table in METADATA.sorted_tables if table.schema == "mart"]


@pytest.fixture
def file_warehouse(home: Path, network) -> Iterator[Warehouse]:
    """A DuckDB file with a network, opened."""
    with closing(open_warehouse(f"duckdb:///{home / 'w.duckdb'}", home)) as warehouse:
        synchronise_network(warehouse, network)
        yield warehouse


def held(warehouse: Warehouse) -> dict[str, list[str]]:
    with warehouse.reading() as connection:
        return {table.name: sorted(map(repr, map(tuple, connection.execute(sa.select(table))))) for table in PUBLIC}


def read(home: Path) -> dict[str, list[str]]:
    with duckdb.connect(str(home / "published" / "marts.duckdb"), read_only=True) as readers:
        return {
            table.name: sorted(
                map(
                    repr, readers.execute(f"SELECT {', '.join(table.columns.keys())} FROM mart.{table.name}").fetchall()
                )
            )
            for table in PUBLIC
        }


def test_readers_see_new_counts_with_the_scores_made_of_them(
    file_warehouse, home, network, answers, batch, stamp
) -> None:
    """A first day, the next one, late and edited answers of earlier days, and a run that brings nothing."""
    arrivals = [
        answers({"response_id": "a", "day": DAY, "overall": 5}, {"response_id": "b", "day": DAY, "unit_id": "nice"}),
        answers({"response_id": "c", "day": DAY + timedelta(days=1), "overall": 2}),
        answers({"response_id": "d", "day": DAY - timedelta(days=3), "overall": 4, "unit_id": "mobile"}),
        answers({"response_id": "a", "day": DAY, "overall": 1, "version_at": "2026-11-23T08:00Z"}),
        answers({"response_id": "a", "day": DAY, "overall": 1, "version_at": "2026-11-23T08:00Z"}),
    ]
    for age, arrived in enumerate(arrivals):
        before = read(home)
        load(file_warehouse, batch(arrived), stamp(DAY + timedelta(days=age)))
        assert read(home) == before
        score(file_warehouse, network, stamp(DAY + timedelta(days=age)), daily_for=400)
        assert read(home) == held(file_warehouse)


def test_scores_that_are_given_up_leave_the_readers_copy(file_warehouse, home, network, answers, batch, stamp) -> None:
    load(file_warehouse, batch(answers({"response_id": "a", "day": DAY, "overall": 5})), stamp(DAY))
    score(file_warehouse, network, stamp(DAY), daily_for=400)
    score(file_warehouse, network, stamp(DAY + timedelta(days=500)), daily_for=400)
    assert read(home) == held(file_warehouse)


def test_a_publication_without_changes_leaves_the_readers_copy_alone(
    file_warehouse, home, network, answers, batch, stamp
) -> None:
    first = batch(answers({"response_id": "a", "day": DAY, "overall": 5}))
    load(file_warehouse, first, stamp(DAY))
    score(file_warehouse, network, stamp(DAY), daily_for=400)
    written = (home / "published" / "marts.duckdb").stat().st_ino
    load(file_warehouse, first, stamp(DAY))
    score(file_warehouse, network, stamp(DAY), daily_for=400)
    assert (home / "published" / "marts.duckdb").stat().st_ino == written


def test_after_a_crash_before_the_copy_the_next_one_is_whole(
    file_warehouse, home, network, answers, batch, stamp, monkeypatch
) -> None:
    """The publication that crashed changed other days than the next one does; readers get both."""

    def crash(*arguments: object) -> None:
        raise SymetrieError("killed between the commit and the copy")

    load(file_warehouse, batch(answers({"response_id": "a", "day": DAY, "overall": 5})), stamp(DAY))
    with monkeypatch.context() as patch:
        patch.setattr(DuckDBWarehouse, "_copy_mart", crash)
        score(file_warehouse, network, stamp(DAY), daily_for=400)
    assert read(home) != held(file_warehouse)
    with closing(open_warehouse(f"duckdb:///{home / 'w.duckdb'}", home)) as another_process:
        load(another_process, batch(answers({"response_id": "b", "day": DAY, "unit_id": "nice"})), stamp(DAY))
        score(another_process, network, stamp(DAY), daily_for=400)
        assert read(home) == held(another_process)


def test_not_one_private_byte_reaches_the_readers_copy(file_warehouse, home) -> None:
    """Neither whole nor by days, right after this process read every verbatim: written by it, a copy held thousands."""
    for day in (DAY + timedelta(days=age) for age in range(4)):
        with file_warehouse.publishing() as connection:
            connection.exec_driver_sql(PRIVATE_ROWS)
            connection.exec_driver_sql(PUBLIC_ROWS.format(day=day))
        for changes in ({}, {summary.c.business_date: [day]}):
            with file_warehouse.reading() as connection:
                file_warehouse.frame(connection, sa.select(client_response.c.verbatim))
                file_warehouse.write_snapshot(changes)
            assert (home / "published" / "marts.duckdb").read_bytes().count(MARKER.encode()) == 0
    assert read(home) == held(file_warehouse)


def test_readers_find_the_types_of_the_warehouse(file_warehouse, home) -> None:
    def types(file: Path) -> list[tuple[str, ...]]:
        let_go()  # who only reads it needs it for itself
        with duckdb.connect(str(file), read_only=True) as connection:
            columns = "table_name, column_index, column_name, data_type"
            of_mart = "duckdb_columns() WHERE schema_name = 'mart'"
            return connection.execute(f"SELECT {columns} FROM {of_mart} ORDER BY ALL").fetchall()

    assert types(home / "published" / "marts.duckdb") == types(home / "w.duckdb")


def test_what_a_killed_copy_left_behind_is_cleared_away(file_warehouse, home, network, answers, batch, stamp) -> None:
    left = home / "published" / ".draft"
    left.mkdir()
    for name in ("marts.duckdb", "marts.duckdb.wal", "0.parquet"):
        (left / name).write_bytes(b"half of a file")
    load(file_warehouse, batch(answers({"response_id": "a", "day": DAY, "overall": 5})), stamp(DAY))
    score(file_warehouse, network, stamp(DAY), daily_for=400)
    assert read(home) == held(file_warehouse)
    assert [each.name for each in (home / "published").iterdir()] == ["marts.duckdb"]


def test_a_damaged_copy_is_named_and_the_next_one_is_whole(
    file_warehouse, home, network, answers, batch, stamp, caplog
) -> None:
    """The publication stands; no copy is derived from one that could not be read."""
    (home / "published" / "marts.duckdb").write_bytes(b"no database")
    load(file_warehouse, batch(answers({"response_id": "a", "day": DAY, "overall": 5})), stamp(DAY))
    score(file_warehouse, network, stamp(DAY), daily_for=400)
    assert "snapshot.failed" in caplog.text
    assert "not a valid DuckDB database file" in caplog.text
    load(file_warehouse, batch(answers({"response_id": "b", "day": DAY, "overall": 5})), stamp(DAY))
    score(file_warehouse, network, stamp(DAY), daily_for=400)
    assert read(home) == held(file_warehouse)
