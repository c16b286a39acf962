"""How many unhappy clients speak of each reason."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.alerts.case_reasons import ReasonCounts, reason_counts
from pipelines.load import load
from pipelines.settings.alert_cases import AlertCases
from pipelines.warehouse.network import synchronise_network

DAY, BEFORE_THE_MOVE = date(2026, 11, 20), date(2026, 11, 10)


@pytest.fixture
def count(warehouse, network, answers, batch, stamp):
    """Publish short rows (unit, words, and any column), then count a window."""
    synchronise_network(warehouse, network)

    def publish_and_count(*rows, days=28, asked=("france",)):
        made = [
            {"response_id": f"r{number}", "day": DAY, "overall": 1, "unit_id": unit_id, "verbatim": words, **others}
            for number, (unit_id, words, others) in enumerate(rows)
        ]
        load(warehouse, batch(answers(*made)), stamp(DAY))
        with warehouse.reading() as connection:
            return reason_counts(connection, AlertCases(), DAY, days, asked)

    return publish_and_count


def test_reasons_are_counted_with_or_without_consent_the_most_frequent_first(count) -> None:
    found = count(
        ("lille", "Trop cher", {"can_contact": False}),
        ("lille", "Vendeur désagréable", {"can_contact": True}),
        ("lille", "Impoli, et trop cher", {}),
        ("lille", None, {}),
        ("lille", "Bof", {}),
        ("lille", "Trop cher", {"status": "held"}),
        ("lille", "Trop cher", {"overall": 5}),
    )
    assert found == {"france": ReasonCounts(5, 4, {"price": 2, "rudeness": 2, "other": 1})}


def test_a_unit_counts_all_that_stood_under_it_on_each_day(count) -> None:
    found = count(
        ("lille", "Trop cher", {}),
        ("mobile", "Trop cher", {}),
        ("mobile", "Trop cher", {"day": BEFORE_THE_MOVE}),
        asked=["france", "north", "south", "mobile", "nice"],
    )
    assert {unit_id: counts.counts["price"] for unit_id, counts in found.items()} == {
        "france": 3,
        "mobile": 2,
        "north": 2,
        "south": 1,
    }


@pytest.mark.parametrize("warehouse_url", ["duckdb"], indirect=True)
def test_a_window_ends_on_its_day_and_has_its_length(count) -> None:
    found = count(
        ("lille", "Trop cher", {"day": date(2026, 11, 14)}),
        ("lille", "Trop cher", {"day": date(2026, 11, 13)}),
        ("lille", "Trop cher", {"day": date(2026, 11, 21)}),
        days=7,
    )
    assert found["france"].unhappy_count == 1
