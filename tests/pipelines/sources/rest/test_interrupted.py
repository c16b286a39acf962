"""What a pull that was cut off has received is erased and swept as all that has landed."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from pipelines import steps
from pipelines.erasure.erasing import erase, find
from pipelines.errors import SymetrieError
from pipelines.landing import landed_pages
from pipelines.retention import sweep
from pipelines.settings import Settings
from pipelines.warehouse import Warehouse, open_warehouse

DAY = date(2026, 11, 20)
GONE, MARKER = "R-0042", "quetzalcoatlus"
SOURCE = """\
    fields: {response_id: id, unit_id: shop, submitted_at: at, verbatim: said}
    window: {start: from, end: to, field: at, reread_days: 2, since: 2026-11-18}
    http: {read_seconds: 2, total_seconds: 5, retries: 0, retry_wait_seconds: 0}
"""


@pytest.fixture
def answers(rows) -> list[dict[str, object]]:
    """Five answers, the second of whom is to be erased."""
    return [
        row | {"said": "Très bien"} | ({"id": GONE, "said": MARKER} if n == 1 else {}) for n, row in enumerate(rows(5))
    ]


@pytest.fixture
def house(configure, home, server, honest, answers) -> Settings:
    """A house whose last pull broke off after its first page."""
    settings: Settings = configure(SOURCE)
    well = honest(server, answers)
    server.handler = lambda heard: server.json({}, 500) if heard.params.get("cursor") else well(heard)
    with pytest.raises(SymetrieError):
        steps.extract_source(settings, "survey", DAY)
    assert [file.name for file in holding(home)] == ["1.json.gz"]
    server.handler = well
    return settings


@pytest.fixture
def warehouse(house: Settings) -> Iterator[Warehouse]:
    """Its warehouse, opened."""
    with closing(open_warehouse(house.warehouse_url, house.home)) as opened:
        yield opened


def holding(home: Path) -> list[Path]:
    """The files that hold the words of the answer."""
    return [file for file in sorted(home.rglob("*")) if file.is_file() and MARKER.encode() in plain(file)]


def plain(file: Path) -> bytes:
    return gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()


def test_an_erasure_finds_the_answer_there_and_gives_the_pull_up(house, warehouse, server) -> None:
    """The next pull asks for all of it anew, and the answer is not let in."""
    finding = find(warehouse, house, "survey", GONE)
    assert (finding.counts["landing"], finding.is_anywhere) == (1, True)
    assert finding.visit.places == {(DAY, "lyon")}
    erase(finding, "ticket 17")
    assert holding(house.home) == []
    server.heard.clear()
    run_id = steps.start_run(house, DAY)
    pages = steps.extract_source(house, "survey", DAY)
    assert [heard.params.get("cursor") for heard in server.heard] == [None, "2", "4"]
    counts = steps.load_batch(house, steps.validate_source(house, "survey", pages, DAY, run_id), run_id, DAY)
    assert (counts["received"], counts["loaded"], counts["superseded"]) == (5, 4, 1)
    steps.sweep(house)
    assert holding(house.home) == []


def test_a_living_pull_is_left_alone_and_what_it_shows_is_swept(house, warehouse) -> None:
    with FileLock(house.home / "landing" / "survey" / ".pull.lock"):
        erase(find(warehouse, house, "survey", GONE), "ticket 17")
        assert [file.name for file in holding(house.home)] == ["1.json.gz"]
    steps.extract_source(house, "survey", DAY)
    assert len(landed_pages(house.home, "survey")) == 3
    steps.sweep(house)
    assert holding(house.home) == []


def test_what_no_pull_would_go_on_from_is_swept(house, warehouse) -> None:
    now = datetime.now(UTC)
    assert sweep(warehouse, house, now + timedelta(hours=5)).removed["pages"] == 0
    with FileLock(house.home / "landing" / "survey" / ".pull.lock"):
        assert sweep(warehouse, house, now + timedelta(hours=7)).removed["pages"] == 0
    assert len(holding(house.home)) == 1
    assert sweep(warehouse, house, now + timedelta(hours=7)).removed["pages"] == 1
    assert holding(house.home) == []


def test_what_cannot_be_gone_on_from_is_swept_at_once(house, warehouse) -> None:
    (house.home / "landing" / "survey" / ".pull" / "progress.json").write_text("{")
    assert sweep(warehouse, house, datetime.now(UTC)).removed["pages"] == 1
    assert holding(house.home) == []
