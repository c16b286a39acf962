"""The probability of the label reads people's answers only where they are told exactly, and tells none of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipelines.reflection import probability
from pipelines.warehouse.tables import client_response, employee_response, label
from tests.pipelines.reflection.house import CLOSES_ON, KEYS, House, answers_of, own, person


def client(number: int, unit_id: str, mark: int | None, **fields: Any) -> dict[str, Any]:
    """A client's answer: one mark on the eleven."""
    row: dict[str, Any] = {column.name: None for column in client_response.columns}
    return row | {
        "source": "survey", "response_id": f"r{number}-{unit_id}", "questionnaire_version": "eleven-2024",
        "unit_id": unit_id, "business_date": CLOSES_ON, "submitted_at": datetime(2026, 3, 31, tzinfo=UTC),
        "version_at": datetime(2026, 3, 31, tzinfo=UTC), "channel": "store", "status": "published",
        "content_hash": "", "run_id": "run-1", **{f"dim_{key}": mark for key in KEYS}, **fields,
    }  # fmt: skip


def twenty_clients(unit_id: str = "lille") -> list[dict[str, Any]]:
    """Fourteen are pleased with everything and six are not; of others none counts, before the window or held."""
    asked = [client(number, unit_id, 4 if number < 14 else 3) for number in range(20)]
    before = [client(number, unit_id, 1, business_date=CLOSES_ON - timedelta(days=91)) for number in range(20, 60)]
    return [*asked, *before, *(client(number, unit_id, 1, status="held") for number in range(60, 99))]


def probabilities(house: House) -> dict[str, float | None]:
    house.reflect()
    return {row["unit_id"]: row["probability"] for row in house.rows(label)}


def please(house: House, employees: int = 30) -> House:
    """Employees of one shop, pleased with everything, and twenty clients of whom fourteen are."""
    house.write(client_response, twenty_clients())
    house.clients(*answers_of("lille", 14, 20))
    house.write(employee_response, [person(number, "lille") for number in range(employees)])
    return house


@pytest.fixture
def pleased(embedded: House) -> House:
    """The house where thirty employees are pleased: the criteria hold with probability .8867."""
    return please(embedded)


def test_it_is_told_in_steps_of_five_percent_of_those_whom_a_publication_has_counted(house: House) -> None:
    """Twelve or more of the twenty drawn are pleased: .8867. Nobody late counts, nor of another campaign or unit."""
    please(house).publish("spring", *own("lille", 30, 30))
    late = [person(number, "lille", 1, publication_id=None) for number in range(30, 60)]
    other = person(60, "lille", 1, campaign_id="winter", publication_id="winter-1"), person(61, "nice", 1)
    house.write(employee_response, [*late, *other])
    assert probabilities(house) == {"lille": 0.9}


def test_a_unit_told_to_within_an_answer_has_none(pleased: House) -> None:
    figures = own("lille", 30, 30)
    figures[3] |= {"k": 29, "precision_count": 1}
    pleased.publish("spring", *figures)
    assert probabilities(pleased) == {"lille": None}


def test_a_unit_below_the_floor_of_unanimity_has_none(embedded: House) -> None:
    please(embedded, 29).publish("spring", *own("lille", 29, 29))
    assert probabilities(embedded) == {"lille": None}


def test_people_who_are_not_all_behind_the_published_figures_give_none(pleased: House) -> None:
    """A figure may leave a few answers out: those would show in the difference."""
    pleased.write(employee_response, [person(30, "lille", None, own_trust=1)])
    pleased.publish("spring", *own("lille", 30, 30))
    assert probabilities(pleased) == {"lille": None}


def test_without_clients_it_cannot_be_said(embedded: House) -> None:
    embedded.write(employee_response, [person(number, "lille") for number in range(30)])
    embedded.publish("spring", *own("lille", 30, 30))
    assert probabilities(embedded) == {"lille": None}


def test_in_a_large_network_the_sites_go_without(pleased: House, monkeypatch: pytest.MonkeyPatch) -> None:
    pleased.publish("spring", *(row for unit_id in ("lille", "north", "shops") for row in own(unit_id, 30, 30)))
    monkeypatch.setattr(probability, "MANY_UNITS", 2)
    assert probabilities(pleased) == {"lille": None, "north": 0.9, "shops": 0.9}


def test_no_employees_answers_are_read_where_no_unit_may_have_one(pleased: House) -> None:
    """The private tables are gone, and nothing misses them."""
    for table in ("employee_response", "employee_count", "employee_cell"):
        pleased.connection.exec_driver_sql(f"DROP TABLE core.{table}")
    pleased.publish("spring", *own("lille", 29, 29))
    assert probabilities(pleased) == {"lille": None}
