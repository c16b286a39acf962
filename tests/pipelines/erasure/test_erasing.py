"""After an erasure the house is as if the answer had never been there, but for a keyed hash and a proof."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlalchemy as sa
from filelock import Timeout

from pipelines import steps
from pipelines.alerts.acting import act
from pipelines.alerts.alerting import alert
from pipelines.alerts.pages.addresses import alert_page, written_pages
from pipelines.alerts.reading import read_alerts
from pipelines.erasure import landing, rooms
from pipelines.erasure.erasing import erase, find
from pipelines.errors import SymetrieError
from pipelines.landing import expire, landed_pages
from pipelines.replay import Mending, replay_quarantine, replaying
from pipelines.run import run_days
from pipelines.settings import Settings, load_settings
from pipelines.staging import writing
from pipelines.summary import collect_figures
from pipelines.summary.pages import write_atomically
from pipelines.warehouse import open_warehouse
from pipelines.warehouse.alerts_marked import note_told
from pipelines.warehouse.check import problems
from pipelines.warehouse.tables import METADATA, correction, daily_count, erasure, quarantine, run, score, summary
from symetrie.alerts.finding import Cause, Finding

DAY = date(2026, 11, 20)
GONE, MARKER = "R-0042", "quetzalcoatlus"
SETTINGS = """\
network:
  units:
    - {id: shops, kind: network, name: Two shops, timezone: Europe/Paris}
    - {id: lyon, kind: site, name: Lyon, parent: shops}
    - {id: nice, kind: site, name: Nice, parent: shops}
questionnaires:
  test-1:
    overall: {field: mark, scale: one_to_five}
sources:
  - name: survey
    kind: files
    path: drops/*
    questionnaire: test-1
    settle_seconds: 0
    fields: {response_id: id, unit_id: shop, submitted_at: at, verbatim: said}
recipients:
  - {id: claire, name: Claire, unit: shops}
  - {id: paul, name: Paul, unit: lyon, locale: en}
"""
HEADER = "id,shop,at,mark,said"


def line(id_: str, said: str = "bien", shop: str = "lyon", mark: int = 4, at: str = "2026-11-20 10:00") -> str:
    return f"{id_},{shop},{at},{mark},{said}"


class House:
    """A small house with what it received, and every byte of what it keeps."""

    def __init__(self, folder: Path, home: Path, url: str) -> None:
        self.folder, self.home = folder, home
        (folder / "drops").mkdir(parents=True)
        (folder / "symetrie.yaml").write_text(SETTINGS, encoding="utf-8")
        environment = os.environ | {"SYMETRIE_HOME": str(home), "SYMETRIE_WAREHOUSE_URL": url}
        self.settings: Settings = load_settings(folder / "symetrie.yaml", environment)

    def drop(self, name: str, *lines: str) -> None:
        (self.folder / "drops" / name).write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")

    def run(self, **asked: Any) -> Any:
        return run_days(self.settings, DAY, **asked)

    def morning(self) -> None:
        steps.write_summaries(self.settings, DAY)

    def erase(self, response_id: str = GONE) -> tuple[Any, Path]:
        with closing(open_warehouse(self.settings.warehouse_url, self.home)) as warehouse:
            return erase(find(warehouse, self.settings, "survey", response_id), "ticket 17")

    def found(self, response_id: str = GONE) -> dict[str, int]:
        with closing(open_warehouse(self.settings.warehouse_url, self.home)) as warehouse:
            return dict(find(warehouse, self.settings, "survey", response_id).counts)

    def rows(self, *columns: Any) -> list[tuple[Any, ...]]:
        with (
            closing(open_warehouse(self.settings.warehouse_url, self.home)) as warehouse,
            warehouse.reading() as connection,
        ):
            return sorted((tuple(row) for row in connection.execute(sa.select(*columns))), key=repr)

    def counted(self) -> list[Any]:
        """Counts and scores, which is what everybody reads."""
        return [self.rows(*table.columns) for table in (daily_count, score)]

    def holding(self, *words: str) -> list[str]:
        """Every place, of files and of tables, where one of the words stands."""
        places = [f"{place} of {table}" for table, place, text in self._texts() if any(w in text for w in words)]
        files = [file for file in sorted(self.home.rglob("*")) if file.is_file()]
        return places + [
            str(file.relative_to(self.home)) for file in files if any(word.encode() in content(file) for word in words)
        ]

    def _texts(self) -> Iterator[tuple[str, str, str]]:
        snapshot = self.home / "published" / "marts.duckdb"
        if snapshot.exists():
            with duckdb.connect(str(snapshot), read_only=True) as readers:
                for [text] in readers.execute("SELECT s::VARCHAR FROM mart.summary AS s").fetchall():
                    yield "snapshot", "summary", text
        with (
            closing(open_warehouse(self.settings.warehouse_url, self.home)) as warehouse,
            warehouse.reading() as connection,
        ):
            for table in METADATA.sorted_tables:
                for row in connection.execute(sa.select(table)):
                    yield table.fullname, "row", repr(tuple(row))


def content(file: Path) -> bytes:
    data = file.read_bytes()
    if file.suffix == ".parquet":
        return repr(duckdb.sql(f"FROM '{file}'").fetchall()).encode()
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


@pytest.fixture
def house(tmp_path: Path, home: Path, warehouse_url: str) -> House:
    """A house on each engine."""
    return House(tmp_path / "house", home, warehouse_url)


@pytest.fixture
def embedded(tmp_path: Path, home: Path) -> House:
    """A house on the embedded engine, for what no engine changes."""
    return House(tmp_path / "house", home, f"duckdb:///{home / 'warehouse.duckdb'}")


def others(count: int, **different: Any) -> list[str]:
    return [line(f"N-{n}", shop="nice" if n % 2 else "lyon", **different) for n in range(count)]


@pytest.mark.readers_copy
def test_an_erased_answer_is_nowhere_any_more(house: House, tmp_path: Path) -> None:
    """Not in a file, not in a table, nor in the readers' copy; scores and counts are those of a world without it."""
    unhappy = line(GONE, f"{MARKER} affreux", mark=1)
    house.drop("a.csv", *others(8), unhappy)
    house.drop(
        "b.csv",
        line(GONE, f"{MARKER} toujours affreux", mark=2),
        line("X-1", shop="paris"),
        line(GONE, MARKER, "paris"),
    )
    house.run()
    house.morning()
    assert any("pages/" in place for place in house.holding(MARKER))
    proof, file = house.erase()
    assert house.holding(MARKER, GONE) == []
    assert dict(proof.found) == {
        "core": 1,
        "alerts": 0,
        "quarantine": 1,
        "landing": 3,
        "staging": 0,
        "summaries and pages": 6,
    }
    without = House(tmp_path / "without", tmp_path / "home2", f"duckdb:///{tmp_path / 'home2' / 'w.duckdb'}")
    without.drop("a.csv", *others(8))
    without.run()
    assert house.counted() == without.counted()
    assert house.rows(correction.c.business_date, correction.c.unit_id, correction.c.withdrawn_count) == [
        (DAY, "lyon", 1)
    ]
    with closing(open_warehouse(house.settings.warehouse_url, house.home)) as warehouse:
        assert problems(warehouse) == []
    assert json.loads(file.read_text())["reason"] == "ticket 17"
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("is_shown", [True, False], ids=["open", "withdrawn"])
def test_an_erased_answer_is_no_alert_any_more(house: House, is_shown: bool) -> None:
    """Neither what a day showed of it, nor notes, nor that it was told, nor its pages; another client's case stays."""
    moment = datetime(2026, 11, 21, 8, tzinfo=UTC)
    address = f"https://survey.example.com/{GONE}"

    def unhappy(connection: Any, settings: Any, days: Any) -> list[Finding]:
        ids = (GONE, "N-0") if is_shown or GONE not in seen else ("N-0",)
        seen.extend(ids)
        cases = [Cause("case", "unhappy_client", "lyon", subject=f"survey/{each}") for each in ids]
        return [
            Finding(DAY, case, 3, None, {"source_url": address if GONE in case.subject else None}) for case in cases
        ]

    seen: list[str] = []
    unhappy.name, unhappy.reach_days = "cases", 0  # type: ignore[attr-defined]
    house.drop("a.csv", *others(8), line(GONE, mark=1))
    house.run()
    with closing(open_warehouse(house.settings.warehouse_url, house.home)) as warehouse:
        alert(warehouse, house.settings, [DAY], DAY, [unhappy])  # type: ignore[list-item]
        with warehouse.publishing() as connection:
            rows = read_alerts(connection)
            note_told(warehouse, connection, [(row, "ops", "opened") for row in rows], DAY, moment)
        for row in rows:
            note = f"{MARKER} called" if GONE in row.subject else "called"
            act(warehouse, house.settings, row.alert_id, "correct", by="Anne", note=note, now=moment)
        alert(warehouse, house.settings, [DAY], DAY, [unhappy])  # type: ignore[list-item]
        for row, locale in product(rows, ("fr", "en")):
            write_atomically(alert_page(house.home, row.alert_id, locale), row.subject)
    assert house.found()["alerts"] == 8
    house.erase()
    assert house.holding(MARKER, GONE) == []
    assert house.found()["alerts"] == 0
    with closing(open_warehouse(house.settings.warehouse_url, house.home)) as warehouse, warehouse.reading() as into:
        [left] = read_alerts(into)
        assert (left.subject, left.state) == ("survey/N-0", "corrected")
        assert len(written_pages(house.home, [left.alert_id])) == 2
        assert problems(warehouse) == []


def test_nothing_brings_an_erased_answer_back(house: House) -> None:
    """Neither a new page, nor a replay, nor a new version; each counts as superseded, and its page is rewritten."""
    house.drop("a.csv", *others(8), line(GONE, MARKER, mark=1))
    house.run()
    house.erase()
    before = house.counted()
    house.drop(
        "later.csv",
        line(GONE, f"{MARKER} again", mark=5),
        line(GONE, MARKER, shop="paris"),
        f"{GONE},too,many,fields,{MARKER},x",
    )
    counts = house.run().counts["survey"]
    assert (counts["received"], counts["superseded"], counts["loaded"], counts["quarantined"]) == (3, 3, 0, 0)
    assert house.holding(MARKER, GONE) == []
    assert house.run(replay=True).failures == {}
    assert house.counted() == before
    assert house.holding(MARKER, GONE) == []


def test_an_answer_that_waits_in_a_held_batch_is_erased_and_the_rest_is_released(house: House) -> None:
    """Its rows leave the staged files, those set aside too."""
    bad = [line(f"B-{n}", shop="paris") for n in range(20)]
    house.drop("a.csv", *others(8), line(GONE, MARKER), *bad, line(GONE, MARKER, shop="rome"))
    report = house.run()
    assert house.rows(run.c.status, run.c.received_count, run.c.held_count)[0] == ("held", 30, 9)
    house.erase()
    assert house.holding(MARKER, GONE) == []
    assert house.rows(run.c.status, run.c.received_count, run.c.held_count)[0] == ("held", 28, 8)
    assert steps.release_batch(house.settings, report.run_id, "survey")["loaded"] == 8
    assert house.holding(MARKER, GONE) == []


def test_an_erased_answer_that_arrives_in_a_batch_that_is_held_goes_with_the_next_sweep(embedded: House) -> None:
    """And its release does not load it."""
    embedded.drop("a.csv", line(GONE, MARKER))
    embedded.run()
    embedded.erase()
    embedded.drop("b.csv", line("N-1"), line(GONE, MARKER), *(line(f"B-{n}", shop="paris") for n in range(20)))
    report = embedded.run()
    assert embedded.holding(MARKER, GONE) == []
    assert steps.release_batch(embedded.settings, report.run_id, "survey")["loaded"] == 1


def test_a_batch_validated_before_the_erasure_does_not_bring_the_answer_back(embedded: House) -> None:
    """It waited for its load while the answer was erased."""
    embedded.drop("a.csv", *others(4), line(GONE, MARKER))
    run_id = steps.start_run(embedded.settings, DAY)
    pages = steps.extract_source(embedded.settings, "survey", DAY)
    folder = steps.validate_source(embedded.settings, "survey", pages, DAY, run_id)
    embedded.erase()
    assert steps.load_batch(embedded.settings, folder, run_id, DAY)["loaded"] == 4
    assert embedded.holding(MARKER, GONE) == []


def test_an_answer_that_landed_again_goes_although_another_was_erased_meanwhile(embedded: House) -> None:
    """Between its landing and the sweep of that run: a page is searched for all that was ever erased."""
    embedded.drop("a.csv", *others(4), line(GONE, MARKER), line("R-2", "xolotl"))
    embedded.run()
    embedded.erase()
    embedded.drop("b.csv", *others(4, said="encore"), line(GONE, MARKER))
    steps.extract_source(embedded.settings, "survey", DAY)
    embedded.erase("R-2")
    embedded.run()
    assert embedded.holding(MARKER, "xolotl") == []


def test_of_two_erasures_at_once_each_leaves_no_page_with_its_answer(
    embedded: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second has begun while the first goes through the pages, and searches them again for its own."""
    embedded.drop("a.csv", *others(4), line(GONE, MARKER), line("R-2", "xolotl"))
    embedded.run()
    clear_page, second = landing._clear_page, threading.Thread(target=embedded.erase, args=("R-2",))

    def clear_while_another_waits(*given: Any) -> int:
        if second.ident is None:
            second.start()
            while len(embedded.rows(erasure.c.erasure_id)) < 2:
                time.sleep(0.05)
        return clear_page(*given)

    monkeypatch.setattr(landing, "_clear_page", clear_while_another_waits)
    embedded.erase()
    second.join()
    assert embedded.holding(MARKER, "xolotl") == []


def test_a_page_is_searched_once_for_the_same_answers(embedded: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every run sweeps: it must not read all that was ever received."""
    embedded.drop("a.csv", *others(4), line(GONE, MARKER))
    embedded.run()
    embedded.erase()
    monkeypatch.setattr(landing, "_clear_page", lambda *given: pytest.fail("searched again"))
    assert steps.sweep(embedded.settings) == []


def test_a_broken_line_that_names_the_answer_is_erased_from_the_quarantine(embedded: House) -> None:
    """It has no identifier there; one whose identifier only begins the same stays."""
    embedded.drop(
        "a.csv", *others(8), f"{GONE},lyon,2026-11-20,3,{MARKER},too,many", f"{GONE}7,lyon,2026-11-20,3,x,too,many"
    )
    embedded.run()
    proof, _ = embedded.erase()
    assert dict(proof.found)["quarantine"] == 1
    assert embedded.holding(MARKER) == []
    assert embedded.holding(f"{GONE}7") != []


def test_an_answer_that_a_person_gave_its_identifier_is_erased_as_it_was_received_too(house: House) -> None:
    """From the quarantine and from its page, whose other lines stay; a replay of the page brings nothing back."""
    nameless = [line("", said, at=f"2026-11-20 1{n}:00") for n, said in enumerate((MARKER, "xolotl"))]
    house.drop("a.csv", line("R-0"), *others(30), *nameless)
    house.run()
    [key] = [key for key, payload in house.rows(quarantine.c.record_key, quarantine.c.payload) if MARKER in payload]
    replay_quarantine(house.settings, [key], mending=Mending({"response_id": GONE}))
    house.erase("R-0")  # the lines of the page move
    assert house.found("5") == dict.fromkeys(house.found("5"), 0)  # a mark of the record, not its identifier
    proof, _ = house.erase()
    assert house.holding(MARKER, GONE) == []
    assert (proof.found["core"], proof.found["quarantine"], proof.found["landing"]) == (1, 1, 1)
    house.run(replay=True)
    assert house.holding(MARKER, GONE) == []
    assert [payload for (payload,) in house.rows(quarantine.c.payload) if "xolotl" in payload] != []


def test_a_record_that_was_written_anew_under_another_spelling_of_its_header_is_erased(embedded: House) -> None:
    """Fields are found whatever the case and the spaces of their headers."""
    embedded.drop("a.csv", *others(30), line("", MARKER))
    embedded.run()
    [(key,)] = embedded.rows(quarantine.c.record_key)
    written = {" ID ": GONE, "shop": "lyon", "at": "2026-11-20 10:00", "mark": 5, "said": MARKER}
    replay_quarantine(embedded.settings, mending=Mending(corrected={key: written}))
    embedded.erase()
    assert embedded.holding(MARKER, GONE) == []


@pytest.mark.readers_copy
def test_summaries_of_people_and_pages_of_languages_that_are_gone_are_removed(embedded: House) -> None:
    """Nobody would write them anew, and they quote the answer."""
    embedded.drop("a.csv", *others(8), line(GONE, f"{MARKER} affreux", mark=1))
    embedded.run()
    embedded.morning()
    file = embedded.folder / "symetrie.yaml"
    file.write_text(re.sub(r"  - \{id: paul.*\n", "", SETTINGS), encoding="utf-8")
    environment = os.environ | {
        "SYMETRIE_HOME": str(embedded.home),
        "SYMETRIE_WAREHOUSE_URL": embedded.settings.warehouse_url,
    }
    embedded.settings = load_settings(file, environment)
    embedded.erase()
    assert embedded.holding(MARKER) == []
    assert embedded.rows(summary.c.recipient_id) == [("claire",)]


def test_the_days_of_every_version_are_told_anew(embedded: House) -> None:
    """The answer was first counted elsewhere, and a summary of that day still quotes it."""
    embedded.drop("a.csv", *others(8), line(GONE, f"{MARKER} affreux", mark=1))
    embedded.run()
    embedded.morning()
    embedded.drop("b.csv", line(GONE, "autre chose", shop="nice", mark=1))
    os.utime(embedded.folder / "drops" / "b.csv", (2_000_000_000, 2_000_000_000))
    embedded.run()
    assert embedded.holding(MARKER) != []
    embedded.erase()
    assert embedded.holding(MARKER) == []


@pytest.mark.readers_copy
@pytest.mark.parametrize("is_told_before", [False, True])
def test_an_answer_erased_while_its_summary_is_written_is_not_quoted(
    house: House, monkeypatch: pytest.MonkeyPatch, is_told_before: bool
) -> None:
    """The whole erasure falls between the reading and the publication: rows, pages and readers' copy are without it."""
    house.drop("a.csv", *others(8), line(GONE, f"{MARKER} affreux", mark=1))
    house.run()
    if is_told_before:
        house.morning()

    def erased_meanwhile(*asked: Any) -> Any:
        figures = collect_figures(*asked)
        monkeypatch.undo()
        house.erase()
        return figures

    monkeypatch.setattr("pipelines.summary.writing.collect_figures", erased_meanwhile)
    house.morning()
    assert house.holding(MARKER, GONE) == []
    assert len(house.rows(summary.c.recipient_id)) == 2


def test_every_day_is_told_anew_where_nobody_knows_which_one_counted_the_answer(
    embedded: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its source has withdrawn it and its pages have expired: only summaries and pages still quote it.

    Killed when nothing else was left of it, the erasure still knows that it must.
    """
    file = embedded.folder / "symetrie.yaml"
    states = SETTINGS.replace("verbatim: said}", "verbatim: said, status: channel}\n    withdrawn_values: [deleted]")
    file.write_text(states, encoding="utf-8")
    environment = os.environ | {
        "SYMETRIE_HOME": str(embedded.home),
        "SYMETRIE_WAREHOUSE_URL": embedded.settings.warehouse_url,
    }
    embedded.settings = load_settings(file, environment)
    embedded.drop("a.csv", *others(8), line(GONE, f"{MARKER} affreux", mark=1))
    embedded.run()
    embedded.morning()
    (embedded.folder / "drops" / "b.csv").write_text(f"{HEADER},channel\n{line(GONE, '')},deleted\n", encoding="utf-8")
    os.utime(embedded.folder / "drops" / "b.csv", (2_000_000_000, 2_000_000_000))
    embedded.run()
    for page in landed_pages(embedded.home, "survey"):
        expire(page)
    assert embedded.holding(MARKER) != []
    assert embedded.found() == {
        "core": 1,
        "alerts": 0,
        "quarantine": 0,
        "landing": 0,
        "staging": 0,
        "summaries and pages": 8,
    }

    def killed(visit: Any) -> None:
        raise KeyboardInterrupt

    broken = (*rooms.ROOMS[:-1], replace(rooms.ROOMS[-1], clear=killed))
    monkeypatch.setattr("pipelines.erasure.erasing.ROOMS", broken)
    with pytest.raises(KeyboardInterrupt):
        embedded.erase()
    monkeypatch.undo()
    embedded.erase()
    assert embedded.holding(MARKER, GONE) == []


@pytest.mark.readers_copy
def test_an_erasure_killed_in_any_room_is_finished_by_the_same_command(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed at the first room, then at the second, and so on; the proof says what had been found at first."""
    house.drop("a.csv", *others(8), line(GONE, f"{MARKER} affreux", mark=1))
    house.run()
    house.morning()

    def killed(visit: Any) -> None:
        raise KeyboardInterrupt

    for place, room in enumerate(rooms.ROOMS):
        broken = (*rooms.ROOMS[:place], replace(room, clear=killed), *rooms.ROOMS[place + 1 :])
        monkeypatch.setattr("pipelines.erasure.erasing.ROOMS", broken)
        with pytest.raises(KeyboardInterrupt):
            house.erase()
    monkeypatch.undo()
    house.run(replay=True)
    proof, _ = house.erase()
    assert house.holding(MARKER, GONE) == []
    assert (proof.found["core"], proof.found["landing"], proof.finished_at is not None) == (1, 1, True)
    assert len(house.rows(erasure.c.erasure_id)) == 1
    assert "places" not in house.rows(erasure.c.proof)[0][0]


def test_what_killed_processes_left_staged_is_removed_and_what_is_being_written_stays(embedded: House) -> None:
    """A batch without its record, and the records of a replay; who still writes there holds a lock."""
    embedded.drop("a.csv", *others(8), line(GONE, MARKER))
    embedded.run()
    half, replay, alive = (embedded.home / "staging" / f"run-{n}" / "survey" for n in range(3))
    for folder in (half, replay, alive):
        folder.mkdir(parents=True)
    (half / "accepted.parquet").write_text(MARKER)
    (replay / "quarantine.jsonl").write_text(MARKER)
    (alive / "quarantine.jsonl").write_text("xolotl")
    with writing(alive):
        embedded.erase()
        assert embedded.holding(MARKER, GONE) == []
        assert (half.parent.exists(), replay.parent.exists(), alive.exists()) == (False, False, True)
    steps.sweep(embedded.settings)
    assert embedded.holding("xolotl") == []


def test_a_replay_writes_what_was_received_for_its_owner_alone(
    embedded: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its folder is locked meanwhile, and gone afterwards."""
    embedded.drop("a.csv", *others(30), line("X-1", MARKER, shop="paris"))
    embedded.run()
    judged, modes = replaying._judged, list[int]()

    def judge(*given: Any) -> Any:
        batch = judged(*given)
        [page] = embedded.home.glob("staging/*/survey/quarantine.jsonl")
        modes.append(page.stat().st_mode & 0o777)
        with pytest.raises(Timeout), writing(page.parent, patience=0):
            pass
        return batch

    monkeypatch.setattr(replaying, "_judged", judge)
    replay_quarantine(embedded.settings)
    assert modes == [0o600]
    assert list(embedded.home.glob("staging/*")) == []


def test_another_key_is_refused_instead_of_letting_answers_back(embedded: House) -> None:
    """The file was lost, or the folder is not the one that was shared."""
    embedded.drop("a.csv", line(GONE, MARKER))
    embedded.run()
    embedded.erase()
    (embedded.home / "erasure.key").write_text("another", encoding="utf-8")
    embedded.drop("b.csv", line(GONE, MARKER))
    assert "answers were erased under another key" in embedded.run().failures["survey"]
    with pytest.raises(SymetrieError, match="another key"):
        embedded.found()


def test_the_proof_and_the_log_hold_no_data(embedded: House, caplog: pytest.LogCaptureFixture) -> None:
    """Neither the identifier nor a word of the answer, nor its shop."""
    embedded.drop("a.csv", *others(8), line(GONE, MARKER))
    embedded.run()
    caplog.clear()
    caplog.set_level(0)
    proof, file = embedded.erase()
    for text in (proof.as_json(), file.read_text(), caplog.text):
        assert not re.search(f"{GONE}|{MARKER}|lyon", text)


def symetrie(house: House, *words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "SYMETRIE_HOME": str(house.home),
        "SYMETRIE_WAREHOUSE_URL": house.settings.warehouse_url,
        "SYMETRIE_CONFIG": str(house.folder / "symetrie.yaml"),
    }
    command = [Path(sys.executable).with_name("symetrie"), *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_the_command_says_what_it_did_and_what_it_does_not_know(embedded: House) -> None:
    """Unknown: exit 1. Erased: the proof. Once more: already erased, exit 0."""
    embedded.drop("a.csv", *others(8), line(GONE, MARKER))
    embedded.run()
    asked = ("erase", "--source", "survey", "--response")
    unknown = symetrie(embedded, *asked, "R-9")
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert "has no such answer" in unknown.stderr
    done = symetrie(embedded, *asked, GONE)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["found"]["core"] == 1
    again = symetrie(embedded, *asked, GONE)
    assert (again.returncode, again.stdout.startswith("Already erased on ")) == (0, True)
    assert json.loads(done.stdout)["erasure_id"] in again.stdout
    assert symetrie(embedded, *asked, "R-9", "--pre-emptive").returncode == 0
    embedded.drop("b.csv", line("R-9"))
    assert embedded.run().counts["survey"]["superseded"] == 1
