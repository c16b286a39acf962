"""The life of an alert: what opens, changes and ends it, whatever the order in which it became known."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symetrie.alerts.finding import Cause, Finding
from symetrie.alerts.life import lives
from symetrie.alerts.living import Life
from symetrie.alerts.marks import Action, ActionName, Mark, Notice
from symetrie.alerts.rules import RULES, Rules
from symetrie.alerts.states import ACTIVE

CASE = Cause("case", "unhappy_client", "lyon-1", subject="survey/R-1")
FALL = Cause("signal", "fall", "lyon-1", "overall")
QUIET = Cause("news", "unit_quiet", "lyon-1")
NOVEMBER = [date(2026, 11, number) for number in range(1, 31)]


def day(number: int) -> date:
    return date(2026, 11, 1) + timedelta(days=number - 1)


def found(
    cause: Cause, *numbers: int, severity: Any = 2, size: float | None = None, is_over: bool = False
) -> list[Finding]:
    return [Finding(day(number), cause, severity, size, {"day": number}, is_over) for number in numbers]


def did(name: ActionName, opened: int, on: int, until: int | None = None, hour: int = 9) -> Action:
    moment = datetime(2026, 11, 1, hour, tzinfo=UTC) + timedelta(days=on - 1)
    return Action(f"{name}-{on}-{hour}", day(opened), name, moment, day(on), until and day(until), 2)


def told(opened: int, on: int, severity: Any = 2, size: float | None = None, reason: Any = "opened") -> Notice:
    moment = datetime(2026, 11, 1, 6, tzinfo=UTC) + timedelta(days=on)
    return Notice(day(opened), reason, day(on), moment, severity, size)


def lived(
    cause: Cause,
    findings: list[Finding],
    *marks: Mark,
    until: int = 10,
    looked: list[date] = NOVEMBER,
    above: tuple[str, ...] = (),
    rules: Rules | None = None,
) -> list[Life]:
    known = [each for each in looked if each <= day(until)]
    return lives(cause, findings, marks, known, rules or RULES[cause.lane], day(until), lambda when: above)


def story(life: Life) -> list[str]:
    return [f"{each.on_date.day} {each.name} {each.to_state}" for each in life.events]


def test_later_findings_update_an_alert_in_silence() -> None:
    [life] = lived(FALL, [*found(FALL, 2, size=-5.0), *found(FALL, 3, severity=1, size=-4.0)])
    assert story(life) == ["2 opened open"]
    assert (life.severity, life.size_points, life.evidence, life.last_seen_on) == (1, -4.0, {"day": 3}, day(3))


def test_a_severity_worse_than_ever_is_an_event_once() -> None:
    """Down and up again to where it was says nothing new."""
    findings = [
        f for number, severity in enumerate((2, 3, 1, 3), start=2) for f in found(FALL, number, severity=severity)
    ]
    [life] = lived(FALL, findings)
    assert story(life) == ["2 opened open", "3 worsened open"]


def test_news_recovers_on_the_first_day_looked_at_that_shows_nothing() -> None:
    [first, second] = lived(QUIET, found(QUIET, 2, 3, 6), until=6)
    assert story(first) == ["2 opened open", "4 recovered recovered"]
    assert (first.recovered_on, first.ended_on) == (day(4), day(4))
    assert story(second) == ["6 opened open"]


def test_a_day_that_nobody_looked_at_proves_no_recovery() -> None:
    [life] = lived(QUIET, found(QUIET, 2, 3, 6), looked=[day(2), day(3), day(6)], until=6)
    assert (life.opened_on, life.last_seen_on, life.state) == (day(2), day(6), "open")


def test_a_signal_recovers_when_its_detector_says_so() -> None:
    findings = [*found(FALL, 2), *found(FALL, 5, is_over=True), *found(FALL, 9)]
    [first, second] = lived(FALL, findings)
    assert story(first) == ["2 opened open", "5 recovered recovered"]
    assert second.opened_on == day(9)


@pytest.mark.parametrize("why", ["unit_closed", "unit_moved"])
def test_what_cannot_be_seen_any_more_expires_and_is_not_called_recovered(why: str) -> None:
    lost = Finding(day(5), FALL, 1, None, {"why": why}, is_over=True)
    [life] = lived(FALL, [*found(FALL, 2), lost])
    assert story(life) == ["2 opened open", "5 expired expired"]
    assert (life.recovered_on, life.events[-1].detail) == (None, {"why": why})


def test_a_recovery_of_what_never_opened_says_nothing() -> None:
    assert lived(FALL, found(FALL, 2, is_over=True)) == []


def test_what_was_closed_stays_closed_while_its_cause_stands() -> None:
    """Until it has recovered: then a new finding opens a new alert."""
    standing = found(FALL, 2, 3, 4, 5)
    [life] = lived(FALL, standing, did("close", 2, 4))
    assert story(life) == ["2 opened open", "4 closed closed"]
    again = lived(FALL, [*standing, *found(FALL, 6, is_over=True), *found(FALL, 8)], did("close", 2, 4))
    assert [(each.opened_on, each.state, each.recovered_on) for each in again] == [
        (day(2), "closed", day(6)),
        (day(8), "open", None),
    ]


def test_a_person_acknowledges_corrects_and_closes() -> None:
    marks = (did("acknowledge", 2, 3), did("correct", 2, 4), did("close", 2, 5))
    [life] = lived(CASE, found(CASE, 2), *marks)
    assert story(life) == ["2 opened open", "3 acknowledged acknowledged", "4 corrected corrected", "5 closed closed"]
    assert life.events[1].detail == {"action_id": "acknowledge-3-9"}


def test_what_people_did_on_a_day_comes_before_what_the_day_shows() -> None:
    """A day's data are known on the next morning."""
    [life] = lived(QUIET, found(QUIET, 2, 3), did("acknowledge", 2, 4))
    assert story(life) == ["2 opened open", "4 acknowledged acknowledged", "4 recovered recovered"]


def test_actions_of_one_day_come_in_the_order_of_their_hours() -> None:
    marks = (did("close", 2, 3, hour=17), did("acknowledge", 2, 3, hour=8))
    [life] = lived(CASE, found(CASE, 2), *marks)
    assert story(life)[1:] == ["3 acknowledged acknowledged", "3 closed closed"]


def test_an_action_on_what_late_data_ended_before_leaves_a_trace_and_no_more() -> None:
    [life] = lived(QUIET, found(QUIET, 2), did("close", 2, 5))
    assert story(life) == ["2 opened open", "3 recovered recovered", "5 closed recovered"]
    assert life.ended_on == day(3)


@pytest.mark.parametrize(
    ("cause", "escalations", "deadline"), [(CASE, [4, 6], 3), (FALL, [9, 16], 8), (QUIET, [4, 7], 3)]
)
def test_an_open_alert_reaches_the_unit_above_and_then_the_next(
    cause: Cause, escalations: list[int], deadline: int
) -> None:
    standing = found(cause, *range(2, 18)) if cause is not CASE else found(cause, 2)
    rules = Rules(RULES[cause.lane].recovery, RULES[cause.lane].deadline_days, RULES[cause.lane].escalate_late_days, 99)
    [life] = lived(cause, standing, until=17, above=("centre", "france", "europe"), rules=rules)
    reached = [(each.on_date, each.detail["unit_id"]) for each in life.events if each.name == "escalated"]
    assert reached == list(zip(map(day, escalations), ("centre", "france"), strict=True))
    assert (life.deadline_on, life.escalated_to) == (day(deadline), "france")


def test_what_falls_due_is_told_up_to_the_morning_after() -> None:
    assert lived(CASE, found(CASE, 2), until=2, above=("centre",))[0].escalated_to is None
    assert lived(CASE, found(CASE, 2), until=3, above=("centre",))[0].escalated_to == "centre"


def test_an_acknowledged_alert_is_not_escalated() -> None:
    [life] = lived(CASE, found(CASE, 2), did("acknowledge", 2, 3), above=("centre",))
    assert story(life) == ["2 opened open", "3 acknowledged acknowledged"]


def test_nobody_stands_above_the_top() -> None:
    assert story(lived(CASE, found(CASE, 2), above=())[0]) == ["2 opened open"]


def test_a_snooze_puts_an_escalation_off_to_the_day_after_it_and_changes_no_state() -> None:
    [life] = lived(CASE, found(CASE, 2), did("snooze", 2, 3, until=7), above=("centre",))
    assert story(life) == ["2 opened open", "3 snoozed open", "8 escalated open"]
    assert life.snoozed_until == day(7)


@pytest.mark.parametrize(("cause", "days"), [(CASE, 14), (FALL, 91), (QUIET, 28)])
def test_what_nobody_ended_expires(cause: Cause, days: int) -> None:
    looked = [day(2)]
    assert lived(cause, found(cause, 2), looked=looked, until=days)[0].state == "open"
    [life] = lived(cause, found(cause, 2), looked=looked, until=days + 1)
    assert (life.state, life.ended_on) == ("expired", day(2) + timedelta(days=days))


def test_what_was_corrected_closes_by_itself() -> None:
    [life] = lived(CASE, found(CASE, 2), did("correct", 2, 3), until=20)
    assert story(life)[2:] == ["16 closed closed"]
    assert life.events[2].detail == {"by_itself": True}


def test_what_nobody_was_told_of_vanishes_with_its_findings() -> None:
    assert lived(FALL, []) == []


def test_what_was_told_and_is_no_longer_shown_stands_as_withdrawn() -> None:
    [life] = lived(FALL, [], told(2, 2, severity=3, size=-9.0), did("acknowledge", 2, 5))
    assert story(life) == ["2 opened open", "5 acknowledged acknowledged", "5 withdrawn withdrawn"]
    assert (life.state, life.ended_on, life.severity, life.evidence) == ("withdrawn", day(5), 2, {})
    assert (life.recovered_on, life.escalated_to) == (None, None)


def test_telling_that_it_was_withdrawn_does_not_move_its_end() -> None:
    before = lived(FALL, [], told(2, 2))
    assert lived(FALL, [], told(2, 2), told(2, 8, reason="withdrawn")) == before


def test_what_opens_on_another_day_by_late_data_keeps_its_marks() -> None:
    """And says so; what was told is not told again."""
    [life] = lived(FALL, found(FALL, 4, 5), told(2, 2), did("acknowledge", 2, 3))
    assert story(life) == ["4 opened open", "4 moved open", "4 acknowledged acknowledged"]
    assert life.events[1].detail["former_opened_on"] == "2026-11-02"


def test_days_of_grace_are_counted_from_the_opening_that_people_knew() -> None:
    """Late data that show an earlier one do not make anybody late."""
    marks = (told(4, 4), told(2, 6, reason="escalated"))
    [life] = lived(QUIET, found(QUIET, 2, 3, 4, 5, 6), *marks, until=6, looked=[], above=("centre", "france"))
    assert story(life) == ["2 opened open", "4 moved open", "6 escalated open"]
    assert (life.deadline_on, life.due_on) == (day(5), day(9))


def test_marks_go_to_the_nearest_opening_within_five_weeks() -> None:
    near, far = Finding(day(38), FALL, 2, None, {}), Finding(day(39), FALL, 2, None, {})
    [life] = lived(FALL, [near], told(3, 3), until=60)
    assert [each.name for each in life.events] == ["opened", "moved"]
    gone, new = lived(FALL, [far], told(3, 3), until=60)
    assert (gone.state, new.state) == ("withdrawn", "open")


def test_what_was_closed_does_not_close_what_opened_after_it() -> None:
    """The first alert is gone by late data; the second is another one."""
    gone, new = lived(QUIET, found(QUIET, 9), told(2, 2), did("close", 2, 4), until=9)
    assert (gone.opened_on, gone.state) == (day(2), "withdrawn")
    assert (new.opened_on, new.state) == (day(9), "open")


def test_what_was_told_otherwise_than_the_data_show_it_now_leaves_a_trace() -> None:
    findings = [*found(FALL, 2, severity=1, size=-4.0), *found(FALL, 5, size=-6.0)]
    [life] = lived(FALL, findings, told(2, 2, severity=2, size=-5.0), told(2, 3, severity=1, size=-4.04))
    assert story(life) == ["2 opened open", "2 revised open", "5 worsened open"]
    assert life.events[1].detail == {
        "told_severity": 2,
        "told_size_points": -5.0,
        "severity": 1,
        "size_points": -4.0,
    }


def test_a_later_message_does_not_take_back_what_an_earlier_one_has_left() -> None:
    """Neither when it tells other figures of the same day, nor when it knows of an earlier opening."""
    before = lived(FALL, found(FALL, 2, 3, severity=3), told(3, 3, severity=2))
    later = Notice(day(2), "worsened", day(3), datetime(2026, 11, 4, 9, tzinfo=UTC), 3, None)
    assert lived(FALL, found(FALL, 2, 3, severity=3), later, told(3, 3, severity=2)) == before
    assert story(before[0]) == ["2 opened open", "3 moved open", "3 revised open"]
    assert before[0].deadline_on == day(9)


NUMBERS = st.integers(1, 20)
FINDINGS = st.dictionaries(NUMBERS, st.tuples(st.integers(1, 3), st.booleans()), max_size=8)
ACTIONS = st.lists(
    st.tuples(st.sampled_from(("acknowledge", "correct", "snooze", "close")), NUMBERS, NUMBERS), max_size=4
)
NOTICES = st.lists(st.tuples(NUMBERS, st.integers(0, 5), st.integers(1, 3)), max_size=4)


@given(st.sampled_from((CASE, FALL, QUIET)), FINDINGS, ACTIONS, NOTICES, st.sets(NUMBERS), st.randoms())
def test_lives_do_not_depend_on_the_order_in_which_they_are_told(
    cause: Cause,
    shown: dict[int, tuple[Any, bool]],
    actions: list[tuple[Any, int, int]],
    notices: list[tuple[int, int, Any]],
    looked: set[int],
    shuffling: random.Random,
) -> None:
    """And they follow one another: never two active ones, every state explained by the events before it."""
    findings = [Finding(day(n), cause, severity, None, {}, is_over) for n, (severity, is_over) in shown.items()]
    marks: list[Mark] = [
        did(name, opened, opened + later, until=opened + later + 3 if name == "snooze" else None, hour=place)
        for place, (name, opened, later) in enumerate(actions)
    ]
    marks += [told(opened, opened + later, severity) for opened, later, severity in notices]
    days = sorted(day(number) for number in {*looked, *shown})
    once = lives(cause, findings, marks, days, RULES[cause.lane], day(20), lambda when: ("centre", "france"))
    shuffling.shuffle(findings)
    shuffling.shuffle(marks)
    assert lives(cause, findings, marks, days, RULES[cause.lane], day(20), lambda when: ("centre", "france")) == once
    assert sum(life.state in ACTIVE for life in once) <= 1
    assert len({life.alert_id for life in once}) == len(once)
    for life in once:
        reached = [None, *(each.to_state for each in life.events)]
        assert [each.from_state for each in life.events] == reached[:-1]
        assert (life.state, life.ended_on is None) == (reached[-1], life.state in ACTIVE)
        assert [each.on_date for each in life.events] == sorted(each.on_date for each in life.events)
