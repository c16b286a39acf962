"""Erased answers in landed pages: searched with the pages' own readers, removed, and checked by reading again."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import structlog

from pipelines.erasure.erased import Erased
from pipelines.erasure.from_documents import remove_elements
from pipelines.erasure.from_lines import remove_lines, remove_records
from pipelines.erasure.removal import Removal, written
from pipelines.errors import SymetrieError
from pipelines.landing import INCOMING, LandedPage, replace_content
from pipelines.pages import RawBatch, read_pages
from pipelines.pages.sql import name, text
from pipelines.pages.texts import is_gzipped, opened

if TYPE_CHECKING:
    from pipelines.settings import Source
    from symetrie.questionnaires import Questionnaire

log = structlog.get_logger(__name__)

Draft = Callable[[Path, Path, Any, "Questionnaire", Removal], None]


@dataclass(frozen=True)
class Holding:
    """A landed page that holds erased answers: what was read of it, and the rows that must go."""

    page: LandedPage
    raw: RawBatch
    rows: list[int]


def search(page: LandedPage, source: Source, questionnaire: Questionnaire, erased: Erased) -> Holding | None:
    """Read a page and give what it holds of erased answers, those unreadable that name one included."""
    raw = read_pages([page], source, questionnaire)
    rows = erased.answers(raw.connection, "answer_text", "row_number")
    rows += erased.texts(raw.connection, "unreadable", "row_number")
    return Holding(page, raw, rows) if rows else None


def remove(holding: Holding, source: Source, questionnaire: Questionnaire) -> None:
    """Put a page without the erased answers in the place of the page, once it reads as all the others together."""
    removal = _removal(holding)
    expected = _fingerprint(holding.raw, holding.rows)
    for write in _WRITERS[source.format or holding.page.format]:
        with _draft(holding.page) as draft:
            try:
                write(holding.page.path, draft, source, questionnaire, removal)
                left = read_pages([replace(holding.page, path=draft, line_count=None)], source, questionnaire)
            except (ValueError, IndexError, duckdb.Error) as error:  # not of this form after all
                log.info("page.kept_form", page=holding.page.content_hash[:12], reason=type(error).__name__)
                continue
            if _fingerprint(left, []) == expected:
                replace_content(holding.page, draft, erased=len(holding.rows))
                log.info("page.rewritten", source=source.name, page=holding.page.content_hash[:12])
                return
    raise SymetrieError(
        f"source {source.name}: page {holding.page.path} cannot be rewritten without touching its other records; "
        "keep a copy without the answer elsewhere, remove the page and its manifest, and erase again"
    )


def _removal(holding: Holding) -> Removal:
    asked = {"rows": holding.rows}
    lines = holding.raw.connection.execute(
        "SELECT line FROM (SELECT row_number, line FROM answer_text UNION ALL SELECT row_number, line FROM unreadable)"
        " WHERE list_contains($rows, row_number)",
        asked,
    ).fetchall()
    payloads = holding.raw.payloads(holding.rows)["payload"]
    return Removal(frozenset(line for (line,) in lines), tuple(payloads))


def _fingerprint(raw: RawBatch, without: list[int]) -> tuple[Any, ...]:
    """How many records a page holds, and a sum over what they say, whatever their order."""
    columns = ", ".join(name(column) for column in raw.columns)
    kept = "WHERE NOT list_contains($without, row_number)"
    row = raw.connection.execute(
        f"SELECT answers.*, others.* FROM (SELECT count(*), sum(hash({columns})) FROM answer_text {kept}) AS answers,"
        f" (SELECT count(*), sum(hash(reason, payload)) FROM unreadable {kept}) AS others",
        {"without": without},
    ).fetchone()
    assert row is not None
    return row


@contextmanager
def _draft(page: LandedPage) -> Iterator[Path]:
    """A private file beside the page; the landing sweeps it away should this process die."""
    handle, file = tempfile.mkstemp(prefix=INCOMING, suffix="".join(page.path.suffixes), dir=page.path.parent.parent)
    os.close(handle)
    try:
        yield Path(file)
    finally:
        Path(file).unlink(missing_ok=True)


def _csv(page: Path, draft: Path, source: Any, questionnaire: Questionnaire, removal: Removal) -> None:
    remove_records(page, draft, source, questionnaire, removal)


def _lines(page: Path, draft: Path, source: Any, questionnaire: Questionnaire, removal: Removal) -> None:  # noqa: ARG001
    remove_lines(page, draft, source.encoding, removal)


def _document(page: Path, draft: Path, source: Any, questionnaire: Questionnaire, removal: Removal) -> None:  # noqa: ARG001
    remove_elements(page, draft, source.encoding, removal)


def _parquet(page: Path, draft: Path, source: Any, questionnaire: Questionnaire, removal: Removal) -> None:  # noqa: ARG001
    """Copy the other rows; a page that was sent compressed is compressed again."""
    with tempfile.TemporaryDirectory(prefix="symetrie-erasure-") as folder, duckdb.connect() as connection:
        received, left = page, Path(folder) / "left.parquet"
        if is_gzipped(page):
            received = Path(folder) / "received.parquet"
            with opened(page) as file, received.open("wb") as into:
                shutil.copyfileobj(file, into)
        connection.execute(
            f"COPY (SELECT * EXCLUDE (file_row_number) FROM read_parquet({text(str(received))}, file_row_number = true)"
            f" WHERE NOT list_contains($lines, file_row_number + 1)) TO {text(str(left))} (FORMAT parquet)",
            {"lines": sorted(removal.lines)},
        )
        with written(draft, page) as into, left.open("rb") as file:
            shutil.copyfileobj(file, into)


_WRITERS: dict[str, tuple[Draft, ...]] = {
    "csv": (_csv,),
    "jsonl": (_lines,),
    "json": (_document, _lines),  # JSON Lines under the name of JSON are read as such
    "parquet": (_parquet,),
}
