"""Publishing a batch: nothing is lost, nothing counts twice, and order does not matter."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime

import pandas as pd
import pytest
import sqlalchemy as sa

from pipelines.errors import SymetrieError
from pipelines.load import hold, load, release
from pipelines.validation.records import BatchCheck
from pipelines.warehouse import Warehouse
from pipelines.warehouse.ledger import REPLAY, Counts
from pipelines.warehouse.tables import client_response, daily_count, quarantine, run, stale_score

DAY = date(2026, 11, 20)


def instant(hour: int) -> datetime:
    return datetime(2026, 11, 20, hour, tzinfo=UTC)


def content(warehouse: Warehouse, table: sa.Table = client_response) -> list[tuple[object, ...]]:
    columns = [column for column in table.columns if column.name != "run_id"]
    with warehouse.reading() as connection:
        return sorted((tuple(row) for row in connection.execute(sa.select(*columns))), key=repr)


def test_every_record_is_accounted_for(warehouse, answers, batch, stamp) -> None:
    """A ledger row balances: received = loaded + unchanged + superseded + quarantined."""
    first = answers({"response_id": "a", "day": DAY, "overall": 5}, {"response_id": "b", "day": DAY, "overall": 3})
    assert load(warehouse, batch(first), stamp(DAY)) == Counts(received=2, loaded=2)
    second = answers(
        {"response_id": "a", "day": DAY, "overall": 5},
        {"response_id": "b", "day": DAY, "overall": 1, "version_at": instant(15)},
        {"response_id": "b", "day": DAY, "overall": 2, "version_at": instant(14)},
        {"response_id": "c", "day": DAY, "overall": 4},
        {"response_id": "c", "day": DAY, "overall": 4},
    )
    bad = [{"record_key": "x#1", "response_id": "x"}]
    assert load(warehouse, batch(second, bad=bad), stamp(DAY)) == Counts(
        received=6, loaded=2, unchanged=1, superseded=2, quarantined=1
    )


def test_a_day_counts_what_its_answers_say(warehouse, answers, batch, stamp) -> None:
    """Favourable is 4 and 5, promoters are 9 and 10, a blank is no answer, and the channel keeps counts apart."""
    marks = answers(
        {"response_id": "1", "day": DAY, "overall": 5, "nps": 10},
        {"response_id": "2", "day": DAY, "overall": 4, "nps": 8},
        {"response_id": "3", "day": DAY, "overall": 1, "nps": 6},
        {"response_id": "4", "day": DAY, "overall": None, "nps": 0},
        {"response_id": "5", "day": DAY, "overall": 3, "channel": "web"},
        {"response_id": "6", "day": DAY, "overall": 2, "status": "held"},
        {"response_id": "7", "day": DAY, "overall": 1, "status": "withdrawn"},
    )
    load(warehouse, batch(marks), stamp(DAY))
    c = daily_count.c
    with warehouse.reading() as connection:
        found = connection.execute(
            sa.select(
                c.measure, c.channel, c.is_held, c.answer_count, c.favourable_count, c.unfavourable_count, c.value_sum
            )
        ).all()
    assert sorted(map(tuple, found)) == [
        ("nps", "store", False, 4, 1, 2, 24),
        ("overall", "store", False, 3, 2, 1, 10),
        ("overall", "store", True, 1, 0, 1, 2),
        ("overall", "web", False, 1, 0, 0, 3),
    ]


def test_versions_end_the_same_in_any_order(warehouse, answers, batch, stamp) -> None:
    """Content that came back (5, 2, 5) is the newest, whichever page was read first."""
    versions = [
        answers({"response_id": "a", "day": DAY, "overall": 5, "version_at": instant(13)}),
        answers({"response_id": "a", "day": DAY, "overall": 2, "version_at": instant(14)}),
        answers({"response_id": "a", "day": DAY, "overall": 5, "version_at": instant(15)}),
    ]
    ends = []
    for order in itertools.permutations(versions):
        with warehouse.publishing() as connection:
            for table in (client_response, daily_count):
                connection.execute(sa.delete(table))
        for version in order:
            load(warehouse, batch(version), stamp(DAY))
        ends.append((content(warehouse), content(warehouse, daily_count)))
    assert all(end == ends[0] for end in ends)
    assert len(ends[0][0]) == 1


def test_an_answer_that_moves_recounts_both_days_and_both_units(warehouse, answers, batch, stamp) -> None:
    """Its former day is recounted too, and disappears when nothing is left of it."""
    load(warehouse, batch(answers({"response_id": "a", "day": date(2026, 11, 2), "overall": 5})), stamp(DAY))
    with warehouse.publishing() as connection:
        connection.execute(sa.delete(stale_score))
    moved = {"response_id": "a", "day": DAY, "unit_id": "nice", "overall": 5, "version_at": instant(20)}
    load(warehouse, batch(answers(moved)), stamp(DAY))
    with warehouse.reading() as connection:
        days = connection.execute(sa.select(daily_count.c.business_date, daily_count.c.unit_id)).all()
        stale = connection.execute(sa.select(stale_score.c.business_date, stale_score.c.unit_id)).all()
    assert [tuple(row) for row in days] == [(DAY, "nice")]
    assert sorted(map(tuple, stale)) == [(date(2026, 11, 2), "lille"), (DAY, "nice")]


def test_a_page_is_received_once_whoever_reads_it_again(warehouse, answers, batch, stamp) -> None:
    """A second run that picked up the same page adds nothing to the ledger's counts."""
    rows = answers({"response_id": "a", "day": DAY, "overall": 5})
    load(warehouse, batch(rows, page="one"), stamp(DAY))
    assert load(warehouse, batch(rows, page="one"), stamp(DAY)) == Counts()
    with warehouse.reading() as connection:
        assert connection.scalar(sa.select(sa.func.sum(run.c.received_count))) == 1


def test_a_retry_of_the_same_run_finds_its_own_commit(warehouse, answers, batch, stamp) -> None:
    """A task killed after its commit reports what it had done."""
    rows = answers({"response_id": "a", "day": DAY, "overall": 5})
    same_run = stamp(DAY)
    assert load(warehouse, batch(rows, page="one"), same_run) == load(warehouse, batch(rows, page="one"), same_run)


def test_a_replay_works_received_pages_through_again(warehouse, answers, batch, stamp) -> None:
    """It stands in the ledger under its own name, so that what the source gave is still counted once."""
    rows = answers({"response_id": "a", "day": DAY, "overall": 5})
    load(warehouse, batch(rows, page="one"), stamp(DAY))
    replayed = load(warehouse, batch(rows, page="one"), stamp(DAY, pipeline=REPLAY))
    assert replayed == Counts(received=1, unchanged=1)


def test_a_batch_of_which_another_run_received_a_part_is_refused(warehouse, answers, batch, stamp) -> None:
    """The day is run again rather than half counted."""
    rows = answers({"response_id": "a", "day": DAY, "overall": 5})
    one, two = batch(rows, page="one"), batch(rows, page="two")
    load(warehouse, one, stamp(DAY))
    both = type(one)(**{**vars(two), "pages": one.pages + two.pages})
    with pytest.raises(SymetrieError, match="run the day again"):
        load(warehouse, both, stamp(DAY))


def test_a_failure_inside_the_publication_leaves_the_state_before_it(
    warehouse, answers, batch, stamp, monkeypatch
) -> None:
    """Answers, counts, quarantine, pages and ledger are one transaction."""
    load(warehouse, batch(answers({"response_id": "a", "day": DAY, "overall": 5})), stamp(DAY))
    before = [content(warehouse, table) for table in (client_response, daily_count, run)]
    monkeypatch.setattr("pipelines.load.write_ledger_row", _fail)
    with pytest.raises(OSError, match="disk full"):
        load(warehouse, batch(answers({"response_id": "b", "day": DAY, "overall": 1})), stamp(DAY))
    assert [content(warehouse, table) for table in (client_response, daily_count, run)] == before


def _fail(*_: object) -> None:
    raise OSError("disk full")


def test_counts_that_lose_a_record_are_refused() -> None:
    """Conservation is asserted at the end of every run."""
    with pytest.raises(SymetrieError, match="7 records received but 6 accounted for"):
        Counts(received=7, loaded=6)


def test_a_bad_record_seen_again_keeps_its_first_moment(warehouse, answers, batch, stamp) -> None:
    """The quarantine holds a record once, with the first and the last time it was seen."""
    bad, none = [{"record_key": "x#1", "response_id": "x"}], answers({"response_id": "a", "day": DAY})
    load(warehouse, batch(none, bad=bad), stamp(DAY))
    later = stamp(DAY)
    later = type(later)(**{**vars(later), "published_at": datetime(2026, 11, 22, tzinfo=UTC)})
    load(warehouse, batch(none, bad=bad), later)
    with warehouse.reading() as connection:
        rows = connection.execute(sa.select(quarantine)).all()
    assert len(rows) == 1
    assert rows[0].first_seen_at == datetime(2026, 11, 21, 5, 30, tzinfo=UTC)
    assert rows[0].last_seen_at == datetime(2026, 11, 22, tzinfo=UTC)


def test_a_held_batch_publishes_nothing_until_it_is_released(warehouse, answers, batch, stamp) -> None:
    """Its ledger row goes from held to released, and the records are counted once."""
    check = BatchCheck("bad_share", "critical", passed=False, observed="80 % bad", expected="at most 50 %")
    held = batch(answers({"response_id": "a", "day": DAY, "overall": 5}), bad=[{"record_key": "x#1"}], checks=[check])
    at = stamp(DAY)
    assert hold(warehouse, held, at) == Counts(received=2, quarantined=1, held=1)
    assert content(warehouse) == []
    assert release(warehouse, held, at) == Counts(received=2, quarantined=1, loaded=1)
    with warehouse.reading() as connection:
        assert connection.scalar(sa.select(run.c.status)) == "released"
        assert connection.scalar(sa.select(sa.func.count()).select_from(run)) == 1


def test_hostile_text_comes_back_as_it_went_in(warehouse, answers, batch, stamp) -> None:
    """Quotes, line breaks, backslash N, emoji, right-to-left, formulas, a megabyte."""
    texts = ['say "no"', "two\nlines", "\\N", "", "😀 مرحبا", "=1+1", "x" * 1_000_000, "a,b;c\t"]
    rows = answers(*({"response_id": str(i), "day": DAY, "verbatim": text} for i, text in enumerate(texts)))
    load(warehouse, batch(rows), stamp(DAY))
    with warehouse.reading() as connection:
        found = connection.execute(sa.select(client_response.c.response_id, client_response.c.verbatim))
        assert dict(found.all()) == {str(i): text for i, text in enumerate(texts)}


def test_an_empty_batch_is_a_look_that_found_nothing(warehouse, answers, batch, stamp) -> None:
    """It leaves a ledger row of zeros, so that the last look is known."""
    empty = batch(answers({"response_id": "a", "day": DAY}).iloc[:0])
    assert load(warehouse, type(empty)(**{**vars(empty), "pages": ()}), stamp(DAY)) == Counts()
    with warehouse.reading() as connection:
        assert connection.scalar(sa.select(run.c.status)) == "published"


def test_readers_of_duckdb_open_a_copy_of_mart_alone(home, answers, batch, stamp) -> None:
    """Nothing of `core` and `ops` is in it."""
    import duckdb

    from pipelines.warehouse import open_warehouse

    warehouse = open_warehouse(f"duckdb:///{home / 'w.duckdb'}", home)
    load(warehouse, batch(answers({"response_id": "a", "day": DAY, "overall": 5})), stamp(DAY))
    warehouse.write_snapshot()
    with duckdb.connect(str(home / "published" / "marts.duckdb"), read_only=True) as reader:
        assert reader.execute("SELECT sum(answer_count) FROM mart.daily_count").fetchone() == (1,)
        assert reader.execute("SELECT DISTINCT schema_name FROM duckdb_tables()").fetchall() == [("mart",)]


def test_frames_are_typed_alike_on_every_engine(warehouse, answers, batch, stamp) -> None:
    """Dates are naive midnights and instants are in UTC, whatever the driver gives."""
    load(warehouse, batch(answers({"response_id": "a", "day": DAY, "overall": 5})), stamp(DAY))
    with warehouse.reading() as connection:
        frame = warehouse.frame(connection, sa.select(client_response.c.business_date, client_response.c.submitted_at))
    assert frame["business_date"].tolist() == [pd.Timestamp(DAY)]
    assert frame["submitted_at"].tolist() == [pd.Timestamp("2026-11-20T12:00Z")]


@pytest.mark.readers_copy
def test_a_readers_copy_that_cannot_be_written_leaves_the_commit_and_says_so(home, caplog) -> None:
    """The publication stands and is logged; whoever asks for the copy itself gets the error."""
    from contextlib import closing

    from pipelines.warehouse import open_warehouse

    with closing(open_warehouse(f"duckdb:///{home / 'w.duckdb'}", home)) as warehouse:
        published = home / "published"
        (published / "marts.duckdb").unlink()
        published.rmdir()
        published.write_text("in the way")
        with warehouse.publishing() as connection:
            connection.execute(sa.insert(stale_score).values(business_date=DAY, unit_id="nice"))
        assert "snapshot.failed" in caplog.text
        with warehouse.reading() as connection:
            assert connection.scalar(sa.select(sa.func.count()).select_from(stale_score)) == 1
        with pytest.raises(SymetrieError, match=r"snapshot .* in the way"):
            warehouse.write_snapshot()
