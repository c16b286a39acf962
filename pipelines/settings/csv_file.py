"""CSV files that the settings name, as a spreadsheet saves them: what is wrong is told with its line and column."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pipelines.settings.document import KeyPath
from pipelines.settings.entry import Entry
from pipelines.settings.errors import Place, Problems, near
from pipelines.settings.paths import NamedFile
from pipelines.settings.suggestions import pick_from

DELIMITERS = (",", ";", "\t")

At = Callable[[KeyPath], Place]
Row = tuple[Any, At]


def read_rows(named: NamedFile, model: type[Entry], problems: Problems) -> list[Row] | None:
    """Read the rows of a file whose columns are the keys of a model; give nothing where it cannot be read at all."""
    file = named.path
    try:
        text = _decoded(file.read_bytes())
    except OSError as error:
        problems.add(named.named_at, f"{near(file)} cannot be read: {error.strerror}")
        return None
    delimiter = max(DELIMITERS, key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        if not _is_header(header, model, file, problems):
            return None
        rows: list[Row] = []
        line = reader.line_num + 1
        for cells in reader:
            rows += _row(header, cells, Place(file, line), problems)
            line = reader.line_num + 1
    except csv.Error as error:
        problems.add(Place(file, reader.line_num), f"is not valid CSV: {error}; look at the quotes")
        return None
    return rows


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")  # what a spreadsheet saves on a French desk


def _is_header(header: Sequence[str], model: type[Entry], file: Path, problems: Problems) -> bool:
    known = model.model_fields
    missing = [name for name, column in known.items() if column.is_required() and name not in header]
    for name in header:
        if name not in known:
            problems.add(Place(file, 1, name), f"is not a known column{pick_from(name, known)}")
        elif header.count(name) > 1:
            problems.add(Place(file, 1, name), "stands twice; keep one column")
    for name in missing:
        problems.add(Place(file, 1, name), f"is missing; the first line names the columns, one of them is {name}")
    return not missing and len(set(header)) == len(header) and set(header) <= set(known)


def _row(header: Sequence[str], cells: Sequence[str], place: Place, problems: Problems) -> Iterator[Row]:
    def at(key: KeyPath) -> Place:
        return Place(place.file, place.line, str(key[0]) if key else "")

    if len(cells) == len(header):
        values = {name: cell.strip() for name, cell in zip(header, cells, strict=True) if cell.strip()}
        if values:
            yield values, at
    elif any(cell.strip() for cell in cells):
        problems.add(place, f"has {len(cells)} cells where the first line names {len(header)} columns")
        # What stands for the id: those who name it are not told that it is unknown.
        yield dict(zip(header, cells, strict=False)).get("id", "").strip(), at
