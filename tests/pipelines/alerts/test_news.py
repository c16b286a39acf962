"""News from a real warehouse: sources late and silent, what a morning saw, and the same findings whoever asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from pipelines.alerts.news import News
from pipelines.settings import Network, Settings, Unit
from pipelines.settings.alert_news import AlertNews
from pipelines.settings.files_source import FilesSource
from pipelines.warehouse import Warehouse
from pipelines.warehouse.alerts_found import replace_findings
from pipelines.warehouse.alerts_looked import note_looked
from pipelines.warehouse.ledger import CLIENT_FEEDBACK, LedgerRow, write_ledger_row
from pipelines.warehouse.network import synchronise_network
from pipelines.warehouse.tables import client_response, invitation_count
from symetrie.alerts.finding import Finding

LAST = date(2026, 11, 20)
DAYS = 112
ON_ONE_ENGINE = pytest.mark.parametrize("warehouse_url", ["duckdb"], indirect=True)
"""Of what is decided in numpy, from the same rows on either engine."""
SHOPS = ("lille", "lens", "nice", "nimes")


def unit(id_: str, parent: str | None = None) -> Unit:
    return Unit(id=id_, kind="site" if parent else "network", name=id_, timezone="Europe/Paris", parent=parent)


NETWORK = Network(
    (
        unit("france"),
        *(unit(region, "france") for region in ("north", "south")),
        *(unit(shop, "north" if shop.startswith("l") else "south") for shop in SHOPS),
    )
)


@dataclass
class House:
    """A warehouse into which answers and runs are written as they would stand there."""

    warehouse: Warehouse
    settings: Settings
    news: News = News()

    def answer(
        self, source: str, per_day: int, *, until: int = 0, shops: Iterable[str] = SHOPS, every: int = 1
    ) -> None:
        """Answers of half a year up to some days before the last date, brought each by the run of their own day."""
        days = [LAST - timedelta(days=age) for age in range(until, DAYS) if age % every == 0]
        self.write((source, shop, day, number, day) for day in days for shop in shops for number in range(per_day))

    def write(self, rows: Iterable[tuple[str, str, date, int, date]]) -> None:
        """Write answers: source, shop, day, number, and the business date of the run that brought them."""
        frame = pd.DataFrame(list(rows), columns=["source", "unit_id", "day", "number", "run_on"])
        business_date = pd.to_datetime(frame["day"]).astype("datetime64[us]")
        at = business_date.dt.tz_localize("UTC")
        written = pd.DataFrame(
            {
                "source": frame["source"],
                "response_id": frame["unit_id"] + frame["day"].astype(str) + frame["number"].astype(str),
                "questionnaire_version": "test-1",
                "unit_id": frame["unit_id"],
                "business_date": business_date,
                "submitted_at": at,
                "version_at": at,
                "channel": "store",
                "status": np.where(frame["number"] % 2, "held", "published"),
                "content_hash": "x",
                "run_id": frame["run_on"].astype(str),
            }
        )
        with self.warehouse.publishing() as connection:
            self.warehouse.load(connection, client_response, written)

    def run(self, source: str, *days: date, status: str = "published", after_days: float = 1.2) -> None:
        """The runs of business dates, in the morning after each unless they come later."""
        with self.warehouse.publishing() as connection:
            for day in days:
                started = datetime.combine(day, datetime.min.time(), UTC) + timedelta(days=after_days)
                row = LedgerRow(str(day), CLIENT_FEEDBACK, source, day, started, started, status)
                write_ledger_row(connection, row)

    def find(self, *days: date, kind: str = "") -> list[Finding]:
        with self.warehouse.reading() as connection:
            found = self.news(connection, self.settings, days or (LAST,))
        return [finding for finding in found if kind in finding.cause.kind]

    def look(self, *days: date) -> None:
        """Find and keep, as the step does."""
        with self.warehouse.publishing() as connection:
            found = self.news(connection, self.settings, days)
            replace_findings(self.warehouse, connection, self.news.name, days, found)
            note_looked(connection, self.news.name, days, datetime(2026, 11, 21, tzinfo=UTC))


@pytest.fixture
def house(warehouse: Warehouse, tmp_path: Path) -> House:
    """A house on each engine."""
    synchronise_network(warehouse, NETWORK)
    sources = tuple(
        FilesSource(name=name, kind="files", path="*.csv", questionnaire="test-1") for name in ("survey", "web")
    )
    settings = Settings(tmp_path, tmp_path, "", NETWORK, sources, questionnaires={}, scales={})
    return House(warehouse, settings)


def told(findings: Iterable[Finding]) -> list[tuple[Any, ...]]:
    return [(finding.cause.kind, finding.cause.unit_id, finding.cause.subject) for finding in findings]


def test_an_empty_warehouse_shows_nothing(house):
    assert house.find() == []


@ON_ONE_ENGINE
def test_a_usual_day_shows_nothing(house):
    house.answer("survey", 4)
    house.answer("web", 2)
    assert house.find() == []


@ON_ONE_ENGINE
def test_a_source_that_gives_nothing_for_days_is_one_finding(house):
    house.answer("survey", 4, until=3)
    house.answer("web", 2)
    (finding,) = house.find()
    assert told([finding]) == [("source_silent", "france", "survey")]
    assert finding.severity == 3
    assert finding.evidence == {
        "source": "survey",
        "newest_answer_on": "2026-11-17",
        "days": 3,
        "seen": 0,
        "expected": 48.0,
        "usual_per_day": 16.0,
        "usual_lag_days": 0,
    }


@ON_ONE_ENGINE
def test_a_source_is_about_the_lowest_unit_that_holds_all_it_speaks_of(house):
    house.answer("survey", 4)
    house.answer("web", 9, until=3, shops=("lille", "lens"))
    assert told(house.find(kind="source")) == [("source_silent", "north", "web")]


@ON_ONE_ENGINE
def test_the_only_source_of_a_network_is_told_as_silent(house):
    house.answer("survey", 4, until=4)
    house.answer("web", 0)
    assert told(house.find()) == [("source_silent", "france", "survey")]


@ON_ONE_ENGINE
def test_sources_that_fall_silent_together_are_one_finding_at_the_network(house):
    house.answer("survey", 10, until=2)
    house.answer("web", 8, until=2)
    assert told(house.find()) == [("unit_quiet", "france", "")]


def test_a_source_that_never_gave_an_answer_is_silent_some_days_after_its_first_run(house):
    house.answer("survey", 4)
    house.run("web", LAST - timedelta(days=3))
    assert house.find(LAST - timedelta(days=1)) == []
    (finding,) = house.find()
    assert told([finding]) == [("source_silent", "france", "web")]
    assert finding.evidence["is_never"] is True
    assert finding.evidence["asked_since"] == "2026-11-17"


@ON_ONE_ENGINE
def test_a_source_that_nobody_asked_yet_is_not_silent(house):
    house.answer("survey", 4)
    assert house.find() == []


@ON_ONE_ENGINE
def test_a_source_that_nobody_waits_for_is_not_silent(house):
    house.answer("survey", 4, until=3)
    house.answer("web", 2)
    house.news = News(AlertNews(may_be_silent=("survey",)))
    assert house.find() == []


@ON_ONE_ENGINE
def test_only_kinds_that_are_asked_for_are_told(house):
    house.answer("survey", 4, until=3)
    house.answer("web", 2)
    house.news = News(AlertNews(kinds=("unit_quiet",)))
    assert house.find() == []


def test_a_date_beyond_all_answers_is_no_storm(house):
    house.answer("survey", 4)
    house.answer("web", 2)
    for source in ("survey", "web"):
        house.run(source, LAST)
    assert house.find(date(2031, 1, 1)) == []
    assert len(house.find(LAST + timedelta(days=30))) == 1


def test_a_source_that_had_not_arrived_when_the_morning_looked_is_late(house):
    house.answer("survey", 4, until=1)
    house.answer("web", 2)
    house.run("survey", LAST, status="failed")
    house.run("web", LAST)
    (finding,) = house.find()
    assert told([finding]) == [("source_late", "france", "survey")]
    assert finding.evidence["last_run_status"] == "failed"
    assert finding.evidence["newest_answer_on"] == "2026-11-19"


def test_what_a_morning_saw_is_kept_when_the_answers_have_come(house):
    house.answer("survey", 4, until=1)
    house.answer("web", 2)
    house.run("web", LAST)
    house.look(LAST)
    seen = house.find(kind="source_late")
    house.write(("survey", shop, LAST, number, LAST) for shop in SHOPS for number in range(4))
    assert told(seen) == [("source_late", "france", "survey")]
    assert house.find(kind="source_late") == seen
    house.look(LAST)
    assert house.find(kind="source_late") == seen
    assert house.find(LAST + timedelta(days=1), kind="source_late") == []


@ON_ONE_ENGINE
def test_a_replay_of_an_older_date_does_not_look_back_in_time(house):
    house.answer("survey", 4, until=1)
    house.answer("web", 2)
    house.run("web", LAST, after_days=9)
    assert house.find() == []


@ON_ONE_ENGINE
def test_a_date_that_was_looked_at_in_time_is_not_found_late_afterwards(house):
    house.answer("survey", 4)
    house.answer("web", 2)
    house.run("web", LAST)
    house.look(LAST)
    with house.warehouse.publishing() as connection:
        of_survey = sa.and_(client_response.c.source == "survey", client_response.c.business_date == LAST)
        connection.execute(sa.delete(client_response).where(of_survey))
    assert house.find(kind="source_late") == []


def test_a_file_that_comes_once_a_week_is_not_late_during_the_week(house):
    house.answer("web", 2, until=-4)
    monday = date(2026, 11, 16)
    days = [monday - timedelta(days=age) for age in range(1, DAYS)]
    brought = {day: day + timedelta(days=(6 - day.weekday()) % 7) for day in days}  # with the run of each Sunday
    house.write(("survey", shop, day, n, brought[day]) for day in days for shop in SHOPS for n in range(4))
    house.run("survey", *sorted({*brought.values(), LAST}))
    assert house.find(LAST, kind="source") == []
    house.run("survey", date(2026, 11, 24))
    assert told(house.find(date(2026, 11, 24), kind="source_late")) == [("source_late", "france", "survey")]


def test_answers_of_later_days_change_nothing(house):
    house.answer("survey", 4, until=30)
    house.answer("web", 2)
    day = LAST - timedelta(days=25)
    before = house.find(day)
    house.answer("late", 9, until=0)
    house.write(("survey", "lille", LAST, number, LAST) for number in range(500))
    with house.warehouse.publishing() as connection:
        connection.execute(sa.delete(client_response).where(client_response.c.source == "late"))
    assert told(before) == [("source_silent", "france", "survey")]
    assert house.find(day) == before


def test_days_asked_together_or_alone_in_any_order_show_the_same(house):
    house.answer("survey", 4, until=100)
    house.answer("web", 12, until=0)
    house.answer("kiosk", 9, until=0, shops=("lens",))
    days = [LAST - timedelta(days=age) for age in (0, 40, 97, 98, 120)]
    alone = [finding for day in sorted(days) for finding in house.find(day)]
    assert house.find(*days) == alone
    assert house.find(*reversed(days)) == alone
    assert alone


def invite(house: House, per_day: int, source: str = "sent") -> None:
    days = [LAST - timedelta(days=age) for age in range(DAYS)]
    said = {"source": source, "channel": "store", "sent_count": per_day, "page_hash": "x", "run_id": "test"}
    said["version_at"] = datetime(2026, 11, 21, tzinfo=UTC)
    rows = [said | {"business_date": day, "unit_id": shop} for day in days for shop in SHOPS]
    with house.warehouse.publishing() as connection:
        connection.execute(sa.insert(invitation_count), rows)


def test_clients_who_no_longer_answer_invitations_are_told_by_the_week(house):
    house.answer("survey", 10, shops=("lens", "nice", "nimes"))
    house.answer("survey", 10, until=21, shops=("lille",))
    house.write(("survey", "lille", LAST - timedelta(days=age), n, LAST) for age in range(21) for n in range(3))
    invite(house, 20)
    invite(house, 30, source="also sent")
    (finding,) = house.find(kind="participation_low")
    assert told([finding]) == [("participation_low", "lille", "")]
    assert (finding.evidence["seen"], finding.evidence["days"], finding.evidence["since"]) == (63, 21, "2026-10-31")
    assert finding.evidence["expected"] == pytest.approx(210, abs=1)


@ON_ONE_ENGINE
def test_fewer_answers_to_fewer_invitations_are_no_low_participation(house):
    house.answer("survey", 10, shops=("lens", "nice", "nimes"))
    house.answer("survey", 10, until=21, shops=("lille",))
    invite(house, 50)
    with house.warehouse.publishing() as connection:
        sent = invitation_count.c
        stopped = sa.and_(sent.unit_id == "lille", sent.business_date > LAST - timedelta(days=21))
        connection.execute(sa.delete(invitation_count).where(stopped))
    assert house.find(kind="participation_low") == []


def test_where_no_invitations_are_known_nothing_is_said_of_participation(house):
    house.answer("survey", 4)
    assert house.find(kind="participation_low") == []
