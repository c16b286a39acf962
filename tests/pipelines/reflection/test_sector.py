"""`mart.sector` sums organisations of one sector, never across partitions, never so that one could be subtracted."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.reflection.day import Day
from pipelines.reflection.sector import sector_rows
from symetrie.intervals import adjusted_wald_nps, wilson
from tests.pipelines.reflection.house import day_of, figure, unit


def organisations(*names: str, **of_unit: Any) -> list[Any]:
    """Organisations of a sector, each a top unit with two sites."""
    fields = {"sector": "catering", **of_unit}
    return [
        each
        for name in names
        for each in (
            unit(name, organisation=name, **fields),
            *(unit(f"{name}-{number}", name, organisation=name, **fields) for number in (1, 2)),
        )
    ]


def told(day: Day) -> dict[tuple[str, str, str], dict[str, Any]]:
    return {(row["sector"], row["side"], row["measure"]): row for row in sector_rows(day).to_dict("records")}


def trust(*unit_ids: str, n: int = 10, k: int = 8) -> list[dict[str, Any]]:
    return [{"unit_id": unit_id, "measure": "trust", "n": n, "k": k} for unit_id in unit_ids]


def test_clients_of_two_organisations_are_summed_over_their_top_units() -> None:
    answers = [*trust("a", k=11, n=20), *trust("b", k=9, n=20), *trust("a-1", "a-2", "b-1")]
    row = told(day_of((), answers, organisations("a", "b")))["catering", "client", "trust"]
    assert (row["organisation_count"], row["answer_count"], row["score"], row["window_days"]) == (2, 40, 50.0, 91)
    low, high = wilson(20, 40)
    assert (row["low"], row["high"]) == pytest.approx((100 * low, 100 * high))


def test_one_organisation_is_no_sector() -> None:
    assert told(day_of((), trust("a", "a-1"), organisations("a"))) == {}
    assert told(day_of((), trust("a"), organisations("a", "b"))) == {}


def test_employees_are_told_from_three_shown_organisations_on() -> None:
    figures = [figure(name, "trust", 8, 10) for name in ("a", "b", "c")]
    units = organisations("a", "b", "c")
    row = told(day_of(figures, (), units))["catering", "employee", "trust"]
    assert (row["organisation_count"], row["answer_count"], row["score"], row["window_days"]) == (3, 30, 80.0, 14)
    hidden = [*figures[:2], figure("c", "trust", None, None)]
    assert told(day_of(hidden, trust("a", "b", "c"), units)).keys() == {("catering", "client", "trust")}


def test_a_cut_of_employees_is_no_organisation() -> None:
    figures = [figure(name, "trust", 8, 10, cut="operated_by", cut_value="own") for name in ("a", "b", "c")]
    assert told(day_of(figures, (), organisations("a", "b", "c"))) == {}


def test_what_precisions_leave_open_adds_up() -> None:
    """Each to within one: 21 to 27 of 30; of the eNPS 12 to 18 promoters and 3 to 9 detractors."""
    figures = [figure(name, "trust", 8, 10, precision_count=1) for name in "abc"]
    figures += [figure(name, "enps", 5, 10, unfavourable_count=2, precision_count=1) for name in "abc"]
    found = told(day_of(figures, (), organisations("a", "b", "c")))
    shares = found["catering", "employee", "trust"]
    assert shares["score"] == 80.0
    assert (shares["low"], shares["high"]) == pytest.approx((100 * wilson(21, 30)[0], 100 * wilson(27, 30)[1]))
    points = found["catering", "employee", "enps"]
    assert points["score"] == 30.0
    bounds = float(adjusted_wald_nps(12, 9, 30)[0]), float(adjusted_wald_nps(18, 3, 30)[1])
    assert (points["low"], points["high"]) == pytest.approx(bounds)


def test_a_sector_that_stands_in_several_partitions_is_left_out_and_said(caplog: pytest.LogCaptureFixture) -> None:
    units = organisations("a", "b", partition="shops") + organisations("c", partition="online")
    units += organisations("x", "y", partition="online", sector="energy")
    found = told(day_of((), trust("a", "b", "c", "x", "y"), units))
    assert found.keys() == {("energy", "client", "trust")}
    assert "sector_left_out" in caplog.text
    assert "catering" in caplog.text


def test_no_partition_is_one_too() -> None:
    units = organisations("a", partition="shops") + organisations("b")
    assert told(day_of((), trust("a", "b"), units)) == {}


def test_organisations_of_one_partition_are_summed() -> None:
    units = organisations("a", "b", partition="shops")
    assert told(day_of((), trust("a", "b"), units))["catering", "client", "trust"]["answer_count"] == 20


def test_a_holding_above_the_organisations_is_not_counted_beside_them() -> None:
    """Its answers are theirs: counted too, they would count twice."""
    group = unit("group", organisation="group", sector="catering")
    children = [unit(name, "group", organisation=name, sector="catering") for name in ("a", "b")]
    row = told(day_of((), trust("group", "a", "b"), [group, *children]))["catering", "client", "trust"]
    assert (row["organisation_count"], row["answer_count"]) == (2, 20)


def test_units_without_a_sector_are_in_none() -> None:
    assert told(day_of((), trust("a", "b"), organisations("a", "b", sector=None))) == {}
