"""The bare limit: DuckDB alone reads the same pages, counts and writes; nothing is checked, redacted or remembered."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from house import MARKS

TEXTS = ("response_id", "unit_id", "channel", "verbatim", "can_contact")


def bare_limit(pages: Sequence[Path], page_format: str, database: Path) -> int:
    """Read the pages into a table of a database file, count the marks per day and site, write both; gives the rows."""
    import duckdb

    types = {"submitted_at": "TIMESTAMP", **dict.fromkeys(TEXTS, "VARCHAR"), **dict.fromkeys(MARKS, "TINYINT")}
    order = ("response_id", "unit_id", "submitted_at", "channel", *MARKS, "verbatim", "can_contact")
    columns = ", ".join(f"'{name}': '{types[name]}'" for name in order)
    files = ", ".join(f"'{page}'" for page in pages)
    read = (
        f"read_csv([{files}], columns={{{columns}}}, delim=';', header=true, auto_detect=false, quote='\"')"
        if page_format == "csv"
        else f"read_json([{files}], columns={{{columns}}}, format='newline_delimited')"
    )
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"CREATE TABLE answer AS FROM {read}")
        connection.execute(f"CREATE TABLE daily_count AS {_counts()}")
        [rows] = connection.execute("SELECT count(*) FROM answer").fetchone() or [0]
    return int(rows)


def _counts() -> str:
    counts = ", ".join(
        f"count({mark}) AS {mark}_answers, count(*) FILTER ({mark} >= 4) AS {mark}_favourable,"
        f" count(*) FILTER ({mark} <= 2) AS {mark}_unfavourable, sum({mark}) AS {mark}_sum"
        for mark in MARKS
    )
    return f"SELECT submitted_at::DATE AS business_date, unit_id, channel, {counts} FROM answer GROUP BY ALL"
