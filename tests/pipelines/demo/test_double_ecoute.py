import csv
import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

PHONE, CLIENT = "Téléphone", "apres_visite"

Row = dict[str, Any]


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


@pytest.fixture(scope="session")
def contacts(demo: Path) -> list[Row]:
    return [row for path in sorted((demo / "drops/double_ecoute").glob("*.csv")) for row in rows(path)]


@pytest.fixture(scope="session")
def truth(demo: Path) -> list[Row]:
    found: list[Row] = []
    for path in sorted((demo / "truth/contacts").glob("*.csv")):
        with path.open(encoding="utf-8") as file:
            found += csv.DictReader(file)
    return found


@pytest.fixture(scope="session")
def clients(demo: Path) -> dict[str, Row]:
    """The answers after a visit by telephone, by their number, as they stand once everything has come."""
    found = {}
    for path in sorted((demo / "drops" / CLIENT).glob("*.csv")):
        with path.open(encoding="cp1252", newline="") as file:
            for row in csv.DictReader(file, delimiter=";"):
                if row["Canal"] == PHONE:
                    found[row["N° réponse"]] = row
    return found


def test_each_morning_has_its_contacts_of_the_day_before(demo: Path) -> None:
    files = sorted(path.name for path in (demo / "drops/double_ecoute").glob("*.csv"))
    assert files[0] == "double_ecoute_2026-08-13.csv"
    assert len(files) == 80


def test_the_truth_says_what_the_files_say_and_nothing_of_the_agent(contacts: list[Row], truth: list[Row]) -> None:
    assert len(contacts) > 800
    for row, true in zip(contacts, truth, strict=True):
        called = datetime.strptime(row["Date du contact"], "%d/%m/%Y %H:%M")  # noqa: DTZ007 - local
        assert true == {
            "contact_id": row["N° contact"],
            "unit_id": row["Code magasin"],
            "business_date": called.date().isoformat(),
            "agent_estimate": row["Satisfaction estimée"],
            "client_response_id": row["N° réponse"],
            "client_overall": true["client_overall"],
        }


def test_every_contact_is_of_the_site_and_before_the_answer_of_its_client(
    contacts: list[Row], clients: dict[str, Row], truth: list[Row]
) -> None:
    for row, true in zip(contacts, truth, strict=True):
        client = clients.get(row["N° réponse"])
        if client is None:
            assert "-N" in row["N° réponse"]
            assert true["client_overall"] == ""
            continue
        assert client["Code magasin"] == row["Code magasin"]
        called, answered = (
            datetime.strptime(when, "%d/%m/%Y %H:%M")  # noqa: DTZ007 - local
            for when in (row["Date du contact"], client["Répondu le"])
        )
        assert called < answered <= called + timedelta(days=6)
        assert called.date() == datetime.strptime(client["Date de visite"], "%d/%m/%Y").date()  # noqa: DTZ007 - local
        assert client["Satisfaction globale"] == true["client_overall"]


def test_some_contacts_name_an_answer_that_no_client_gave(contacts: list[Row], clients: dict[str, Row]) -> None:
    lonely = sum(row["N° réponse"] not in clients for row in contacts)
    assert 0.04 < lonely / len(contacts) < 0.10


def test_a_contact_and_an_answer_stand_once(contacts: list[Row]) -> None:
    for column in ("N° contact", "N° réponse"):
        assert len({row[column] for row in contacts}) == len(contacts)


def test_agents_match_and_overestimate_as_the_truth_says(demo: Path, truth: list[Row]) -> None:
    promised = json.loads((demo / "truth/pulse/strengths.json").read_text())["double_ecoute"]
    pairs = [(int(row["agent_estimate"]) >= 3, int(row["client_overall"])) for row in truth if row["client_overall"]]
    matched = sum(agent == (client >= 4) for agent, client in pairs) / len(pairs)
    bias = (sum(agent for agent, _ in pairs) - sum(client >= 4 for _, client in pairs)) / len(pairs)
    falsely = sum(agent and client <= 2 for agent, client in pairs) / sum(agent for agent, _ in pairs)
    assert promised["bias_points"] == pytest.approx(8.2, abs=0.1)
    assert 100 * matched == pytest.approx(promised["matched_pct"], abs=3)
    assert 100 * bias == pytest.approx(promised["bias_points"], abs=3)
    assert 100 * falsely == pytest.approx(promised["false_confidence_pct"], abs=2.5)


def test_a_few_people_of_each_site_answer_the_telephone(contacts: list[Row]) -> None:
    agents: dict[str, set[str]] = {}
    for row in contacts:
        when = datetime.strptime(row["Date du contact"], "%d/%m/%Y %H:%M").date()  # noqa: DTZ007 - local
        if when < date(2026, 9, 1):  # one roster
            agents.setdefault(row["Code magasin"], set()).add(row["Identifiant agent"])
    assert max(len(each) for each in agents.values()) == 3
