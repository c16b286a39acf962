"""Writing: a page per unit and language, where the pages of the morning lead to."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.mirror_pages import write_mirror_pages
from pipelines.settings.recipients import Recipient
from pipelines.summary.addresses import mirror_page

pytestmark = pytest.mark.parametrize("warehouse_url", ["duckdb"], indirect=True)  # both engines: test_collecting.py


@pytest.fixture
def reflected(house):
    house.recipients = (Recipient(id="john", name="John", unit="maison", locale="en"),)
    house.published()
    for unit_id in ("lille", "maison"):
        house.mirrored(unit_id, "trust", (290, 420), (11, 24), (20, 24))
    return house


def written(house) -> set[str]:
    return {file.relative_to(house.home).as_posix() for file in house.home.glob("pages/**/*") if file.is_file()}


def test_every_unit_told_has_a_page_in_every_language_that_somebody_reads(reflected):
    done: list[tuple[int, int]] = []
    assert write_mirror_pages(reflected.warehouse, reflected.settings, on_progress=lambda *seen: done.append(seen)) == 2
    assert written(reflected) == {
        f"pages/mirror/2026-03-31/{unit_id}.{locale}.html" for unit_id in ("lille", "maison") for locale in ("fr", "en")
    }
    assert done == [(2, 2)]


def test_pages_are_written_in_portions(reflected, monkeypatch):
    monkeypatch.setattr("pipelines.mirror_pages.writing.LISTED_UNITS", 1)
    done: list[tuple[int, int]] = []
    assert write_mirror_pages(reflected.warehouse, reflected.settings, on_progress=lambda *seen: done.append(seen)) == 2
    assert len(written(reflected)) == 4
    assert done == [(1, 2), (2, 2)]


def test_writing_again_says_what_stands_then(reflected):
    write_mirror_pages(reflected.warehouse, reflected.settings)
    page = mirror_page(reflected.home, date(2026, 3, 31), "lille", "en")
    before = page.read_text(encoding="utf-8")
    assert "1 at the team&#39;s expense" in before
    write_mirror_pages(reflected.warehouse, reflected.settings, date(2026, 3, 31))
    assert page.read_text(encoding="utf-8") == before
    reflected.mirrored("lille", "values", (330, 420), (20, 24), (19, 24))
    write_mirror_pages(reflected.warehouse, reflected.settings)
    assert "1 solid on both sides" in page.read_text(encoding="utf-8")


def test_a_house_that_does_not_ask_its_teams_has_no_such_pages(house):
    assert write_mirror_pages(house.warehouse, house.settings) == 0
    assert written(house) - {"warehouse.duckdb"} == set()
