"""Parquet files, written by DuckDB itself."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

COLUMNS = "1 AS response_id, 'A' AS unit_id, TIMESTAMP '2026-11-20 08:15:00' AS submitted_at"


@pytest.fixture
def parquet(tmp_path: Path) -> Callable[[str], bytes]:
    """The bytes of a Parquet file of a query's result."""

    def write(query: str) -> bytes:
        path = tmp_path / "written.parquet"
        with duckdb.connect() as connection:
            connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
        return path.read_bytes()

    return write


def test_typed_values_become_the_texts_of_a_csv_file(read, answers, parquet):
    data = parquet(
        "SELECT 9007199254740993 AS response_id, 'A' AS unit_id, TIMESTAMPTZ '2026-11-20 08:15:00+01' AS submitted_at,"
        " TIMESTAMP_NS '2026-11-20 08:15:00.123456789' AS experienced_at, 4.0::DOUBLE AS overall,"
        " 'nan'::DOUBLE AS nps, 4.5::FLOAT AS ces, true AS can_contact"
    )
    asked_for = "response_id, submitted_at, experienced_at, mark_overall, mark_nps, mark_ces, can_contact"
    assert answers(read(data, "a.parquet"), asked_for) == [
        ("9007199254740993", "2026-11-20 07:15:00+00", "2026-11-20 08:15:00.123456", "4", None, "4.5", "true")
    ]


def test_a_dotted_name_reaches_into_nested_columns(read, answers, parquet):
    data = parquet("SELECT '1' AS id, {'store': {'code': 'A'}} AS respondent, '2026' AS submitted_at")
    fields = {"response_id": "ID", "unit_id": ["shop.code", "respondent.store.code"]}
    assert answers(read(data, "a.parquet", fields=fields), "response_id, unit_id") == [("1", "A")]


def test_without_a_required_column_every_row_is_unreadable(read, unreadable, parquet):
    batch = read(parquet("SELECT n AS response_id, '2026' AS submitted_at FROM range(3) t(n)"), "a.parquet")
    assert unreadable(batch, "line, reason") == [(1, "missing_column"), (2, "missing_column"), (3, "missing_column")]


def test_a_file_that_is_not_whole_is_one_broken_document(read, unreadable, parquet):
    whole = parquet(f"SELECT {COLUMNS}, repeat('x', 1000) AS verbatim FROM range(1000)")
    for data in (whole[:-20], whole[:200], b"response_id;unit_id\n"):
        batch = read(data, "a.parquet")
        [(reason, message)] = unreadable(batch, "reason, message")
        assert reason == "broken_document"
        assert message.startswith("a.parquet is not a whole Parquet file")
        assert "landing" not in message


def test_a_gzip_ed_file_and_an_empty_one_are_read(read, parquet):
    assert read(gzip.compress(parquet(f"SELECT {COLUMNS}")), "a.parquet.gz").received_count == 1
    assert read(parquet(f"SELECT {COLUMNS} LIMIT 0"), "a.parquet").received_count == 0
    assert read(b"", "a.parquet").received_count == 0


def test_payloads_are_the_rows_as_json(read, parquet):
    batch = read(parquet(f"SELECT {COLUMNS}, [1, 2] AS tags"), "a.parquet")
    assert json.loads(batch.payloads([1]).payload[0]) == {
        "response_id": 1, "unit_id": "A", "submitted_at": "2026-11-20 08:15:00", "tags": [1, 2],
    }  # fmt: skip
