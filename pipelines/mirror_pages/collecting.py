"""The mirrors of any number of units, in the same handful of queries whether one is asked for or a thousand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from pipelines.mirror_pages.grouping import curve_points
from pipelines.mirror_pages.operators import read_operators
from pipelines.mirror_pages.records import (
    Curves,
    Estimate,
    LabelFigures,
    Leg,
    Mirror,
    MirrorLine,
    Participation,
    SectorScore,
)
from pipelines.mirror_pages.reflected import CLIENT_CURVES, ENGAGEMENT, WHOLE, ReflectedDay
from pipelines.summary.among import among
from pipelines.summary.figures import SummaryUnit
from pipelines.warehouse.tables import label, mirror, participation, publication_score, symmetry
from symetrie.anonymity import TOO_FEW
from symetrie.curves import Symmetry
from symetrie.dimensions import DIMENSIONS

NOT_ASKED, FEW = "not_asked", "few"

Told = Mapping[tuple[str, str, str, str], sa.Row[Any]]
"""What a publication says of a figure besides its numbers: by its id, then unit, side and measure."""


def collect_mirrors(
    connection: sa.Connection,
    day: ReflectedDay,
    unit_ids: Collection[str],
    sector: Mapping[str, Sequence[SectorScore]],
) -> Iterator[Mirror]:
    """Collect the mirrors of units that stand on a publication of the day, in the order of the network."""
    asked = set(unit_ids)
    lines = _lines(connection, day, asked)
    participations = _participations(connection, day, asked)
    labels = _labels(connection, day, asked)
    symmetries = _symmetries(connection, day, asked)
    operators = read_operators(connection, day.as_of, asked)
    for unit_id in (each for each in day.standing if each in asked):
        unit, sites = day.tree.units[unit_id], day.tree.sites(unit_id)
        of_unit = lines.get(unit_id, {})
        yield Mirror(
            unit=SummaryUnit(unit_id, unit.name, unit.kind, len(sites)),
            has_units_below=unit_id in day.tree.below,
            campaign=day.campaign_of(unit_id),
            participation=participations.get(unit_id),
            overall=of_unit.get("overall"),
            dimensions=tuple(of_unit[each.key] for each in DIMENSIONS if each.key in of_unit),
            label=labels.get(unit_id),
            curves=_curves(day, unit_id, symmetries.get(unit_id, {}), sites),
            operators=operators.get(unit_id, ()),
            sector=sector.get(unit_id, ()),
        )


def _lines(
    connection: sa.Connection, day: ReflectedDay, asked: Collection[str]
) -> Mapping[str, Mapping[str, MirrorLine]]:
    told = _told(connection, day, asked)
    select = sa.select(mirror).where(mirror.c.as_of == day.as_of, among(mirror.c.unit_id, asked))
    lines: dict[str, dict[str, MirrorLine]] = defaultdict(dict)
    for row in connection.execute(select).mappings():
        if row["unit_id"] in asked:
            lines[row["unit_id"]][row["measure"]] = _line(row, told, day)
    return lines


def _told(connection: sa.Connection, day: ReflectedDay, asked: Collection[str]) -> Told:
    """The figures of whole units that are hidden, or known to within some answers only."""
    figure = publication_score.c
    names = "publication_id", "unit_id", "side", "measure", "is_hidden", "hidden_reason", "precision_count"
    select = sa.select(*(figure[name] for name in names)).where(
        figure.publication_id.in_(day.campaigns.keys()),
        figure.cut == WHOLE,
        sa.or_(figure.is_hidden, figure.precision_count > 0),
        among(figure.unit_id, asked),
    )
    return {(row.publication_id, row.unit_id, row.side, row.measure): row for row in connection.execute(select)}


def _line(row: sa.RowMapping, told: Told, day: ReflectedDay) -> MirrorLine:
    client = _client_leg(row)
    employee, perceived = (_team_leg(row, side, told, day) for side in ("employee", "perceived"))
    is_compared = client.estimate is not None and employee.estimate is not None
    is_guessed = client.estimate is not None and perceived.estimate is not None
    return MirrorLine(
        measure=row["measure"],
        client=client,
        employee=employee,
        perceived=perceived,
        asymmetry=_estimate(row, "asymmetry_points", "asymmetry") if is_compared else None,
        perception_gap=_estimate(row, "perception_gap_points", "perception_gap") if is_guessed else None,
        quadrant=row["quadrant"] if is_compared else None,
    )


def _client_leg(row: sa.RowMapping) -> Leg:
    estimate, count = _estimate(row, "client_score", "client"), row["client_count"]
    return Leg(None, count, missing=FEW) if estimate is None else Leg(estimate, count)


def _team_leg(row: sa.RowMapping, side: str, told: Told, day: ReflectedDay) -> Leg:
    """What may be shown of a team; what the publication hides stays hidden, whatever stands beside it."""
    figure = told.get((row["publication_id"], row["unit_id"], side, row["measure"]))
    if figure is not None and figure.is_hidden:
        return Leg(None, missing=figure.hidden_reason)
    estimate, count = _estimate(row, f"{side}_score", side), row[f"{side}_count"]
    if estimate is not None:
        return Leg(estimate, count, precision_count=(figure.precision_count or 0) if figure is not None else 0)
    if count is not None:
        return Leg(None, missing=FEW)
    return Leg(None, missing=TOO_FEW if (row["publication_id"], side, row["measure"]) in day.asked else NOT_ASKED)


def _estimate(row: sa.RowMapping, name: str, stem: str) -> Estimate | None:
    """A score with its interval; none where either is missing, as below five answers."""
    value, low, high = row[name], row[f"{stem}_low"], row[f"{stem}_high"]
    return None if value is None or low is None or high is None else Estimate(value, low, high)


def _participations(
    connection: sa.Connection, day: ReflectedDay, asked: Collection[str]
) -> Mapping[str, Participation]:
    told, names = participation.c, Participation.__slots__
    select = sa.select(told.publication_id, told.unit_id, *(told[name] for name in names)).where(
        told.publication_id.in_(day.campaigns.keys()), among(told.unit_id, asked)
    )
    return {
        unit_id: Participation(*rest)
        for publication_id, unit_id, *rest in connection.execute(select)
        if day.standing.get(unit_id) == publication_id
    }


def _labels(connection: sa.Connection, day: ReflectedDay, asked: Collection[str]) -> Mapping[str, LabelFigures]:
    names = LabelFigures.__slots__
    select = sa.select(label.c.unit_id, *(label.c[name] for name in names)).where(
        label.c.as_of == day.as_of, among(label.c.unit_id, asked)
    )
    return {unit_id: LabelFigures(*rest) for unit_id, *rest in connection.execute(select)}


def _symmetries(
    connection: sa.Connection, day: ReflectedDay, asked: Collection[str]
) -> Mapping[str, Mapping[tuple[str, int], Symmetry]]:
    names = "unit_id", "measure_pair", "lag", *Symmetry.__slots__
    select = sa.select(*(symmetry.c[name] for name in names)).where(
        symmetry.c.as_of == day.as_of, among(symmetry.c.unit_id, asked)
    )
    found: dict[str, dict[tuple[str, int], Symmetry]] = defaultdict(dict)
    for unit_id, pair, lag, *rest in connection.execute(select):
        found[unit_id][pair, lag] = Symmetry(*rest)
    return found


def _curves(
    day: ReflectedDay, unit_id: str, symmetries: Mapping[tuple[str, int], Symmetry], sites: Sequence[str]
) -> Curves | None:
    """The curves of the first client measure that was compared; none where no sites were."""
    for measure in CLIENT_CURVES:
        pair = f"{measure}~{ENGAGEMENT}"
        by_lag = {lag: found for (each, lag), found in sorted(symmetries.items()) if each == pair}
        if 0 in by_lag:
            drawn = day.curve_sites.get((day.standing[unit_id], measure), {})
            return Curves(measure, by_lag, curve_points(drawn[site] for site in sites if site in drawn))
    return None
