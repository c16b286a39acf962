"""Reading pages: each format says how its records are found, one loader puts them into the batch."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from pipelines.errors import SymetrieError
from pipelines.landing import LandedPage
from pipelines.pages.batch import RawBatch
from pipelines.pages.builder import BatchBuilder
from pipelines.pages.columns import Column, columns_of
from pipelines.pages.delimited import load_csv, plan_csv
from pipelines.pages.json_documents import load_json
from pipelines.pages.json_lines import load_json_lines, plan_json_lines
from pipelines.pages.parquet import load_parquet
from pipelines.pages.records import BROKEN_DOCUMENT, PageFile, Plan, Reject

if TYPE_CHECKING:
    from pipelines.settings import Source
    from symetrie.questionnaires import Questionnaire

log = structlog.get_logger(__name__)

LOADERS: Mapping[str, Callable[[BatchBuilder, PageFile, Any], None]] = {
    "csv": load_csv,
    "json": load_json,
    "jsonl": load_json_lines,
    "parquet": load_parquet,
}
PLANNERS: Mapping[str, Callable[[BatchBuilder, PageFile, Any], Plan | None]] = {
    "csv": plan_csv,
    "jsonl": plan_json_lines,
}
DAMAGED_ARCHIVE = (EOFError, gzip.BadGzipFile, zlib.error)

PAGES_AT_ONCE = 16
"""Pages read side by side: a compressed page is read by one core, however many there are."""


def read_pages(pages: Sequence[LandedPage], source: Source, questionnaire: Questionnaire | None) -> RawBatch:
    """Read landed pages into one batch of text; every record stands in `answer_text` or in `unreadable`."""
    builder = BatchBuilder(columns_of(source, questionnaire))
    for start in range(0, len(pages), PAGES_AT_ONCE):
        some = pages[start : start + PAGES_AT_ONCE]
        files = [_file(page, source) for page in some]
        if len(some) > 1 and _load_together(builder, some, files, source):
            continue
        for page, file in zip(some, files, strict=True):
            builder.begin(page)
            _load(builder, file, source)
    return builder.finished()


def count_records(path: Path, format: str, line_count: int | None, source: Source) -> int:  # noqa: A002
    """How many records a file holds, readable or not."""
    columns: tuple[Column, ...] = ()
    builder = BatchBuilder(columns)
    builder.begin(None)
    _load(builder, PageFile(path, path.name, format, line_count), source)
    return builder.finished().received_count


def _file(page: LandedPage, source: Source) -> PageFile:
    if not page.path.exists():
        raise SymetrieError(f"page {page.name} ({page.path}) is not in the landing any more; extract it again")
    return PageFile(page.path, page.name, source.format or page.format, page.line_count)


def _load_together(
    builder: BatchBuilder, pages: Sequence[LandedPage], files: Sequence[PageFile], source: Source
) -> bool:
    """Load pages side by side, a core for each; False, and nothing loaded, where one of them needs a closer look."""
    plans = []
    for file in files:
        try:
            plan = PLANNERS[file.format](builder, file, source) if file.format in PLANNERS else None
        except DAMAGED_ARCHIVE:
            plan = None
        if plan is None:
            return False
        plans.append(plan)
    return builder.load_together(pages, plans)


def _load(builder: BatchBuilder, file: PageFile, source: Source) -> None:
    try:
        LOADERS[file.format](builder, file, source)
    except DAMAGED_ARCHIVE as error:
        message = f"{file.name} is a damaged gzip archive ({error}); ask for it again"
        log.warning("page.broken", file=file.name, reason=str(error))
        builder.rollback()
        builder.reject([Reject(1, BROKEN_DOCUMENT, message, None)])
