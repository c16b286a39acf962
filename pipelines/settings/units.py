"""The units as written, inline or in a CSV file, each with the place where it stands."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field

from pipelines.settings.document import Document, KeyPath
from pipelines.settings.entry import Day, Entry, Key, Text, Zone
from pipelines.settings.errors import Place, Problems, near
from pipelines.settings.explain import read_entry
from pipelines.settings.network import FIRST_DAY, LAST_DAY
from pipelines.settings.opening import ClosedDates, Weekdays
from pipelines.settings.suggestions import pick_from

DELIMITERS = (",", ";", "\t")


class UnitEntry(Entry):
    """One version of a unit as written; what is left out is taken from the unit above."""

    id: Text = Field(description="Identifier of the unit, for ever; once per version.")
    parent: Text | None = Field(default=None, description="Id of the unit above; none for the top.")
    kind: Key | None = Field(
        default=None, description="network, region, site…; by default network at the top, site below."
    )
    name: Text | None = Field(default=None, description="Name that people read; by default the id.")
    timezone: Zone | None = Field(default=None, description="Time zone, as Europe/Paris; the top must have one.")
    organisation: Text | None = Field(
        default=None, description="The organisation it belongs to; by default the id of the top."
    )
    sector: Text | None = Field(default=None, description="Sector to be compared with.")
    operated_by: Text | None = Field(default=None, description="Own team or the name of the partner that runs it.")
    partition: Key | None = Field(
        default=None, description="Units of different partitions are never joined, as online and shops."
    )
    valid_from: Day = Field(default=FIRST_DAY, description="First day of this version.")
    valid_to: Day = Field(default=LAST_DAY, description="Last day of this version.")
    open_on: Weekdays | None = Field(default=None, description="Weekdays of opening, as mon-sat.")
    closed_dates: ClosedDates = Field(
        default=(), description="Days and periods of closure, as 2026-05-01 and 2026-08-03/2026-08-21."
    )


@dataclass(frozen=True, slots=True)
class PlacedUnit:
    """A unit as written, and where each of its keys stands."""

    entry: UnitEntry
    at: Callable[[KeyPath], Place]


@dataclass(frozen=True, slots=True)
class WrittenUnits:
    """The units that could be read, and the ids of the others, so that one mistake is not told twice."""

    units: tuple[PlacedUnit, ...]
    ids: frozenset[str]
    broken_ids: frozenset[str]
    is_complete: bool

    def lacks(self, unit_id: str) -> bool:
        """Tell whether a unit is surely not among those written."""
        return self.is_complete and unit_id not in self.ids


Row = tuple[Any, Callable[[KeyPath], Place]]


def read_units(document: Document, csv_file: Path | None, problems: Problems) -> WrittenUnits:
    """Read the units of the settings file and of its CSV file."""
    inline = _inline_rows(document, problems)
    from_csv = [] if csv_file is None else _csv_rows(csv_file, document.place(("network", "units_csv")), problems)
    units, broken = [], set()
    for value, at in (*(inline or ()), *(from_csv or ())):
        entry = read_entry(UnitEntry, value, at, problems)
        if entry is not None:
            units.append(PlacedUnit(entry, at))
        else:
            broken.add(str(value.get("id", "") if isinstance(value, dict) else value).strip())
    ids = frozenset({unit.entry.id for unit in units} | broken)
    return WrittenUnits(tuple(units), ids, frozenset(broken), None not in (inline, from_csv))


def _inline_rows(document: Document, problems: Problems) -> list[Row] | None:
    written = document.block("network").get("units")
    if written is None:
        return []
    if not isinstance(written, list):
        problems.add(document.place(("network", "units")), "must be a list of units, each after a '-'")
        return None
    return [(value, document.at(("network", "units", index))) for index, value in enumerate(written)]


def _csv_rows(file: Path, named_at: Place, problems: Problems) -> list[Row] | None:
    try:
        text = _decoded(file.read_bytes())
    except OSError as error:
        problems.add(named_at, f"{near(file)} cannot be read: {error.strerror}")
        return None
    delimiter = max(DELIMITERS, key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        if not _is_header(header, file, problems):
            return None
        rows: list[Row] = []
        line = reader.line_num + 1
        for cells in reader:
            rows += _csv_row(header, cells, Place(file, line), problems)
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


def _is_header(header: Sequence[str], file: Path, problems: Problems) -> bool:
    known = UnitEntry.model_fields
    for name in header:
        if name not in known:
            problems.add(Place(file, 1, name), f"is not a known column{pick_from(name, known)}")
        elif header.count(name) > 1:
            problems.add(Place(file, 1, name), "stands twice; keep one column")
    if "id" not in header:
        problems.add(Place(file, 1, "id"), "is missing; the first line names the columns, one of them is id")
    return "id" in header and len(set(header)) == len(header) and set(header) <= set(known)


def _csv_row(header: Sequence[str], cells: Sequence[str], place: Place, problems: Problems) -> Iterator[Row]:
    def at(key: KeyPath) -> Place:
        return Place(place.file, place.line, str(key[0]) if key else "")

    if len(cells) == len(header):
        values = {name: cell.strip() for name, cell in zip(header, cells, strict=True) if cell.strip()}
        if values:
            yield values, at
    elif any(cell.strip() for cell in cells):
        problems.add(place, f"has {len(cells)} cells where the first line names {len(header)} columns")
        yield "".join(cells[header.index("id") :][:1]).strip(), at
