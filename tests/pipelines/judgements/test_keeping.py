"""What a batch was judged on stays as a page and a record, for as long as the house keeps them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from pipelines.judgements import Judgement, index_file, keep
from pipelines.validation.records import BatchCheck, RowCheck

HELD_FOR = BatchCheck("too_many_bad_rows", "critical", False, "812 of 1,204 rows are refused", "no more than 50 %")
DRIFT = BatchCheck("new_fields", "warning", False, "new fields: <script>alert(1)</script>", "no field is new")
VOLUME = BatchCheck("low_volume", "warning", True, "1,204 answers, 1,180 on a usual day", "30 % of a usual day")
UNKNOWN_UNIT = RowCheck("unit_id is a unit of the network", "unknown_unit", "critical", 809)
NO_VERBATIM = RowCheck("a low mark comes with a verbatim", "missing_verbatim_on_low_mark", "warning", 1014)
MET = RowCheck("nps is a mark from 0 to 10", "answer_outside_scale", "critical", 0)


@pytest.fixture
def judgement() -> Callable[..., Judgement]:
    """A batch that was held, with whatever a test wants different."""
    held = Judgement(
        source="shops",
        run_id="20261121T053000Z-abc123",
        business_date=date(2026, 11, 20),
        judged_at=datetime(2026, 11, 21, 5, 31, tzinfo=UTC),
        status="held",
        page_count=1,
        accepted_count=392,
        counts={"received": 1204, "loaded": 0, "unchanged": 0, "superseded": 0, "quarantined": 812, "held": 392},
        checks=(VOLUME, DRIFT, HELD_FOR),
        row_checks=(MET, NO_VERBATIM, UNKNOWN_UNIT),
    )
    return lambda **different: replace(held, **different)


@pytest.fixture
def page(home, judgement) -> Callable[..., str]:
    """The page of a judgement, as text without its tags."""

    def kept(**different: object) -> str:
        made = judgement(**different)
        keep(home, made, days=31)
        html = (home / "validation" / "2026-11-20" / f"{made.name}.html").read_text(encoding="utf-8")
        return " ".join(re.sub("<[^>]+>", " ", html.split("</style>")[1]).split())

    return kept


def index(home) -> str:
    return index_file(home).read_text(encoding="utf-8")


def test_the_page_says_first_what_came_of_the_batch_and_why(page) -> None:
    said = page()
    assert said.startswith(
        "shops Run for 2026-11-20 Held received 1,204 accepted 392 quarantined 812 812 of 1,204 rows are refused"
    )
    assert "Nothing of it is published. To decide: symetrie batch list" in said


def test_what_refuses_rows_stands_before_what_only_flags_them(page) -> None:
    said = page()
    refused = "unit_id is a unit of the network 809 unknown_unit refused"
    flagged = "a low mark comes with a verbatim 1,014 missing_verbatim_on_low_mark flagged"
    assert f"{refused} {flagged}" in said
    assert "1 expectation that every row meets nps is a mark from 0 to 10" in said


def test_a_good_batch_says_so(page) -> None:
    said = page(status="published", checks=(VOLUME,), row_checks=(MET,))
    assert "Published" in said
    assert "Every row meets every expectation." in said
    assert "symetrie batch list" not in said


def test_an_empty_batch_has_a_page(page) -> None:
    empty = dict.fromkeys(("received", "loaded", "unchanged", "superseded", "quarantined", "held"), 0)
    said = page(status="published", checks=(), row_checks=(), counts=empty, accepted_count=0)
    assert "There was nothing to judge." in said


def test_what_a_source_calls_its_fields_is_shown_not_run(home, judgement) -> None:
    keep(home, judgement(), days=31)
    (html,) = (home / "validation").glob("*/*.html")
    assert "<script>" not in html.read_text(encoding="utf-8")


def test_a_page_fetches_nothing(home, judgement) -> None:
    keep(home, judgement(), days=31)
    for file in (home / "validation").rglob("*.html"):
        assert not re.search(r"(src=|@import|url\(|https?:)", file.read_text(encoding="utf-8"))


def test_the_record_says_the_same_to_a_machine(home, judgement) -> None:
    keep(home, judgement(), days=31)
    (file,) = (home / "validation").glob("*/*.json")
    record = json.loads(file.read_text(encoding="utf-8"))
    assert (record["status"], record["counts"]["quarantined"]) == ("held", 812)
    assert {check["reason"]: check["failed_count"] for check in record["row_checks"]} == {
        "answer_outside_scale": 0,
        "missing_verbatim_on_low_mark": 1014,
        "unknown_unit": 809,
    }


def test_the_index_has_the_last_judgement_of_each_source_first(home, judgement) -> None:
    for days in (2, 1, 0):
        at = judgement().judged_at - timedelta(days=days)
        keep(home, judgement(run_id=f"r{days}", judged_at=at, business_date=at.date() - timedelta(days=1)), days=31)
    keep(home, judgement(source="web", status="published"), days=31)
    found = re.findall(r'href="([^"]+)"', index(home))
    assert found == [
        "2026-11-20/shops-r0.html",
        "2026-11-20/web-20261121T053000Z-abc123.html",
        "2026-11-19/shops-r1.html",
        "2026-11-18/shops-r2.html",
    ]
    assert all((home / "validation" / address).exists() for address in found)


def test_a_released_batch_replaces_its_held_page(home, judgement) -> None:
    keep(home, judgement(), days=31)
    keep(home, judgement(status="released"), days=31)
    assert "released" in index(home)
    assert "held</span>" not in index(home)


def test_old_pages_go_with_their_day(home, judgement) -> None:
    old = judgement().judged_at - timedelta(days=32)
    keep(home, judgement(run_id="old", judged_at=old, business_date=date(2026, 10, 19)), days=31)
    keep(home, judgement(), days=31)
    assert [file.name for file in (home / "validation").iterdir() if file.is_dir()] == ["2026-11-20"]
    assert "old" not in index(home)


def test_a_day_of_long_ago_that_is_run_today_stays(home, judgement) -> None:
    keep(home, judgement(business_date=date(2023, 1, 1)), days=31)
    assert "2023-01-01" in index(home)
