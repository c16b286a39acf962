"""A page read without touching a disk: who answered still stands in it."""

from __future__ import annotations

import csv
import gzip
import io
from typing import TYPE_CHECKING

import fsspec

from pipelines.errors import SymetrieError
from pipelines.pages.batch import RawBatch
from pipelines.pages.builder import BatchBuilder
from pipelines.pages.columns import Column, places
from pipelines.pages.headers import Header, read_header
from pipelines.pages.json_documents import records_in
from pipelines.pages.json_records import load_objects
from pipelines.pages.mending import wrong_count
from pipelines.pages.parquet import load_relation
from pipelines.pages.records import BROKEN_DOCUMENT, BROKEN_LINE, Records, Reject
from pipelines.pages.sql import first_of, text
from pipelines.pages.texts import CHUNK, GZIP_MAGIC, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.settings.sources import Source

MOST_BYTES = 512 << 20
"""A page of employees' answers larger than this is none: ten million people would fit in it."""


def read_in_memory(data: bytes, format_: str, name: str, source: Source, columns: Sequence[Column]) -> RawBatch:
    """Read a page as `read_pages` does, in memory alone; of what cannot be read no word is kept."""
    plain = gzip.decompress(data) if data.startswith(GZIP_MAGIC) else data
    if len(plain) > MOST_BYTES:
        raise SymetrieError(
            f"source {source.name}: {name} is larger than {MOST_BYTES >> 20} MiB; ask for smaller files"
        )
    builder = BatchBuilder(columns)
    builder.connection.execute("SET temp_directory = ''")  # what memory cannot hold is an error, and never on a disk
    builder.connection.execute("RESET memory_limit")
    builder.begin(None)
    if format_ == "parquet":
        _load_parquet(builder, plain, name)
    elif plain.strip():
        content = text_of(plain, source.encoding).lstrip("\ufeff")
        if format_ == "csv":
            _load_csv(builder, content, name, getattr(source, "delimiter", None))
        else:
            _load_json(builder, content, name, source)
    return builder.finished()


def _load_csv(builder: BatchBuilder, content: str, name: str, delimiter: str | None) -> None:
    import pandas as pd

    header = read_header(content[:CHUNK], delimiter)
    if header is None:
        return
    rows, broken = _rows(content, header)
    frame = pd.DataFrame(rows, columns=header.columns(), dtype="str")
    builder.connection.register("page_row", frame.mask(frame == "", None))
    builder.reject(broken)
    builder.load(_csv_records(builder, header), first_line=header.lines + 1, page_name=name)
    builder.commit(header.lines + 1)


def _rows(content: str, header: Header) -> tuple[list[list[str]], list[Reject]]:
    """The records of a CSV text, and the lines that are none."""
    lines = io.StringIO(content.replace("\0", "\ufffd"), newline="")
    for _ in range(header.lines):
        lines.readline()
    reader = csv.reader(lines, delimiter=header.delimiter)
    rows, broken = [], []
    for row in reader:
        if len(row) == len(header.names):
            rows.append(row)
        elif any(row):
            line = header.lines + reader.line_num
            broken.append(Reject(line, BROKEN_LINE, wrong_count(len(row), len(header.names)), None))
    return rows, broken


def _csv_records(builder: BatchBuilder, header: Header) -> Records:
    columns = header.columns()
    found = {column: places(column, header.names) for column in builder.columns}
    return Records(
        relation="page_row",
        values={
            column.name: first_of([columns[place] for place in (all_ if column.is_joined else all_[:1])],
                                  joined=column.is_joined)
            for column, all_ in found.items()
            if all_
        },
        payload="NULL",
        fields=header.names,
        unreadable=f"CASE WHEN coalesce({', '.join(columns)}) IS NULL THEN '' END",
    )  # fmt: skip


def _load_json(builder: BatchBuilder, content: str, name: str, source: Source) -> None:
    """Load a JSON document, or one object per line; a line that is none is a record that could not be read."""
    import pandas as pd

    builder.connection.register("page_text", pd.DataFrame({"content": [content]}, dtype="str"))
    is_document = builder.connection.execute("SELECT json_valid(content) FROM page_text").fetchone() == (True,)
    if is_document:
        records = records_in(builder, "(SELECT content FROM page_text)", source.records)
        if records is None:
            builder.reject([Reject(1, BROKEN_DOCUMENT, f"{name} has no list of records at {source.records}", None)])
            return
    else:
        lines = [line for line in content.split("\n") if line.strip()]
        builder.connection.register("page_line", pd.DataFrame({"line": lines}, dtype="str"))
        records = "page_line"
    load_objects(builder, records, name)
    builder.commit()


def _load_parquet(builder: BatchBuilder, data: bytes, name: str) -> None:
    memory = fsspec.filesystem("memory")
    memory.pipe("/page.parquet", data)
    builder.connection.register_filesystem(memory)
    try:
        load_relation(builder, f"read_parquet({text('memory:///page.parquet')}, binary_as_string=true)", name)
    finally:
        memory.rm("/page.parquet")
