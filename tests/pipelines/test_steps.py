"""Steps interrupted, cleared, repeated or taken back by people: nothing is lost, nothing counts twice."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from pipelines import steps
from pipelines.errors import SymetrieError
from pipelines.load import BatchHeld
from pipelines.run import run_days
from pipelines.settings import Settings
from pipelines.warehouse import open_warehouse
from pipelines.warehouse.tables import client_response, opening_day, run, score

DAY = date(2026, 11, 20)
Configure = Callable[..., Settings]


def rows(settings: Settings, *columns: Any) -> list[tuple[Any, ...]]:
    with closing(open_warehouse(settings.warehouse_url, settings.home)) as warehouse, warehouse.reading() as connection:
        return sorted((tuple(row) for row in connection.execute(sa.select(*columns))), key=repr)


def marks(settings: Settings) -> set[int]:
    return {mark for (mark,) in rows(settings, client_response.c.overall)}


def statuses(settings: Settings) -> list[str]:
    return [status for status, pipeline in rows(settings, run.c.status, run.c.pipeline) if pipeline != "score"]


def test_a_held_batch_stays_held_when_its_tasks_are_cleared(configure: Configure, drop) -> None:
    """Its source has nothing new by then; only a person's decision changes it."""
    settings = configure()
    drop("a.csv", 10, bad=20)
    report = run_days(settings, DAY)
    again = steps.extract_source(settings, "survey", DAY)
    folder = steps.validate_source(settings, "survey", again, DAY, report.run_id)
    with pytest.raises(BatchHeld):
        steps.load_batch(settings, folder, report.run_id, DAY)
    assert statuses(settings) == ["held"]
    assert steps.release_batch(settings, report.run_id, "survey")["loaded"] == 10


def test_a_failure_after_the_commit_does_not_undo_the_ledger(configure: Configure, drop) -> None:
    """What was published stays published, and what is held stays held."""
    settings = configure()
    drop("a.csv", 3)
    report = run_days(settings, DAY)
    steps.record_failure(settings, "survey", report.run_id, DAY, OSError("no space left"))
    assert statuses(settings) == ["published"]


def test_an_unexpected_failure_keeps_its_words_out_of_the_ledger(configure: Configure, drop) -> None:
    """They may quote an answer; the log has them."""
    settings = configure()
    reason = steps.record_failure(settings, "survey", "20261121T053000Z-abc", DAY, ValueError("Mme Martin said"))
    assert "Martin" not in reason
    assert all("Martin" not in str(detail) for (detail,) in rows(settings, run.c.detail))


def test_a_replay_applies_corrected_settings_to_every_answer(configure: Configure, drop) -> None:
    """The scale was upside down: all marks turn, not the half of them whose hash is greater."""
    settings = configure()
    drop("a.csv", 40)
    run_days(settings, DAY)
    assert marks(settings) == {5}
    corrected = configure(scale="one_to_five_reversed")
    assert run_days(corrected, DAY, replay=True).counts["survey"]["loaded"] == 40
    assert marks(corrected) == {1}


def test_a_replay_leaves_a_discarded_batch_where_it_is(configure: Configure, drop) -> None:
    """Somebody decided; good rows of other files do not bring it back."""
    settings = configure()
    drop("a.csv", 10, bad=20)
    report = run_days(settings, DAY)
    steps.discard_batch(settings, report.run_id, "survey")
    drop("b.csv", 60)
    run_days(settings, DAY)
    run_days(settings, DAY, replay=True)
    assert len(rows(settings, client_response.c.response_id)) == 60


def test_two_runs_that_meet_the_same_bad_file_hold_it_once(configure: Configure, drop) -> None:
    """The second one finds the pages taken."""
    settings = configure()
    drop("a.csv", 10, bad=20)
    runs = [steps.start_run(settings, DAY) for _ in range(2)]
    pages = steps.extract_source(settings, "survey", DAY)
    folders = [steps.validate_source(settings, "survey", pages, DAY, each) for each in runs]
    for each, folder in zip(runs, folders, strict=True):
        with pytest.raises(BatchHeld):
            steps.load_batch(settings, folder, each, DAY)
    assert sorted(rows(settings, run.c.status, run.c.held_count)) == [("held", 10), ("published", 0)]


def test_a_page_that_landed_before_a_crash_is_loaded_though_its_file_is_gone(configure: Configure, drop) -> None:
    """Pages land first so that the source is not needed again."""
    settings = configure()
    file = drop("a.csv", 5)
    steps.extract_source(settings, "survey", DAY)
    file.unlink()
    assert run_days(settings, DAY).counts["survey"]["loaded"] == 5


def test_a_corrected_file_under_the_same_dated_name_replaces_all_of_it(configure: Configure, drop) -> None:
    """The name says only a day: of two uploads the later one wins, whichever is read first."""
    settings = configure()
    noon = 1_795_262_400.0  # 2026-11-21 12:00 UTC
    drop("a_2026-11-21.csv", 40, mark=2, at=noon)
    run_days(settings, DAY)
    drop("a_2026-11-21.csv", 40, mark=4, at=noon + 3600)
    assert run_days(settings, DAY).counts["survey"]["loaded"] == 40
    assert marks(settings) == {4}


def test_a_file_that_comes_back_has_the_last_word(configure: Configure, drop) -> None:
    """A, then B, then A under one name: its bytes are known, its version is not; an empty warehouse ends the same."""
    settings = configure()
    noon = 1_795_262_400.0  # 2026-11-21 12:00 UTC
    for hour, mark in enumerate((2, 4, 2)):
        drop("a.csv", 25, mark=mark, at=noon - 86_400 + 3600 * hour)
        assert run_days(settings, DAY).counts["survey"]["loaded"] == 25
    assert marks(settings) == {2}
    assert run_days(settings, DAY).counts["survey"]["received"] == 0
    (settings.home / "warehouse.duckdb").unlink()
    run_days(settings, DAY, replay=True)
    assert marks(settings) == {2}


def test_a_day_still_to_come_is_refused(configure: Configure, drop) -> None:
    """A mistyped year would prune the scores as if the years between had passed."""
    settings = configure()
    drop("a.csv", 5)
    with pytest.raises(SymetrieError, match="has not come yet"):
        run_days(settings, date.today() + timedelta(days=400))  # noqa: DTZ011


def test_another_window_in_the_settings_scores_the_past_again(configure: Configure, drop) -> None:
    """What stands in `mart.score` depends on the counts and the settings, not on when they came."""
    drop("a.csv", 5)
    run_days(configure(), DAY)
    settings = configure(windows="[1, 7, 14, 28, 91]")
    run_days(settings, DAY)
    assert {days for (days,) in rows(settings, score.c.window_days)} == {1, 7, 14, 28, 91}


def test_another_calendar_in_the_settings_replaces_the_opening_days(configure: Configure, drop) -> None:
    """20 November 2026 is a Friday."""
    drop("a.csv", 5)
    run_days(configure(open_on="mon-fri"), DAY)
    settings = configure(open_on="mon-thu")
    run_days(settings, DAY)
    assert {is_open for (is_open,) in rows(settings, opening_day.c.is_open)} == {False}


def test_what_is_not_redacted_is_readable_by_its_owner_alone(configure: Configure, drop) -> None:
    """The warehouse file, and a batch that waits for a decision."""
    settings = configure()
    drop("a.csv", 10, bad=20)
    report = run_days(settings, DAY)
    assert (settings.home / "warehouse.duckdb").stat().st_mode & 0o077 == 0
    assert steps.staged_folder(settings, report.run_id, "survey").stat().st_mode & 0o077 == 0


def test_a_validated_batch_gives_its_memory_back_before_the_load(configure: Configure, drop, monkeypatch) -> None:
    """In one process the load of a million answers needs what their texts took: 200 MiB less at the peak."""
    import duckdb

    from pipelines import pages

    settings, read = configure(), []
    read_pages = pages.read_pages
    monkeypatch.setattr(pages, "read_pages", lambda *asked: read.append(read_pages(*asked)) or read[-1])
    drop("a.csv", 5)
    assert run_days(settings, DAY).counts["survey"]["loaded"] == 5
    with pytest.raises(duckdb.ConnectionException, match="closed"):
        read[0].connection.execute("SELECT 1")
