"""A validated batch in a folder, for a task to leave and another to take: Parquet by DuckDB, then `batch.json`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb

from pipelines.errors import SymetrieError
from pipelines.faults import told
from pipelines.landing import PRIVATE_FOLDER, page_of, record_of
from pipelines.redaction import redaction_counts
from pipelines.validation.records import QUARANTINE_DTYPES, BatchCheck, RowCheck, ValidatedBatch
from pipelines.validation.sql import quoted

ANSWERS, QUARANTINED, RECORD = "accepted.parquet", "quarantined.parquet", "batch.json"


def save_batch(batch: ValidatedBatch, folder: Path) -> None:
    """Write a batch; its record comes last, by an atomic rename, so that a batch half written is none."""
    with told(f"staging {folder}"):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(PRIVATE_FOLDER)  # what is quarantined in it is not redacted
        record = folder / RECORD
        record.unlink(missing_ok=True)
        batch.answers.write_parquet(str(folder / ANSWERS))
        with duckdb.connect() as connection:
            redactions = redaction_counts(connection.read_parquet(str(folder / ANSWERS)))
            connection.from_df(batch.quarantined).write_parquet(str(folder / QUARANTINED))
        draft = record.with_suffix(".draft")
        said = _record(batch) | {"redactions": redactions}
        draft.write_text(json.dumps(said, ensure_ascii=False, indent=1), encoding="utf-8")
        draft.replace(record)


def load_batch(folder: Path) -> ValidatedBatch:
    """Read a batch that `save_batch` wrote; its answers stay in their file until they are asked for."""
    try:
        record: dict[str, Any] = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SymetrieError(f"there is no validated batch in {folder}; run the validation again") from None
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    quarantined = connection.sql(f"FROM read_parquet({quoted(str(folder / QUARANTINED))})").df()
    return ValidatedBatch(
        source=record["source"],
        side=record.get("side", "client"),  # held before employees had one
        received_count=record["received_count"],
        answers=connection.sql(f"FROM read_parquet({quoted(str(folder / ANSWERS))})"),
        quarantined=quarantined.astype(QUARANTINE_DTYPES),
        warnings=record["warnings"],
        checks=tuple(BatchCheck(**check) for check in record["checks"]),
        row_checks=tuple(RowCheck(**check) for check in record.get("row_checks", ())),  # held before there were any
        pages=tuple(page_of(page, Path()) for page in record["pages"]),
        fields_by_page={page: tuple(fields) for page, fields in record["fields_by_page"].items()},
        answers_file=folder / ANSWERS,
        redactions=record.get("redactions", {}),  # held before they were counted
    )


def _record(batch: ValidatedBatch) -> dict[str, Any]:
    return {
        "source": batch.source,
        "side": batch.side,
        "received_count": batch.received_count,
        "warnings": dict(batch.warnings),
        "checks": [asdict(check) for check in batch.checks],
        "row_checks": [asdict(check) for check in batch.row_checks],
        "pages": [record_of(page) for page in batch.pages],
        "fields_by_page": dict(batch.fields_by_page),
    }
