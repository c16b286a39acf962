"""Parquet: typed columns become the texts that a CSV file of them would hold."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import duckdb

from pipelines.faults import DISK, is_of
from pipelines.pages.builder import BatchBuilder
from pipelines.pages.columns import Column, places
from pipelines.pages.records import BROKEN_DOCUMENT, PageFile, Records, Reject
from pipelines.pages.sql import first_of, name, text, without_nul
from pipelines.pages.texts import is_gzipped, opened

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.settings import Source

_FLOATS = frozenset({"FLOAT", "DOUBLE"})


def load_parquet(builder: BatchBuilder, file: PageFile, source: Source) -> None:  # noqa: ARG001 - as every loader
    """Load the rows of a Parquet file; a file that is not whole is one record that could not be read."""
    path = _plain(builder, file.path)
    if not path.stat().st_size:
        return
    try:
        load_relation(builder, f"read_parquet({text(str(path))}, binary_as_string=true)", file.name)
    except (duckdb.InvalidInputException, duckdb.IOException, duckdb.SerializationException) as error:
        if is_of(error, DISK):  # the page is whole: the disk is at fault
            raise
        builder.rollback()
        cause = str(error).partition("\n")[0].replace(str(path), file.name)
        builder.reject([Reject(1, BROKEN_DOCUMENT, f"{file.name} is not a whole Parquet file ({cause})", None)])


def load_relation(builder: BatchBuilder, relation: str, page_name: str) -> None:
    """Load the rows of a relation of typed columns."""
    described = builder.connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    types = {str(row[0]): str(row[1]) for row in described}
    values = {column.name: value for column in builder.columns if (value := _value(builder, relation, column, types))}
    pairs = ", ".join(f"{name(each)} := {name(each)}" for each in types)
    payload = without_nul(f"CAST(to_json(struct_pack({pairs})) AS VARCHAR)")
    builder.load(Records(relation, values, payload, tuple(types)), first_line=1, page_name=page_name)
    builder.commit()


def _value(builder: BatchBuilder, relation: str, column: Column, types: dict[str, str]) -> str | None:
    """The column's text, from columns of that name or from inside of nested ones."""
    headers = list(types)
    found = [_text(name(headers[place]), types[headers[place]]) for place in places(column, headers)]
    found += [nested for field in column.fields if "." in field and (nested := _nested(builder, relation, field))]
    if not found:
        return None
    return first_of(found, joined=True) if column.is_joined else found[0]


def _nested(builder: BatchBuilder, relation: str, field: str) -> str | None:
    path = ".".join(map(name, field.split(".")))
    try:
        described = builder.connection.execute(f"DESCRIBE SELECT {path} FROM {relation}").fetchone()
    except duckdb.BinderException:  # there is no such path
        return None
    return _text(path, str(described[1])) if described else None


def _text(expression: str, type_: str) -> str:
    """The text of a typed value: whole floats without a fraction, no NaN, no nanoseconds."""
    if type_ in _FLOATS:
        whole = f"{expression} = trunc({expression}) AND abs({expression}) < 9007199254740992"
        return (
            f"CASE WHEN isnan({expression}) THEN NULL WHEN {whole} THEN CAST(CAST({expression} AS BIGINT) AS VARCHAR)"
            f" ELSE CAST({expression} AS VARCHAR) END"
        )
    if type_ == "TIMESTAMP_NS":
        return f"CAST(CAST({expression} AS TIMESTAMP) AS VARCHAR)"
    as_text = f"CAST({expression} AS VARCHAR)"
    return without_nul(as_text) if type_ == "VARCHAR" else as_text


def _plain(builder: BatchBuilder, path: Path) -> Path:
    """The file itself, or a decompressed copy where it was sent gzip-ed."""
    if not is_gzipped(path):
        return path
    copy = builder.copy_path("plain.parquet")
    with opened(path) as file, copy.open("wb") as into:
        shutil.copyfileobj(file, into)
    return copy
