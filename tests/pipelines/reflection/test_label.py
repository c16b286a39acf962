"""`mart.label` says where a unit stands only where all of it may be seen, or what may be seen already fails."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from pipelines.reflection.day import Day
from pipelines.reflection.label import label_rows, label_rule
from symetrie.label import LabelRule
from tests.pipelines.reflection.house import answers_of, day_of, own


def labelled(
    day: Day,
    rule: LabelRule = label_rule("all_scores"),  # noqa: B008 - frozen
    **probability: float,
) -> dict[str, dict[str, Any]]:
    rows = label_rows(day, rule, probability).astype(object)
    return {row["unit_id"]: row for row in rows.where(rows.notna(), None).to_dict("records")}


def state(day: Day) -> Any:
    return labelled(day)["lille"]["state"]


def test_the_22_scores_decide_and_the_means_are_theirs() -> None:
    """Ten of eleven at 8 of 10 and one at 12 of 20; the clients all at 29 of 40."""
    day = day_of(own("lille", 8, 10, trust=(12, 20)), answers_of("lille", 29, 40))
    row = labelled(day, lille=0.85)["lille"]
    employees = (10 * Fraction(8, 10) + Fraction(12, 20)) / 11
    clients = Fraction(29, 40)
    assert row["mean_pct"] == pytest.approx(float(100 * (employees + clients) / 2))
    assert row["client_mean_pct"] == pytest.approx(float(100 * clients))
    assert row["employee_mean_pct"] == pytest.approx(float(100 * employees))
    assert {name: row[name] for name in ("state", "binding_side", "binding_measure", "probability")} == {
        "state": "met", "binding_side": "employee", "binding_measure": "trust", "probability": 0.85,
    }  # fmt: skip
    assert (row["publication_id"], row["window_days"], row["settings_version"]) == ("spring-1", 91, "all_scores-1")


@pytest.mark.parametrize("score", [(11, 20), (55, 100)])
def test_exactly_55_percent_fails_on_either_side(score: tuple[int, int]) -> None:
    for employee, client in (((9, 10), score), (score, (9, 10))):
        assert state(day_of(own("lille", *employee), answers_of("lille", *client))) == "not_met"


def test_a_unit_of_which_a_dimension_is_hidden_has_no_row() -> None:
    assert labelled(day_of(own("lille", 9, 10, trust=(None, None)), answers_of("lille", 9, 10))) == {}


def test_a_unit_that_already_fails_has_one_though_a_dimension_is_hidden() -> None:
    row = labelled(day_of(own("lille", 9, 10, trust=(None, None)), answers_of("lille", 9, 10, values=(11, 20))))
    said = row["lille"]
    assert (said["state"], said["binding_side"], said["binding_measure"]) == ("not_met", "client", "values")
    assert (said["mean_pct"], said["employee_mean_pct"], round(said["client_mean_pct"], 2)) == (None, None, 86.82)


def test_ten_dimensions_of_employees_never_pass_for_eleven() -> None:
    assert labelled(day_of(own("lille", 9, 10)[:-1], answers_of("lille", 9, 10), dimension_count=10)) == {}


@pytest.mark.parametrize("clients", [[], answers_of("lille", 4, 4), answers_of("lille", 9, 10)[:-1]])
def test_without_enough_clients_the_state_is_not_said(clients: list[dict[str, Any]]) -> None:
    assert state(day_of(own("lille", 9, 10), clients)) is None


def test_a_dimension_whose_lowest_count_is_not_solid_leaves_the_state_open() -> None:
    """13 of 20 to within one: 12 is solid; to within two, 11 is not, and 15 is."""
    exact, wide = ([{**row, "precision_count": off} if row["measure"] == "trust" else row
                    for row in own("lille", 17, 20, trust=(13, 20))] for off in (1, 2))  # fmt: skip
    assert state(day_of(exact, answers_of("lille", 9, 10))) == "met"
    open_ended = labelled(day_of(wide, answers_of("lille", 9, 10)))["lille"]
    assert (open_ended["state"], open_ended["binding_measure"]) == (None, "trust")


def test_a_dimension_fails_only_if_its_highest_count_does() -> None:
    figures = own("lille", 17, 20, trust=(9, 20))
    figures[8]["precision_count"] = 2
    assert figures[8]["measure"] == "trust"
    assert state(day_of(figures, answers_of("lille", 9, 10))) == "not_met"
    figures[8]["precision_count"] = 3
    assert state(day_of(figures, answers_of("lille", 9, 10))) is None


def test_a_mean_that_may_be_either_side_of_70_percent_leaves_the_state_open() -> None:
    """Clients at 62 %: employees of 70 to 80 % pass or do not, of 80 to 90 % they do."""
    close = [{**row, "precision_count": 1} for row in own("lille", 15, 20)]
    far = [{**row, "precision_count": 1} for row in own("lille", 17, 20)]
    assert state(day_of(close, answers_of("lille", 62, 100))) is None
    assert state(day_of(far, answers_of("lille", 62, 100))) == "met"


def test_the_version_of_the_rule_is_said() -> None:
    day = day_of(own("lille", 9, 10), answers_of("lille", 6, 10))
    row = labelled(day, LabelRule("each_side-1", "each_side"))["lille"]
    assert (row["state"], row["settings_version"]) == ("not_met", "each_side-1")
    assert state(day) == "met"


def test_units_whose_employees_are_in_no_publication_are_left_out() -> None:
    """`nice` is measured as the top of another organisation only."""
    assert set(labelled(day_of(own("lille", 9, 10), answers_of("nice", 1, 10)))) == {"lille"}
