"""JSON Lines: one object per line, read as lines first so that a broken one costs itself only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from pipelines.errors import SymetrieError
from pipelines.pages.builder import BatchBuilder
from pipelines.pages.csv_sql import lines_of
from pipelines.pages.json_records import load_objects, records_of
from pipelines.pages.records import BROKEN_LINE, PageFile, Plan, Reject
from pipelines.pages.texts import LONGEST_LINE, UTF8_NAMES, TextFile, count_lines, is_gzipped, plain_lines

if TYPE_CHECKING:
    from pipelines.settings import Source


def load_json_lines(builder: BatchBuilder, file: PageFile, source: Source) -> None:
    """Load the records of a JSON Lines file: as it is, or as a copy in UTF-8 with line feeds if that is not whole."""
    as_it_is = TextFile(file.path, is_gzipped(file.path), file.line_count or count_lines(file.path))
    if source.encoding in (None, *UTF8_NAMES) and _load(builder, as_it_is, file.name):
        return

    def set_apart(number: int, line: str) -> None:
        message = f"the line is longer than {LONGEST_LINE:,} bytes"
        builder.reject([Reject(number, BROKEN_LINE, message, line)])

    copy = plain_lines(file.path, source.encoding, builder.copy_path("lines.jsonl"), set_apart)
    if not _load(builder, copy, file.name):
        raise SymetrieError(f"{file.name} cannot be read whole, line by line; report this file")


def plan_json_lines(builder: BatchBuilder, file: PageFile, source: Source) -> Plan | None:
    """How to load a JSON Lines file as it is; None where its encoding needs a copy first."""
    if source.encoding not in (None, *UTF8_NAMES):
        return None
    lines = TextFile(file.path, is_gzipped(file.path), file.line_count or count_lines(file.path))
    required = [column.name for column in builder.columns if column.is_required]

    def rejects(number: int, loaded: int) -> list[Reject] | None:
        is_whole = loaded == lines.line_count and not builder.empty_columns(required, number)
        return [] if is_whole else None

    return Plan(records_of(builder, lines_of(lines)), 1, rejects)


def _load(builder: BatchBuilder, file: TextFile, name: str) -> bool:
    """Load the lines; False, and nothing loaded, unless all of them are accounted for."""
    try:
        loaded = load_objects(builder, lines_of(file), name)
    except duckdb.InvalidInputException:  # line ends of several kinds
        loaded = -1
    if loaded != file.line_count:
        builder.rollback()
        return False
    builder.commit()
    return True
