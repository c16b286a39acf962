"""What was received goes after its days; what waits for somebody, and what is known of it, stays."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from pipelines import retention, steps
from pipelines.alerts.pages.addresses import alert_page
from pipelines.landing import expire, landed_pages
from pipelines.run import run_days
from pipelines.settings import Settings, load_settings
from pipelines.warehouse import open_warehouse
from pipelines.warehouse.tables import alert_outbox, client_response, quarantine, received_page, summary

DAY = date(2026, 11, 20)
NOW = datetime.now(UTC)
THEN = datetime(2026, 11, 20, 12, tzinfo=UTC)
SETTINGS = """\
network:
  units:
    - {id: shops, kind: network, name: Two shops, timezone: Europe/Paris}
    - {id: lyon, kind: site, name: Lyon, parent: shops}
questionnaires:
  test-1:
    overall: {field: mark, scale: one_to_five}
sources:
  - name: survey
    kind: files
    path: drops/*
    questionnaire: test-1
    settle_seconds: 0
    fields: {response_id: id, unit_id: shop, submitted_at: at}
recipients:
  - {id: claire, name: Claire, unit: shops}
"""


@pytest.fixture
def house(tmp_path: Path, home: Path, warehouse_url: str) -> Settings:
    """A house that keeps pages for 90 days, payloads for 30, staged batches for 7, summaries for 400."""
    (tmp_path / "drops").mkdir()
    (tmp_path / "symetrie.yaml").write_text(SETTINGS, encoding="utf-8")
    environment = os.environ | {"SYMETRIE_HOME": str(home), "SYMETRIE_WAREHOUSE_URL": warehouse_url}
    return load_settings(tmp_path / "symetrie.yaml", environment)


@pytest.fixture
def drop(tmp_path: Path) -> Callable[..., None]:
    """Drop a file of good answers, and bad ones of a shop that is unknown."""

    def write(name: str, good: int, bad: int = 0) -> None:
        rows = [f"{name}{n},{'lyon' if n < good else 'paris'},2026-11-20 10:00,5" for n in range(good + bad)]
        (tmp_path / "drops" / name).write_text("\n".join(["id,shop,at,mark", *rows, ""]), encoding="utf-8")

    return write


def swept(settings: Settings, days: int, since: datetime = NOW) -> retention.Sweep:
    """What a sweep removes so many days from now, or from the business date."""
    with closing(open_warehouse(settings.warehouse_url, settings.home)) as warehouse:
        return retention.sweep(warehouse, settings, since + timedelta(days=days))


def rows(settings: Settings, *columns: Any) -> list[tuple[Any, ...]]:
    with closing(open_warehouse(settings.warehouse_url, settings.home)) as warehouse, warehouse.reading() as connection:
        return sorted((tuple(row) for row in connection.execute(sa.select(*columns))), key=repr)


def test_pages_go_after_their_days_and_stay_known_as_received(house: Settings, drop) -> None:
    """The file may still lie at its source: it is not received again. A sweep may be repeated."""
    drop("a.csv", 5)
    run_days(house, DAY)
    assert swept(house, 89).removed["pages"] == 0
    assert swept(house, 91).removed["pages"] == 1
    assert swept(house, 91).removed["pages"] == 0
    assert [file for file in (house.home / "landing").rglob("*") if file.is_file() and file.name != ".lock"] == []
    assert len(rows(house, received_page.c.content_hash)) == 1
    assert run_days(house, DAY).counts["survey"]["received"] == 0
    assert len(rows(house, client_response.c.response_id)) == 5


def test_a_replay_says_how_many_pages_have_expired(house: Settings, drop) -> None:
    """It reads the others, and takes nothing away that it cannot read."""
    drop("a.csv", 5)
    run_days(house, DAY)
    swept(house, 91)
    drop("b.csv", 3)
    run_days(house, DAY)
    report = run_days(house, DAY, replay=True)
    assert report.counts["survey"]["received"] == 3
    assert "survey: 1 of 2 pages received have expired after 90 days and were not replayed" in report.warnings
    assert len(rows(house, client_response.c.response_id)) == 8


def test_pages_that_are_not_published_and_those_of_held_batches_stay(house: Settings, drop) -> None:
    """Until somebody decides; then they go."""
    drop("held.csv", 5, bad=20)
    report = run_days(house, DAY)
    drop("landed.csv", 3)
    steps.extract_source(house, "survey", DAY)
    assert swept(house, 91).removed["pages"] == 0
    assert swept(house, 91).removed["staged"] == 0
    steps.discard_batch(house, report.run_id, "survey")
    assert swept(house, 91).removed["pages"] == 1
    assert [page.name for page in landed_pages(house.home, "survey")] == ["landed.csv"]


def test_payloads_go_after_their_days_and_the_reasons_stay(house: Settings, drop) -> None:
    """The record says that what was received has expired."""
    drop("a.csv", 20, bad=2)
    run_days(house, DAY)
    assert swept(house, 29).removed["payloads"] == 0
    assert swept(house, 31).removed["payloads"] == 2
    assert swept(house, 31).removed["payloads"] == 0
    [(reasons, payload, message), _] = rows(house, quarantine.c.reasons, quarantine.c.payload, quarantine.c.message)
    assert (reasons, payload) == ("unknown_unit", "")
    assert "what was received expired on" in message


def test_what_a_killed_run_has_staged_goes_after_its_days(house: Settings, drop) -> None:
    drop("a.csv", 5)
    run_id = steps.start_run(house, DAY)
    steps.validate_source(house, "survey", steps.extract_source(house, "survey", DAY), DAY, run_id)
    assert swept(house, 6).removed["staged"] == 0
    assert swept(house, 8).removed["staged"] == 1
    assert list((house.home / "staging").iterdir()) == []


def test_what_a_killed_purge_left_goes_with_the_next_sweep(tmp_path: Path, home: Path, house: Settings) -> None:
    """It holds all that the warehouse held."""
    embedded = load_settings(
        tmp_path / "symetrie.yaml",
        os.environ | {"SYMETRIE_HOME": str(home), "SYMETRIE_WAREHOUSE_URL": f"duckdb:///{home / 'w.duckdb'}"},
    )
    (home / ".rebuilt-w.duckdb-x1" / "export").mkdir(parents=True)
    assert swept(embedded, 0).removed["rebuilt"] == 1
    assert list(home.glob(".rebuilt-*")) == []


def test_summaries_and_their_pages_go_after_their_days_but_for_the_newest(house: Settings, drop) -> None:
    """Somebody who opens the latest page finds it."""
    drop("a.csv", 5)
    run_days(house, DAY)
    for day in (DAY - timedelta(days=1), DAY):
        steps.write_summaries(house, day)
    assert swept(house, 390, THEN).removed["summaries"] == 0
    assert swept(house, 410, THEN).removed["summaries"] == 2
    assert rows(house, summary.c.recipient_id) == []
    assert [each.name for each in (house.home / "pages").iterdir() if each.is_dir()] == ["2026-11-20"]


def test_the_record_of_messages_goes_with_that_of_mails_once_they_are_done_with(house: Settings) -> None:
    told = {"channel": "ops", "occasion": "morning", "attempt_count": 1, "business_date": DAY}
    told |= dict.fromkeys(("noticed_at", "due_at", "next_attempt_at", "created_at"), datetime(2026, 11, 21, tzinfo=UTC))
    with steps.opened(house) as warehouse, warehouse.publishing() as connection:
        for status in ("sent", "dead", "waiting"):
            connection.execute(sa.insert(alert_outbox).values(message_id=status, status=status, **told))
    assert swept(house, 390, THEN).removed["messages"] == 0
    assert swept(house, 410, THEN).removed["messages"] == 2
    with steps.opened(house) as warehouse, warehouse.reading() as connection:
        assert list(connection.scalars(sa.select(alert_outbox.c.status))) == ["waiting"]


def test_pages_of_the_mirror_go_after_the_days_of_summaries_but_for_the_newest(house: Settings) -> None:
    steps.start_run(house, DAY)
    older, newest = ((NOW - timedelta(days=days)).date().isoformat() for days in (90, 20))
    for day in (older, newest):
        (house.home / "pages" / "mirror" / day).mkdir(parents=True)
    assert swept(house, 305).removed["mirrors"] == 0
    assert swept(house, 315).removed["mirrors"] == 1
    assert [each.name for each in (house.home / "pages" / "mirror").iterdir()] == [newest]


def test_pages_of_alerts_that_nothing_has_changed_go_with_the_summaries_of_then(house: Settings) -> None:
    steps.start_run(house, DAY)
    for name, days in (("older", 90), ("newer", 20)):
        page = alert_page(house.home, name, "fr")
        page.parent.mkdir(parents=True, exist_ok=True)
        page.touch()
        os.utime(page, ((NOW - timedelta(days=days)).timestamp(),) * 2)
    assert swept(house, 305).removed["alert pages"] == 0
    assert swept(house, 315).removed["alert pages"] == 1
    assert [each.name for each in (house.home / "pages" / "alerts").iterdir()] == ["newer.fr.html"]


def test_one_kind_that_fails_stops_neither_the_others_nor_the_day(
    house: Settings, drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is named, and swept the next time."""

    def failing(*given: Any) -> None:
        raise OSError("read-only file system")

    monkeypatch.setattr(retention, "expire_orphans", failing)
    drop("a.csv", 20, bad=1)
    report = run_days(house, DAY)
    assert report.counts["survey"]["loaded"] == 20
    assert "retention: pages could not be swept, and will be the next time; the log says why" in report.warnings
    assert swept(house, 31).failed == ("pages",)
    assert rows(house, quarantine.c.payload) == [("",)]


def test_a_page_killed_in_the_middle_of_its_removal_is_removed_by_the_next_sweep(
    house: Settings, drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its manifest went first: nobody sees a page that is not there."""
    drop("a.csv", 5)
    run_days(house, DAY)
    [page] = landed_pages(house.home, "survey")

    def killed(self: Path, missing_ok: bool = False) -> None:
        raise KeyboardInterrupt

    removed = Path.unlink
    monkeypatch.setattr(
        Path, "unlink", lambda file, **kw: removed(file, **kw) if file.suffix == ".json" else killed(file)
    )
    with pytest.raises(KeyboardInterrupt):
        expire(page)
    monkeypatch.undo()
    assert page.path.exists()
    assert landed_pages(house.home, "survey") == []
    swept(house, 0)
    assert not page.path.exists()
