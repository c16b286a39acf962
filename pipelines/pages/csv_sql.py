"""What DuckDB is asked about the lines and records of a text file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.pages.sql import text
from pipelines.pages.texts import LONGEST_LINE, NOT_IN_TEXT

if TYPE_CHECKING:
    import duckdb

    from pipelines.pages.headers import Header
    from pipelines.pages.texts import TextFile

MOST_REPETITIONS = 1000  # that a regular expression of DuckDB may ask for
# Strict: a line that is not CSV is an error. The file's own names may be anything.
_OPTIONS = f"header=false, auto_detect=false, strict_mode=true, max_line_size={LONGEST_LINE}"


def csv_records(file: TextFile, header: Header, skipped: int, *, noting_errors: bool = False) -> str:
    """A relation of the records of a CSV file, all columns text; broken lines are passed over, or also noted."""
    columns = ", ".join(f"'{column}': 'VARCHAR'" for column in header.columns())
    errors = "store_rejects" if noting_errors else "ignore_errors"
    return (
        f"read_csv({text(str(file.path))}, compression='{file.compression}', columns={{{columns}}}, skip={skipped},"
        f" delim={text(header.delimiter)}, quote='\"', escape='\"', {errors}=true, {_OPTIONS})"
    )


def lines_of(file: TextFile) -> str:
    """A relation of the lines of a file, in a column `line`; one with the delimiter, which no text has, is left out."""
    return (
        f"read_csv({text(str(file.path))}, compression='{file.compression}', columns={{'line': 'VARCHAR'}},"
        f" delim='{NOT_IN_TEXT}', quote='', escape='', ignore_errors=true, {_OPTIONS})"
    )


# One error per missing field, each counting one more as found: the first has the true count.
_FOUND = "try_cast(regexp_extract(error_message, 'Found: (\\d+)', 1) AS INTEGER)"
_FIELDS_FOUND = f"CASE WHEN min(error_type) = 'MISSING COLUMNS' THEN min({_FOUND}) ELSE max({_FOUND}) END"


@dataclass(frozen=True)
class RejectedLine:
    """A line that DuckDB could not make a record of: its number, why, how many fields it found, the text."""

    number: int
    kind: str
    fields: int
    content: str


def rejected_lines(connection: duckdb.DuckDBPyConnection) -> list[RejectedLine]:
    """The lines that the last read could not make records of, once each; none are kept for the next read."""
    rows = connection.execute(
        f"SELECT line, min(error_type), {_FIELDS_FOUND},"
        " any_value(csv_line) FROM reject_errors GROUP BY line ORDER BY line"
    ).fetchall()
    connection.execute("DROP TABLE reject_errors; DROP TABLE reject_scans")
    return [RejectedLine(line, kind, fields or 0, content.strip("\r\n")) for line, kind, fields, content in rows]


def line_feeds(header: Header) -> str:
    """How many line feeds stand inside the fields of all records."""
    inside = "CASE WHEN contains({0}, chr(10)) THEN length({0}) - length(replace({0}, chr(10), '')) ELSE 0 END"
    return f"coalesce(sum({' + '.join(map(inside.format, header.columns()))}), 0)"


def seems_to_swallow(header: Header) -> str:
    """Whether a field may hold other records, joined to it by a stray quote.

    The last line of what such a field swallowed ends at a closing quote in the same column, so it holds as many
    delimiters as stand before that column.
    """
    mark = re.escape(header.delimiter)
    tests = [
        f"contains({column}, chr(10)) AND regexp_matches({column}, '\\n(?:[^\\n{mark}]*{mark}){{{times}}}')"
        for place, column in enumerate(header.columns())
        for times in [min(max(place, 1), MOST_REPETITIONS)]
    ]
    return f"coalesce(bool_or({' OR '.join(tests)}), false)"
