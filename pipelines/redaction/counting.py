"""How much was replaced, by kind: numbers for the ledger, nothing of what stood there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.redaction.redacting import KINDS
from pipelines.redaction.shape import literal, mark

if TYPE_CHECKING:
    import duckdb


def redaction_counts(answers: duckdb.DuckDBPyRelation) -> dict[str, int]:
    """Count the answers whose words hold the mark of a kind; a client who writes `[phone]` himself counts as well."""
    counts = ", ".join(f"count(*) FILTER (contains(verbatim, {literal(mark(kind))}))" for kind in KINDS)
    [found] = answers.filter("contains(verbatim, '[')").aggregate(counts).fetchall()
    return {kind: count for kind, count in zip(KINDS, found, strict=True) if count}
