"""Which answers of a source have been erased: known by their keyed hashes alone, wherever they come back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from pipelines.erasure.keys import KEY_FILE, KEY_VARIABLE, ErasureKey, existing_key, keyed_hash
from pipelines.errors import SymetrieError
from pipelines.validation.sql import stripped
from pipelines.warehouse.tables import erasure

if TYPE_CHECKING:
    import duckdb

# What stands between the fields of a text that could not be read as a record.
_BETWEEN_FIELDS = r'[;,\t|"\s{}\[\]\\]+'
_TEXT = "coalesce(CASE WHEN json_valid(payload) THEN json_extract_string(payload, '$.raw') END, payload)"
_FIELDS = f"list_transform(regexp_split_to_array({_TEXT}, '{_BETWEEN_FIELDS}'), lambda field: trim(field, ':'))"


@dataclass(frozen=True)
class Erased:
    """The erased answers of one source, and the key that recognises them."""

    source: str
    key: ErasureKey
    hashes: frozenset[str]

    @property
    def mark(self) -> str:
        """What tells these answers from any others, so that a page says which it was searched for."""
        return hashlib.sha256("".join(sorted(self.hashes)).encode()).hexdigest()[:16]

    def answers(self, connection: duckdb.DuckDBPyConnection, rows: str, number: str) -> list[int]:
        """The numbers of the rows, of an SQL relation with a `response_id`, whose answer was erased."""
        return self._numbers(connection, f"SELECT {number} AS number, {stripped('response_id')} AS id FROM {rows}")

    def texts(self, connection: duckdb.DuckDBPyConnection, rows: str, number: str) -> list[int]:
        """The numbers of the rows, of an SQL relation with unreadable `payload`s, that name an erased answer."""
        return self._numbers(connection, f"SELECT {number} AS number, unnest({_FIELDS}) AS id FROM {rows}")

    def _numbers(self, connection: duckdb.DuckDBPyConnection, ids: str) -> list[int]:
        found = connection.execute(
            f"SELECT DISTINCT number FROM ({ids}) WHERE {keyed_hash('id')} IN (SELECT unnest($hashes)) ORDER BY number",
            {**self.key.values(self.source), "hashes": sorted(self.hashes)},
        )
        return [number for (number,) in found.fetchall()]


def erased_of(connection: sa.Connection, home: Path, source: str) -> Erased | None:
    """What has been erased from a source; None, at no cost, where nothing was."""
    rows = connection.execute(
        sa.select(erasure.c.response_key, erasure.c.proof).where(erasure.c.source == source)
    ).all()
    if not rows:
        return None
    key = existing_key(home)
    marks = {json.loads(row.proof)["key_mark"] for row in rows}
    if key is None or marks != {key.mark}:
        raise SymetrieError(
            f"source {source}: answers were erased under another key than this one, and would come back; "
            f"restore {home / KEY_FILE}, or give its text in {KEY_VARIABLE}"
        )
    return Erased(source, key, frozenset(row.response_key for row in rows))
