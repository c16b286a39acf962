"""JSON documents: a list of records, at the top or at a dotted path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.pages.builder import BatchBuilder
from pipelines.pages.json_lines import load_json_lines
from pipelines.pages.json_paths import places
from pipelines.pages.json_records import load_objects
from pipelines.pages.records import BROKEN_DOCUMENT, PAYLOAD_CHARACTERS, PageFile, Reject
from pipelines.pages.sql import storable_json, text
from pipelines.pages.texts import utf8_copy

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.settings import Source


def load_json(builder: BatchBuilder, file: PageFile, source: Source) -> None:
    """Load the records of a JSON document; a document that cannot be read is one record that could not."""
    copy = utf8_copy(file.path, source.encoding, builder.copy_path("utf8.json")).path
    document = f"(SELECT {storable_json('content')} AS content FROM read_text({text(str(copy))}))"
    if _holds(builder, document, "trim(content, ' \t\r\n') = ''"):
        return
    if not _holds(builder, document, "json_valid(content)"):
        if _holds(builder, document, _FIRST_LINE_IS_RECORD):  # JSON Lines under the name of JSON
            load_json_lines(builder, file, source)
        else:
            _reject(builder, copy, f"{file.name} is not a JSON document, or not a whole one")
        return
    records = records_in(builder, document, source.records)
    if records is None:
        _reject(builder, copy, f"{file.name} has no list of records at {source.records}")
        return
    load_objects(builder, records, file.name)
    builder.commit()


_FIRST_LINE = "split_part(ltrim(content, ' \t\r\n'), chr(10), 1)"
_FIRST_LINE_IS_RECORD = f"starts_with({_FIRST_LINE}, '{{') AND json_valid({_FIRST_LINE})"


def records_in(builder: BatchBuilder, document: str, path: str | None) -> str | None:
    """A relation of the records of a valid document: the list at the path, else at the top, else itself.

    A list that is null is an empty one.
    """
    if path is None and not _holds(builder, document, "json_type(content) = 'ARRAY'"):
        return f"(SELECT content AS line FROM {document})"
    for place in places(path, "content") if path else ["content"]:
        if _holds(builder, document, f"json_type({place}) IN ('ARRAY', 'NULL')"):
            return f"(SELECT CAST(unnest(json_extract({place}, '$[*]')) AS VARCHAR) AS line FROM {document})"
    return None


def _holds(builder: BatchBuilder, document: str, condition: str) -> bool:
    found = builder.connection.execute(f"SELECT coalesce({condition}, false) FROM {document}").fetchone()
    return bool(found and found[0])


def _reject(builder: BatchBuilder, copy: Path, message: str) -> None:
    with copy.open(encoding="utf-8", newline="") as file:
        builder.reject([Reject(1, BROKEN_DOCUMENT, message, file.read(PAYLOAD_CHARACTERS))])
