"""Pages of alerts on disk: there for whoever follows a link, true as long as the alert stands, gone when it is."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
import sqlalchemy as sa

from pipelines import steps
from pipelines.alerts.acting import act
from pipelines.alerts.pages import write_alert_pages, writing
from pipelines.alerts.pages.addresses import alert_page
from pipelines.settings.recipients import Recipient
from pipelines.warehouse.tables import alert, alert_event
from symetrie.alerts.finding import Cause
from tests.pipelines.alerts.conftest import Watch, day

CASE = Cause("case", "unhappy_client", "lyon", subject="survey/r-1")
FALL = Cause("signal", "fall", "lyon", "consideration")
QUIET = Cause("news", "unit_quiet", "lyon")
ON_DUCKDB = pytest.mark.parametrize("warehouse_url", ["duckdb"], indirect=True)  # the statements: once on each engine
URL = "https://voice.example.com/alerts/{alert_id}.{locale}.html"


@pytest.fixture
def published(watch: Watch) -> Watch:
    """A house whose pages are linked to, with a reader in each language."""
    watch.settings = replace(
        watch.settings,
        alerts=watch.settings.alerts.model_copy(update={"page_url": URL}),
        recipients=(Recipient(id="john", name="John", unit="lyon", locale="en"),),
    )
    return watch


def look(house: Watch, *numbers: int, until: int | None = None) -> int:
    """Look at days as the step does, pages included; gives how many alerts had theirs written."""
    report = house.look(*numbers, until=until)
    return write_alert_pages(house.warehouse, house.settings, (*report.new, *report.differing), report.gone)


def only(house: Watch) -> str:
    [(alert_id,)] = house.rows(alert.c.alert_id)
    return str(alert_id)


def text(house: Watch, alert_id: str, locale: str = "en") -> str:
    """What a page says, without its tags."""
    html = alert_page(house.settings.home, alert_id, locale).read_text(encoding="utf-8")
    body = re.sub(r"<(style|title)>.*?</\1>", "", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", body))).replace("\u00a0", " ")


def pages(house: Watch) -> list[str]:
    return sorted(page.name for page in (house.settings.home / "pages/alerts").glob("*"))


def test_an_alert_has_its_page_in_every_language_of_those_who_are_told(published: Watch) -> None:
    published.seer.show(FALL, 3, size=-12.0)
    assert look(published, 3) == 1
    alert_id = only(published)
    assert pages(published) == [f"{alert_id}.en.html", f"{alert_id}.fr.html"]
    assert "Consideration down 12 points since 3 November." in text(published, alert_id)
    assert "La considération en baisse de 12 points depuis le 3 novembre." in text(published, alert_id, "fr")
    assert look(published, 4) == 0


@ON_DUCKDB
def test_a_page_says_how_its_alert_stands_and_names_nobody(published: Watch) -> None:
    """Days by their dates, as it is read for weeks: neither today nor Tuesday."""
    published.seer.show(CASE, 3)
    look(published, 3)
    alert_id = only(published)
    assert "Nobody has taken it up yet." in text(published, alert_id)
    assert "To call back by Wednesday 4 November." in text(published, alert_id)

    eight = datetime(2026, 11, 4, 8, tzinfo=UTC)
    act(published.warehouse, published.settings, alert_id, "correct", by="Anne", note="Refunded", now=eight)
    write_alert_pages(published.warehouse, published.settings, [alert_id])
    assert "What was needed has been done." in text(published, alert_id)
    assert "4 November What was needed was done" in text(published, alert_id)
    assert "Anne" not in text(published, alert_id)
    assert "Refunded" not in text(published, alert_id)


@ON_DUCKDB
def test_what_has_recovered_says_so_on_the_page_that_was_linked_to(published: Watch) -> None:
    published.seer.show(QUIET, 3, 4)
    published.seer.show(QUIET, 5, is_over=True)
    look(published, 3)
    look(published, 4, 5)
    said = text(published, only(published))
    assert "The number of answers is no longer unusual: settled on 5 November." in said
    assert "5 November Settled" in said


def test_late_data_that_move_an_alert_leave_a_page_where_messages_lead(published: Watch) -> None:
    published.seer.show(FALL, 3, size=-12.0)
    look(published, 3)
    former = only(published)
    eight = datetime(2026, 11, 4, 8, tzinfo=UTC)
    act(published.warehouse, published.settings, former, "acknowledge", by="Anne", now=eight)
    published.seer.show(FALL, 2, size=-12.0)
    look(published, 2, until=3)
    now = only(published)
    assert now != former
    assert text(published, former) == text(published, now)
    assert "Late answers have changed its first day, which was 3 November" in text(published, now)


@ON_DUCKDB
def test_what_the_data_no_longer_show_leaves_no_page(published: Watch) -> None:
    published.seer.show(FALL, 3, size=-12.0)
    look(published, 3)
    published.seer.hide(FALL, 3)
    look(published, 3)
    assert pages(published) == []


@ON_DUCKDB
def test_a_house_without_an_address_has_no_page_until_it_gives_one(published: Watch) -> None:
    linked = published.settings
    published.settings = replace(linked, alerts=linked.alerts.model_copy(update={"page_url": None}))
    published.seer.show(FALL, 3, size=-12.0)
    assert look(published, 3) == 0
    assert pages(published) == []
    published.settings = linked
    assert look(published, 3) == 1
    assert len(pages(published)) == 2


@ON_DUCKDB
def test_of_what_was_over_long_ago_no_page_is_written(published: Watch) -> None:
    """A month that is loaded at once: the quiet day of its beginning was over before anybody could be told."""
    published.seer.show(QUIET, 2)
    published.seer.show(QUIET, 3, is_over=True)
    published.seer.show(CASE, 30)
    assert look(published, *range(1, 31)) == 1
    lanes = dict(published.rows(alert.c.alert_id, alert.c.lane))
    assert {lanes[name.partition(".")[0]] for name in pages(published)} == {"case"}
    assert sorted(lanes.values()) == ["case", "news"]


def test_a_signal_that_stands_has_its_page_written_again_every_week(published: Watch) -> None:
    """Taken up, so that no deadline changes it meanwhile."""
    published.seer.show(FALL, 3, size=-12.0)
    look(published, 3)
    eight = datetime(2026, 11, 4, 8, tzinfo=UTC)
    act(published.warehouse, published.settings, only(published), "acknowledge", by="Anne", now=eight)
    assert [look(published, number) for number in range(4, 18)] == [*[0] * 6, 1, *[0] * 6, 1]
    assert "From the answers up to Tuesday 17 November 2026." in text(published, only(published))


def test_what_is_erased_while_its_page_is_written_leaves_none(
    published: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = writing._write

    def erased_meanwhile(*given: Any) -> None:
        write(*given)
        with published.warehouse.publishing() as connection:
            connection.execute(sa.delete(alert_event))
            connection.execute(sa.delete(alert))

    monkeypatch.setattr(writing, "_write", erased_meanwhile)
    published.seer.show(CASE, 3)
    look(published, 3)
    assert pages(published) == []


@ON_DUCKDB
def test_the_step_writes_the_pages_that_its_alerts_lead_to(published: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    published.seer.show(CASE, 3)
    published.seer.show(FALL, 3, size=-12.0)
    monkeypatch.setattr("pipelines.alerts.finders.FINDERS", [published.seer])
    report = steps.raise_alerts(published.settings, day(3), "run-1")
    assert {name.partition(".")[0] for name in pages(published)} == set(report.new)
    assert len(report.new) == 2


@ON_DUCKDB
def test_the_page_of_a_case_leads_to_the_source_where_the_client_is_answered(published: Watch) -> None:
    published.seer.show(CASE, 3)
    finding = published.seer.shown[day(3), CASE]
    evidence = {"source_url": "https://survey.example.com/r-1", "why": ["overall"], "mark": 1, "measure": "overall"}
    published.seer.shown[day(3), CASE] = replace(finding, evidence=evidence)
    look(published, 3)
    html = alert_page(published.settings.home, only(published), "fr").read_text(encoding="utf-8")
    assert 'href="https://survey.example.com/r-1"' in html
    assert "Client mécontent, note 1 sur 5." in html.replace("\u00a0", " ")
