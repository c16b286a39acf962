"""The sites on the curves: enough answers on both sides, each once, and the period before beside this one."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from symetrie.curve_sites import pair_periods, side_counts, sites_above


def site(unit_id="lyon-1", clients=40, employees=10):
    return {
        "unit_id": unit_id, "client_count": clients, "client_favourable": 20, "client_unfavourable": 5,
        "employee_count": employees, "employee_favourable": 5,
    }  # fmt: skip


def long_frame(side, *rows):
    return pd.DataFrame(rows, columns=["unit_id", "period", f"{side}_count"])


@pytest.mark.parametrize(
    ("clients", "employees", "is_kept"),
    [(30, 5, True), (29, 5, False), (30, 4, False), (None, 5, False), (30, None, False)],
)
def test_a_site_needs_both_minimum_counts(clients, employees, is_kept):
    sites = pd.DataFrame([site("nantes-1", 100, 50), site("lyon-1", clients, employees)])
    assert ("lyon-1" in [*sites_above(sites, 30, 5)["unit_id"]]) is is_kept


def test_a_site_given_twice_would_weigh_double():
    with pytest.raises(ValueError, match=r"^site 'lyon-1' is given twice: hand in one row for each unit_id$"):
        sites_above(pd.DataFrame([site(), site("nantes-1"), site()]), 30, 5)


def test_counts_are_read_whatever_number_the_driver_gives():
    rows = pd.DataFrame([site()]).map(lambda value: value if isinstance(value, str) else Decimal(value))
    kind, *counts = side_counts(rows, "client", "nps")
    assert (kind, [each.tolist() for each in counts]) == ("nps", [[20.0], [5.0], [40.0]])


def test_a_percent_needs_no_unfavourable_count():
    assert side_counts(pd.DataFrame([site()]), "employee", "top_two_box").unfavourable.tolist() == [0.0]


@pytest.mark.parametrize(
    "wrong",
    [{"client_favourable": 36}, {"client_favourable": -1}, {"client_unfavourable": -1}, {"client_favourable": None}],
)
def test_counts_that_cannot_be_are_refused_and_the_site_named(wrong):
    sites = pd.DataFrame([site("nantes-1"), site() | wrong])
    with pytest.raises(ValueError, match=r"^1 sites have client counts that cannot be, the first 'lyon-1': recompute"):
        side_counts(sites, "client", "nps")


def test_no_employee_count_is_said_in_an_error():
    sites = pd.DataFrame([site() | {"employee_count": 7, "employee_favourable": 9}])
    with pytest.raises(ValueError, match="employee counts that cannot be") as error:
        side_counts(sites, "employee", "top_two_box")
    assert not {"7", "9"} & set(str(error.value))


def test_without_lag_a_period_meets_itself():
    clients = long_frame("client", ("lyon-1", 1, 40), ("lyon-1", 2, 50), ("nantes-1", 1, 60))
    employees = long_frame("employee", ("lyon-1", 2, 7), ("nantes-1", 1, 8), ("nantes-1", 2, 9))
    paired = pair_periods(clients, employees, lag=0)
    assert paired.to_numpy().tolist() == [["lyon-1", 2, 50, 7], ["nantes-1", 1, 60, 8]]


def test_with_a_lag_clients_meet_the_employees_of_the_period_before():
    clients = long_frame("client", ("lyon-1", 1, 40), ("lyon-1", 2, 50), ("nantes-1", 1, 60))
    employees = long_frame("employee", ("lyon-1", 1, 7), ("lyon-1", 2, 8), ("nantes-1", 1, 9))
    assert pair_periods(clients, employees, lag=1).to_numpy().tolist() == [["lyon-1", 2, 50, 7]]


def test_a_period_without_answers_is_a_gap():
    clients, employees = long_frame("client", ("lyon-1", 3, 40)), long_frame("employee", ("lyon-1", 1, 7))
    assert pair_periods(clients, employees, lag=1).empty
    assert len(pair_periods(clients, employees, lag=2)) == 1


def test_the_last_quarter_of_a_year_precedes_the_first_of_the_next():
    clients = long_frame("client", ("lyon-1", pd.Period("2026Q1"), 40))
    employees = long_frame("employee", ("lyon-1", pd.Period("2025Q4"), 7))
    assert pair_periods(clients, employees, lag=1)["period"].tolist() == [pd.Period("2026Q1")]


def test_pairing_leaves_its_frames_as_they_were():
    clients, employees = long_frame("client", ("lyon-1", 2, 40)), long_frame("employee", ("lyon-1", 1, 7))
    pair_periods(clients, employees, lag=1)
    assert employees["period"].tolist() == [1]


@pytest.mark.parametrize("twice", ["client", "employee"])
def test_a_period_given_twice_is_refused(twice):
    frames = {side: long_frame(side, ("lyon-1", 1, 40)) for side in ("client", "employee")}
    frames[twice] = pd.concat([frames[twice]] * 2)
    with pytest.raises(
        ValueError, match=r"^site 'lyon-1' is given twice: hand in one row for each unit_id and period$"
    ):
        pair_periods(frames["client"], frames["employee"], lag=0)


def test_employees_are_not_read_after_their_clients():
    frame = long_frame("client", ("lyon-1", 1, 40))
    with pytest.raises(ValueError, match="a lag of -1 periods reads employees after their clients"):
        pair_periods(frame, frame, lag=-1)


def test_no_site_at_all_is_an_empty_answer():
    empty = pd.DataFrame([site()]).iloc[:0]
    assert sites_above(empty, 30, 5).empty
    assert np.array(side_counts(empty, "client", "nps")[1:]).shape == (3, 0)
