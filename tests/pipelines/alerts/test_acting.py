"""What a person does about an alert is kept for ever, and told in the alert at once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from pipelines.alerts.acting import act
from pipelines.alerts.reading import read_alerts, read_events
from pipelines.errors import SymetrieError
from pipelines.warehouse.tables import alert as alert_table
from pipelines.warehouse.tables import alert_action, alert_event
from symetrie.alerts.finding import Cause
from tests.pipelines.alerts.conftest import Watch, day

CASE = Cause("case", "unhappy_client", "lyon", subject="survey/R-1")
QUIET = Cause("news", "unit_quiet", "lyon")


def only(watch: Watch) -> str:
    [(alert_id,)] = watch.rows(alert_table.c.alert_id)
    return alert_id


def at(number: int, hour: int = 9) -> datetime:
    return datetime(2026, 11, number, hour, tzinfo=UTC)


def test_what_was_done_is_kept_with_who_did_it_and_what_they_saw(watch: Watch) -> None:
    watch.seer.show(CASE, 2, severity=3)
    watch.look(2)
    after = act(watch.warehouse, watch.settings, only(watch), "acknowledge", by=" Anne ", note=" I call ", now=at(3))
    assert (after.state, after.due_on) == ("acknowledged", day(16))
    column = alert_action.c
    assert watch.rows(
        column.action, column.acted_by, column.note, column.acted_on, column.opened_on, column.severity
    ) == [("acknowledge", "Anne", "I call", day(3), day(2), 3)]


def test_neither_name_nor_note_stands_in_a_public_table(watch: Watch) -> None:
    watch.seer.show(CASE, 2)
    watch.look(2)
    act(watch.warehouse, watch.settings, only(watch), "acknowledge", by="Anne", note="0612345678", now=at(3))
    assert not [
        text for table in watch.told() for row in table for text in row if "Anne" in str(text) or "06" in str(text)[:3]
    ]


def test_an_action_is_dated_by_the_day_where_the_unit_is(watch: Watch) -> None:
    """Half past eleven at night in London is tomorrow in Lyon."""
    watch.seer.show(CASE, 2)
    watch.look(2)
    act(watch.warehouse, watch.settings, only(watch), "close", by="Anne", now=at(3, 23))
    assert watch.rows(alert_action.c.acted_on) == [(day(4),)]


def test_what_was_done_holds_through_every_replay(watch: Watch) -> None:
    watch.seer.show(QUIET, 2, 3, 4)
    watch.look(2)
    act(watch.warehouse, watch.settings, only(watch), "close", by="Anne", now=at(3))
    before = watch.rows(alert_action)
    watch.look(2, 3, 4)
    watch.look(3)
    assert watch.states() == [(2, "closed")]
    assert watch.rows(alert_action) == before


def test_an_alert_that_late_data_move_is_found_under_its_former_id(watch: Watch) -> None:
    """Messages link to it; and what was done about it stays with it."""
    watch.seer.show(QUIET, 3, 4)
    watch.look(3, 4)
    former = only(watch)
    act(watch.warehouse, watch.settings, former, "acknowledge", by="Anne", now=at(4))
    watch.seer.show(QUIET, 2)
    watch.look(2)
    moved = act(watch.warehouse, watch.settings, former, "correct", by="Anne", note="Opened the door", now=at(6))
    assert (moved.opened_on, moved.state, moved.alert_id == former) == (day(2), "corrected", False)
    with watch.warehouse.reading() as connection:
        [events] = read_events(connection, [moved.alert_id]).values()
    assert [each.event for each in events] == ["opened", "moved", "acknowledged", "corrected"]


def test_what_is_gone_from_the_data_stands_as_withdrawn_when_somebody_acted_on_it(watch: Watch) -> None:
    watch.seer.show(CASE, 2)
    watch.look(2)
    act(watch.warehouse, watch.settings, only(watch), "acknowledge", by="Anne", now=at(3))
    watch.seer.hide(CASE, 2)
    watch.look(2)
    assert watch.states() == [(2, "withdrawn")]
    with pytest.raises(SymetrieError, match="is withdrawn since 2026-11-03; nothing more can be done about it"):
        act(watch.warehouse, watch.settings, only(watch), "close", by="Anne", now=at(4))


def test_a_clock_that_is_set_back_does_not_turn_around_what_was_done(watch: Watch) -> None:
    watch.seer.show(CASE, 2)
    watch.look(2)
    act(watch.warehouse, watch.settings, only(watch), "correct", by="Anne", note="Called", now=at(3, 12))
    act(watch.warehouse, watch.settings, only(watch), "close", by="Anne", now=at(3, 8))
    assert [row[0] for row in watch.rows(alert_event.c.event, alert_event.c.number)] == [
        "closed",
        "corrected",
        "opened",
    ]
    assert watch.states() == [(2, "closed")]


def test_a_refused_action_leaves_nothing(watch: Watch) -> None:
    watch.seer.show(CASE, 2)
    watch.look(2)
    alert_id = only(watch)
    act(watch.warehouse, watch.settings, alert_id, "correct", by="Anne", note="Called", now=at(3))
    for action in ("acknowledge", "correct"):
        with pytest.raises(SymetrieError, match="is corrected already; possible now: snooze, close"):
            act(watch.warehouse, watch.settings, alert_id, action, by="Anne", now=at(3))
    assert len(watch.rows(alert_action)) == 1


def test_the_alert_of_a_unit_that_is_no_longer_known_can_be_closed(watch: Watch) -> None:
    """The house has given the unit up; the day is then that of the network."""
    watch.seer.show(Cause("news", "unit_quiet", "gone"), 2)
    watch.look(2)
    assert act(watch.warehouse, watch.settings, only(watch), "close", by="Anne", now=at(3)).state == "closed"


def test_what_was_done_before_it_vanished_is_told_though_nobody_looked_since(watch: Watch) -> None:
    """A mark left on what was taken away meanwhile brings it back as withdrawn."""
    watch.seer.show(CASE, 2)
    watch.look(2)
    with watch.warehouse.reading() as connection:
        [row] = read_alerts(connection)
    watch.seer.hide(CASE, 2)
    watch.look(2)
    assert watch.states() == []
    with watch.warehouse.publishing() as connection:
        values = {"action_id": "late", "alert_id": row.alert_id, "cause_id": row.cause_id, "opened_on": row.opened_on}
        done = {"action": "close", "acted_at": at(3), "acted_on": day(3), "acted_by": "Anne", "note": "", "severity": 2}
        connection.execute(sa.insert(alert_action).values(**values, **done))
    watch.look(3)
    assert watch.states() == [(2, "withdrawn")]
