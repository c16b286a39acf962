"""Reading pages: each format says how its records are found, one loader puts them into the batch."""

from __future__ import annotations

import gzip
import logging
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import SymetrieError
from pipelines.landing import LandedPage
from pipelines.pages.batch import RawBatch
from pipelines.pages.builder import BatchBuilder
from pipelines.pages.columns import Column, columns_of
from pipelines.pages.delimited import load_csv
from pipelines.pages.json_documents import load_json
from pipelines.pages.json_lines import load_json_lines
from pipelines.pages.parquet import load_parquet
from pipelines.pages.records import BROKEN_DOCUMENT, PageFile, Reject

if TYPE_CHECKING:
    from pipelines.settings import FilesSource
    from symetrie.questionnaires import Questionnaire

log = logging.getLogger(__name__)

LOADERS = {"csv": load_csv, "json": load_json, "jsonl": load_json_lines, "parquet": load_parquet}


def read_pages(pages: Sequence[LandedPage], source: FilesSource, questionnaire: Questionnaire) -> RawBatch:
    """Read landed pages into one batch of text; every record stands in `answer_text` or in `unreadable`."""
    builder = BatchBuilder(columns_of(source, questionnaire))
    for page in pages:
        if not page.path.exists():
            raise SymetrieError(f"page {page.name} ({page.path}) is not in the landing any more; extract it again")
        file = PageFile(page.path, page.name, source.format or page.format, page.line_count)
        builder.begin(page)
        _load(builder, file, source)
    return builder.finished()


def count_records(path: Path, format: str, line_count: int | None, source: FilesSource) -> int:  # noqa: A002
    """How many records a file holds, readable or not."""
    columns: tuple[Column, ...] = ()
    builder = BatchBuilder(columns)
    builder.begin(None)
    _load(builder, PageFile(path, path.name, format, line_count), source)
    return builder.finished().received_count


def _load(builder: BatchBuilder, file: PageFile, source: FilesSource) -> None:
    try:
        LOADERS[file.format](builder, file, source)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        message = f"{file.name} is a damaged gzip archive ({error}); ask for it again"
        log.warning("page.broken file=%s reason=%s", file.name, error)
        builder.rollback()
        builder.reject([Reject(1, BROKEN_DOCUMENT, message, None)])
