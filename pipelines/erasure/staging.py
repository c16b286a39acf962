"""The room of staged batches: those that are held, and those that wait for their load."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import sqlalchemy as sa

from pipelines.erasure.visit import Found, Place, Visit
from pipelines.pages.sql import text
from pipelines.staging import REPLAYED_PAGE, writing
from pipelines.validation.saving import ANSWERS, QUARANTINED, RECORD
from pipelines.warehouse.ledger import HELD
from pipelines.warehouse.tables import run

if TYPE_CHECKING:
    from pipelines.erasure.erased import Erased
    from pipelines.warehouse import Warehouse


def find(visit: Visit) -> Found:
    """Count the rows of the answer in every staged batch of the source, those set aside included."""
    count, places = 0, set[Place]()
    with duckdb.connect() as connection:
        for folder in staged_batches(visit.settings.home, visit.source):
            answers = _answers(connection, folder / ANSWERS, visit.erased)
            places |= set(_places(connection, folder / ANSWERS, answers))
            count += len(answers) + len(_set_aside(connection, folder / QUARANTINED, visit.erased))
    return Found(count, frozenset(places))


def clear(visit: Visit) -> None:
    """Remove the answer from every staged batch of the source."""
    clear_batches(visit.warehouse, visit.erased)


def clear_batches(warehouse: Warehouse, erased: Erased) -> int:
    """Remove what was erased from the staged batches, and from what the ledger says is held; gives how many rows.

    What a killed process has left half written cannot be searched, and goes whole.
    """
    _discard_unfinished(warehouse.home, erased.source)
    removed = 0
    for folder in staged_batches(warehouse.home, erased.source):
        # Under the lock of publications: no batch is published from files of which one is rewritten already.
        with warehouse.publishing(refreshes_readers=False) as connection:
            if not (folder / RECORD).exists():  # published meanwhile
                continue
            removed += _rewrite(folder / ANSWERS, erased, _answers) + _rewrite(folder / QUARANTINED, erased, _set_aside)
            _recount(connection, folder)
    return removed


def _discard_unfinished(home: Path, source: str) -> None:
    """Remove what killed processes left: folders without the record of a batch, and the records of a replay."""
    from filelock import Timeout

    for folder in sorted((home / "staging").glob(f"*/{source}")):
        if (folder / RECORD).exists() and not (folder / REPLAYED_PAGE).exists():
            continue
        with suppress(Timeout), writing(folder, patience=0):  # the lock of a process that was killed is free
            (folder / REPLAYED_PAGE).unlink(missing_ok=True)
            if not (folder / RECORD).exists():
                shutil.rmtree(folder)
                with suppress(OSError):  # another source's batch still waits there
                    folder.parent.rmdir()


def staged_batches(home: Path, source: str) -> Iterator[Path]:
    """The folders of the batches of a source that are whole."""
    return (record.parent for record in sorted((home / "staging").glob(f"*/{source}/{RECORD}")))


def _answers(connection: duckdb.DuckDBPyConnection, file: Path, erased: Erased) -> list[int]:
    return erased.answers(connection, _rows(file), "file_row_number")


def _set_aside(connection: duckdb.DuckDBPyConnection, file: Path, erased: Erased) -> list[int]:
    known, unknown = (f"(FROM {_rows(file)} WHERE response_id IS {each} NULL)" for each in ("NOT", ""))
    return sorted(
        {*erased.answers(connection, known, "file_row_number"), *erased.texts(connection, unknown, "file_row_number")}
    )


def _places(connection: duckdb.DuckDBPyConnection, file: Path, rows: list[int]) -> list[Place]:
    found = connection.execute(
        f"SELECT DISTINCT business_date::DATE, unit_id FROM {_rows(file)} WHERE list_contains($rows, file_row_number)",
        {"rows": rows},
    )
    return found.fetchall()


def _rewrite(
    file: Path, erased: Erased, find_rows: Callable[[duckdb.DuckDBPyConnection, Path, Erased], list[int]]
) -> int:
    """Put a file without the erased rows in the place of the file; gives how many those were."""
    with duckdb.connect() as connection:
        rows = find_rows(connection, file, erased)
        if not rows:
            return 0
        with _draft(file) as draft:
            connection.execute(
                f"COPY (SELECT * EXCLUDE (file_row_number) FROM {_rows(file)}"
                f" WHERE NOT list_contains($rows, file_row_number)) TO {text(str(draft))} (FORMAT parquet)",
                {"rows": rows},
            )
            draft.replace(file)
    return len(rows)


@contextmanager
def _draft(file: Path) -> Iterator[Path]:
    """A private file beside another one."""
    handle, name = tempfile.mkstemp(prefix=".draft-", suffix=file.suffix, dir=file.parent)
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _recount(connection: sa.Connection, folder: Path) -> None:
    """Say of the batch, and of its row in the ledger where it is held, how many records it has now."""
    file = folder / RECORD
    record: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    answers, set_aside = (_count(folder / name) for name in (ANSWERS, QUARANTINED))
    if record["received_count"] != answers + set_aside:
        with _draft(file) as draft:
            draft.write_text(
                json.dumps(record | {"received_count": answers + set_aside}, ensure_ascii=False, indent=1),
                encoding="utf-8",
            )
            draft.replace(file)
    connection.execute(
        sa.update(run)
        .values(received_count=answers + set_aside, superseded_count=0, quarantined_count=set_aside, held_count=answers)
        .where(run.c.run_id == folder.parent.name, run.c.source == folder.name, run.c.status == HELD)
    )


def _count(file: Path) -> int:
    with duckdb.connect() as connection:
        row = connection.execute(f"SELECT count(*) FROM {_rows(file)}").fetchone()
    assert row is not None
    return int(row[0])


def _rows(file: Path) -> str:
    return f"read_parquet({text(str(file))}, file_row_number = true)"
