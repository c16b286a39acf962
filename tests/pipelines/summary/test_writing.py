"""Writing: a row per recipient, replaced only when it says something else, and pages that are never half there."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa

from pipelines.erasure.proof import Proof
from pipelines.settings.recipients import Recipient
from pipelines.summary import collect_figures, latest_page, unit_page, write_summaries
from pipelines.summary.addresses import page_name
from pipelines.summary.pages import write_atomically
from pipelines.warehouse.tables import client_response, erasure, summary

SEVEN = datetime(2026, 11, 21, 6, tzinfo=UTC)
PROOF = Proof("e-1", "enquete", "k", "mark", None, SEVEN.isoformat(), SEVEN.isoformat(), {})


@pytest.fixture
def staffed(house, friday):
    """A house with yesterday's answers and two recipients."""
    house.recipients = (
        Recipient(id="claire", name="Claire", unit="lille", locale="fr"),
        Recipient(id="john", name="John", unit="maison", locale="en"),
    )
    house.answers(*house.many("lille", 9, 1), *house.many("nice", 2, 20))
    return house


def summaries(house):
    return house.rows(sa.select(summary).order_by(summary.c.recipient_id))


def test_every_recipient_has_the_summary_of_their_unit_in_their_language(staffed, friday):
    assert write_summaries(staffed.warehouse, staffed.settings, friday, "run-1") == 2

    claire, john = summaries(staffed)
    assert (claire.unit_id, claire.locale, claire.run_id) == ("lille", "fr", "run-1")
    assert claire.subject == "Lille\xa0: Oui, vos clients étaient contents hier."
    assert john.subject == "Maison Lumière: No, your clients were not happy yesterday."
    assert "vos clients étaient contents hier." in claire.body_text
    assert claire.body_html.startswith("<!doctype html>")
    assert json.loads(john.figures)["answer"]["answer"] == "no"


def test_writing_the_same_again_changes_nothing(staffed, friday):
    write_summaries(staffed.warehouse, staffed.settings, friday, "run-1")
    before = summaries(staffed)

    assert write_summaries(staffed.warehouse, staffed.settings, friday, "run-2") == 0
    assert summaries(staffed) == before


def test_more_summaries_than_a_file_of_the_spool_holds_are_all_written(staffed, friday, monkeypatch):
    monkeypatch.setattr("pipelines.summary.spooling.ROWS_PER_FILE", 1)
    assert write_summaries(staffed.warehouse, staffed.settings, friday, "run-1") == 2
    assert [row.recipient_id for row in summaries(staffed)] == ["claire", "john"]


def test_only_what_changed_is_replaced(staffed, friday):
    write_summaries(staffed.warehouse, staffed.settings, friday, "run-1")
    staffed.answers(*staffed.many("nice", 1, 0))

    assert write_summaries(staffed.warehouse, staffed.settings, friday, "run-2") == 1
    assert [(row.recipient_id, row.run_id) for row in summaries(staffed)] == [("claire", "run-1"), ("john", "run-2")]


def test_pages_are_written_again_when_an_answer_is_erased_meanwhile_also_where_nobody_has_a_row(
    staffed, friday, monkeypatch
):
    """Nothing is there to replace, and the pages quote it all the same."""
    staffed.recipients = ()
    staffed.answers(*staffed.many("lille", 0, 1, verbatim="quetzalcoatlus"))

    def erased_meanwhile(*asked):
        figures = collect_figures(*asked)
        monkeypatch.undo()
        with staffed.warehouse.publishing() as connection:
            connection.execute(sa.delete(client_response).where(client_response.c.verbatim == "quetzalcoatlus"))
            noted = {"erasure_id": "e-1", "source": "enquete", "response_key": "k", "erased_at": SEVEN}
            connection.execute(sa.insert(erasure).values(**noted, proof=PROOF.as_json()))
        return figures

    monkeypatch.setattr("pipelines.summary.writing.collect_figures", erased_meanwhile)
    assert write_summaries(staffed.warehouse, staffed.settings, friday, "run-1") == 0
    pages = [file.read_text(encoding="utf-8") for file in staffed.home.rglob("*.html")]
    assert len(pages) > 1
    assert not any("quetzalcoatlus" in page for page in pages)


def test_a_recipient_whose_unit_is_gone_is_named_and_the_others_are_written(staffed, friday, caplog):
    staffed.recipients = (*staffed.recipients, Recipient(id="zoe", name="Zoé", unit="brest", locale="fr"))

    assert write_summaries(staffed.warehouse, staffed.settings, friday, "run-1") == 2
    assert "summary.skipped recipient=zoe unit=brest business_date=2026-11-20" in caplog.text


def test_every_unit_has_a_page_in_every_language_that_somebody_reads(staffed, friday):
    write_summaries(staffed.warehouse, staffed.settings, friday, "run-1")

    folder = staffed.home / "pages" / "2026-11-20"
    units = ("maison", "nord", "sud", "lille", "arras", "nice")
    pages = {f"{unit}.{locale}.html" for unit in units for locale in ("fr", "en")}
    assert {file.name for file in folder.iterdir()} == {*pages, "index.html"}
    assert unit_page(staffed.home, friday, "lille", "fr").read_text(encoding="utf-8").count("<h1>") == 1


def test_a_page_leads_to_those_below_it(staffed, friday):
    write_summaries(staffed.warehouse, staffed.settings, friday, "run-1")

    page = unit_page(staffed.home, friday, "maison", "en").read_text(encoding="utf-8")
    assert 'href="nord.en.html"' in page
    assert 'href="nice.en.html"' in page


def test_the_index_leads_to_every_page_and_never_goes_back_in_time(staffed, friday):
    write_summaries(staffed.warehouse, staffed.settings, friday, "run-1")
    write_summaries(staffed.warehouse, staffed.settings, friday - timedelta(days=1), "run-2")

    index = latest_page(staffed.home).read_text(encoding="utf-8")
    assert 'href="2026-11-20/lille.fr.html"' in index
    assert "2026-11-19" not in index
    assert "1 réseau" in index


def test_an_empty_network_writes_an_empty_index(house, friday):
    assert write_summaries(house.warehouse, house.settings, friday, "run-1") == 0
    assert latest_page(house.home).exists()


def test_no_draft_is_left_behind(staffed, friday):
    write_summaries(staffed.warehouse, staffed.settings, friday, "run-1")
    assert list(staffed.home.glob("pages/**/*.draft")) == []


def test_a_file_that_several_write_at_once_is_there_whole(tmp_path):
    """Eight threads of one process begin together, fifty times: none takes the draft of another."""
    together, page = Barrier(8, timeout=30), tmp_path / "lille.fr.html"

    def write(text):
        for _ in range(50):
            together.wait()
            write_atomically(page, text)

    with ThreadPoolExecutor(8) as pool:
        texts = [str(number) * 100_000 for number in range(8)]
        list(pool.map(write, texts))
    assert page.read_text(encoding="utf-8") in texts
    assert list(tmp_path.iterdir()) == [page]


def test_unit_ids_make_file_names_that_are_safe_and_different():
    ids = ("lyon-1", "../../etc/passwd", "a/b", "a\\b", "a b", "", ".", "中文", "中國", "x" * 300)
    names = [page_name(unit_id, "fr") for unit_id in ids]
    assert len(set(names)) == len(ids)
    assert all(name == name.strip(". /") and "/" not in name and "\\" not in name for name in names)
    assert max(map(len, names)) < 100
    assert names[0] == "lyon-1.fr.html"


def test_the_day_is_the_folder(home):
    assert unit_page(home, date(2026, 1, 2), "lyon-1", "fr") == home / "pages" / "2026-01-02" / "lyon-1.fr.html"
