"""A disk without room: one line says where; once there is room again, nothing tells that it ever was full.

The system itself refuses every write to a file (RLIMIT_FSIZE), in the process of the run alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.torture

ROOMS = [
    ("duckdb", "pipelines.sources.extract", "failed: landing "),
    ("duckdb", "pipelines.pages.read_pages", "failed: validate_source of till: "),  # a working copy of a page
    ("duckdb", "pipelines.validation.save_batch", "failed: staging "),
    ("duckdb", "pipelines.load.load", "failed: warehouse "),
    ("postgresql", "pipelines.load.load", "failed: warehouse "),  # the rows on their way to the server
    ("duckdb", "pipelines.judgements.keep", "failed: load_batch of till: "),  # after the commit
    ("duckdb", "pipelines.score.score", "symetrie: warehouse "),
]


@pytest.mark.parametrize(("new_house", "writer", "beginning"), ROOMS, indirect=["new_house"])
def test_a_full_disk_is_named_in_one_line(
    new_house: Callable[[], Any], writer: str, beginning: str, run_day: Any, strike: Any, full_disk: Any,
    one_line: Any, heals: Any,
) -> None:  # fmt: skip
    """Nothing is half landed, half staged or half loaded; a commit that came before stands."""
    house = new_house()
    line = one_line(run_day(house, before=strike(writer, *full_disk)))
    assert line.startswith(beginning)
    assert "the disk is full" in line
    heals(house)


@pytest.mark.parametrize("moment", ["pipelines.settings.load_settings", "pipelines.landing.private_folder"])
@pytest.mark.parametrize("new_house", ["duckdb"], indirect=True)
def test_a_disk_that_stays_full_is_one_line_too(
    moment: str, new_house: Callable[[], Any], run_day: Any, strike: Any, full_disk: Any, one_line: Any, heals: Any
) -> None:
    """Also where there was no warehouse yet, and where not even the ledger can be written."""
    no_room, _ = full_disk
    house = new_house()
    assert "the disk is full" in one_line(run_day(house, before=strike(moment, no_room)))
    heals(house)


@pytest.mark.parametrize("new_house", ["duckdb"], indirect=True)
def test_the_first_reason_is_told_where_not_even_the_ledger_can_be_written(
    new_house: Callable[[], Any], run_day: Any, strike: Any, full_disk: Any
) -> None:
    """The landing is what failed, whatever came after it."""
    no_room, _ = full_disk
    ended = run_day(new_house(), before=strike("pipelines.landing.private_folder", no_room))
    [told] = [line for line in ended.text.splitlines() if "failure.not_recorded" in line]
    assert "landing" in told
    assert ended.exit_code == 1


@pytest.mark.parametrize("new_house", ["duckdb"], indirect=True)
def test_a_readers_copy_without_room_leaves_the_commit_and_comes_with_the_next_publication(
    new_house: Callable[[], Any], run_day: Any, strike: Any, full_disk: Any, heals: Any
) -> None:
    """The run goes on and says so; nothing is loaded twice for it."""
    house, copy = new_house(), "pipelines.warehouse.on_duckdb:DuckDBWarehouse.write_snapshot"
    ended = run_day(house, before=strike(copy, *full_disk))
    assert ended.exit_code == 0, ended.text
    assert "snapshot.failed" in ended.text
    assert "the disk is full" in ended.text
    assert not (house.home / "published" / "marts.duckdb").exists()
    heals(house)
    assert (house.home / "published" / "marts.duckdb").exists()


@pytest.mark.parametrize("new_house", ["duckdb"], indirect=True)
def test_summaries_without_room_are_one_line_and_are_written_later(
    new_house: Callable[[], Any], run_day: Any, write_summaries: Any, strike: Any, full_disk: Any, one_line: Any,
    seen: Any,
) -> None:  # fmt: skip
    """The pages and the rows of `mart.summary` are the same as where there was room."""
    struck, quiet = new_house(), new_house()
    for house in (struck, quiet):
        assert run_day(house).exit_code == 0
    ended = write_summaries(struck, before=strike("pipelines.summary.write_summaries", *full_disk))
    assert one_line(ended).startswith("symetrie: write_summaries: the disk is full")
    for house in (struck, quiet):
        assert write_summaries(house).exit_code == 0
    assert seen(struck) == seen(quiet)
