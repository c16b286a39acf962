"""The network of units as it was on every day: moves, renames and closures are dated."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

from pipelines.errors import SymetrieError
from pipelines.settings.suggestions import pick_from

FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit between two days, both inclusive; the same id stands once per version."""

    id: str
    kind: str
    name: str
    timezone: str
    parent: str | None = None
    organisation: str | None = None
    sector: str | None = None
    operated_by: str | None = None
    partition: str | None = None
    valid_from: date = FIRST_DAY
    valid_to: date = LAST_DAY
    open_on: tuple[int, ...] | None = None
    closed_dates: tuple[date, ...] = ()


class Ancestor(NamedTuple):
    """A unit stands under an ancestor (itself at depth 0) from one day to another, both inclusive."""

    unit_id: str
    ancestor_id: str
    depth: int
    valid_from: date
    valid_to: date


class OpeningDay(NamedTuple):
    """Whether a unit is open on a day."""

    unit_id: str
    business_date: date
    is_open: bool


@dataclass(frozen=True)
class Network:
    """All versions of all units."""

    units: tuple[Unit, ...]

    @cached_property
    def versions(self) -> Mapping[str, tuple[Unit, ...]]:
        """The versions of each unit, oldest first."""
        return versions_by_id(self.units)

    @cached_property
    def unit_ids(self) -> frozenset[str]:
        """The ids of all units, of any day."""
        return frozenset(self.versions)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The last name of each unit."""
        return {unit_id: versions[-1].name for unit_id, versions in self.versions.items()}

    @cached_property
    def roots(self) -> tuple[str, ...]:
        """The units that have no parent, or had none for a time."""
        return tuple(dict.fromkeys(unit.id for unit in self.units if unit.parent is None))

    @cached_property
    def timezones(self) -> Mapping[str, str]:
        """The time zone of each unit; a unit keeps one all its life."""
        return {unit.id: unit.timezone for unit in self.units}

    @cached_property
    def validity(self) -> Mapping[str, tuple[date, date]]:
        """The first and last day of each unit over all its versions."""
        return {unit_id: (versions[0].valid_from, versions[-1].valid_to) for unit_id, versions in self.versions.items()}

    def unit(self, unit_id: str, day: date = LAST_DAY) -> Unit:
        """Give the version of a unit that holds on a day, else the nearest one before it, else the first."""
        if unit_id not in self.versions:
            raise SymetrieError(f"there is no unit {unit_id!r}{pick_from(unit_id, self.unit_ids)}")
        versions = self.versions[unit_id]
        return next((unit for unit in reversed(versions) if unit.valid_from <= day), versions[0])

    def kind_of(self, unit_id: str, day: date) -> str:
        """Give what kind of unit it is on a day; "" of one that the settings no longer know."""
        return self.unit(unit_id, day).kind if unit_id in self.versions else ""

    def timezone_of(self, unit_id: str) -> str:
        """Give the time zone of a unit."""
        return self.unit(unit_id).timezone

    def closure(self) -> list[Ancestor]:
        """List every unit with itself and all its ancestors, at any depth, with the days on which it holds."""
        return [row for unit_id in self.versions for row in ancestors(self.versions, unit_id)]

    def opening_days(self, first: date, last: date) -> Iterator[OpeningDay]:
        """Give the opening days, from the first to the last day, of the units whose calendar is known."""
        for unit in self.units:
            if unit.open_on is None and not unit.closed_dates:
                continue
            weekdays, closed = set(range(7) if unit.open_on is None else unit.open_on), set(unit.closed_dates)
            for day in _days(max(first, unit.valid_from), min(last, unit.valid_to)):
                yield OpeningDay(unit.id, day, day.weekday() in weekdays and day not in closed)


def versions_by_id(units: Sequence[Unit]) -> dict[str, tuple[Unit, ...]]:
    """Group the versions of units by id, in the order of first appearance, oldest version first."""
    grouped: dict[str, list[Unit]] = {}
    for unit in units:
        grouped.setdefault(unit.id, []).append(unit)
    return {key: tuple(sorted(found, key=lambda unit: unit.valid_from)) for key, found in grouped.items()}


def ancestors(versions: Mapping[str, Sequence[Unit]], unit_id: str) -> list[Ancestor]:
    """List a unit's ancestors by following parents through the intersections of their validity."""
    found: list[Ancestor] = []
    spans = [(unit_id, 0, FIRST_DAY, LAST_DAY)]
    while spans:
        ancestor_id, depth, first, last = spans.pop()
        for version in versions[ancestor_id]:
            start, end = max(first, version.valid_from), min(last, version.valid_to)
            if start > end:
                continue
            found.append(Ancestor(unit_id, ancestor_id, depth, start, end))
            if version.parent is not None:
                spans.append((version.parent, depth + 1, start, end))
    return _joined(sorted(found, key=lambda row: (row.depth, row.ancestor_id, row.valid_from)))


def _joined(rows: Sequence[Ancestor]) -> list[Ancestor]:
    joined: list[Ancestor] = []
    for row in rows:
        previous = joined[-1] if joined else None
        if previous and previous[:3] == row[:3] and row.valid_from - previous.valid_to == timedelta(days=1):
            joined[-1] = previous._replace(valid_to=row.valid_to)
        else:
            joined.append(row)
    return joined


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=offset) for offset in range((last - first).days + 1))
