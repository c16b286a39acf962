"""Collecting: what the warehouse may say of each unit, and never a figure that the publication hides."""

from __future__ import annotations

import re
from datetime import date

import pytest
import sqlalchemy as sa

from pipelines.errors import SymetrieError
from pipelines.mirror_pages.collecting import collect_mirrors
from pipelines.mirror_pages.records import LabelFigures, Participation
from pipelines.mirror_pages.reflected import read_reflected
from pipelines.warehouse.tables import (
    breakdown,
    label,
    participation,
    publication_score,
    score,
    symmetry,
)

CLOSES, PUBLICATION = date(2026, 3, 31), "2026-q1-1"
ON_DUCKDB = pytest.mark.parametrize("warehouse_url", ["duckdb"], indirect=True)  # the statements: once on each engine


@pytest.fixture
def reflected(house):
    """A publication of which Lille and the network are told, and Arras is hidden."""
    house.published()
    for unit_id in ("lille", "maison"):
        house.mirrored(unit_id, "trust", (290, 420), (11, 24), (20, 24))
        house.mirrored(unit_id, "overall", (290, 420), None, (22, 24))
    house.mirrored("arras", "trust", (30, 42), None, None)
    return house


def told(house, unit_id: str, side: str, measure: str, **others) -> None:
    """A figure of the publication, hidden where it has a reason."""
    row = {
        "publication_id": PUBLICATION,
        "unit_id": unit_id,
        "cut": "",
        "cut_value": "",
        "side": side,
        "measure": measure,
        "is_hidden": "hidden_reason" in others,
    }
    house.insert(publication_score, row | others)


def mirror_of(house, unit_id: str):
    with house.warehouse.reading() as connection:
        day = read_reflected(connection)
        (found,) = collect_mirrors(connection, day, [unit_id], {})
    return found


@ON_DUCKDB
def test_a_dimension_has_its_legs_and_gaps(reflected):
    (trust,) = mirror_of(reflected, "lille").dimensions
    assert (trust.client.answer_count, trust.employee.answer_count) == (420, 24)
    assert round(trust.employee.estimate.score, 2) == 45.83
    assert round(trust.asymmetry.score, 2) == 23.21
    assert (trust.quadrant, round(trust.perception_gap.score, 2)) == ("clients_only", 14.29)


@ON_DUCKDB
def test_what_the_publication_hides_stays_hidden_whatever_stands_beside_it(reflected):
    told(reflected, "lille", "employee", "trust", hidden_reason="would_tell")
    found = mirror_of(reflected, "lille")
    (trust,) = found.dimensions
    assert (trust.employee.estimate, trust.employee.answer_count, trust.employee.missing) == (None, None, "would_tell")
    assert (trust.asymmetry, trust.quadrant) == (None, None)
    assert trust.perceived.estimate is not None


@ON_DUCKDB
def test_a_leg_is_hidden_not_asked_or_of_too_few(reflected):
    told(reflected, "arras", "employee", "trust", hidden_reason="too_few")
    told(reflected, "lille", "perceived", "trust", precision_count=1)
    reflected.mirrored("nice", "trust", (2, 4), None, None)
    reflected.mirrored("nice", "values", (30, 40), None, None)
    (arras,) = mirror_of(reflected, "arras").dimensions
    trust, values = mirror_of(reflected, "nice").dimensions
    assert (arras.employee.missing, arras.perceived.missing) == ("too_few", "too_few")
    assert (trust.client.missing, trust.employee.missing) == ("few", "too_few")
    assert (values.employee.missing, values.perceived.missing) == ("not_asked", "not_asked")
    assert mirror_of(reflected, "lille").dimensions[0].perceived.precision_count == 1


def test_campaigns_that_end_together_are_told_each_to_its_own_units(reflected):
    reflected.published("south-1", campaign_name="Sud", floor=7)
    reflected.mirrored("nice", "trust", (290, 420), None, None, publication_id="south-1")
    told(reflected, "nice", "employee", "trust", publication_id="south-1", hidden_reason="would_tell")
    nice, lille = mirror_of(reflected, "nice"), mirror_of(reflected, "lille")
    assert (nice.campaign.name, nice.campaign.rule.floor, nice.dimensions[0].employee.missing) == (
        "Sud", 7, "would_tell",
    )  # fmt: skip
    assert (lille.campaign.name, lille.campaign.rule.floor) == ("Printemps", 5)


def test_participation_and_label_come_as_they_were_published(reflected):
    reflected.insert(
        participation,
        {
            "publication_id": PUBLICATION, "unit_id": "lille", "invited_count": 31, "response_count": 24,
            "participation_pct": 77.4, "is_hidden": False,
        },
    )  # fmt: skip
    row = {
        "state": None, "mean_pct": None, "client_mean_pct": 69.0, "employee_mean_pct": None, "binding_side": "employee",
        "binding_measure": "trust", "probability": None, "settings_version": "all-1",
    }  # fmt: skip
    of_unit = {"as_of": CLOSES, "unit_id": "lille", "window_days": 91, "publication_id": PUBLICATION}
    reflected.insert(label, row | of_unit)

    found = mirror_of(reflected, "lille")
    assert found.participation == Participation(24, 31, 77.4, is_hidden=False)
    assert found.label == LabelFigures(**row)
    assert mirror_of(reflected, "maison").label is None


def test_the_curves_hold_the_sites_above_both_minimum_counts(reflected):
    """Thirty clients and five of the team; a hidden site is on no curve."""
    counts = {"lille": (30, 5, False), "arras": (29, 5, False), "nice": (300, 40, True)}
    for unit_id, (clients, team, is_hidden) in counts.items():
        numbers = {"score": 60.0, "low": 50.0, "high": 70.0}
        row = {"as_of": CLOSES, "unit_id": unit_id, "side": "client", "measure": "nps", "window_days": 91}
        reflected.insert(score, row | numbers | {"answer_count": clients, "is_hidden": False})
        shown = {"hidden_reason": "would_tell"} if is_hidden else {"answer_count": team}
        told(reflected, unit_id, "employee", "engagement", **shown, **numbers)
    common = {"as_of": CLOSES, "unit_id": "maison", "measure_pair": "nps~engagement"}
    reflected.insert(symmetry, common | {"lag": 0, "site_count": 1}, common | {"lag": 1, "site_count": 0})

    curves = mirror_of(reflected, "maison").curves
    assert [point.name for point in curves.points] == ["Lille"]
    assert (curves.client_measure, [*curves.by_lag], curves.by_lag[0].site_count) == ("nps", [0, 1], 1)
    assert mirror_of(reflected, "lille").curves is None


def test_operators_are_told_where_own_teams_and_a_partner_are_both_shown(reflected):
    shown = {"answer_count": 40, "score": 60.0, "low": 45.0, "high": 74.0, "is_hidden": False}
    hidden = {"is_hidden": True, "hidden_reason": "too_few"}
    rows = [
        ("client", "overall", "own", shown), ("client", "overall", "partner", shown),
        ("employee", "engagement", "own", shown), ("employee", "engagement", "partner", hidden),
        ("employee", "trust", "north", shown), ("employee", "trust", "partner", shown),
        ("employee", "enps", "own", shown), ("employee", "enps", "partner", shown),
    ]  # fmt: skip
    for side, measure, value, figures in rows:
        of_row = {"side": side, "measure": measure, "cut": "operated_by", "cut_value": value}
        of_unit = {"as_of": CLOSES, "unit_id": "maison", "publication_id": PUBLICATION, "window_days": 91}
        reflected.insert(breakdown, of_row | of_unit | figures)

    (line,) = mirror_of(reflected, "maison").operators
    assert (line.side, line.measure) == ("client", "overall")
    assert [(each.operated_by, each.answer_count) for each in line.scores] == [("own", 40), ("partner", 40)]


def test_pages_read_what_may_leave_and_nothing_else(reflected):
    """Whatever is asked for, in as many queries: of the employees' own tables none."""
    statements: list[str] = []
    sa.event.listen(reflected.warehouse.engine, "before_cursor_execute", lambda *seen: statements.append(seen[2]))
    with reflected.warehouse.reading() as connection:
        day = read_reflected(connection)
        read, statements[:] = [*statements], []
        assert len([*collect_mirrors(connection, day, ["lille"], {})]) == 1
        of_one = len(statements)
        read += statements
        statements.clear()
        found = [*collect_mirrors(connection, day, day.standing, {})]
    assert [each.unit.unit_id for each in found] == ["arras", "lille", "maison"]
    assert len(statements) == of_one
    assert set(re.findall(r"\bcore\.(\w+)", " ".join(read))) == {"unit", "unit_ancestor"}


@ON_DUCKDB
def test_nothing_is_told_where_nothing_was_published(house):
    with house.warehouse.reading() as connection:
        assert read_reflected(connection) is None
        with pytest.raises(SymetrieError, match="mirror of 2026-03-31: no campaign that ended that day is published"):
            read_reflected(connection, CLOSES)
