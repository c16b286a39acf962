"""Quarantine is not a bin: whatever was set aside comes back after a fix, once, and its trace stays."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from pipelines.erasure import erasing
from pipelines.errors import SymetrieError
from pipelines.replay import Mending, read_corrected, replay_quarantine
from pipelines.run import run_days
from pipelines.settings import Settings, load_settings
from pipelines.steps import release_batch
from pipelines.warehouse import open_warehouse
from pipelines.warehouse.check import problems
from pipelines.warehouse.tables import client_response, correction, quarantine, run, score

DAY = date(2026, 11, 20)
SETTINGS = """\
network:
  units:
    - {{id: shops, kind: network, name: Two shops, timezone: Europe/Paris}}
    - {{id: lyon, kind: site, name: Lyon, parent: shops}}
    {more_units}
questionnaires:
  test-1:
    overall: {{field: mark, scale: {scale}}}
sources:
  - name: survey
    kind: files
    path: drops/*.csv
    questionnaire: test-1
    settle_seconds: 0
    fields: {{response_id: id, unit_id: shop, submitted_at: answered at}}
"""
PARIS = "- {id: paris, kind: site, name: Paris, parent: shops}"
HEADER = "ID,Shop,Answered-At,mark"
GOOD = [f"g{n},lyon,2026-11-20 10:0{n},5" for n in range(3)]
Configure = Callable[..., Settings]


@pytest.fixture
def configure(tmp_path: Path, home: Path, warehouse_url: str) -> Configure:
    """Write the settings of a small house; called again, other settings of the same house."""
    (tmp_path / "drops").mkdir()

    def write(more_units: str = "", scale: str = "one_to_five") -> Settings:
        file = tmp_path / "symetrie.yaml"
        file.write_text(SETTINGS.format(more_units=more_units, scale=scale), encoding="utf-8")
        return load_settings(file, os.environ | {"SYMETRIE_HOME": str(home), "SYMETRIE_WAREHOUSE_URL": warehouse_url})

    return write


@pytest.fixture
def drop(tmp_path: Path) -> Callable[..., None]:
    def write(name: str, *lines: str) -> None:
        (tmp_path / "drops" / name).write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")

    return write


def rows(settings: Settings, *columns: Any) -> list[tuple[Any, ...]]:
    with closing(open_warehouse(settings.warehouse_url, settings.home)) as warehouse, warehouse.reading() as connection:
        return sorted((tuple(row) for row in connection.execute(sa.select(*columns))), key=repr)


def shelf(settings: Settings) -> list[tuple[Any, ...]]:
    return rows(settings, quarantine.c.response_id, quarantine.c.resolution)


def whole(settings: Settings) -> list[list[tuple[Any, ...]]]:
    """What a replay must leave alone when it has nothing to do."""
    answer, record = client_response.c, quarantine.c
    return [
        rows(settings, answer.response_id, answer.overall, answer.version_at, answer.run_id),
        rows(settings, record.record_key, record.resolution, record.reasons, record.payload, record.mended),
        rows(settings, score.c.as_of, score.c.unit_id, score.c.answer_count, score.c.score),
        rows(settings, correction.c.business_date, correction.c.unit_id, correction.c.late_count),
    ]


def check(settings: Settings) -> None:
    """Conservation on every row of the ledger, counts that equal the answers, nothing unscored."""
    with closing(open_warehouse(settings.warehouse_url, settings.home)) as warehouse:
        assert problems(warehouse) == []


def test_a_fix_of_the_settings_brings_the_records_back(configure: Configure, drop) -> None:
    """With the version they came in, into the counts and scores of their day; a second replay changes nothing."""
    drop("a.csv", *GOOD, "p1,paris,2026-11-20 11:00,1", "p2,paris,2026-11-20 12:00,2", "x,rome,2026-11-20 12:00,2")
    settings = configure()
    assert run_days(settings, DAY).failures == {}
    assert shelf(settings) == [("p1", None), ("p2", None), ("x", None)]
    fixed = configure(more_units=PARIS)
    done = replay_quarantine(fixed, reason="unknown_unit")
    assert done.counts == {
        "survey": {"received": 3, "loaded": 2, "unchanged": 0, "superseded": 0, "quarantined": 1, "held": 0}
    }
    assert shelf(fixed) == [("p1", "loaded"), ("p2", "loaded"), ("x", None)]
    assert ("paris", 2) in rows(fixed, score.c.unit_id, score.c.answer_count)
    versions = dict(rows(fixed, client_response.c.response_id, client_response.c.version_at))
    assert versions["p1"] == versions["g0"]
    assert ("quarantine_replay", "published") in rows(fixed, run.c.pipeline, run.c.status)
    assert rows(fixed, correction.c.business_date, correction.c.unit_id, correction.c.late_count) == [(DAY, "paris", 2)]
    check(fixed)
    before = whole(fixed)
    assert replay_quarantine(fixed).counts["survey"]["quarantined"] == 1
    assert whole(fixed) == before


def test_a_fix_of_the_questionnaire_brings_the_records_back(configure: Configure, drop) -> None:
    """The mark 0 is on the scale after all."""
    drop("a.csv", *GOOD, "z,lyon,2026-11-20 11:00,0")
    assert run_days(configure(), DAY).failures == {}
    fixed = configure(scale="zero_to_ten_agree")
    assert replay_quarantine(fixed).counts["survey"]["loaded"] == 1
    assert shelf(fixed) == [("z", "loaded")]
    check(fixed)


def test_values_set_mend_a_record_and_leave_what_was_received_in_the_trace(configure: Configure, drop) -> None:
    """Fields may be named as the source or as the settings name them."""
    drop("a.csv", *GOOD, "p1,paris,2026-11-20 11:00,9")
    settings = configure()
    assert run_days(settings, DAY).failures == {}
    [(key,)] = rows(settings, quarantine.c.record_key)
    replay_quarantine(settings, [key], mending=Mending({"unit_id": "lyon", "mark": "4"}))
    assert ("p1", "lyon", 4) in rows(
        settings, client_response.c.response_id, client_response.c.unit_id, client_response.c.overall
    )
    [(resolution, payload, mended)] = rows(settings, quarantine.c.resolution, quarantine.c.payload, quarantine.c.mended)
    assert (resolution, json.loads(payload)["Shop"]) == ("loaded", "paris")
    assert json.loads(mended)["mark"] == "4"
    check(settings)


def test_what_a_person_mended_survives_a_replay_of_the_landing(configure: Configure, drop) -> None:
    """The page still holds the bad record; it is refused again, and stays settled."""
    drop("a.csv", *GOOD, "p1,paris,2026-11-20 11:00,4")
    settings = configure()
    assert run_days(settings, DAY).failures == {}
    [(key,)] = rows(settings, quarantine.c.record_key)
    replay_quarantine(settings, [key], mending=Mending({"unit_id": "lyon"}))
    assert run_days(settings, DAY, replay=True).failures == {}
    assert shelf(settings) == [("p1", "loaded")]
    assert len(rows(settings, client_response.c.response_id)) == 4
    check(settings)


def test_a_record_refused_again_keeps_its_key_and_gets_the_reasons_of_today(configure: Configure, drop) -> None:
    """One row, with what was received: not what somebody tried."""
    drop("a.csv", *GOOD, "p1,paris,2026-11-20 11:00,4")
    settings = configure()
    assert run_days(settings, DAY).failures == {}
    [(key, payload)] = rows(settings, quarantine.c.record_key, quarantine.c.payload)
    replay_quarantine(settings, [key], mending=Mending({"unit_id": "lyon", "mark": "12"}))
    assert rows(settings, quarantine.c.record_key, quarantine.c.payload, quarantine.c.reasons) == [
        (key, payload, "answer_outside_scale")
    ]
    check(settings)


def test_records_are_mended_in_a_file_and_broken_lines_too(configure: Configure, drop, tmp_path: Path) -> None:
    """A line that is no record has nothing to be read again, until somebody writes it out."""
    drop("a.csv", *GOOD, "b1,lyon")
    settings = configure()
    assert run_days(settings, DAY).failures == {}
    [(key,)] = rows(settings, quarantine.c.record_key)
    assert replay_quarantine(settings).cut == (key,)
    corrected = tmp_path / "corrected.jsonl"
    payload = {"ID": "b1", "Shop": "lyon", "Answered-At": "2026-11-20 11:00", "mark": "2"}
    corrected.write_text(json.dumps({"record_key": key, "payload": payload}) + "\n", encoding="utf-8")
    assert replay_quarantine(settings, mending=Mending(corrected=read_corrected(corrected))).counts["survey"] == {
        "received": 1, "loaded": 1, "unchanged": 0, "superseded": 0, "quarantined": 0, "held": 0
    }  # fmt: skip
    assert rows(settings, quarantine.c.resolution) == [("loaded",)]
    check(settings)


@pytest.mark.parametrize("line", ["not JSON", '{"record_key": "a"}', '{"record_key": "a", "payload": {"raw": "x"}}'])
def test_a_corrected_file_that_says_nothing_is_refused_with_its_line(tmp_path: Path, line: str) -> None:
    """Before anything is read or published."""
    file = tmp_path / "corrected.jsonl"
    file.write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(SymetrieError, match=r"corrected\.jsonl:2"):
        read_corrected(file)


def test_an_older_version_that_waited_is_superseded_by_the_newer_one(configure: Configure, drop) -> None:
    """And by the run that brings it, without anybody's help."""
    drop("a_2026-11-20T060000Z.csv", *GOOD, "p1,paris,2026-11-20 11:00,1")
    settings = configure()
    assert run_days(settings, DAY).failures == {}
    drop("b_2026-11-21T060000Z.csv", "p1,lyon,2026-11-20 11:00,4")
    assert run_days(settings, DAY).failures == {}
    assert shelf(settings) == [("p1", "superseded")]
    check(settings)


def test_a_replay_of_the_landing_after_a_fix_settles_what_waited(configure: Configure, drop) -> None:
    """Records with an identifier, and lines of pages that had no column we knew."""
    drop("a.csv", *GOOD, "p1,paris,2026-11-20 11:00,1")
    assert run_days(configure(), DAY).failures == {}
    fixed = configure(more_units=PARIS)
    assert run_days(fixed, DAY, replay=True).failures == {}
    assert shelf(fixed) == [("p1", "loaded")]
    assert replay_quarantine(fixed).counts == {}
    check(fixed)


def test_a_replay_of_the_landing_under_stricter_settings_takes_back_what_it_refuses(configure: Configure, drop) -> None:
    """Paris is no shop of ours after all: quarantined, and out of the scores."""
    drop("a.csv", *GOOD, "p1,paris,2026-11-20 11:00,1")
    assert run_days(configure(more_units=PARIS), DAY).failures == {}
    stricter = configure()
    assert run_days(stricter, DAY, replay=True).failures == {}
    assert shelf(stricter) == [("p1", None)]
    assert [each for (each,) in rows(stricter, client_response.c.response_id)] == ["g0", "g1", "g2"]
    check(stricter)


FLOOD = [f"p{n},paris,2026-11-20 11:00,1" for n in range(20)]


def test_what_was_settled_while_its_batch_was_held_stays_so_when_it_is_released(configure: Configure, drop) -> None:
    """The batch brings what it was refused for; nobody has to settle it twice."""
    drop("a.csv", *GOOD, *FLOOD)
    held = run_days(configure(), DAY)
    assert "batch held" in held.failures["survey"]
    fixed = configure(more_units=PARIS)
    assert replay_quarantine(fixed).counts["survey"]["loaded"] == 20
    assert release_batch(fixed, held.run_id, "survey")["loaded"] == 3
    assert {resolution for _, resolution in shelf(fixed)} == {"loaded"}
    assert len(rows(fixed, client_response.c.response_id)) == 23
    check(fixed)


def test_a_replay_of_the_landing_that_was_held_leaves_alone_what_was_settled_since(configure: Configure, drop) -> None:
    """Nor does its release take back what the replay of the quarantine has loaded."""
    drop("a.csv", *GOOD, *FLOOD)
    assert run_days(configure(more_units=PARIS), DAY).failures == {}
    held = run_days(configure(), DAY, replay=True)
    assert "batch held" in held.failures["survey"]
    fixed = configure(more_units=PARIS)
    replay_quarantine(fixed)
    release_batch(fixed, held.run_id, "survey")
    assert {resolution for _, resolution in shelf(fixed)} == {"unchanged"}
    assert len(rows(fixed, client_response.c.response_id)) == 23
    check(fixed)


def test_a_replay_of_the_landing_opens_again_what_the_settings_of_today_refuse(configure: Configure, drop) -> None:
    """Paris came and went: its answer waits, and is out of `core`; with Paris back it is loaded again."""
    drop("a.csv", *GOOD, "p1,paris,2026-11-20 11:00,1")
    without = configure()
    assert run_days(without, DAY).failures == {}
    assert replay_quarantine(configure(more_units=PARIS)).counts["survey"]["loaded"] == 1
    assert run_days(configure(), DAY, replay=True).failures == {}
    assert shelf(without) == [("p1", None)]
    assert len(rows(without, client_response.c.response_id)) == 3
    check(without)
    assert run_days(configure(more_units=PARIS), DAY, replay=True).failures == {}
    assert shelf(without) == [("p1", "loaded")]
    check(without)


def test_a_replay_of_the_landing_leaves_settled_what_a_newer_version_outran(configure: Configure, drop) -> None:
    """The old page still holds the bad version, and nothing is to be done about it."""
    drop("a_2026-11-20T060000Z.csv", *GOOD, "p1,paris,2026-11-20 11:00,1")
    settings = configure()
    assert run_days(settings, DAY).failures == {}
    drop("b_2026-11-21T060000Z.csv", "p1,lyon,2026-11-20 11:00,4")
    assert run_days(settings, DAY).failures == {}
    assert run_days(settings, DAY, replay=True).failures == {}
    assert shelf(settings) == [("p1", "superseded")]
    check(settings)


def test_a_record_refused_in_a_newer_version_waits_again(configure: Configure, drop) -> None:
    """What came through was another version; this one nobody has looked at."""
    drop("a_2026-11-20T060000Z.csv", *GOOD, "p1,paris,2026-11-20 11:00,1")
    assert run_days(configure(), DAY).failures == {}
    assert replay_quarantine(configure(more_units=PARIS)).counts["survey"]["loaded"] == 1
    again = configure()
    drop("b_2026-11-21T060000Z.csv", "p1,paris,2026-11-20 11:00,1")
    run_days(again, DAY)
    assert shelf(again) == [("p1", None)]


def test_an_erasure_above_records_without_an_identifier_leaves_each_what_it_was(configure: Configure, drop) -> None:
    """The page is shorter by a line: the one that was mended stays settled, the other waits."""
    drop("a.csv", *GOOD, ",lyon,2026-11-20 11:00,4", ",lyon,2026-11-20 11:00,3")
    settings = configure()
    assert run_days(settings, DAY).failures == {}
    [key] = [key for key, payload in rows(settings, quarantine.c.record_key, quarantine.c.payload) if '"4"' in payload]
    replay_quarantine(settings, [key], mending=Mending({"response_id": "mended"}))
    before = rows(settings, quarantine.c.record_key, quarantine.c.resolution, quarantine.c.payload)
    with closing(open_warehouse(settings.warehouse_url, settings.home)) as warehouse:
        erasing.erase(erasing.find(warehouse, settings, "survey", "g0"))
    assert run_days(settings, DAY, replay=True).failures == {}
    assert rows(settings, quarantine.c.record_key, quarantine.c.resolution, quarantine.c.payload) == before
    assert [resolution for _, resolution, _ in before].count(None) == 1
    check(settings)


def test_a_key_that_does_not_wait_is_named(configure: Configure, drop) -> None:
    """Mistyped, or settled already."""
    drop("a.csv", *GOOD)
    settings = configure()
    assert run_days(settings, DAY).failures == {}
    with pytest.raises(SymetrieError, match="'nobody#1' does not wait there"):
        replay_quarantine(settings, ["nobody#1"])


def test_a_field_that_no_record_has_is_named(configure: Configure, drop) -> None:
    """A mistyped --set must not load the record as it was."""
    drop("a.csv", *GOOD, "p1,paris,2026-11-20 11:00,4")
    settings = configure()
    assert run_days(settings, DAY).failures == {}
    with pytest.raises(SymetrieError, match="--set shp: no such field in the record; it has ID, Shop"):
        replay_quarantine(settings, mending=Mending({"shp": "lyon"}))
