"""CSV: read by DuckDB at its speed, checked against the number of lines, mended where the check fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import structlog

from pipelines.errors import SymetrieError
from pipelines.pages.builder import BatchBuilder
from pipelines.pages.columns import Column, distinct, missing_columns, places
from pipelines.pages.csv_sql import RejectedLine, csv_records, line_feeds, lines_of, rejected_lines, seems_to_swallow
from pipelines.pages.headers import Header, read_header
from pipelines.pages.mending import mend, wrong_count
from pipelines.pages.records import BROKEN_LINE, PageFile, Plan, Records, Reject
from pipelines.pages.sql import first_of, text, without_nul
from pipelines.pages.texts import TextFile, count_lines, first_text, is_gzipped, utf8_copy

if TYPE_CHECKING:
    from pipelines.settings import FilesSource

log = structlog.get_logger(__name__)

# DuckDB's errors after which its reader goes on at the next line; after any other it may lose lines.
HARMLESS = frozenset({"MISSING COLUMNS", "TOO MANY COLUMNS"})
LONGEST_REJECT = 10_000  # characters of a broken line that DuckDB keeps
# DuckDB takes 10 KB and a quarter of a millisecond to tell of a broken line: of more than a few we find out ourselves.
FEW = 5_000


def load_csv(builder: BatchBuilder, file: PageFile, source: FilesSource) -> None:
    """Load the records of a CSV file."""
    start, is_utf8 = first_text(file.path, source.encoding)
    header = read_header(start, source.delimiter)
    if header is None:
        return
    if is_utf8:
        text_file = TextFile(file.path, is_gzipped(file.path), file.line_count or count_lines(file.path))
    else:
        text_file = utf8_copy(file.path, source.encoding, builder.copy_path("utf8.csv"))
    page = _Page(builder, file.name, header)
    if not header.is_sound or not page.load_whole(text_file):
        log.info("page.mending", file=file.name)
        page.load_mended(text_file, source.encoding if is_utf8 else None)


def plan_csv(builder: BatchBuilder, file: PageFile, source: FilesSource) -> Plan | None:
    """How to load a CSV file as DuckDB reads it; None where it has to be looked at first."""
    start, is_utf8 = first_text(file.path, source.encoding)
    header = read_header(start, source.delimiter)
    if header is None or not header.is_sound or not is_utf8:
        return None
    text_file = TextFile(file.path, is_gzipped(file.path), file.line_count or count_lines(file.path))
    return _Page(builder, file.name, header).plan(text_file)


class _Page:
    """One CSV page on its way into the batch."""

    def __init__(self, builder: BatchBuilder, name: str, header: Header) -> None:
        self.builder, self.name, self.header = builder, name, header

    def plan(self, file: TextFile) -> Plan | None:
        """How to load the file as DuckDB reads it; None where a required column is missing."""
        records = self._records(file, self.header.rows)
        if missing_columns(self.builder.columns, records.values):
            return None

        def rejects(number: int, loaded: int) -> list[Reject] | None:  # noqa: ARG001 - as every plan
            broken = self._broken_lines(file, loaded)
            return None if broken is None else [self._reject(line) for line in broken]

        return Plan(records, self.header.rows + 1, rejects)

    def load_whole(self, file: TextFile) -> bool:
        """Load the file as DuckDB reads it; False, and nothing loaded, unless every line is accounted for."""
        first_line = self.header.rows + 1
        try:
            loaded = self.builder.load(
                self._records(file, self.header.rows), first_line=first_line, page_name=self.name
            )
            broken = self._broken_lines(file, loaded)
        except duckdb.InvalidInputException as error:  # line ends of several kinds, among others
            log.info("page.unreadable", file=self.name, reason=str(error).partition("\n")[0])
            broken = None
        if broken is None:
            self.builder.rollback()
            return False
        self.builder.reject([self._reject(line) for line in broken])
        self.builder.commit(first_line)
        return True

    def load_mended(self, file: TextFile, declared: str | None) -> None:
        """Load the sound records of the file, and set the others apart."""
        date_place = self._place_of("submitted_at")
        copy = self.builder.copy_path("mended.csv")
        mended = mend(file.path, declared, self.header, date_place, copy, set_apart=self.builder.reject)
        loaded = self.builder.load(self._records(mended.text, 1), first_line=2, page_name=self.name)
        if loaded != mended.records:
            raise SymetrieError(f"{self.name}: {loaded} of {mended.records} records were read; report this file")
        self.builder.commit(2)

    def _records(self, file: TextFile, skipped: int) -> Records:
        columns = self.header.columns()
        keys = distinct(self.header.names)
        pairs = ", ".join(f"{text(key)}, {without_nul(column)}" for key, column in zip(keys, columns, strict=True))
        return Records(
            relation=csv_records(file, self.header, skipped),
            values={
                column.name: first_of([without_nul(columns[place]) for place in found], joined=column.is_joined)
                for column in self.builder.columns
                if (found := self._places(column))
            },
            payload=f"CAST(json_object({pairs}) AS VARCHAR)",
            fields=self.header.names,
            # The empty rows below a spreadsheet's last one hold nothing.
            unreadable=f"CASE WHEN coalesce({', '.join(columns)}) IS NULL THEN '' END",
        )

    def _places(self, column: Column) -> list[int]:
        found = places(column, self.header.names)
        return found if column.is_joined else found[:1]

    def _place_of(self, column: str) -> int | None:
        found = [self._places(each) for each in self.builder.columns if each.name == column]
        return found[0][0] if found and found[0] else None

    def _broken_lines(self, file: TextFile, loaded: int) -> list[RejectedLine] | None:
        """The lines that no loaded record takes, when they are few and each is clearly broken; else None."""
        if file.line_count is None:
            return None
        lines = file.line_count - self.header.lines - loaded
        if not lines:
            return []
        feeds, is_suspect = self._line_feeds(file)
        lines -= feeds
        blank = self._blank_lines(file) if lines else 0
        lines -= blank
        # Blank lines inside a quoted field would be taken off twice, and hide as many lost ones.
        if is_suspect or (blank and feeds) or not 0 <= lines <= FEW:
            return None
        broken = self._rejected_lines(file) if lines else []
        is_clear = all(each.kind in HARMLESS and len(each.content) < LONGEST_REJECT for each in broken)
        return broken if is_clear and lines == sum(1 + each.content.count("\n") for each in broken) else None

    def _rejected_lines(self, file: TextFile) -> list[RejectedLine]:
        relation = csv_records(file, self.header, self.header.rows, noting_errors=True)
        self.builder.connection.execute(f"SELECT count(*) FROM {relation}")
        return [line for line in rejected_lines(self.builder.connection) if line.content.strip()]

    def _line_feeds(self, file: TextFile) -> tuple[int, bool]:
        """Line feeds inside the fields, and whether a field seems to have swallowed other records."""
        relation = csv_records(file, self.header, self.header.rows)
        feeds, is_suspect = self._one(f"{line_feeds(self.header)}, {seems_to_swallow(self.header)}", relation)
        return int(feeds), bool(is_suspect)

    def _blank_lines(self, file: TextFile) -> int:
        blank = "count(*) FILTER (WHERE line IS NULL OR trim(line, ' \t\r') = '')"
        return int(self._one(blank, lines_of(file))[0])

    def _one(self, values: str, relation: str) -> tuple[int, ...]:
        row = self.builder.connection.execute(f"SELECT {values} FROM {relation}").fetchone()
        assert row is not None
        return row

    def _reject(self, line: RejectedLine) -> Reject:
        message = wrong_count(line.fields, len(self.header.names))
        return Reject(line.number, BROKEN_LINE, message, line.content)
