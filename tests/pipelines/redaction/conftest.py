"""Redaction of many texts in one query, as the pipeline does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import duckdb
import pytest

from pipelines.redaction import redacted

Redact = Callable[[Sequence[str | None]], list[str | None]]


@pytest.fixture(scope="session")
def redact() -> Redact:
    """Redacts texts, names by list."""
    connection = duckdb.connect()
    connection.execute("CREATE TABLE verbatim (place INTEGER, text VARCHAR)")

    def all_of(texts: Sequence[str | None]) -> list[str | None]:
        connection.execute("DELETE FROM verbatim")
        connection.execute("INSERT INTO verbatim SELECT unnest(range(?)), unnest(?)", [len(texts), list(texts)])
        return [
            text for (text,) in connection.sql(f"SELECT {redacted('text')} FROM verbatim ORDER BY place").fetchall()
        ]

    return all_of
