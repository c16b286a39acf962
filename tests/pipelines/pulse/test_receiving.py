"""Employees' answers on their way in: one per person and campaign, and the person nowhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from pipelines.run import RunReport, run_days
from pipelines.settings import Settings
from pipelines.warehouse import open_warehouse
from pipelines.warehouse.tables import employee_response, quarantine, run
from tests.pipelines.pulse.house import LAST, PLANTED, House, answer

Drop = Callable[..., Path]
pytestmark = pytest.mark.parametrize("warehouse_url", ["duckdb"], indirect=True)  # the rest: test_both_engines.py


def receive(settings: Settings, **options: Any) -> RunReport:
    return run_days(settings, LAST, sources=["pouls"], **options)


def rows(settings: Settings, *columns: Any) -> list[tuple[Any, ...]]:
    with closing(open_warehouse(settings.warehouse_url, settings.home)) as warehouse, warehouse.reading() as connection:
        return sorted((tuple(row) for row in connection.execute(sa.select(*columns))), key=repr)


def reasons(settings: Settings) -> list[str]:
    return [reason for (reason,) in rows(settings, quarantine.c.reasons)]


def test_an_answer_is_stored_without_its_person(house: House, drop: Drop) -> None:
    settings = house()
    drop(answer("bkowalczyk7", marks="4 5 3 9 5 4", words="Écrivez à b.kowalczyk@example.com"))
    assert receive(settings).counts["pouls"]["loaded"] == 1
    stored = employee_response.c
    assert rows(
        settings, stored.campaign_id, stored.unit_id, sa.cast(stored.answered_on, sa.Text), stored.relation,
        stored.own_trust, stored.perceived_overall, stored.enps, stored.engagement_mean, stored.verbatim,
    ) == [("autumn", "lyon", "2026-10-05", "manager", 4, 3, 9, 4.5, "Écrivez à [email]")]  # fmt: skip


def test_of_three_answers_of_one_person_the_last_counts(house: House, drop: Drop) -> None:
    settings = house()
    drop(
        answer("anna", at="05/10/2026 18:00", marks="1 1 1 1 1 1"),
        answer("anna", at="05/10/2026 09:00", marks="2 2 2 2 2 2"),
        answer("anna", at="04/10/2026 23:00", marks="5 5 5 9 5 5"),
    )
    counts = receive(settings).counts["pouls"]
    assert (counts["received"], counts["loaded"], counts["superseded"]) == (3, 1, 2)
    assert rows(settings, employee_response.c.own_trust) == [(1,)]


def test_the_same_person_is_another_in_the_next_campaign(house: House, drop: Drop) -> None:
    settings = house()
    drop(answer("anna"), answer("anna", at="03/11/2026 09:00"))
    receive(settings)
    keys = rows(settings, employee_response.c.campaign_id, employee_response.c.respondent_key)
    assert [campaign for campaign, _ in keys] == ["autumn", "winter"]
    assert len({key for _, key in keys}) == 2


BAD = {
    "missing_respondent": answer(""),
    "unknown_unit": answer("a", "Lyon 8e"),
    "missing_unit": answer("b", ""),
    "after_closing": answer("c", at="20/10/2026 09:00"),
    "unknown_campaign": answer("d", at="01/09/2026 09:00"),
    "unreadable_date": answer("e", at="31/02/2026 09:00"),
    "missing_date": answer("f", at=""),
    "future_date": answer("g", at="01/01/2030 09:00"),
    "answer_outside_scale": answer("h", marks="bof 4 4 9 5 7"),
}


def test_a_bad_answer_is_set_aside_with_its_reason_and_nothing_of_the_person(house: House, drop: Drop) -> None:
    settings = house()
    drop(*BAD.values())
    assert receive(settings).counts["pouls"]["quarantined"] == 9
    found = rows(settings, quarantine.c.reasons, quarantine.c.payload, quarantine.c.message)
    assert {reason for reason, _, _ in found} == set(BAD)
    for reason, payload, message in found:
        assert set(json.loads(payload)) <= {"campaign_id", "unit_id", "answered_on", "line"}
        place = f"(line {[*BAD].index(reason) + 2} of the file)"
        assert message.endswith(place) or reason in ("after_closing", "answer_outside_scale")


def test_a_line_that_cannot_be_read_is_known_by_its_number_only(house: House, drop: Drop) -> None:
    settings = house()
    drop(answer("anna"), ("Kowalczyk", "Bérangère", "and nothing else"))
    assert receive(settings).counts["pouls"]["quarantined"] == 1
    [(reason, payload)] = rows(settings, quarantine.c.reasons, quarantine.c.payload)
    assert (reason, json.loads(payload)) == ("broken_line", {"line": 3})


def test_a_version_that_nobody_declared_is_set_aside(house: House, drop: Drop) -> None:
    settings = house(replace={"verbatim: Commentaire}": "verbatim: Commentaire, questionnaire_version: Nom}"})
    drop(answer("anna"))
    receive(settings)
    assert reasons(settings) == ["undeclared_questionnaire"]
    assert not [page for page in settings.home.rglob("*.gz") if "Kowalczyk" in gzip_text(page)]


def test_an_unknown_relation_is_flagged_and_kept(house: House, drop: Drop) -> None:
    settings = house()
    drop(answer("anna", link="Mon chat"))
    report = receive(settings)
    assert rows(settings, employee_response.c.relation) == [(None,)]
    assert "pouls: 1 answers kept with unknown_relation" in report.warnings


def test_names_that_a_source_sends_are_dropped_and_said(house: House, drop: Drop) -> None:
    settings = house()
    drop(answer("anna"))
    warnings = [each for each in receive(settings).warnings if "dropped" in each]
    expected = "expected: the source sends no field that is not asked for, and no name at all"
    assert warnings == [f"pouls: fields dropped before anything was stored: E-mail, Nom, Prénom; {expected}"]


def test_a_campaign_without_headcounts_is_said(house: House, drop: Drop) -> None:
    settings = house()
    drop(answer("anna", at="03/11/2026 09:00"))
    assert any("campaign winter has no headcounts" in each for each in receive(settings).warnings)


def test_a_counted_answer_stays_as_it_was_counted(house: House, drop: Drop) -> None:
    settings = house()
    drop(*(answer(f"p{number}", marks=f"{4 if number < 6 else 2} 4 4 9 5 4") for number in range(9)))
    assert receive(settings).published == ["autumn-1: 10 figures shown"]
    drop(answer("p0", at="12/10/2026 09:00", marks="1 1 1 1 1 1"))
    report = receive(settings)
    assert (report.counts["pouls"]["superseded"], report.published) == (1, [])
    assert (1,) not in rows(settings, employee_response.c.own_trust)


def test_a_batch_of_which_most_is_bad_is_held(house: House, drop: Drop) -> None:
    settings = house()
    drop(*(answer(f"p{number}", "nowhere") for number in range(30)))
    assert "held" in receive(settings).failures["pouls"]
    assert rows(settings, run.c.status)[0] == ("held",)


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.csv.gz", "a.parquet"])
def test_every_format_is_read_in_memory(house: House, drop: Drop, tmp_path: Path, name: str) -> None:
    import gzip

    import duckdb

    settings = house()
    csv_file = drop(answer("anna", words="merci"), answer("bob", "lille"), name="z.csv")
    target = csv_file.parent / name
    if name.endswith(".gz"):
        target.write_bytes(gzip.compress(csv_file.read_bytes()))
    else:
        kind = {"a.json": "(FORMAT json, ARRAY true)", "a.jsonl": "(FORMAT json)"}.get(name, "(FORMAT parquet)")
        duckdb.sql(f"COPY (FROM read_csv('{csv_file}', delim=';', all_varchar=true)) TO '{target}' {kind}")
    csv_file.unlink()
    assert receive(settings).counts["pouls"]["loaded"] == 2
    assert [unit for (unit,) in rows(settings, employee_response.c.unit_id)] == ["lille", "lyon"]


def test_nothing_of_the_person_stands_on_any_disk(house: House, drop: Drop, home: Path, capfd: Any) -> None:
    """Every byte under the house's folder, and everything said, after a run with good and bad answers."""
    settings = house()
    good = [answer(f"bkowalczyk7{number}", words="b.kowalczyk@example.com le sait") for number in range(8)]
    drop(*good, answer("bkowalczyk7", "Kowalczyk"), answer("bkowalczyk7", at="Kowalczyk"), ("bkowalczyk7", "x"))
    receive(settings)
    said = "".join(capfd.readouterr())
    written = b"".join(file.read_bytes() for file in home.rglob("*") if file.is_file())
    pages = [gzip_text(file) for file in home.rglob("*.gz")]
    for name in PLANTED:
        assert name.encode() not in written, name
        assert name not in said, name
        assert not [page for page in pages if name in page], name


def gzip_text(file: Path) -> str:
    import gzip

    return gzip.decompress(file.read_bytes()).decode()
