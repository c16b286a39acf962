"""Late, edited, withdrawn: exactly the touched days are recounted, and what was told before is corrected."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from pipelines.landing import Pull
from pipelines.load import hold, load, release
from pipelines.validation.records import BatchCheck
from pipelines.warehouse import Warehouse
from pipelines.warehouse.check import problems
from pipelines.warehouse.ledger import PUBLISHED, REPLAY, SCORE, Counts, LedgerRow, write_ledger_row
from pipelines.warehouse.past import watermark
from pipelines.warehouse.tables import (
    client_response,
    complete_pull,
    correction,
    daily_count,
    quarantine,
    received_page,
    run,
    stale_score,
    tombstone,
)

DAY = date(2026, 11, 20)
EARLIER = date(2026, 11, 17)
CONTENT = {
    client_response: ("response_id", "business_date", "unit_id", "overall", "version_at"),
    daily_count: tuple(daily_count.columns.keys()),
    tombstone: ("response_id", "version_at", "cause"),
}
"""What any order of arrival leaves identical; run ids and the moment of a discovery are audit columns."""


def at(hour: int, day: int = 20) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


def rows(warehouse: Warehouse, *columns: Any) -> list[tuple[Any, ...]]:
    with warehouse.reading() as connection:
        return sorted((tuple(row) for row in connection.execute(sa.select(*columns))), key=repr)


def content(warehouse: Warehouse) -> list[list[tuple[Any, ...]]]:
    return [rows(warehouse, *(table.c[name] for name in names)) for table, names in CONTENT.items()]


def empty(warehouse: Warehouse) -> None:
    with warehouse.publishing() as connection:
        for table in (*CONTENT, complete_pull, correction, quarantine, received_page, run, stale_score):
            connection.execute(sa.delete(table))


def scored(warehouse: Warehouse, day: date = DAY) -> None:
    """As if the scores up to a day had been published, and nothing were stale."""
    with warehouse.publishing() as connection:
        write_ledger_row(connection, LedgerRow(f"score-{day}", SCORE, "all", day, at(6), at(6), PUBLISHED))
        connection.execute(sa.delete(stale_score))


def pull(name: str, pulled_at: datetime, *, first: date = EARLIER, last: date = DAY, **others: Any) -> Pull:
    """A pull, read to its end, of the answers given from the first to the last day."""
    ordinary: dict[str, Any] = {"is_last": True, "absent_is_withdrawn": True}
    start, end = (datetime(day.year, day.month, day.day, tzinfo=UTC) for day in (first, last + timedelta(days=1)))
    return Pull(pull_id=name, window_start_at=start, window_end_at=end, pulled_at=pulled_at, **ordinary | others)


@pytest.fixture
def give(warehouse, answers, batch, stamp):
    """Load one batch of short rows, as a run of its own."""

    def load_rows(*given: dict[str, Any], of_run: dict[str, Any] | None = None, **of_batch: Any) -> Counts:
        frame = answers(*({"day": DAY, "overall": 5} | each for each in given or [{"response_id": "none"}]))
        frame = frame if given else frame.iloc[:0]
        return load(warehouse, batch(frame, **of_batch), stamp(DAY, **of_run or {}))

    return load_rows


def test_a_stated_withdrawal_takes_the_answer_out_of_core_and_its_day(warehouse, give) -> None:
    """What remains is a tombstone, and the counts without it."""
    give({"response_id": "a"}, {"response_id": "b", "overall": 1})
    assert give({"response_id": "b", "status": "withdrawn", "version_at": at(15)}) == Counts(received=1, loaded=1)
    assert rows(warehouse, client_response.c.response_id) == [("a",)]
    assert rows(warehouse, tombstone.c.response_id, tombstone.c.version_at, tombstone.c.cause) == [
        ("b", at(15), "stated")
    ]
    assert rows(warehouse, daily_count.c.answer_count) == [(1,)]
    assert problems(warehouse) == [
        "mart.score: 1 unit-days were loaded but not scored yet; run a day"
    ]  # 20 November in Lille, and nothing else


def test_a_withdrawal_counts_by_what_it_changes(give) -> None:
    """Loaded when it takes something back, unchanged when that is gone already, superseded when it is older."""
    give({"response_id": "a", "version_at": at(13)})
    gone = {"response_id": "a", "status": "withdrawn"}
    assert give({**gone, "version_at": at(12)}) == Counts(received=1, superseded=1)
    assert give({**gone, "version_at": at(13)}) == Counts(received=1, loaded=1)
    assert give({**gone, "version_at": at(13)}) == Counts(received=1, unchanged=1)
    assert give({**gone, "version_at": at(12)}) == Counts(received=1, superseded=1)


def test_only_a_later_version_brings_an_answer_back(warehouse, give) -> None:
    """Every earlier one is superseded, however late it arrives; of the same moment, the withdrawal wins."""
    give({"response_id": "a", "status": "withdrawn", "version_at": at(13)})
    assert give({"response_id": "a", "version_at": at(12)}, {"response_id": "a", "version_at": at(13)}) == Counts(
        received=2, superseded=2
    )
    assert rows(warehouse, client_response.c.response_id) == []
    assert give({"response_id": "a", "version_at": at(14)}) == Counts(received=1, loaded=1)
    assert rows(warehouse, tombstone.c.response_id) == []


def test_what_a_complete_pull_no_longer_holds_is_withdrawn(warehouse, give) -> None:
    """Inside its window only, and what another source gave stays."""
    give({"response_id": "a"}, {"response_id": "b"}, {"response_id": "old", "day": date(2026, 11, 2)})
    give({"response_id": "b", "source": "other"}, source="other")
    counts = give({"response_id": "a", "version_at": at(9, 21)}, version_at=at(9, 21), pull=pull("p", at(8, 21)))
    assert counts == Counts(received=1, unchanged=1)
    assert rows(warehouse, client_response.c.source, client_response.c.response_id) == [
        ("other", "b"), ("survey", "a"), ("survey", "old"),
    ]  # fmt: skip
    assert rows(warehouse, tombstone.c.response_id, tombstone.c.withdrawn_at, tombstone.c.cause) == [
        ("b", at(8, 21), "absent")
    ]


@pytest.mark.parametrize("others", [{"is_last": False}, {"absent_is_withdrawn": False}])
def test_an_unfinished_pull_withdraws_nothing(warehouse, give, others: dict[str, bool]) -> None:
    """Its last page may still come; nor does one of a source whose absences mean nothing."""
    give({"response_id": "a"})
    give(pull=pull("p", at(8, 21), **others))
    assert rows(warehouse, client_response.c.response_id) == [("a",)]


def test_an_answer_set_aside_is_not_absent(warehouse, give) -> None:
    """The pull held it: that we refuse its new version does not take back the one we know."""
    give({"response_id": "a"})
    refused = {"record_key": "a#1", "response_id": "a", "version_at": at(9, 21)}
    give(bad=[refused], pull=pull("p", at(8, 21)))
    assert rows(warehouse, client_response.c.response_id) == [("a",)]


def test_an_old_page_that_arrives_after_a_newer_pull_changes_nothing(warehouse, give) -> None:
    """Its answer was gone by then: it is superseded at once, and no day is touched."""
    give(pull=pull("p", at(8, 21)))
    scored(warehouse)
    assert give({"response_id": "a", "version_at": at(7, 20)}) == Counts(received=1, superseded=1)
    assert rows(warehouse, client_response.c.response_id) == []
    assert rows(warehouse, stale_score.c.unit_id) == []
    assert rows(warehouse, correction.c.unit_id) == []


def test_no_pull_counts_as_whole_while_a_batch_of_the_source_is_held(warehouse, give, answers, batch, stamp) -> None:
    """Some of its pages may wait there; released, they bring what they hold."""
    give({"response_id": "a"})
    check = BatchCheck("bad_share", "critical", passed=False, observed="80 %", expected="at most 50 %")
    waiting = batch(answers({"response_id": "a", "day": DAY, "version_at": at(9, 21)}), checks=[check])
    held = stamp(DAY)
    hold(warehouse, waiting, held)
    give(pull=pull("p", at(8, 21)))
    assert rows(warehouse, client_response.c.response_id) == [("a",)]
    release(warehouse, waiting, held)
    give(pull=pull("q", at(10, 21)))
    assert rows(warehouse, client_response.c.response_id) == []


def test_exactly_the_touched_days_are_recounted(warehouse, give) -> None:
    """A late answer, an edit that moves to another unit and a withdrawal: four places of six."""
    days = [date(2026, 11, 15) + timedelta(days=n) for n in range(6)]
    give(*({"response_id": f"r{n}", "day": day} for n, day in enumerate(days)))
    scored(warehouse)
    give(
        {"response_id": "late", "day": days[0], "overall": 2},
        {"response_id": "r2", "day": days[2], "unit_id": "nice", "version_at": at(9, 21)},
        {"response_id": "r4", "day": days[4], "status": "withdrawn", "version_at": at(9, 21)},
        {"response_id": "r5", "day": days[5]},
    )
    assert rows(warehouse, stale_score.c.business_date, stale_score.c.unit_id) == [
        (days[0], "lille"), (days[2], "lille"), (days[2], "nice"), (days[4], "lille"),
    ]  # fmt: skip
    kinds = (correction.c.late_count, correction.c.edited_count, correction.c.withdrawn_count)
    assert rows(warehouse, correction.c.business_date, correction.c.unit_id, *kinds) == [
        (days[0], "lille", 1, 0, 0),
        (days[2], "lille", 0, 0, 1),
        (days[2], "nice", 1, 0, 0),
        (days[4], "lille", 0, 0, 1),
    ]


def test_an_edit_is_a_correction_of_a_day_that_was_scored_and_of_no_other(warehouse, give) -> None:
    """Before the scores of a day are published, nobody has been told anything of it."""
    give({"response_id": "a", "day": EARLIER}, {"response_id": "b", "day": DAY})
    scored(warehouse, EARLIER)
    give(
        {"response_id": "a", "day": EARLIER, "overall": 1, "version_at": at(9, 21)},
        {"response_id": "b", "day": DAY, "overall": 1, "version_at": at(9, 21)},
        {"response_id": "c", "day": DAY, "overall": 1},
    )
    assert rows(warehouse, correction.c.business_date, correction.c.edited_count, correction.c.late_count) == [
        (EARLIER, 1, 0)
    ]


def test_a_first_load_of_any_depth_corrects_nothing(warehouse, give) -> None:
    """Three years of history are no late answers."""
    give({"response_id": "a", "day": date(2023, 1, 2)}, {"response_id": "b"})
    assert rows(warehouse, correction.c.run_id) == []


def test_a_failure_leaves_no_correction_behind(warehouse, give, monkeypatch) -> None:
    """They are written in the transaction of what they speak of."""
    give({"response_id": "a"})
    scored(warehouse)

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("pipelines.load.write_ledger_row", fail)
    with pytest.raises(OSError, match="disk full"):
        give({"response_id": "late"})
    assert rows(warehouse, correction.c.run_id) == []


def test_a_page_that_comes_back_later_is_received_again(warehouse, give) -> None:
    """A, then B, then A: the last word is A, whichever of the three is read last."""
    first = {"response_id": "a", "overall": 5, "version_at": at(13)}
    give(first, page="A", version_at=at(13))
    give({"response_id": "a", "overall": 1, "version_at": at(14)}, page="B", version_at=at(14))
    back = give({**first, "version_at": at(15)}, page="A", version_at=at(15))
    assert back == Counts(received=1, loaded=1)
    assert rows(warehouse, client_response.c.overall) == [(5,)]
    assert give({**first, "version_at": at(15)}, page="A", version_at=at(15)) == Counts()


def test_the_watermark_is_what_whole_pulls_have_seen(warehouse, give) -> None:
    """Of a pull cut short, and of an empty one, it stays where it was; of files it is the newest version."""

    def known() -> datetime | None:
        with warehouse.reading() as connection:
            return watermark(connection, "survey")

    assert known() is None
    give({"response_id": "a"}, pull=pull("p", at(8), cursor_at=at(7)))
    assert known() == at(7)
    give({"response_id": "b"}, pull=pull("q", at(9), is_last=False))
    give(pull=pull("r", at(10)))
    assert known() == at(7)
    give({"response_id": "c"}, version_at=at(11))
    assert known() == at(11)


def test_a_replay_takes_back_the_version_that_it_refuses(warehouse, give) -> None:
    """Under the settings of today it never was an answer; an older one that passes takes its place."""
    give({"response_id": "a", "overall": 3, "version_at": at(12)})
    give({"response_id": "a", "overall": 5, "version_at": at(13)})
    refused = {"record_key": "a#2", "response_id": "a", "version_at": at(13)}
    replayed = give(
        {"response_id": "a", "overall": 3, "version_at": at(12)}, bad=[refused], of_run={"pipeline": REPLAY}
    )
    assert replayed == Counts(received=2, loaded=1, quarantined=1)
    assert rows(warehouse, client_response.c.overall, client_response.c.version_at) == [(3, at(12))]
    again = give({"response_id": "a", "overall": 3, "version_at": at(12)}, bad=[refused], of_run={"pipeline": REPLAY})
    assert again == Counts(received=2, unchanged=1, quarantined=1)


def test_what_a_replay_brings_again_beside_a_refused_twin_is_no_correction(warehouse, give) -> None:
    """Neither late nor taken back: `core` holds what it held, with the run that loaded it."""
    good, refused = {"response_id": "a", "version_at": at(13)}, {"record_key": "a#2", "response_id": "a"}
    twins = {"bad": [{**refused, "version_at": at(13)}]}
    give(good, **twins)
    scored(warehouse)
    held = rows(warehouse, client_response.c.response_id, client_response.c.run_id)
    assert give(good, **twins, of_run={"pipeline": REPLAY}) == Counts(received=2, unchanged=1, quarantined=1)
    assert rows(warehouse, client_response.c.response_id, client_response.c.run_id) == held
    assert rows(warehouse, correction.c.run_id) == []


def test_a_twin_that_passes_in_the_place_of_a_refused_one_is_an_edit(warehouse, give) -> None:
    """The answer is the same, its content another: one edited, not one late and one taken back."""
    give({"response_id": "a", "overall": 5, "version_at": at(13)})
    scored(warehouse)
    refused = {"record_key": "a#2", "response_id": "a", "version_at": at(13)}
    give({"response_id": "a", "overall": 1, "version_at": at(13)}, bad=[refused], of_run={"pipeline": REPLAY})
    assert rows(warehouse, client_response.c.overall) == [(1,)]
    kinds = (correction.c.late_count, correction.c.edited_count, correction.c.withdrawn_count)
    assert rows(warehouse, *kinds) == [(0, 1, 0)]


def test_a_refused_version_that_core_does_not_hold_takes_nothing_back(warehouse, give) -> None:
    """Neither in a replay nor, whatever its version, when it is received the first time."""
    give({"response_id": "a", "version_at": at(13)})
    for version_at, of_run in ((at(12), {"pipeline": REPLAY}), (at(13), {})):
        give(bad=[{"record_key": "a#0", "response_id": "a", "version_at": version_at}], of_run=of_run)
    assert rows(warehouse, client_response.c.response_id) == [("a",)]


def test_a_page_that_cannot_be_read_any_more_settles_nothing_of_it(warehouse, give) -> None:
    """Its records were not read again; once they are, and none is refused, they came through."""
    page = sha256(b"P").hexdigest()[:12]
    line, whole = {"record_key": f"{page}:1"}, {"record_key": f"{page}:2", "reasons": "broken_document"}
    give({"response_id": "a"}, bad=[line], page="P")
    resolution = (quarantine.c.record_key, quarantine.c.resolution)
    give(bad=[whole], page="P", of_run={"pipeline": REPLAY})
    assert rows(warehouse, *resolution) == [(f"{page}:1", None), (f"{page}:2", None)]
    give({"response_id": "a"}, {"response_id": "b"}, page="P", of_run={"pipeline": REPLAY})
    assert rows(warehouse, *resolution) == [(f"{page}:1", "loaded"), (f"{page}:2", "loaded")]


EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), st.sampled_from("ab"), st.integers(1, 9), st.sampled_from([1, 5]),
                  st.sampled_from([EARLIER, DAY])),
        st.tuples(st.just("withdrawal"), st.sampled_from("ab"), st.integers(1, 9)),
        st.tuples(st.just("pull"), st.integers(1, 9), st.sampled_from([EARLIER, DAY])),
    ),
    min_size=2, max_size=5, unique=True,
)  # fmt: skip


@seed(20261122)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS, shuffle=st.integers(0, 2**16))
def test_any_split_and_any_order_of_versions_end_the_same(
    warehouse, answers, batch, stamp, events: list[tuple[Any, ...]], shuffle: int
) -> None:
    """Answers, edits, withdrawals and complete pulls: in order one by one, shuffled, and split into random batches."""
    mixed = random.Random(shuffle)
    shuffled = mixed.sample(events, len(events))
    cut = mixed.randint(0, len(events))
    arrivals = ([[each] for each in events], [[each] for each in shuffled], [shuffled[:cut], shuffled[cut:]])
    ends = []
    for number, batches in enumerate(arrivals):
        empty(warehouse)
        for together in batches:
            counts = _load_events(warehouse, answers, batch, stamp, together, number)
            assert sum(each.received for each in counts) == sum(event[0] != "pull" for event in together)
        assert [each for each in problems(warehouse) if "not scored yet" not in each] == []
        ends.append(content(warehouse))
    assert ends[0] == ends[1]
    assert ends[0] == ends[2]


def _load_events(
    warehouse: Warehouse, answers: Any, batch: Any, stamp: Any, events: Sequence[tuple[Any, ...]], number: int
) -> list[Counts]:
    """One batch of the rows among the events, then one page per pull: a batch of this fixture has one page."""
    given = [row for event in events for row in _row_of(event)]
    frame = answers(*given) if given else answers({"response_id": "none", "day": DAY}).iloc[:0]
    pulls = [pull(str(event), at(event[1]), first=event[2], last=event[2]) for event in events if event[0] == "pull"]
    loaded = [load(warehouse, batch(frame), stamp(DAY))] if given else []
    nothing = answers({"response_id": "none", "day": DAY}).iloc[:0]
    return loaded + [load(warehouse, batch(nothing, pull=each), stamp(DAY)) for each in pulls]


def _row_of(event: tuple[Any, ...]) -> list[dict[str, Any]]:
    if event[0] == "answer":
        _, response_id, hour, mark, day = event
        return [{"response_id": response_id, "overall": mark, "day": day, "version_at": at(hour)}]
    if event[0] == "withdrawal":
        return [{"response_id": event[1], "day": DAY, "status": "withdrawn", "version_at": at(event[2])}]
    return []
