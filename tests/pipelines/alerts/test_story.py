"""Any story of findings, late data, replays, people and messages ends as if all had been known from the start."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from pipelines.alerts.acting import act
from pipelines.alerts.alerting import AlertReport, alert
from pipelines.alerts.folding import refold
from pipelines.alerts.reading import read_alerts, read_events, read_notices
from pipelines.settings import Settings, load_settings
from pipelines.warehouse import Warehouse, open_warehouse
from pipelines.warehouse.alerts_marked import note_told
from pipelines.warehouse.network import synchronise_network
from pipelines.warehouse.tables import alert as alert_table
from pipelines.warehouse.tables import alert_cause, alert_event, alert_notice
from symetrie.alerts.finding import Cause
from symetrie.alerts.states import ACTIVE, possible_actions
from tests.pipelines.alerts.conftest import FIRST, Seer, day

CAUSES = (
    Cause("case", "unhappy_client", "lyon", subject="survey/R-1"),
    Cause("signal", "fall", "lyon", "overall"),
    Cause("news", "unit_quiet", "lyon"),
)
HOUSE = """\
network:
  units:
    - {id: france, kind: network, name: France, timezone: Europe/Paris}
    - {id: centre, kind: region, name: Centre, parent: france}
    - {id: lyon, kind: site, name: Lyon, parent: centre}
sources:
  - {name: survey, path: drops/*.csv, questionnaire: overall-only-1}
alerts: {follow_up: {case: {expires_days: 6}, news: {expires_days: 5}, signal: {deadline_days: 2, expires_days: 12}}}
"""
NUMBERS = st.integers(1, 10)
SHOWN = st.tuples(
    st.sampled_from(CAUSES), NUMBERS, st.integers(1, 3), st.sampled_from(("show", "show", "show", "over", "hide"))
)
Shown = tuple[Cause, int, int, str]
TOLD = frozenset({"opened", "worsened", "escalated", "recovered", "withdrawn"})
TEMPLATE: dict[str, Path] = {}


class Story(RuleBasedStateMachine):
    """A world of three causes whose data change at will, looked at in any order, acted on and told."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="symetrie-story-"))
        shutil.copytree(TEMPLATE["house"], self.folder, dirs_exist_ok=True)
        self.settings: Settings = load_settings(self.folder / "symetrie.yaml", {"SYMETRIE_HOME": str(self.folder)})
        self.warehouse: Warehouse = open_warehouse(self.settings.warehouse_url, self.folder)
        self.seer, self.until, self.dirty = Seer(), 0, set[int]()
        self.moment = datetime(2026, 11, 1, tzinfo=UTC)
        self.told: set[tuple[str, str, str]] = set()

    @initialize(world=st.lists(SHOWN, min_size=6, max_size=16), steps=st.integers(1, 3))
    def the_first_mornings(self, world: list[Shown], steps: int) -> None:
        for each in world:
            self.change(*each)
        self.mornings_pass(steps, is_told=True)

    # What the world does: late data show a cause on a day, take it back, or show it later. They are looked at on
    # the same morning, or wait for the next one.

    @rule(changes=st.lists(SHOWN, min_size=1, max_size=4), is_looked_at=st.booleans())
    def late_data_come(self, changes: list[Shown], is_looked_at: bool) -> None:
        for each in changes:
            self.change(*each)
        if is_looked_at:  # by a replay of an earlier day
            self.look([], min(changes[0][1], self.until))

    @precondition(lambda self: self.rows())
    @rule(data=st.data(), later=st.integers(-2, 3))
    def an_opening_moves(self, data: st.DataObject, later: int) -> None:
        """The first day of an alert is another one by now, or there is none any more."""
        row = data.draw(st.sampled_from(self.rows()))
        number = (row.opened_on - FIRST).days + 1
        found = self.seer.shown.pop((row.opened_on, row.cause), None)
        self.dirty.add(number)
        if found is not None and later and number + later > 0:
            self.seer.show(row.cause, number + later, severity=found.severity, size=found.size_points)
            self.dirty.add(number + later)
        self.look([], self.until)

    # What the house does.

    @rule(steps=st.integers(1, 4), is_told=st.booleans())
    def mornings_pass(self, steps: int, is_told: bool) -> None:
        for _ in range(steps):
            self.look([self.until + 1], self.until + 1)
            if is_told:
                self.a_message_tells_what_is_new()

    @rule(days=st.lists(NUMBERS, min_size=1, max_size=5))
    def days_are_replayed(self, days: list[int]) -> None:
        """One by one, in any order; on what has not changed it changes nothing."""
        self.look([], self.until)
        before = self.tables()
        for number in days:
            if number <= self.until:
                report = self.look([number], number)
                assert (report.new, report.differing, report.gone) == ((), (), ())
        assert self.tables() == before

    @rule(skipped=st.integers(1, 3))
    def mornings_are_missed_and_made_up_for_later(self, skipped: int) -> None:
        """The days in between are looked at last."""
        first = self.until + 1
        self.look([first + skipped], first + skipped)
        for number in reversed(range(first, first + skipped)):
            self.look([number], number)

    @precondition(lambda self: self.rows(ACTIVE))
    @rule(data=st.data())
    def a_person_acts(self, data: st.DataObject) -> None:
        chosen = data.draw(st.sampled_from(self.rows(ACTIVE)))
        name = data.draw(st.sampled_from(possible_actions(chosen.state)))
        today = day(self.until + 1)
        until_on = today + timedelta(days=3) if name == "snooze" else None
        act(self.warehouse, self.settings, chosen.alert_id, name, by="Anne", note="", until_on=until_on, now=self.now())

    @rule()
    def a_message_tells_what_is_new(self) -> None:
        """One message a morning; nothing that was told is told again, whatever was replayed in between."""
        self.look([], self.until)
        rows = self.rows()
        with self.warehouse.publishing() as connection:
            notices = read_notices(connection, [row.alert_id for row in rows])
            events = read_events(connection, [row.alert_id for row in rows])
            known = {(row.alert_id, each.reason) for row in rows for each in notices.get(row.alert_id, ())}
            due = [
                (row, "ops", event.event)
                for row in rows
                for event in events[row.alert_id]
                if event.event in TOLD and (row.alert_id, event.event) not in known
                if row.state != "withdrawn" or event.event == "withdrawn"
            ]
            note_told(self.warehouse, connection, due, day(self.until), self.now())
        again = {(row.alert_id, reason, "ops") for row, _, reason in due} & self.told
        assert not again
        self.told |= {(row.alert_id, reason, "ops") for row, _, reason in due}

    # What must hold.

    @invariant()
    def alerts_are_one_at_a_time_and_explain_themselves(self) -> None:
        """Never two open ones of a cause; every state follows of the events; what was told never vanishes."""
        with self.warehouse.reading() as connection:
            rows = read_alerts(connection)
            events = read_events(connection, [row.alert_id for row in rows])
            notices = read_notices(connection, [row.alert_id for row in rows])
            told = connection.scalar(sa.select(sa.func.count()).select_from(alert_notice))
        active = [row.cause_id for row in rows if row.is_active]
        assert len(active) == len(set(active))
        for row in rows:
            found = events[row.alert_id]
            assert [each.number for each in found] == list(range(1, len(found) + 1))
            assert [each.from_state for each in found] == [None, *(each.to_state for each in found[:-1])]
            assert (found[-1].to_state, row.ended_on is None) == (row.state, row.is_active)
        assert sum(len(each) for each in notices.values()) == told

    @invariant()
    def everything_told_anew_from_nothing_is_the_same(self) -> None:
        if not self.until:
            return
        before = self.tables()
        with self.warehouse.engine.connect() as connection, connection.begin() as undone:
            connection.execute(sa.delete(alert_table))
            connection.execute(sa.delete(alert_event))
            causes = connection.scalars(sa.select(alert_cause.c.cause_id)).all()
            refold(self.warehouse, connection, self.settings, causes, day(self.until))
            assert self.tables(connection) == before
            undone.rollback()

    def teardown(self) -> None:
        self.warehouse.close()
        shutil.rmtree(self.folder)

    def change(self, cause: Cause, number: int, severity: Any, what: str) -> None:
        """Let a day show a cause, show it as over, or no more."""
        if what == "hide":
            self.seer.hide(cause, number)
        else:
            is_over = what == "over" and cause.lane == "signal"
            self.seer.show(cause, number, severity=severity, size=-float(severity), is_over=is_over)
        self.dirty.add(number)

    def look(self, numbers: list[int], until: int) -> AlertReport:
        """Look at some days, and as the comparison of days would, at those that have changed since."""
        self.until = max(self.until, until)
        changed = {number for number in self.dirty if number <= self.until}
        self.dirty -= changed
        days: list[date] = [day(number) for number in {*numbers, *changed}]
        return alert(self.warehouse, self.settings, days, day(until), [self.seer])

    def now(self) -> datetime:
        """A clock that goes on, on the morning after the last day."""
        morning = datetime.combine(day(self.until + 1), datetime.min.time(), UTC)
        self.moment = max(morning, self.moment + timedelta(seconds=1))
        return self.moment

    def rows(self, states: Any = None) -> list[Any]:
        with self.warehouse.reading() as connection:
            return read_alerts(connection, states=states)

    def tables(self, within: sa.Connection | None = None) -> list[list[Any]]:
        with nullcontext(within) if within else self.warehouse.reading() as connection:
            return [
                sorted((tuple(row) for row in connection.execute(sa.select(table))), key=repr)
                for table in (alert_table, alert_event)
            ]


@pytest.fixture(scope="module")
def house(duckdb_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A migrated warehouse with its network, which every story copies."""
    folder = tmp_path_factory.mktemp("story")
    shutil.copytree(duckdb_template, folder, dirs_exist_ok=True)
    (folder / "symetrie.yaml").write_text(HOUSE, encoding="utf-8")
    known = load_settings(folder / "symetrie.yaml", {"SYMETRIE_HOME": str(folder)})
    warehouse = open_warehouse(known.warehouse_url, folder)
    synchronise_network(warehouse, known.network)
    warehouse.close()
    TEMPLATE["house"] = folder
    yield
    TEMPLATE.clear()


@pytest.mark.usefixtures("house")
def test_any_story_ends_as_if_everything_had_been_known_from_the_start() -> None:
    stories = int(os.environ.get("SYMETRIE_TORTURE_STORIES", "2"))
    run_state_machine_as_test(
        Story,
        settings=settings(
            max_examples=stories,
            stateful_step_count=10,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
