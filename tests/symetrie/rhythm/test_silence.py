"""Sources: how long silent, on which days missing, and whether all at once."""

import numpy as np

from symetrie.rhythm.silence import missing, silence, source_rhythm, together

DAYS = 182
WEEKDAYS = np.arange(DAYS) % 7


def fitted(*rows, told=None):
    seen = np.array(rows, float)
    return source_rhythm(seen, np.ones(seen.shape) if told is None else told, WEEKDAYS)


def daily(usual, silent=0):
    seen = np.full(DAYS, float(usual))
    if silent:
        seen[-silent:] = 0
    return seen


def silent_now(*rows, leave_out=0, told=None):
    return silence(fitted(*rows, told=told), np.full(len(rows), leave_out))


def test_a_silence_is_not_taken_for_the_rhythm():
    found = silent_now(daily(100, silent=60))
    assert found.days.tolist() == [60]
    assert found.expected.round().tolist() == [6000.0]


def test_a_source_of_two_answers_a_day_is_no_news_after_one_day_and_is_after_two_weeks():
    assert silent_now(daily(2, silent=1)).chance[0] > 0.05
    assert silent_now(daily(2, silent=14)).chance[0] < 1e-5


def test_days_that_usually_come_later_are_not_waited_for():
    assert silent_now(daily(100, silent=2), leave_out=2).days.tolist() == [0]


def test_a_weekday_on_which_nothing_comes_is_no_day_of_silence():
    weekly = np.where(WEEKDAYS == 6, 0.0, 100.0)
    weekly[-3:] = 0
    found = silent_now(weekly)
    assert WEEKDAYS[-3:].tolist() == [4, 5, 6]
    assert found.days.tolist() == [2]


def test_a_source_that_sends_once_a_month_pauses_as_usual_until_it_is_overdue():
    monthly = np.where(np.arange(DAYS) % 28 == 0, 3000.0, 0.0)
    assert not silent_now(monthly[:182]).is_beyond_gaps[0]
    monthly[-30:] = 0
    assert silent_now(monthly).is_beyond_gaps[0]


def test_one_breakdown_of_the_past_is_no_rhythm():
    seen = daily(100, silent=2)
    seen[60:65] = 0
    assert silent_now(seen).is_beyond_gaps[0]


def test_closed_days_are_no_silence():
    told = np.ones((1, DAYS))
    told[0, -5:] = 0
    assert silent_now(daily(100, silent=5), told=told).days.tolist() == [0]


def test_a_day_without_answers_is_missing_where_answers_were_sure():
    seen = np.vstack([daily(100), daily(2)])
    seen[:, 100] = 0
    assert missing(fitted(*seen))[:, 100].tolist() == [True, False]


def test_sources_that_fall_silent_at_once_are_together_until_one_is_back():
    seen = np.vstack([daily(100, silent=3), daily(50, silent=3)])
    seen[1, -1] = 50
    sources = fitted(*seen)
    assert together(sources, missing(sources))[:, -4:].astype(int).tolist() == [[0, 1, 1, 0], [0, 1, 1, 0]]


def test_a_source_silent_before_the_others_stays_its_own_news():
    sources = fitted(daily(100, silent=9), daily(50, silent=1), daily(40, silent=1))
    assert together(sources, missing(sources))[:, -1].tolist() == [False, True, True]


def test_two_of_three_sources_are_not_together():
    sources = fitted(daily(100, silent=1), daily(50, silent=1), daily(40))
    assert not together(sources, missing(sources)).any()


def test_a_single_source_is_never_together():
    sources = fitted(daily(100, silent=3))
    assert not together(sources, missing(sources)).any()


def test_no_source_is_no_silence():
    sources = source_rhythm(np.zeros((0, DAYS)), np.zeros((0, DAYS)), WEEKDAYS)
    assert silence(sources, np.zeros(0, np.int64)).days.tolist() == []
    assert missing(sources).shape == (0, DAYS)
