"""A validated batch in a folder, for a task to leave and another to take: Parquet by DuckDB, then `batch.json`."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines.errors import SymetrieError
from pipelines.landing import PRIVATE_FOLDER, LandedPage
from pipelines.validation.records import QUARANTINE_DTYPES, BatchCheck, ValidatedBatch
from pipelines.validation.sql import quoted

_ANSWERS, _QUARANTINED, _RECORD = "accepted.parquet", "quarantined.parquet", "batch.json"
_TIMES = ("modified_at", "version_at", "landed_at")


def save_batch(batch: ValidatedBatch, folder: Path) -> None:
    """Write a batch; its record comes last, by an atomic rename, so that a batch half written is none."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(PRIVATE_FOLDER)  # what is quarantined in it is not redacted
    record = folder / _RECORD
    record.unlink(missing_ok=True)
    batch.answers.write_parquet(str(folder / _ANSWERS))
    with duckdb.connect() as connection:
        connection.from_df(batch.quarantined).write_parquet(str(folder / _QUARANTINED))
    draft = record.with_suffix(".draft")
    draft.write_text(json.dumps(_record(batch), ensure_ascii=False, indent=1), encoding="utf-8")
    draft.replace(record)


def load_batch(folder: Path) -> ValidatedBatch:
    """Read a batch that `save_batch` wrote; its answers stay in their file until they are asked for."""
    try:
        record: dict[str, Any] = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SymetrieError(f"there is no validated batch in {folder}; run the validation again") from None
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    quarantined = connection.sql(f"FROM read_parquet({quoted(str(folder / _QUARANTINED))})").df()
    return ValidatedBatch(
        source=record["source"],
        received_count=record["received_count"],
        answers=connection.sql(f"FROM read_parquet({quoted(str(folder / _ANSWERS))})"),
        quarantined=quarantined.astype(QUARANTINE_DTYPES),
        warnings=record["warnings"],
        checks=tuple(BatchCheck(**check) for check in record["checks"]),
        pages=tuple(map(_page, record["pages"])),
        fields_by_page={page: tuple(fields) for page, fields in record["fields_by_page"].items()},
        answers_file=folder / _ANSWERS,
    )


def _record(batch: ValidatedBatch) -> dict[str, Any]:
    return {
        "source": batch.source,
        "received_count": batch.received_count,
        "warnings": dict(batch.warnings),
        "checks": [asdict(check) for check in batch.checks],
        "pages": [_as_text(asdict(page)) for page in batch.pages],
        "fields_by_page": dict(batch.fields_by_page),
    }


def _as_text(page: dict[str, Any]) -> dict[str, Any]:
    times = {name: page[name].isoformat() for name in _TIMES}
    return page | times | {"path": str(page["path"])}


def _page(record: dict[str, Any]) -> LandedPage:
    times = {name: datetime.fromisoformat(record[name]) for name in _TIMES}
    return LandedPage(**record | times | {"path": Path(record["path"])})
