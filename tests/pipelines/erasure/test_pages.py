"""An erased answer leaves a landed page of any form, and nothing else of the page changes."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.erasure.pages import remove, search
from pipelines.landing import LandedPage, landed_pages, read_manifest
from pipelines.pages import read_pages

MARKER = "personne ne doit lire ceci"
HEADER = "response_id;unit_id;submitted_at;verbatim;overall"
LINES = (
    "R-1;lyon;2026-11-20 10:00;très bien;5",
    f"R-2;lyon;2026-11-20 11:00;{MARKER};1",
    '"R-3";lyon;2026-11-20 12:00;"deux\nlignes; et un ""mot""";4',
    "R-20;lyon;2026-11-20 13:00;;3",
)
RECORDS = [
    {"response_id": "R-1", "unit_id": "lyon", "submitted_at": "2026-11-20 10:00", "verbatim": "très bien", "n": 1.10},
    {"response_id": "R-2", "unit_id": "lyon", "submitted_at": "2026-11-20 11:00", "verbatim": MARKER},
    {"response_id": "R-3", "unit_id": "lyon", "submitted_at": "2026-11-20 12:00", "about": {"response_id": "R-2"}},
]


def content(page: LandedPage) -> bytes:
    data = page.path.read_bytes()
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def erase(page: LandedPage, source: Any, asked: Any, erased: Any) -> LandedPage:
    """Erase from a page; gives it as the landing has it afterwards."""
    found = search(page, source, asked, erased)
    if found is not None:
        remove(found, source, asked)
    after = read_manifest(page.path.parent / f"{page.content_hash}.json")
    assert search(after, source, asked, erased) is None
    return after


def csv(*lines: str, end: str = "\n") -> str:
    return end.join([HEADER, *lines, ""])


@pytest.mark.parametrize(
    ("encoding", "end", "declared"),
    [
        ("utf-8", "\n", None),
        ("utf-8-sig", "\r\n", None),
        ("cp1252", "\n", None),
        ("cp1252", "\r\n", "cp1252"),
        ("utf-16", "\n", None),
        ("utf-8", "\r", None),
    ],
)
@pytest.mark.parametrize("is_gzipped", [False, True])
def test_a_line_leaves_a_csv_page_and_every_other_byte_stays(
    land_page, source, asked, erased, encoding: str, end: str, declared: str | None, is_gzipped: bool
) -> None:
    """Whatever its encoding and line ends; its name stays the hash of what was received."""
    lines = [line.replace("\n", end) for line in LINES]
    data = csv(*lines, end=end).encode(encoding)
    page = land_page(gzip.compress(data) if is_gzipped else data, "a.csv.gz" if is_gzipped else "a.csv")
    after = erase(page, source(encoding=declared), asked, erased("R-2"))
    assert content(after) == csv(lines[0], *lines[2:], end=end).encode(encoding)
    assert (after.path, after.content_hash, after.erased_count) == (page.path, page.content_hash, 1)


@pytest.mark.parametrize("gone", ["R-1", "R-2", "R-3", "R-20"])
def test_any_record_may_go_the_one_of_several_lines_too(land_page, source, asked, erased, gone: str) -> None:
    """Blank lines between records stay where they are."""
    data = csv(LINES[0], "", *LINES[1:]).encode()
    after = erase(land_page(data, "a.csv"), source(), asked, erased(gone))
    rest = [line for line in LINES if line.split(";")[0].strip('"') != gone]
    kept = [rest[0], "", *rest[1:]] if gone != "R-1" else ["", *rest]
    assert content(after) == csv(*kept).encode()


def test_a_page_with_stray_quotes_loses_the_one_record_and_keeps_its_broken_lines(
    land_page, source, asked, erased
) -> None:
    """It is read line by line; so it is rewritten."""
    broken = 'R-7;lyon;2026-11-20 15:00;"jamais fermé;2'
    data = csv(LINES[0], broken, LINES[1], LINES[3]).encode()
    after = erase(land_page(data, "a.csv"), source(), asked, erased("R-2"))
    assert content(after) == csv(LINES[0], broken, LINES[3]).encode()


@pytest.mark.parametrize("broken", ["R-7;lyon;2026-11-20 15:00;trop;de;champs;2", 'R-7;lyon;"jamais fermé;2', "R-7;x"])
def test_a_broken_line_that_names_the_answer_goes_too(land_page, source, asked, erased, broken: str) -> None:
    """Nobody could read it as a record, yet it holds what was said."""
    data = csv(LINES[0], broken, LINES[3]).encode()
    after = erase(land_page(data, "a.csv"), source(), asked, erased("R-7"))
    assert content(after) == csv(LINES[0], LINES[3]).encode()


def test_a_page_without_a_required_column_loses_the_record_that_names_the_answer(
    land_page, source, asked, erased
) -> None:
    """Its records are all unreadable."""
    data = b"response_id;unit_id;when\nR-1;lyon;x\nR-2;lyon;y\n"
    after = erase(land_page(data, "a.csv"), source(), asked, erased("R-2"))
    assert content(after) == b"response_id;unit_id;when\nR-1;lyon;x\n"


@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
def test_a_line_leaves_json_lines(land_page, source, asked, erased, name: str) -> None:
    """Also under the name of JSON; blank and broken lines stay."""
    lines = [json.dumps(RECORDS[0]), "", "{broken", json.dumps(RECORDS[1]), json.dumps(RECORDS[2])]
    after = erase(land_page("\r\n".join(lines).encode(), name), source(), asked, erased("R-2"))
    assert content(after) == "\r\n".join([*lines[:3], lines[4]]).encode()


def test_a_record_leaves_a_json_document_and_the_others_keep_their_spelling(land_page, source, asked, erased) -> None:
    """Numbers, escapes and what stands around the list; a record that only mentions the id is another's."""
    first, second = '{"response_id": "R-1", "unit_id": "lyon", "submitted_at": "x", "n": 1.10, "\\u00e9": 1e3}', RECORDS
    data = f'{{"page": 1, "data": {{"answers": [ {first} ,\n {json.dumps(second[1])}, {json.dumps(second[2])} ]}} }}'
    after = erase(land_page(data.encode(), "a.json"), source(records="data.answers"), asked, erased("R-2"))
    assert content(after).decode() == f'{{"page": 1, "data": {{"answers": [{first},{json.dumps(second[2])}]}} }}'


def test_a_document_that_is_the_record_becomes_empty(land_page, source, asked, erased) -> None:
    after = erase(land_page(json.dumps(RECORDS[1]).encode(), "a.json"), source(), asked, erased("R-2"))
    assert content(after) == b""


def test_a_document_that_nobody_can_read_and_that_names_the_answer_becomes_empty(
    land_page, source, asked, erased
) -> None:
    """It is one record to the reader: cut off in mid-download, for example."""
    data = json.dumps(RECORDS)[:-20].encode()
    assert content(erase(land_page(data, "a.json"), source(), asked, erased("R-99"))) == data
    assert content(erase(land_page(data, "a.json"), source(), asked, erased("R-2"))) == b""


@pytest.mark.parametrize("is_gzipped", [False, True])
def test_a_row_leaves_a_parquet_page(land_page, source, asked, erased, tmp_path: Path, is_gzipped: bool) -> None:
    """Types and the order of the others stay."""
    file = tmp_path / "x.parquet"
    rows = "SELECT i AS response_id, 'lyon' AS unit_id, TIMESTAMP '2026-11-20' AS submitted_at, i::DECIMAL(9,2) AS paid"
    duckdb.sql(f"{rows}, [i] AS list FROM range(5000) t(i)").write_parquet(str(file))
    data = file.read_bytes()
    page = land_page(gzip.compress(data) if is_gzipped else data, "a.parquet")
    after = erase(page, source(), asked, erased("4711"))
    left = tmp_path / "left.parquet"
    left.write_bytes(content(after))
    table = duckdb.connect()
    assert table.sql(f"DESCRIBE FROM '{left}'").fetchall() == table.sql(f"DESCRIBE FROM '{file}'").fetchall()
    assert table.sql(f"FROM '{left}'").fetchall() == table.sql(f"FROM '{file}' WHERE response_id <> 4711").fetchall()
    assert after.path.read_bytes()[:2] == (b"\x1f\x8b" if is_gzipped else b"PA")


def test_a_page_that_does_not_hold_the_answer_is_not_touched(land_page, source, asked, erased) -> None:
    page = land_page(csv(*LINES).encode(), "a.csv")
    before = page.path.stat().st_mtime_ns
    assert search(page, source(), asked, erased("R-200")) is None
    assert page.path.stat().st_mtime_ns == before


TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")) | st.sampled_from('";\n\r,\t'), max_size=12
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXT, min_size=1, max_size=8), gone=st.integers(0, 7), is_json=st.booleans())
def test_whatever_people_write_only_the_erased_answer_is_missing(
    land_page, source, asked, erased, home: Path, texts: list[str], gone: int, is_json: bool
) -> None:
    """Quotes, delimiters and line ends in verbatims included."""
    fields = [(f"R-{n}", "lyon", "2026-11-20 10:00", each, "5") for n, each in enumerate(texts)]
    if is_json:
        names = HEADER.split(";")
        data = "".join(json.dumps(dict(zip(names, row, strict=True))) + "\n" for row in fields)
    else:
        quoted = [";".join('"' + each.replace('"', '""') + '"' for each in row) for row in fields]
        data = "\n".join([HEADER, *quoted, ""])
    page = land_page(data.encode(), "a.jsonl" if is_json else "a.csv")
    names = "response_id, verbatim, mark_overall"
    read = f"SELECT {names} FROM answer_text WHERE response_id <> 'R-{gone}' ORDER BY row_number"
    before = read_pages([page], source(), asked).connection.execute(read).fetchall()
    after = erase(page, source(), asked, erased(f"R-{gone}"))
    left = read_pages([after], source(), asked).connection.execute(read).fetchall()
    assert left == before
    assert len(landed_pages(home, "shops", [page.content_hash])) == 1
