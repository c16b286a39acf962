"""Which alerts a channel is told of: each transition once, and nothing that is long past."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.alerts.telling.choosing import Interest, to_be_told
from pipelines.alerts.telling.record import WatchedAlert

FRIDAY = date(2026, 11, 20)
DAY = timedelta(days=1)
ALL = Interest("maison", {"maison", "south", "lyon", "nice"}, ("case", "signal", "news"), 1)


def reasons(*alerts, interest=ALL, day=FRIDAY):
    return [each.reason for each in to_be_told(alerts, interest, day)]


@pytest.mark.parametrize(("days_ago", "told"), [(0, ["opened"]), (7, ["opened"]), (8, []), (-1, [])])
def test_what_opened_in_the_week_before_is_told_and_a_backfill_of_a_year_is_not(row, days_ago, told):
    assert reasons(WatchedAlert(row(opened_on=FRIDAY - days_ago * DAY))) == told


@pytest.mark.parametrize("state", ["acknowledged", "corrected", "closed", "recovered", "expired", "withdrawn"])
def test_what_somebody_has_taken_up_or_is_over_needs_no_first_message(row, state):
    assert reasons(WatchedAlert(row(state=state, ended_on=FRIDAY))) == []


@pytest.mark.parametrize(("until", "told"), [(FRIDAY, ["opened"]), (FRIDAY + DAY, [])])
def test_what_is_snoozed_on_the_morning_of_the_message_is_left_out(row, until, told):
    assert reasons(WatchedAlert(row(snoozed_until=until))) == told


def test_a_channel_hears_of_its_units_lanes_and_severities(row, case):
    alerts = [
        WatchedAlert(row()),
        WatchedAlert(row(unit_id="lille")),
        WatchedAlert(case(severity=3)),
        WatchedAlert(row(measure="trust", severity=1)),
    ]
    assert len(reasons(*alerts, interest=replace(ALL, lanes=("signal",), severity=2))) == 1


def test_what_nobody_reacted_to_reaches_the_unit_above_whatever_it_weighs(row):
    ignored = row(severity=1, escalated_to_unit_id="south")
    strict = replace(ALL, severity=3)
    assert reasons(WatchedAlert(ignored), interest=strict) == []
    assert reasons(WatchedAlert(ignored), interest=replace(strict, unit_id="south")) == ["opened"]


TOLD = (("opened", FRIDAY - 3 * DAY),)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, []),
        ({"worsened_on": FRIDAY}, ["worsened"]),
        ({"worsened_on": FRIDAY - 3 * DAY}, []),  # that message said how bad it was
        ({"worsened_on": FRIDAY + DAY}, []),  # the next one will
        ({"escalated_on": FRIDAY + DAY}, ["escalated"]),  # on the morning of the message
        ({"escalated_on": FRIDAY - 2 * DAY}, []),  # on the morning of the one before
        ({"escalated_on": FRIDAY - DAY}, ["escalated"]),
        ({"escalated_on": FRIDAY, "worsened_on": FRIDAY}, ["escalated"]),
    ],
)
def test_what_has_become_of_it_is_told_once(row, change, told):
    alert = WatchedAlert(row(opened_on=FRIDAY - 3 * DAY), told=TOLD, **change)
    assert reasons(alert) == told
    if told:
        again = replace(alert, told=(*TOLD, (told[0], FRIDAY)))
        assert reasons(again) == reasons(again, day=FRIDAY + DAY) == []


@pytest.mark.parametrize("end", ["recovered", "withdrawn"])
def test_the_end_of_what_was_told_is_told_once_wherever_the_unit_stands_by_then(row, end):
    over = WatchedAlert(row(unit_id="moved", state=end, ended_on=FRIDAY), told=TOLD)
    assert reasons(over) == [end]
    assert reasons(replace(over, told=(*TOLD, (end, FRIDAY)))) == []
    assert reasons(over, day=FRIDAY + 8 * DAY) == []


def test_an_acknowledged_alert_says_that_it_grows_worse_but_goes_up_no_more(row):
    alert = WatchedAlert(row(state="acknowledged"), told=TOLD)
    assert reasons(replace(alert, worsened_on=FRIDAY)) == ["worsened"]
    assert reasons(replace(alert, escalated_on=FRIDAY)) == []


@given(
    states=st.lists(
        st.sampled_from(["open", "acknowledged", "corrected", "closed", "recovered", "withdrawn"]),
        min_size=1,
        max_size=9,
    ),
    worsened=st.integers(0, 9),
    escalated=st.integers(0, 9),
)
def test_over_a_life_no_reason_is_told_twice_and_replaying_its_days_tells_nothing(row, states, worsened, escalated):
    """Each day's message is asked for twice, and all days once more at the end."""
    first = FRIDAY
    alert = WatchedAlert(row(opened_on=first), first + worsened * DAY, first + escalated * DAY)
    for number, state in enumerate(states):
        day = first + number * DAY
        ended_on = day if state in ("closed", "recovered", "withdrawn") else None
        alert = replace(alert, row=replace(alert.row, state=state, ended_on=ended_on))
        for told in to_be_told([alert], ALL, day):
            alert = replace(alert, told=(*alert.told, (told.reason, day)))
        assert to_be_told([alert], ALL, day) == []
    names = [reason for reason, _ in alert.told]
    since_withdrawn = names[names.index("withdrawn") + 1 :] if "withdrawn" in names else []
    before = names[: len(names) - len(since_withdrawn)]
    assert all(len(life) == len(set(life)) for life in (before, since_withdrawn))
    assert all(not life or life[0] == "opened" for life in (before, since_withdrawn))
