"""The finder of cases: who becomes one, on what evidence, and what never leaves the warehouse with it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from pipelines.alerts.cases import CaseFinder, find_cases
from pipelines.load import load
from pipelines.settings.alert_cases import AlertCases
from pipelines.warehouse import Warehouse
from symetrie.alerts.finding import Cause, Finding

DAY = date(2026, 11, 20)
ONE_ENGINE = pytest.mark.parametrize("warehouse_url", ["duckdb"], indirect=True)
"""For what comes after the statement, which the other tests run on both."""


@dataclass
class House:
    """A warehouse, the answers that a test gives it, and what is found there."""

    warehouse: Warehouse
    publish: Callable[..., object]

    def answers(self, *rows: dict[str, Any]) -> None:
        """Publish answers of unhappy clients who can be contacted, unless a row says otherwise."""
        usual = {"day": DAY, "overall": 2, "can_contact": True}
        self.publish(*({"response_id": f"r{number}"} | usual | row for number, row in enumerate(rows)))

    def find(self, days: Sequence[date] = (DAY,), **settings: Any) -> list[Finding]:
        with self.warehouse.reading() as connection:
            return find_cases(connection, AlertCases(**settings), days)

    def severities(self, **settings: Any) -> dict[str, int]:
        return {each.cause.subject.removeprefix("survey/"): each.severity for each in self.find(**settings)}


@pytest.fixture
def house(warehouse, answers, batch, stamp) -> House:
    return House(warehouse, lambda *rows: load(warehouse, batch(answers(*rows)), stamp(DAY)))


def test_an_unhappy_client_who_can_be_contacted_is_a_case_with_all_that_is_needed_to_answer_them(house: House) -> None:
    house.answers(
        {
            "overall": 1,
            "nps": 2,
            "unit_id": "nice",
            "channel": "web",
            "touchpoint": "checkout",
            "language": "fr",
            "verbatim": "Trop d'attente et un vendeur désagréable",
            "source_url": "https://survey.example/answers/r0",
            "experienced_at": datetime(2026, 11, 19, 9, tzinfo=UTC),
        }
    )
    assert house.find() == [
        Finding(
            DAY,
            Cause("case", "unhappy_client", "nice", "", "survey/r0"),
            3,
            None,
            {
                "source": "survey",
                "channel": "web",
                "touchpoint": "checkout",
                "language": "fr",
                "measure": "overall",
                "mark": 1,
                "why": ["low_mark", "detractor"],
                "reasons": ["waiting", "rudeness"],
                "has_words": True,
                "source_url": "https://survey.example/answers/r0",
                "experienced_at": "2026-11-19T09:00:00+00:00",
                "submitted_at": "2026-11-20T12:00:00+00:00",
            },
        )
    ]


def test_who_did_not_agree_is_held_or_has_taken_the_answer_back_is_no_case(house: House) -> None:
    house.answers(
        {"can_contact": False},
        {"can_contact": None},
        {"status": "held"},
        {"response_id": "gone"},
        {"response_id": "stays"},
    )
    assert house.severities() == {"gone": 2, "stays": 2}
    house.answers({"response_id": "gone", "status": "withdrawn", "version_at": datetime(2026, 11, 21, tzinfo=UTC)})
    assert house.severities() == {"stays": 2}


def test_low_marks_detractors_and_complaints_are_cases_and_others_are_not(house: House) -> None:
    house.answers(
        {"response_id": "lowest", "overall": 1},
        {"response_id": "low", "overall": 2},
        {"response_id": "middling", "overall": 3},
        {"response_id": "detractor", "overall": 4, "nps": 6},
        {"response_id": "passive", "overall": 4, "nps": 7},
        {"response_id": "angry", "overall": None, "nps": 0},
        {"response_id": "complaint", "overall": 5, "contact_reason": "complaint"},
        {"response_id": "question", "overall": 5, "contact_reason": "question"},
        {"response_id": "silent", "overall": None},
    )
    assert house.severities() == {"lowest": 3, "low": 2, "detractor": 1, "angry": 3, "complaint": 2}


def test_a_complaint_is_one_however_the_source_spells_it(house: House) -> None:
    spellings = ("Réclamation", "RÉCLAMATION", " reclamation ", "réclamation", "Complaint")
    house.answers(*({"overall": 5, "contact_reason": written} for written in spellings))
    assert house.severities() == dict.fromkeys(("r0", "r1", "r2", "r3", "r4"), 2)


@ONE_ENGINE
def test_a_house_names_its_own_complaints_and_its_own_highest_marks(house: House) -> None:
    house.answers(
        {"response_id": "sav", "overall": 5, "contact_reason": "Dossier SAV"},
        {"response_id": "low", "overall": 2},
        {"response_id": "lowest", "overall": 1},
    )
    assert house.severities(cases={"complaints": ["dossier sav"], "overall_up_to": 1}) == {"sav": 2, "lowest": 3}


def test_a_serious_reason_waits_for_no_low_mark_and_believes_no_favourable_one(house: House) -> None:
    hurt = {"verbatim": "Ma mère a glissé sur le sol mouillé"}
    house.answers(
        {"response_id": "middling", "overall": 3, **hurt},
        {"response_id": "happy", "overall": 4, **hurt},
        {"response_id": "no_overall", "overall": None, "dim_trust": 2, **hurt},
        {"response_id": "no_mark", "overall": None, **hurt},
        {"response_id": "late", "overall": 3, "verbatim": "Trop d'attente"},
        {"response_id": "detractor", "overall": 4, "nps": 6, **hurt},
    )
    assert house.severities() == {"middling": 3, "no_overall": 3, "detractor": 3}
    told = {each.cause.subject: (each.evidence["measure"], each.evidence["mark"]) for each in house.find()}
    assert told == {
        "survey/middling": ("overall", 3),
        "survey/no_overall": ("trust", 2),
        "survey/detractor": ("nps", 6),
    }


@ONE_ENGINE
def test_the_evidence_holds_no_word_of_the_client_and_nothing_to_reach_them_but_the_source(house: House) -> None:
    house.answers(
        {"verbatim": "Zanzibar glacial", "source_url": "mailto:somebody@example.com", "contact_reason": "Pompon"}
    )
    (finding,) = house.find()
    written = json.dumps(dict(finding.evidence))
    assert not any(word in written.casefold() for word in ("zanzibar", "glacial", "example.com", "pompon", "r0"))
    assert finding.evidence["source_url"] is None


@ONE_ENGINE
def test_who_wrote_nothing_has_no_reason_and_who_says_nothing_known_has_another(house: House) -> None:
    house.answers(
        {"response_id": "a", "verbatim": None},
        {"response_id": "b", "verbatim": "..."},
        {"response_id": "c", "verbatim": "Bof"},
    )
    told = [(each.evidence["reasons"], each.evidence["has_words"]) for each in house.find()]
    assert told == [([], False), ([], False), (["other"], True)]


def test_days_are_found_together_as_they_are_apart_and_in_any_order(house: House) -> None:
    before = date(2026, 11, 19)
    house.answers({"unit_id": "nice"}, {"day": before}, {"day": date(2026, 11, 18)})
    apart = house.find([before]) + house.find([DAY])
    assert house.find([DAY, before]) == house.find([before, DAY]) == apart
    assert [finding.business_date for finding in apart] == [before, DAY]
    assert house.find([]) == []


@ONE_ENGINE
def test_every_day_is_read_in_one_statement(house: House) -> None:
    house.answers(*({"day": date(2026, 11, day)} for day in range(1, 11)))
    statements: list[str] = []
    sa.event.listen(house.warehouse.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    assert len(house.find([date(2026, 11, day) for day in range(1, 11)])) == 10
    assert len([each for each in statements if "client_response" in each]) == 1


@ONE_ENGINE
def test_a_text_that_many_wrote_is_read_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.answers(*({"verbatim": "Trop cher", "language": "fr"} for _ in range(20)))
    typology = AlertCases().typology()
    read: list[str] = []
    real = type(typology).reasons_of
    monkeypatch.setattr(type(typology), "reasons_of", lambda self, *said: (read.append(said[0]), real(self, *said))[1])
    assert [each.evidence["reasons"] for each in house.find()] == [["price"]] * 20
    assert read == ["Trop cher"]


@ONE_ENGINE
def test_the_finder_asks_the_settings_of_the_house(house: House) -> None:
    @dataclass
    class Settings:
        alerts: AlertCases
        told: tuple[str, ...] = ("lyon", "nice")

        def is_told(self, lane: str, unit_id: str, day: date) -> bool:
            return (lane, day) == ("case", DAY) and unit_id in self.told

    house.answers({"overall": 3, "unit_id": "lyon"}, {"unit_id": "nice"})
    strict: Any = Settings(AlertCases(cases={"overall_up_to": 3}))
    only_nice: Any = Settings(AlertCases(), ("nice",))
    with house.warehouse.reading() as connection:
        found = CaseFinder()(connection, strict, [DAY])
        told = CaseFinder()(connection, only_nice, [DAY])
    assert {each.cause.subject for each in found} == {"survey/r0", "survey/r1"}
    assert [each.cause.subject for each in told] == ["survey/r1"]
    assert CaseFinder.name == "cases"
