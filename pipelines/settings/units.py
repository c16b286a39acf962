"""The units as written, inline or in a CSV file, each with the place where it stands."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field

from pipelines.settings.choices import one_of
from pipelines.settings.csv_file import At, Row, read_rows
from pipelines.settings.document import Document
from pipelines.settings.entry import Day, Entry, Key, Text, Zone
from pipelines.settings.errors import Place, Problems
from pipelines.settings.explain import read_entry
from pipelines.settings.network import FIRST_DAY, LAST_DAY
from pipelines.settings.opening import ClosedDates, Weekdays
from pipelines.settings.paths import NamedFile
from symetrie.sectors import SECTORS

SECTOR_KEYS = tuple(sector.key for sector in SECTORS)
SectorKey = Annotated[
    str,
    AfterValidator(one_of(SECTOR_KEYS, "sector of the barometers")),
    Field(json_schema_extra={"enum": list(SECTOR_KEYS)}),
]


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
    sector: SectorKey | None = Field(
        default=None, description="Sector of the barometers to be compared with; none where no one fits."
    )
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
    at: At


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

    def check(self, unit_id: str, place: Place, problems: Problems) -> None:
        """Note the place that names a unit which is surely not among those written."""
        if self.lacks(unit_id):
            problems.add_unknown(place, "unit", unit_id, self.ids)


def read_units(document: Document, csv_file: NamedFile | None, problems: Problems) -> WrittenUnits:
    """Read the units of the settings file and of its CSV file."""
    inline = _inline_rows(document, problems)
    from_csv = [] if csv_file is None else read_rows(csv_file, UnitEntry, problems)
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
