"""`mart.mirror` sets the three legs side by side, and repeats nothing that was not shown."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipelines.reflection.day import Day
from pipelines.reflection.mirror import mirror_rows
from tests.pipelines.reflection.house import answers_of, day_of, figure, own

FIGURES = ("client_", "employee_", "perceived_", "asymmetry_", "perception_", "quadrant")


def mirrored(day: Day) -> dict[tuple[str, str], dict[str, Any]]:
    rows = mirror_rows(day).astype(object)
    return {(row["unit_id"], row["measure"]): row for row in rows.where(rows.notna(), None).to_dict("records")}


def test_the_three_legs_stand_side_by_side() -> None:
    day = day_of(
        [figure("lille", "trust", 48, 80), figure("lille", "trust", 9, 10, side="perceived")],
        [{"unit_id": "lille", "measure": "trust", "n": 70, "k": 56}],
    )
    seen = mirrored(day)["lille", "trust"]
    assert {name: round(value, 2) if isinstance(value, float) else value for name, value in seen.items()} == {
        "as_of": pd.Timestamp("2026-03-31"), "unit_id": "lille", "measure": "trust", "publication_id": "spring-1",
        "window_days": 91, "dimension_count": 11,
        "client_count": 70, "client_score": 80.0, "client_low": 69.18, "client_high": 87.7,
        "employee_count": 80, "employee_score": 60.0, "employee_low": 49.05, "employee_high": 70.04,
        "perceived_count": 10, "perceived_score": 90.0, "perceived_low": 59.58, "perceived_high": 98.21,
        "asymmetry_points": 20.0, "asymmetry_low": 5.24, "asymmetry_high": 33.39,
        "perception_gap_points": 10.0, "perception_gap_low": -21.37, "perception_gap_high": 23.58,
        "quadrant": "both_solid",
    }  # fmt: skip


def test_exactly_55_percent_is_solid_on_neither_side() -> None:
    figures = [figure("lille", "trust", 11, 20), figure("lille", "values", 55, 100), figure("lille", "conduct", 12, 20)]
    seen = mirrored(day_of(figures, answers_of("lille", 11, 20, trust=(12, 20))))
    assert [seen["lille", key]["quadrant"] for key in ("trust", "values", "conduct")] == [
        "clients_only", "neither", "team_only",
    ]  # fmt: skip


def test_a_hidden_figure_is_asked_and_not_told() -> None:
    """Were its counts left standing beside the mark, the mirror would still not repeat them."""
    left_standing = {"answer_count": 4, "favourable_count": 4, "precision_count": 0}
    day = day_of(
        [figure("lille", "trust", None, None), figure("lille", "values", None, None, **left_standing)],
        [{"unit_id": "lille", "measure": "trust", "n": 70, "k": 56}],
    )
    seen = mirrored(day)
    assert seen["lille", "trust"]["client_count"] == 70
    assert {seen["lille", "trust"][name] for name in ("employee_count", "asymmetry_points", "quadrant")} == {None}
    assert {value for name, value in seen["lille", "values"].items() if name.startswith(FIGURES)} == {None}


def test_one_side_alone_has_no_difference() -> None:
    seen = mirrored(
        day_of([figure("lille", "trust", 8, 10)], [{"unit_id": "lille", "measure": "values", "n": 9, "k": 5}])
    )
    assert (seen["lille", "trust"]["employee_score"], seen["lille", "trust"]["asymmetry_points"]) == (80.0, None)
    assert (seen["lille", "values"]["client_count"], seen["lille", "values"]["quadrant"]) == (9, None)


def test_what_a_precision_leaves_open_stays_open() -> None:
    """11 to 13 of 20 is solid or is not; 13 to 15 is; from 6 to 8 of 8 the interval is as wide as both together."""
    day = day_of(
        [
            figure("lille", "trust", 12, 20, precision_count=1),
            figure("lille", "values", 14, 20, precision_count=1),
            figure("lille", "listening", 7, 8, precision_count=1),
        ],
        answers_of("lille", 12, 20),
    )
    seen = mirrored(day)
    assert (seen["lille", "trust"]["quadrant"], seen["lille", "values"]["quadrant"]) == (None, "both_solid")
    said = [round(seen["lille", "listening"][f"employee_{name}"], 1) for name in ("score", "low", "high")]
    assert said == [87.5, 40.9, 100.0]


def test_only_what_can_be_asked_of_both_sides_is_shown() -> None:
    day = day_of(
        [
            figure("lille", "enps", 8, 10, unfavourable_count=1),
            figure("lille", "engagement", 8, 10),
            figure("lille", "overall", 8, 10, side="perceived"),
            figure("lille", "trust", 8, 10, cut="operated_by", cut_value="own"),
        ],
        [{"unit_id": "lille", "measure": "nps", "n": 9, "k": 6}],
    )
    assert [(key, row["perceived_count"]) for key, row in mirrored(day).items()] == [(("lille", "overall"), 10)]


def test_ten_dimensions_say_so_and_stay_ten() -> None:
    seen = mirrored(day_of(own("lille", 8, 10)[:-1], answers_of("lille", 8, 10), dimension_count=10))
    assert {row["dimension_count"] for row in seen.values()} == {10}
    eleventh = seen["lille", "environment"]
    assert (eleventh["client_count"], eleventh["employee_count"], eleventh["asymmetry_points"]) == (10, None, None)


def test_a_unit_above_is_held_against_its_clients_though_its_employees_were_told_nowhere_else() -> None:
    day = day_of([figure("lille", "trust", 8, 10)], [{"unit_id": "shops", "measure": "trust", "n": 40, "k": 30}])
    assert {key: row["client_count"] for key, row in mirrored(day).items()} == {
        ("lille", "trust"): None,
        ("shops", "trust"): 40,
    }
