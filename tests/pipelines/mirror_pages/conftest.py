"""Mirrors made by hand, and a small house whose publication, mirror and curves stand in a real warehouse."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from pipelines.mirror_pages.records import (
    Campaign,
    Curves,
    CurveSite,
    Estimate,
    LabelFigures,
    Leg,
    Mirror,
    MirrorLine,
    OperatorLine,
    OperatorScore,
    Participation,
)
from pipelines.settings.network import Network, Unit
from pipelines.settings.recipients import Recipient
from pipelines.settings.settings import Settings
from pipelines.summary.figures import SummaryUnit
from pipelines.warehouse import Warehouse
from pipelines.warehouse.network import synchronise_network
from pipelines.warehouse.tables import mirror as mirror_table
from pipelines.warehouse.tables import publication
from symetrie.anonymity import AnonymityRule
from symetrie.curves import Symmetry
from symetrie.dimensions import DIMENSIONS
from symetrie.mirror import mirror as mirror_of
from symetrie.scores import interval, score

OPENS, CLOSES = date(2026, 3, 2), date(2026, 3, 31)
CAMPAIGN = Campaign("2026-q1-1", "Printemps", OPENS, CLOSES, 11, 91, AnonymityRule())

Counts = tuple[int, int]  # favourable of answered

# What clients, teams and their guess of clients come to: one dimension per quadrant first, then solid ones.
LEGS: Mapping[str, tuple[Counts, Counts, Counts]] = {
    "autonomy": ((210, 420), (9, 24), (15, 24)),
    "cooperation": ((290, 420), (11, 24), (20, 24)),
    "competence": ((205, 420), (19, 24), (18, 24)),
    **{dimension.key: ((330, 420), (20, 24), (19, 24)) for dimension in DIMENSIONS[3:]},
}


def estimate(favourable: int, answered: int, kind: str = "top_two_box", unfavourable: int = 0) -> Estimate:
    """A score and its interval, from counts."""
    low, high = interval(kind, favourable, unfavourable, answered)
    return Estimate(float(score(kind, favourable, unfavourable, answered)), float(low), float(high))


@functools.cache  # frames of one row take as long as a page
def legs_row(measure: str, *legs: Counts | None) -> Mapping[str, Any]:
    """A row of the mirror from the counts of its three legs; None where a leg may not be shown."""
    row: dict[str, Any] = {"as_of": CLOSES, "unit_id": "lyon-1", "measure": measure}
    for side, counts in zip(("client", "employee", "perceived"), legs, strict=True):
        favourable, answered = counts or (None, None)
        row |= {f"{side}_count": answered, f"{side}_favourable": favourable}
    judged = mirror_of(pd.DataFrame([row])).iloc[0].to_dict()
    return {name: None if pd.isna(value) else value for name, value in judged.items()}


def curve_site(place: int, of: int) -> CurveSite:
    """A site whose clients recommend a little more where its team is more engaged."""
    team = 20 + place % 4
    engaged = round(team * (0.35 + 0.5 * place / of) + (place * 7) % 3 - 1)
    promoters = 45 + round(25 * place / of) + (place * 11) % 17
    detractors = 38 - round(12 * place / of) - (place * 5) % 9
    return CurveSite(
        f"Site {place + 1}", estimate(promoters, 120, "nps", detractors), estimate(min(engaged, team), team)
    )


@dataclass
class Maker:
    """Makes mirrors from what a test speaks of; all the rest is ordinary."""

    campaign: Campaign = CAMPAIGN

    def line(self, measure: str, *legs: Counts | None) -> MirrorLine:
        row = legs_row(measure, *legs)
        client, employee, perceived = (_leg(row, side) for side in ("client", "employee", "perceived"))
        gaps = [
            _gap(row, name, stem)
            for name, stem in (("asymmetry_points", "asymmetry"), ("perception_gap_points", "perception_gap"))
        ]
        return MirrorLine(measure, client, employee, perceived, *gaps, row["quadrant"])  # fmt: skip

    def lines(self, **legs: tuple[Counts | None, ...]) -> tuple[MirrorLine, ...]:
        """The eleven dimensions, some of them with other counts."""
        return tuple(self.line(measure, *of) for measure, of in (dict(LEGS) | legs).items())

    def hidden(self, line: MirrorLine, reason: str) -> MirrorLine:
        """A dimension of which nothing of the team may be shown."""
        leg = Leg(None, missing=reason)
        return replace(line, employee=leg, perceived=leg, asymmetry=None, perception_gap=None, quadrant=None)

    def mirror(self, **others: Any) -> Mirror:
        ordinary: dict[str, Any] = {
            "unit": SummaryUnit("lyon-1", "Lyon Part-Dieu", "site", 1),
            "has_units_below": False,
            "campaign": self.campaign,
            "participation": Participation(24, 31, 77.4, is_hidden=False),
            "overall": self.line("overall", (290, 420), None, (22, 24)),
            "dimensions": self.lines(),
            "label": self.label(),
        }
        return Mirror(**(ordinary | others))

    def label(self, **others: Any) -> LabelFigures:
        ordinary: dict[str, Any] = {
            "state": "not_met",
            "mean_pct": 71.4,
            "client_mean_pct": 72.1,
            "employee_mean_pct": 70.7,
            "binding_side": "employee",
            "binding_measure": "autonomy",
            "probability": 0.35,
            "settings_version": "all-1",
        }
        return LabelFigures(**(ordinary | others))

    def symmetry(self, **others: Any) -> Symmetry:
        ordinary: dict[str, Any] = {
            "site_count": 20,
            "pearson": 0.5,
            "low": 0.07,
            "high": 0.77,
            "spearman": 0.48,
            "client_reliability": 0.81,
            "employee_reliability": 0.56,
            "disattenuated": 0.74,
            "quartile_ratio": 1.42,
        }
        return Symmetry(**(ordinary | others))

    def curves(self, sites: int = 20, measure: str = "nps", **others: Any) -> Curves:
        from pipelines.mirror_pages.grouping import curve_points

        now = self.symmetry(**{"site_count": sites} | others)
        before = replace(now, site_count=sites - 2, pearson=0.41, low=-0.07, high=0.74, spearman=0.39)
        points = curve_points(curve_site(place, sites) for place in range(sites))
        return Curves(measure, {0: now, 1: before}, points)

    def operators(self, side: str, measure: str, **scores: Counts) -> OperatorLine:
        made = (OperatorScore(name, counts[1], 0, estimate(*counts)) for name, counts in scores.items())
        return OperatorLine(side, measure, tuple(made))


@pytest.fixture
def make() -> Maker:
    return Maker()


def _leg(row: Mapping[str, Any], side: str) -> Leg:
    numbers = (row[f"{side}_score"], row[f"{side}_low"], row[f"{side}_high"])
    return Leg(None, missing="not_asked") if None in numbers else Leg(Estimate(*numbers), row[f"{side}_count"])


def _gap(row: Mapping[str, Any], name: str, stem: str) -> Estimate | None:
    return None if row[name] is None else Estimate(row[name], row[f"{stem}_low"], row[f"{stem}_high"])


UNITS = (
    Unit("maison", "network", "Maison Lumière", "Europe/Paris"),
    Unit("nord", "region", "Nord", "Europe/Paris", parent="maison"),
    Unit("lille", "site", "Lille", "Europe/Paris", parent="nord"),
    Unit("arras", "site", "Arras", "Europe/Paris", parent="nord"),
    Unit("nice", "site", "Nice", "Europe/Paris", parent="maison"),
)


@dataclass
class House:
    """A house of three sites whose tables of the mirror a test fills."""

    warehouse: Warehouse
    home: Path
    recipients: tuple[Recipient, ...] = ()

    @property
    def settings(self) -> Settings:
        return Settings(
            path=self.home / "symetrie.yaml",
            home=self.home,
            warehouse_url="",
            network=Network(UNITS),
            sources=(),
            questionnaires={},
            scales={},
            recipients=self.recipients,
        )

    def published(self, publication_id: str = "2026-q1-1", **others: Any) -> None:
        """A publication, and the network that it is about."""
        ordinary: dict[str, Any] = {
            "publication_id": publication_id,
            "campaign_id": "2026-q1",
            "campaign_name": "Printemps",
            "number": 1,
            "published_at": datetime(2026, 4, 1, 6, tzinfo=UTC),
            "opens_on": OPENS,
            "closes_on": CLOSES,
            "questionnaire_version": "pulse-eleven-1",
            "dimension_count": 11,
            "floor": 5,
            "verbatim_floor": 8,
            "unanimity_floor": 30,
            "cuts": "operated_by",
            "shown_count": 1,
            "hidden_count": 0,
            "content_hash": "0",
            "run_id": "pulse-run",
        }
        if publication_id == CAMPAIGN.publication_id:
            synchronise_network(self.warehouse, Network(UNITS))
        self.insert(publication, ordinary | others)

    def mirrored(self, unit_id: str, measure: str, *legs: Counts | None, **others: Any) -> None:
        """A row of the mirror, from counts."""
        ordinary = {"publication_id": "2026-q1-1", "window_days": 91, "dimension_count": 11}
        self.insert(mirror_table, {**legs_row(measure, *legs), **ordinary, "unit_id": unit_id, **others})

    def insert(self, table: sa.Table, *rows: Mapping[str, Any]) -> None:
        with self.warehouse.publishing(refreshes_readers=False) as connection:
            connection.execute(sa.insert(table), [dict(row) for row in rows])


@pytest.fixture
def house(warehouse: Warehouse, home: Path) -> House:
    return House(warehouse, home)
