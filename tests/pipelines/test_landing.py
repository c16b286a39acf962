"""The landing: pages as they were received, visible once they are whole."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import multiprocessing
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from pipelines import landing
from pipelines.errors import SymetrieError
from pipelines.landing import LandedPage, land, landed_pages, staged

MORNING = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
DATA = b"response_id;verbatim\n1;\xc3\xa9t\xc3\xa9\n"
HASH = hashlib.sha256(DATA).hexdigest()


def put(home: Path, data: bytes | BinaryIO = DATA, **different: Any) -> LandedPage:
    stream = io.BytesIO(data) if isinstance(data, bytes) else data
    given = {
        "name": "answers.csv", "location": "/drops/answers.csv", "format": "csv",
        "modified_at": MORNING, "version_at": MORNING,
    }  # fmt: skip
    return land(home, "shops", stream, **given | different)


class Breaking(io.BytesIO):
    """A stream that ends in the middle with an error."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell():
            raise ConnectionResetError("the sender went away")
        return super().read(10)


def visible_files(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "landing").rglob("*") if path.is_file() and path.name != ".lock")


def test_a_page_lands_unchanged_and_compressed(home):
    page = put(home)
    assert page.path == home / "landing" / "shops" / HASH[:2] / f"{HASH}.csv.gz"
    assert gzip.decompress(page.path.read_bytes()) == DATA
    assert (page.content_hash, page.size_bytes, page.line_count) == (HASH, len(DATA), 2)


def test_the_manifest_tells_all_about_the_page(home):
    page = put(home)
    assert landed_pages(home, "shops") == [page]


@pytest.mark.parametrize(("data", "lines"), [(b"", 0), (b"a", 1), (b"a\n", 1), (b"a\n\nb", 3)])
def test_lines_are_counted_with_or_without_a_last_line_feed(home, data, lines):
    assert put(home, data).line_count == lines


@pytest.mark.parametrize(("data", "lines"), [(b"a\r\nb\r\n", 2), (b"a\rb\n", None), (b"a\nb\r", None)])
def test_lines_are_not_counted_where_a_carriage_return_alone_may_end_one(home, data, lines):
    assert put(home, data).line_count == lines


def test_an_archive_and_a_parquet_file_are_not_compressed_again(home):
    archive = gzip.compress(DATA)
    page = put(home, archive, name="answers.csv.gz")
    assert page.path.name == f"{hashlib.sha256(archive).hexdigest()}.csv.gz"
    assert page.path.read_bytes() == archive
    assert page.line_count is None
    parquet = put(home, b"PAR1...", name="a.parquet", format="parquet")
    assert parquet.path.suffix == ".parquet"
    assert parquet.path.read_bytes() == b"PAR1..."


def test_the_landing_is_for_its_owner_alone(home):
    page = put(home)
    for path in (home / "landing").rglob("*"):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path
    assert (home / "landing").stat().st_mode & 0o777 == 0o700
    assert page.path.exists()


def test_the_same_content_lands_once_with_its_latest_version(home):
    """Whichever copy comes first, so that the order of arrival cannot matter."""
    later = MORNING + timedelta(days=1)
    first, second = put(home), put(home, name="again.csv", version_at=later)
    assert second == replace(first, version_at=later, name="again.csv", landed_at=second.landed_at)
    assert put(home, name="old.csv", version_at=MORNING - timedelta(days=1)) == second
    assert landed_pages(home, "shops") == [second]


def test_a_manifest_that_says_when_its_page_was_searched_is_read(home):
    """As they did before they said which erased answers it was searched for: it is searched again."""
    page = put(home)
    manifest = page.path.parent / f"{HASH}.json"
    written = json.loads(manifest.read_text())
    del written["searched_for"]
    manifest.write_text(json.dumps(written | {"searched_at": MORNING.isoformat()}))
    assert landed_pages(home, "shops") == [page]


def test_a_page_is_not_visible_until_its_manifest_is_there(home, monkeypatch):
    """A crash between the page and its manifest leaves no visible page; landing it again mends that."""

    def crash(path: Path, text: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(landing, "write_atomically", crash)
        with pytest.raises(KeyboardInterrupt):
            put(home)
    assert visible_files(home) == [f"{HASH}.csv.gz"]
    assert landed_pages(home, "shops") == []
    page = put(home)
    assert landed_pages(home, "shops") == [page]


def test_a_stream_that_breaks_leaves_nothing(home):
    with pytest.raises(ConnectionResetError):
        put(home, Breaking(DATA))
    assert visible_files(home) == []


def test_a_staged_page_that_is_not_published_leaves_nothing(home):
    with staged(home, "shops", io.BytesIO(DATA), "csv") as page:
        assert page.content_hash == HASH
    assert visible_files(home) == []


def test_what_a_killed_process_left_is_removed_a_day_later(home):
    put(home)
    young, old = (home / "landing" / "shops" / f".incoming-{age}" for age in ("young", "old"))
    for left in (young, old):
        left.touch()
    os.utime(old, (0, 0))
    put(home, b"another page")
    assert young.exists()
    assert not old.exists()


def _land_until_killed(home: str) -> None:
    number = 0
    while True:
        number += 1
        put(Path(home), b"%d;" % number * 50_000)


def test_a_killed_process_leaves_whole_pages_only(home):
    process = multiprocessing.get_context("spawn").Process(target=_land_until_killed, args=(str(home),))
    process.start()
    while len(landed_pages(home, "shops")) < 5:
        assert process.is_alive()
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    for page in landed_pages(home, "shops"):
        assert hashlib.sha256(gzip.decompress(page.path.read_bytes())).hexdigest() == page.content_hash


def test_many_may_land_the_same_page_at_once(home):
    versions = [MORNING + timedelta(minutes=minute) for minute in range(20)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda version: put(home, version_at=version), versions))
    assert [page.version_at for page in landed_pages(home, "shops")] == [versions[-1]]
    assert visible_files(home) == [f"{HASH}.csv.gz", f"{HASH}.json"]


def test_pages_are_listed_oldest_version_first_and_by_source(home):
    new, old = put(home), put(home, b"other", version_at=MORNING - timedelta(days=1))
    assert landed_pages(home, "shops") == [old, new]
    assert landed_pages(home, "shops", [new.content_hash]) == [new]
    assert landed_pages(home, "elsewhere") == []


def test_a_page_that_did_not_land_is_named(home):
    with pytest.raises(SymetrieError, match=f"page {HASH} is not in the landing .*shops; extract it again"):
        landed_pages(home, "shops", [HASH])


def test_a_manifest_that_is_not_one_is_named(home):
    page = put(home)
    manifest = page.path.with_name(f"{HASH}.json")
    manifest.write_text(json.dumps({"source": "shops"}))
    with pytest.raises(SymetrieError, match=f"{HASH}.json is not a manifest of the landing"):
        landed_pages(home, "shops")
