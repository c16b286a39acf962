"""Files in a folder: what is new and whole lands, once."""

from __future__ import annotations

import gzip
import hashlib
import json
import logging
import os
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.errors import SymetrieError
from pipelines.landing import landed_pages
from pipelines.sources.files import extract
from pipelines.warehouse.past import ReceivedFiles

DATA = b"response_id;unit_id;submitted_at\n1;A;2026-11-20\n2;A;2026-11-20\n"
HASH = hashlib.sha256(DATA).hexdigest()


def received(pages) -> ReceivedFiles:
    return ReceivedFiles(
        {page.content_hash: page.version_at for page in pages},
        frozenset((page.location, page.size_bytes, page.modified_at) for page in pages),
    )


def at(path: Path, moment: datetime) -> None:
    os.utime(path, (moment.timestamp(), moment.timestamp()))


def names(pages) -> list[str]:
    return [page.name for page in pages]


def test_every_file_of_a_known_format_lands(drops, home, source, nothing_known):
    for name in ("a.csv", "b.CSV", "c.txt", "d.tsv", "e.json", "f.jsonl", "g.ndjson", "h.csv.gz", "i.parquet"):
        (drops / name).write_bytes(name.encode())
    for name in (".hidden.csv", "_SUCCESS", "x.csv.tmp", "x.csv.part", "x.csv.done", "x.xlsx", "x.csv.manifest.json"):
        (drops / name).write_bytes(b"{}")
    pages = extract(source(), home=home, known=nothing_known)
    assert [(page.name, page.format) for page in pages] == [
        ("a.csv", "csv"), ("b.CSV", "csv"), ("c.txt", "csv"), ("d.tsv", "csv"), ("e.json", "json"),
        ("f.jsonl", "jsonl"), ("g.ndjson", "jsonl"), ("h.csv.gz", "csv"), ("i.parquet", "parquet"),
    ]  # fmt: skip
    assert landed_pages(home, "shops") == sorted(pages, key=lambda page: (page.version_at, page.content_hash))


def test_the_settings_may_name_the_format_of_any_file(drops, home, source, nothing_known):
    (drops / "export.dat").write_bytes(DATA)
    [page] = extract(source(format="csv"), home=home, known=nothing_known)
    assert (page.name, page.format) == ("export.dat", "csv")


def test_a_path_is_a_folder_a_glob_or_a_file(drops, home, source, nothing_known):
    (drops / "north").mkdir()
    (drops / "a.csv").write_bytes(b"a")
    (drops / "north" / "b.csv").write_bytes(b"b")
    found = {
        path: names(extract(source(path=str(drops / path)), home=home, known=nothing_known))
        for path in ("", "*.csv", "**/*.csv", "north/b.csv", "a.csv")
    }
    assert found == {
        "": ["a.csv"], "*.csv": ["a.csv"], "**/*.csv": ["a.csv", "b.csv"], "north/b.csv": ["b.csv"], "a.csv": ["a.csv"],
    }  # fmt: skip


def test_a_link_is_followed_and_one_that_leads_nowhere_is_not_a_file(drops, home, source, nothing_known, tmp_path):
    (tmp_path / "elsewhere").write_bytes(DATA)
    (drops / "link.csv").symlink_to(tmp_path / "elsewhere")
    (drops / "dangling.csv").symlink_to(tmp_path / "nowhere")
    [page] = extract(source(), home=home, known=nothing_known)
    assert (page.name, page.size_bytes) == ("link.csv", len(DATA))


def test_a_page_knows_where_it_was_read(drops, home, source, nothing_known):
    (drops / "a.csv").write_bytes(DATA)
    at(drops / "a.csv", datetime(2026, 11, 20, 7, tzinfo=UTC))
    [page] = extract(source(), home=home, known=nothing_known)
    assert (page.source, page.content_hash, page.location) == ("shops", HASH, str(drops / "a.csv"))
    assert page.modified_at == datetime(2026, 11, 20, 7, tzinfo=UTC)


def test_the_version_is_that_of_the_manifest_else_of_the_name_else_of_the_file(drops, home, source, nothing_known):
    for name in ("a_2026-11-18.csv", "b_20261118T060000Z.csv", "c.csv"):
        (drops / name).write_text(name)
        at(drops / name, datetime(2026, 11, 20, 7, tzinfo=UTC))
    (drops / "a_2026-11-18.csv.manifest.json").write_text('{"version_at": "2026-11-19T08:00:00+01:00"}')
    pages = extract(source(), home=home, known=nothing_known)
    assert [page.version_at for page in pages] == [
        datetime(2026, 11, 19, 7, tzinfo=UTC),
        datetime(2026, 11, 18, 6, tzinfo=UTC),
        datetime(2026, 11, 20, 7, tzinfo=UTC),
    ]


def test_a_file_is_received_once_whatever_its_name(drops, home, source, nothing_known):
    (drops / "a.csv").write_bytes(DATA)
    first = extract(source(), home=home, known=nothing_known)
    (drops / "same_content_other_name.csv").write_bytes(DATA)
    at(drops / "same_content_other_name.csv", first[0].modified_at)
    assert extract(source(), home=home, known=received(first)) == []
    (drops / "a.csv").write_bytes(DATA + b"3;A;2026-11-20\n")
    assert names(extract(source(), home=home, known=received(first))) == ["a.csv"]


def test_content_that_comes_back_later_lands_again_with_its_later_version(drops, home, source, nothing_known):
    """A, then B, then A: otherwise B would stand for good."""
    (drops / "a.csv").write_bytes(DATA)
    at(drops / "a.csv", datetime(2026, 11, 18, 6, tzinfo=UTC))
    first = extract(source(), home=home, known=nothing_known)
    at(drops / "a.csv", datetime(2026, 11, 20, 6, tzinfo=UTC))
    [again] = extract(source(), home=home, known=received(first))
    assert again.version_at == datetime(2026, 11, 20, 6, tzinfo=UTC)
    assert extract(source(), home=home, known=received([again])) == []


def test_a_file_received_before_is_not_even_read_again(drops, home, source, nothing_known, monkeypatch):
    (drops / "a.csv").write_bytes(DATA)
    first = extract(source(), home=home, known=nothing_known)
    monkeypatch.setattr("pipelines.sources.files.staged", None)
    assert extract(source(), home=home, known=received(first)) == []


def test_two_copies_of_one_content_are_one_page(drops, home, source, nothing_known):
    (drops / "a_20261118T060000Z.csv").write_bytes(DATA)
    (drops / "b_20261119T060000Z.csv").write_bytes(DATA)
    [page] = extract(source(), home=home, known=nothing_known)
    assert page.version_at == datetime(2026, 11, 19, 6, tzinfo=UTC)


def test_a_file_that_grows_while_we_look_waits(drops, home, source, nothing_known):
    growing, still = drops / "growing.csv", drops / "still.csv"
    still.write_bytes(DATA)
    growing.write_bytes(DATA)
    stop = threading.Event()

    def grow() -> None:
        while not stop.wait(0.02):
            with growing.open("ab") as file:
                file.write(b"3;A;2026-11-20\n")

    writer = threading.Thread(target=grow)
    writer.start()
    pages = extract(source(settle_seconds=0.2), home=home, known=nothing_known)
    stop.set()
    writer.join()
    assert names(pages) == ["still.csv"]
    assert names(extract(source(), home=home, known=received(pages))) == ["growing.csv"]


@pytest.mark.parametrize("mark", ["done", "manifest.json", "manifest"])
def test_an_announced_file_need_not_settle(drops, home, source, nothing_known, mark, monkeypatch):
    monkeypatch.setattr(time, "sleep", lambda seconds: pytest.fail("nothing to wait for"))
    (drops / "a.csv").write_bytes(DATA)
    (drops / f"a.csv.{mark}").write_text("{}")
    assert names(extract(source(settle_seconds=3600), home=home, known=nothing_known)) == ["a.csv"]


def test_the_mark_of_an_earlier_file_of_that_name_announces_nothing(drops, home, source, nothing_known, monkeypatch):
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    (drops / "a.csv.done").touch()
    at(drops / "a.csv.done", datetime(2026, 11, 19, tzinfo=UTC))
    (drops / "a.csv").write_bytes(DATA)
    extract(source(settle_seconds=7), home=home, known=nothing_known)
    assert waits == [7.0]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"sha256": HASH, "rows": 2}, None),
        ({"sha256": HASH.upper(), "sender": "ignored"}, None),
        ({"sha256": "0" * 64}, f"sha256_{HASH[:12]}_announced_000000000000"),
        ({"sha256": HASH, "rows": 3}, "2_rows_announced_3"),
        ({"rows": "many"}, "manifest_unreadable"),
        ([], "manifest_unreadable"),
    ],
)
def test_a_file_that_is_not_what_its_manifest_says_waits(drops, home, source, nothing_known, caplog, said, reason):
    (drops / "a.csv").write_bytes(DATA)
    (drops / "a.csv.manifest.json").write_text(json.dumps(said))
    with caplog.at_level(logging.WARNING):
        pages = extract(source(), home=home, known=nothing_known)
    assert names(pages) == ([] if reason else ["a.csv"])
    assert landed_pages(home, "shops") == pages
    assert [reason in record.getMessage() for record in caplog.records] == ([True] if reason else [])


def test_the_rows_of_an_archive_are_counted_too(drops, home, source, nothing_known):
    (drops / "a.csv.gz").write_bytes(gzip.compress(DATA))
    (drops / "a.csv.gz.manifest").write_text('{"rows": 2}')
    assert names(extract(source(), home=home, known=nothing_known)) == ["a.csv.gz"]


def test_a_folder_that_is_not_there_is_named(home, source, nothing_known, tmp_path):
    for path in ("", "/*.csv"):
        with pytest.raises(SymetrieError) as raised:
            extract(source(path=f"{tmp_path}/typo{path}"), home=home, known=nothing_known)
        assert str(raised.value) == f"source shops: there is no {tmp_path}/typo; create it or mend `path`"


def test_an_empty_folder_brings_nothing(drops, home, source, nothing_known):
    assert extract(source(), home=home, known=nothing_known) == []


def test_a_file_removed_while_we_look_is_named(drops, home, source, nothing_known, monkeypatch):
    (drops / "a.csv").write_bytes(DATA)
    (drops / "a.csv.done").touch()
    real = extract.__globals__["stable_files"]

    def removed_after(*given):
        found = real(*given)
        (drops / "a.csv").unlink()
        return found

    monkeypatch.setattr("pipelines.sources.files.stable_files", removed_after)
    with pytest.raises(SymetrieError) as raised:
        extract(source(), home=home, known=nothing_known)
    expected = f"source shops: {drops}/a.csv is gone; it was removed while being read, run again"
    assert str(raised.value) == expected


def test_a_file_that_cannot_be_read_is_named(drops, home, source, nothing_known, monkeypatch):
    (drops / "a.csv").write_bytes(DATA)

    def refuse(*given, **more):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("fsspec.implementations.local.LocalFileSystem.open", refuse)
    with pytest.raises(SymetrieError) as raised:
        extract(source(), home=home, known=nothing_known)
    expected = f"source shops: cannot read {drops}/a.csv (PermissionError: [Errno 13] Permission denied)"
    assert str(raised.value) == expected


def test_progress_tells_files_done_of_all(drops, home, source, nothing_known):
    (drops / "a.csv").write_bytes(b"a")
    (drops / "b.csv").write_bytes(b"b")
    told: list[tuple[int, int]] = []
    extract(source(), home=home, known=nothing_known, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]
