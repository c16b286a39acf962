"""The batch as a whole, against the source's own past."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest

from pipelines.landing import Pull
from pipelines.settings import Thresholds
from pipelines.validation import SourcePast, validate
from pipelines.validation.checks import _volume
from symetrie.questionnaires import questionnaire

FIELDS = ("channel", "nps", "overall", "response_id", "submitted_at", "unit_id", "verbatim")
YESTERDAY = date(2026, 11, 20)


def past_of(*counts: int, **other) -> SourcePast:
    """Counts of the days before yesterday, the latest first."""
    days = {YESTERDAY - timedelta(days=1 + place): count for place, count in enumerate(counts)}
    return SourcePast(daily_counts=days, **other)


@pytest.fixture
def failed(validated, answer):
    def of(*rows, **options) -> dict[str, str]:
        batch = validated(*(answer(response_id=str(place), **row) for place, row in enumerate(rows)), **options)
        return {check.name: check.message for check in batch.checks if not check.passed}

    return of


def test_a_first_batch_has_no_past_to_differ_from(failed) -> None:
    assert failed({}, {}) == {}


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        (2, {"low_volume": "2 answers on 2026-11-20, 10 on a usual day; "
             "expected: the day has 30 % of a usual day's answers or more"}),
        (3, {}),
        (40, {}),
        (41, {"high_volume": "41 answers on 2026-11-20, 10 on a usual day; "
              "expected: the day has 400 % of a usual day's answers or less"}),
    ],
)  # fmt: skip
def test_a_day_far_from_a_usual_one_is_warned_about(failed, rows, wrong) -> None:
    assert failed(*[{}] * rows, past=past_of(*[10] * 28)) == wrong


def test_a_usual_day_is_the_median_of_the_last_28_days_with_answers(validated, answer) -> None:
    import duckdb

    connection = duckdb.connect()
    days = "SELECT DATE '2026-11-20' AS business_date, false AS is_withdrawn FROM range(50)"
    connection.execute(f"CREATE TABLE kept AS {days}")
    six_days = past_of(*[10] * 6)
    assert _volume(connection, six_days, YESTERDAY) is None
    assert _volume(connection, past_of(*[100, 0] * 28, *[1] * 28), YESTERDAY).value == 50.0
    assert _volume(connection, past_of(10, 20, 30, 40, 50, 60, 1000), YESTERDAY).value == 125.0


def test_a_source_without_recent_answers_is_stale(failed) -> None:
    newest = datetime(2026, 11, 18, 12, tzinfo=UTC)
    assert failed({"submitted_at": "2026-11-01"}, past=SourcePast(newest_submitted_at=newest)) == {}
    assert failed({"submitted_at": "2026-11-16"}) == {
        "stale_source": "the newest answer is of 2026-11-16; expected: the newest answer is no more than 3 days old"
    }


def test_too_many_bad_rows_hold_the_batch(validated, answer) -> None:
    def judged(bad: int, good: int, **options):
        return validated(
            *(answer(response_id=f"b{n}", overall=9) for n in range(bad)),
            *(answer(response_id=f"g{n}") for n in range(good)), **options,
        )  # fmt: skip

    assert judged(10, 10).is_publishable
    held = judged(11, 10)
    assert not held.is_publishable
    assert (len(held.accepted), len(held.quarantined)) == (10, 11)
    [check] = [check for check in held.checks if not check.passed]
    assert (check.name, check.severity) == ("too_many_bad_rows", "critical")
    assert check.message == "11 of 21 rows are refused; expected: no more than 50 % of the rows are refused"
    assert judged(19, 0).is_publishable, "below 20 rows a share means nothing"
    assert not judged(5, 15, thresholds=Thresholds(bad_share_pct=20)).is_publishable


def test_a_schema_that_drifts_is_named(failed) -> None:
    assert failed({}, past=SourcePast(fields=FIELDS)) == {}
    assert failed({}, past=SourcePast(fields=(*FIELDS[1:], "gone"))) == {
        "missing_fields": "missing fields: gone; expected: every field of the last page is still there",
        "new_fields": "new fields: channel; expected: no field is new since the last page",
    }


def test_a_page_that_never_answers_the_main_question_is_warned_about(failed) -> None:
    """Its column was renamed, most often; below twenty rows that may be chance."""
    assert "silent_pages" in failed(*[{"overall": None}] * 20)
    assert failed(*[{"overall": None}] * 19) == {}
    assert failed(*[{"overall": None}] * 19, {"overall": "4"}) == {}


@pytest.fixture
def is_held(raw, source, network, answer):
    """Whether a batch is held: of so many known answers, its pull no longer brings so many."""

    def judge(known: int, absent: int, **thresholds: float) -> bool:
        read = raw([answer(response_id=f" {n} ") for n in range(absent, known)])
        [page] = read.pages
        window = {"window_start_at": page.version_at - timedelta(days=7), "window_end_at": page.version_at}
        ended = Pull(pull_id="p", pulled_at=page.version_at, is_last=True, absent_is_withdrawn=True, **window)
        at_stake = pd.DataFrame({"pull_id": ["p"] * known, "response_id": [str(n) for n in range(known)]})
        batch = validate(
            replace(read, pages=(replace(page, pull=ended),)), source=source(), network=network,
            questionnaire=questionnaire("eleven-2024"), thresholds=Thresholds(**thresholds),
            past=SourcePast(at_stake=at_stake), now=page.version_at, last_date=YESTERDAY,
        )  # fmt: skip
        return not batch.is_publishable

    return judge


@pytest.mark.parametrize(
    ("known", "absent", "too_many"),
    [(3, 1, False), (9, 9, False), (10, 10, True), (20, 9, False), (50, 10, False), (50, 11, True), (51, 10, False)],
)
def test_ten_absent_answers_and_more_than_a_fifth_hold_the_batch(is_held, known, absent, too_many) -> None:
    """A small shop may take back what it has; a fifth exactly is not more than a fifth."""
    assert is_held(known, absent) == too_many


def test_the_share_that_may_be_absent_is_the_house_s_own(is_held) -> None:
    assert not is_held(30, 30, absent_share_pct=100)
    assert is_held(100, 11, absent_share_pct=10)
