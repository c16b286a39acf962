"""What else happened: changes of the network and of what is asked, days without answers, clocks that are ahead."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from pipelines.alerts.annotations import Annotation, happened_lately, read_annotations
from pipelines.alerts.telling.annotated import annotation_lines
from pipelines.alerts.telling.record import Telling
from pipelines.alerts.telling.sentences import AlertWords
from pipelines.settings import Network, Unit
from pipelines.summary.language import language
from pipelines.warehouse import Warehouse
from pipelines.warehouse.network import synchronise_network
from pipelines.warehouse.tables import daily_count, quarantine

DAY = date(2026, 11, 20)
BEFORE = DAY - timedelta(days=1)
CHAIN = Unit("chain", "network", "Chain", "Europe/Paris")
NORTH, SOUTH = (Unit(each, "region", each.title(), "Europe/Paris", "chain") for each in ("north", "south"))
LYON = Unit("lyon", "site", "Lyon", "Europe/Paris", "south")


def until(unit: Unit) -> Unit:
    return replace(unit, valid_to=BEFORE)


def since(unit: Unit, **changes: Any) -> Unit:
    return replace(unit, valid_from=DAY, **changes)


@pytest.fixture
def house(warehouse: Warehouse) -> Warehouse:
    return warehouse


def settle(warehouse: Warehouse, *units: Unit) -> None:
    synchronise_network(warehouse, Network((CHAIN, NORTH, SOUTH, *units)))


def answer(warehouse: Warehouse, *told: tuple[date, str, str]) -> None:
    """An answer on a day, of a unit, to a version of the questionnaire."""
    usual = {"measure": "overall", "channel": "web", "is_held": False, "answer_count": 1, "favourable_count": 1}
    usual |= {"unfavourable_count": 0, "value_sum": 5}
    rows = [
        {"business_date": day, "unit_id": unit, "questionnaire_version": version} | usual for day, unit, version in told
    ]
    with warehouse.publishing() as connection:
        connection.execute(sa.insert(daily_count), rows)


def happened(warehouse: Warehouse, unit: str = "chain", sources: tuple[str, ...] = ()) -> list[Annotation]:
    with warehouse.reading() as connection:
        return read_annotations(connection, DAY, DAY, unit, sources)


def test_what_becomes_of_units_is_told_on_its_day_to_whoever_stands_above(house: Warehouse) -> None:
    nice = Unit("nice", "site", "Nice", "Europe/Paris", "south")
    nimes = Unit("nimes", "site", "Nîmes", "Europe/Paris", "south", valid_to=DAY)
    new = Unit("metz", "site", "Metz", "Europe/Paris", "north", valid_from=DAY)
    settle(
        house, until(LYON), since(LYON, name="Lyon Presqu'île"), until(nice), since(nice, parent="north"), nimes, new
    )
    assert happened(house) == [
        Annotation(DAY, "unit_closed", "nimes"),
        Annotation(DAY, "unit_moved", "nice", "south", "north"),
        Annotation(DAY, "unit_opened", "metz"),
        Annotation(DAY, "unit_renamed", "lyon", "Lyon", "Lyon Presqu'île"),
    ]
    assert [each.subject for each in happened(house, "south")] == ["nimes", "lyon"]
    assert happened(house, "metz") == [Annotation(DAY, "unit_opened", "metz")]


def test_a_version_of_a_unit_that_changes_none_of_this_says_nothing(house: Warehouse) -> None:
    settle(house, until(LYON), since(LYON, sector="commerce"))
    assert happened(house) == []


def test_a_questionnaire_is_told_when_its_first_answers_come_and_never_again(house: Warehouse) -> None:
    settle(house, LYON)
    days = [DAY - timedelta(days=number) for number in range(1, 60)]
    answer(house, *((day, "lyon", "v1") for day in days), (DAY, "lyon", "v2"))
    assert happened(house) == [Annotation(DAY, "questionnaire_changed", "v2")]
    answer(house, (DAY - timedelta(days=50), "lyon", "v2"))
    assert happened(house) == []


def test_the_first_answers_of_a_house_change_no_questionnaire(house: Warehouse) -> None:
    settle(house, LYON)
    answer(house, (DAY, "lyon", "v1"))
    assert happened(house) == []


def test_a_day_without_answers_is_told_where_that_weekday_has_some(house: Warehouse) -> None:
    settle(house, LYON)
    answer(house, *((DAY - timedelta(days=number), "lyon", "v1") for number in (1, 2, 7)))
    assert happened(house) == [Annotation(DAY, "day_without_answers")]
    with house.reading() as connection:
        told = read_annotations(connection, DAY - timedelta(days=4), DAY, "chain")
    assert [each.on for each in told] == [DAY]


def test_answers_from_the_future_are_counted_by_source_while_they_are_set_aside(house: Warehouse) -> None:
    settle(house, LYON)
    texts = dict.fromkeys(("expectations", "message", "payload", "run_id"), "")
    came = datetime(2026, 11, 21, 5, tzinfo=UTC)
    usual = {"source": "kiosks", "reasons": "future_date", "first_seen_at": came, "last_seen_at": came, **texts}
    rows = [{"record_key": str(number)} | usual for number in range(3)]
    with house.publishing() as connection:
        connection.execute(sa.insert(quarantine), rows[:2])
        connection.execute(sa.insert(quarantine).values(rows[2] | {"resolved_at": came}))
        connection.execute(sa.insert(quarantine).values(rows[2] | {"record_key": "x", "reasons": "unknown_unit"}))
    assert happened(house, sources=("kiosks",)) == [Annotation(DAY, "future_answers", "kiosks", count=2)]
    assert happened(house, sources=("survey",)) == []


def test_lately_is_a_week_of_everybody_or_of_one(house: Warehouse, configure: Any) -> None:
    settle(house, until(LYON), since(LYON, name="Lyon Presqu'île"))
    settings = replace(configure(str(house.engine.url)), network=Network((CHAIN, SOUTH, LYON)))
    with house.reading() as connection:
        assert len(happened_lately(connection, settings, DAY + timedelta(days=6), None)) == 1
        assert happened_lately(connection, settings, DAY + timedelta(days=7), None) == []
        assert happened_lately(connection, settings, DAY, "north") == []
        assert happened_lately(connection, settings, None, None) == []


@pytest.mark.parametrize(
    ("locale", "first_words"),
    [
        (
            "fr",
            (
                "Le questionnaire a changé vendredi 20 novembre (v2) : ",
                "6 unités dépendent de Nord, et non plus de Sud, depuis vendredi 20 novembre : U0, U1, U2, U3, U4 et 1",
                "Lyon s'appelle Lyon Presqu'île depuis vendredi 20 novembre.",
            ),
        ),
        (
            "en",
            (
                "The questionnaire changed on Friday 20 November (v2): ",
                "6 units have belonged to Nord since Friday 20 November, no longer to Sud: U0, U1, U2, U3, U4 and 1",
                "Lyon has been called Lyon Presqu'île since Friday 20 November.",
            ),
        ),
    ],
)
def test_what_happened_alike_is_one_sentence(locale: str, first_words: tuple[str, ...]) -> None:
    names = {"north": "Nord", "south": "Sud"} | {f"u{number}": f"U{number}" for number in range(6)}
    words = AlertWords(language(locale), Telling("", "", DAY, "chain", unit_names=names))
    told = [
        Annotation(DAY, "unit_renamed", "lyon", "Lyon", "Lyon Presqu'île"),
        Annotation(DAY, "questionnaire_changed", "v2"),
        *(Annotation(DAY, "unit_moved", f"u{number}", "south", "north") for number in range(6)),
    ]
    typeset = str.maketrans("\u202f\u00a0’", "  '")
    lines = [line.translate(typeset) for line in annotation_lines(told, words)]
    assert [line.startswith(words) for line, words in zip(lines, first_words, strict=True)] == [True] * 3


def test_of_very_much_at_once_the_rest_is_counted() -> None:
    words = AlertWords(language("en"), Telling("", "", DAY, "chain"))
    told = [Annotation(DAY - timedelta(days=number), "day_without_answers") for number in range(20)]
    assert len(annotation_lines(told, words)) == 9
    assert annotation_lines(told, words)[-1] == "And 12 more changes."
