"""From the units as written to a network that holds together on every day."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from pipelines.settings.errors import Problems
from pipelines.settings.network import FIRST_DAY, LAST_DAY, Network, Unit
from pipelines.settings.units import PlacedUnit, UnitEntry, WrittenUnits

Versions = Mapping[str, Sequence[PlacedUnit]]

ONE_DAY = timedelta(days=1)


def build_network(written: WrittenUnits, problems: Problems) -> Network:
    """Check the tree on every day, and fill in what units take from the unit above."""
    units = [unit for unit in written.units if _lasts(unit, problems)]
    versions = _by_id(units)
    for found in versions.values():
        _check_versions(found, problems)
    for unit in units:
        _check_parent(unit, versions, written, problems)
    _check_cycles(versions, problems)
    for found in versions.values():
        _check_one_timezone(found, versions, problems)
        _check_one_partition(found, versions, problems)
    return Network(tuple(_inherit(unit, versions) for unit in units))


def _by_id(units: Sequence[PlacedUnit]) -> dict[str, list[PlacedUnit]]:
    versions: dict[str, list[PlacedUnit]] = {}
    for unit in sorted(units, key=lambda unit: unit.entry.valid_from):
        versions.setdefault(unit.entry.id, []).append(unit)
    return versions


def _lasts(unit: PlacedUnit, problems: Problems) -> bool:
    entry = unit.entry
    if entry.valid_from <= entry.valid_to:
        return True
    problems.add(unit.at(("valid_to",)), f"{entry.valid_to} is before valid_from {entry.valid_from}")
    return False


def _check_versions(versions: Sequence[PlacedUnit], problems: Problems) -> None:
    for earlier, later in pairwise(versions):
        end, start = earlier.entry.valid_to, later.entry.valid_from
        place = later.at(("valid_from",))
        if start <= end:
            since = f"{earlier.at(()).file_and_line}, {_span(earlier.entry.valid_from, end)}"
            message = f"unit {later.entry.id!r} also stands at {since}"
            problems.add(place, f"{message}; let one version end before the next begins, or choose another id")
        elif start != end + ONE_DAY:
            message = f"unit {later.entry.id!r} is nowhere from {end + ONE_DAY} to {start - ONE_DAY}"
            problems.add(place, f"{message}; let its versions touch (a unit that only closes has closed_dates)")


def _check_parent(unit: PlacedUnit, versions: Versions, written: WrittenUnits, problems: Problems) -> None:
    entry = unit.entry
    if entry.parent is None:
        if entry.timezone is None:
            problems.add(unit.at(("timezone",)), f"is missing; unit {entry.id!r} has no parent to take it from")
    elif written.lacks(entry.parent):
        problems.add_unknown(unit.at(("parent",)), "unit", entry.parent, written.ids)
    elif entry.parent in versions and entry.parent not in written.broken_ids:
        _check_parent_lasts(unit, versions[entry.parent], problems)


def _check_parent_lasts(unit: PlacedUnit, parents: Sequence[PlacedUnit], problems: Problems) -> None:
    first, last = parents[0].entry.valid_from, parents[-1].entry.valid_to
    entry = unit.entry
    if not first <= entry.valid_from <= entry.valid_to <= last:
        message = (
            f"{entry.parent!r} is only there {_span(first, last)}, but unit {entry.id!r} is there"
            f" {_span(entry.valid_from, entry.valid_to)}; give the unit a version with another parent, or an end"
        )
        problems.add(unit.at(("parent",)), message)


def _span(first: date, last: date) -> str:
    if (first, last) == (FIRST_DAY, LAST_DAY):
        return "always"
    since = "" if first == FIRST_DAY else f"from {first}"
    until = "" if last == LAST_DAY else f"until {last}"
    return f"{since} {until}".strip()


def _check_cycles(versions: Versions, problems: Problems) -> None:
    told: set[frozenset[str]] = set()
    for unit_id in versions:
        trail = _way_back(unit_id, versions)
        if trail and frozenset(trail) not in told:
            told.add(frozenset(trail))
            unit = next(unit for unit in versions[unit_id] if unit.entry.parent == (*trail, unit_id)[1])
            way = " → ".join((*trail, unit_id))
            problems.add(unit.at(("parent",)), f"stands below itself ({way}); change one of these parents")


def _way_back(unit_id: str, versions: Versions) -> tuple[str, ...]:
    """Give the units through which a unit is its own ancestor on some day, itself first; none is the rule."""
    spans: list[tuple[tuple[str, ...], date, date]] = [((unit_id,), FIRST_DAY, LAST_DAY)]
    while spans:
        trail, first, last = spans.pop()
        for entry in (unit.entry for unit in versions.get(trail[-1], ())):
            start, end = max(first, entry.valid_from), min(last, entry.valid_to)
            if start > end or entry.parent is None:
                continue
            if entry.parent == unit_id:
                return trail
            if entry.parent not in trail:
                spans.append(((*trail, entry.parent), start, end))
    return ()


def _check_one_timezone(found: Sequence[PlacedUnit], versions: Versions, problems: Problems) -> None:
    zones = [_first(_line_above(unit.entry, versions), "timezone") for unit in found]
    for unit, zone in zip(found, zones, strict=True):
        if None not in (zone, zones[0]) and zone != zones[0]:
            message = f"unit {unit.entry.id!r} changes from {zones[0]} to {zone}; a unit keeps one time zone"
            problems.add(unit.at(("timezone",)), f"{message}: write it on each of its versions")


def _check_one_partition(found: Sequence[PlacedUnit], versions: Versions, problems: Problems) -> None:
    """Keep a tree in one partition: the figures of a unit join those of all units below it, and of all its days."""
    lines = [list(_line_above(unit.entry, versions)) for unit in found]
    if any(line[-1].parent is not None for line in lines):
        return  # what stands above is not known, which is told already
    partitions = [_first(iter(line), "partition") for line in lines]
    for unit, line, partition in zip(found, lines, partitions, strict=True):
        place, id_ = unit.at(("partition",)), unit.entry.id
        above = _first(iter(line[1:]), "partition")
        if len(line) > 1 and partition != above:
            message = (
                f"unit {id_!r} is of partition {partition!r}, but {unit.entry.parent!r} above it {_of(above)}, and its"
                " figures would join what must never be joined; give each partition a top unit of its own"
            )
            problems.add(place, message)
        elif partition != partitions[0]:
            message = (
                f"unit {id_!r} was {_of(partitions[0])} and is {_of(partition)} from {unit.entry.valid_from}, and"
                " figures over several days would join what must never be joined; write one partition on each of its"
                " versions, or give it another id from that day"
            )
            problems.add(place, message)


def _of(partition: str | None) -> str:
    return "of none" if partition is None else f"of {partition!r}"


def _line_above(entry: UnitEntry, versions: Versions) -> Iterator[UnitEntry]:
    """Give a version and what stands above it on its first day, up to the top."""
    day, seen, above = entry.valid_from, set[str](), [entry]
    while above and above[0].id not in seen:
        yield above[0]
        seen.add(above[0].id)
        candidates = [unit.entry for unit in versions.get(above[0].parent or "", ())]
        above = [each for each in candidates if each.valid_from <= day <= each.valid_to]


def _first(line: Iterator[UnitEntry], key: str) -> Any:
    return next((value for entry in line if (value := getattr(entry, key)) is not None), None)


def _inherit(unit: PlacedUnit, versions: Versions) -> Unit:
    entry = unit.entry
    line = list(_line_above(entry, versions))

    def inherited(key: str) -> Any:
        return _first(iter(line), key)

    return Unit(
        id=entry.id,
        kind=entry.kind or ("network" if entry.parent is None else "site"),
        name=entry.name or entry.id,
        timezone=inherited("timezone") or "",
        parent=entry.parent,
        organisation=inherited("organisation") or line[-1].id,
        sector=inherited("sector"),
        operated_by=inherited("operated_by"),
        partition=inherited("partition"),
        valid_from=entry.valid_from,
        valid_to=entry.valid_to,
        open_on=inherited("open_on"),
        closed_dates=tuple(sorted({day for above in line for day in above.closed_dates})),
    )
