"""Whatever is in a file, nothing of it is lost."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

HEADER = ["response_id", "unit_id", "submitted_at", "verbatim"]
some = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
# A raw carriage return is a line end of its own, and a NUL is replaced: both have tests of their own.
words = st.text(st.sampled_from('ab;,"\n é\t|\U0001f600=٣'), max_size=12)
rows = st.lists(st.tuples(st.integers(1, 10**6).map(str), st.just("A"), st.just("2026-11-20"), words), max_size=8)


@some
@given(rows, st.sampled_from(";,\t|"), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_well_formed_csv_is_read_back_as_it_was_written(read, answers, rows, delimiter, end, quoted):
    text = io.StringIO()
    writer = csv.writer(
        text, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    )
    writer.writerows([HEADER, *rows])
    batch = read(text.getvalue(), delimiter=delimiter)
    assert batch.received_count == len(rows)
    assert answers(batch, "response_id, coalesce(verbatim, '')") == [(row[0], row[3]) for row in rows]


@some
@given(st.lists(st.text(st.sampled_from('a1;;;""\n \r2026-'), min_size=1, max_size=30), max_size=12))
@example([';  "', '";;'])  # two spaces before a quote make it a letter for DuckDB, one does not
@example(['0;\r"', '";;;'])  # a carriage return ends a record, a line feed in a quoted field does not: as many as lines
def test_of_broken_csv_every_character_is_kept(read, lines):
    """Each line with something in it stands, whole, in one record or in one unreadable payload."""
    body = "\n".join(lines)
    batch = read(";".join(HEADER) + "\n" + body)
    numbers = [
        row[0]
        for row in batch.connection.execute(
            "SELECT row_number FROM answer_text UNION ALL SELECT row_number FROM unreadable"
        ).fetchall()
    ]
    assert len(numbers) == len(set(numbers)) == batch.received_count
    kept = [value or "" for each in batch.payloads(numbers).payload for value in json.loads(each).values()]
    letters = "a12026-"
    assert sorted(each for each in "".join(kept) if each in letters) == sorted(each for each in body if each in letters)


@some
@given(st.lists(st.one_of(st.just("good"), st.text(st.sampled_from('{}":,[]1 a\té'), max_size=10)), max_size=12))
def test_every_json_line_is_an_answer_or_unreadable(read, lines):
    good = '{"response_id": "1", "unit_id": "A", "submitted_at": "2026"}'
    written = [good if each == "good" else each for each in lines]
    batch = read("\n".join(written), "a.jsonl")
    assert batch.received_count == sum(1 for each in written if each.strip(" \t"))


@some
@given(st.binary(max_size=200), st.sampled_from(["a.csv", "a.jsonl", "a.json", "a.parquet", "a.csv.gz"]))
def test_no_bytes_make_a_reader_fail(read, data, name):
    """A program, a picture, an archive under the name of a table: records that cannot be read, not an error."""
    batch = read(data, name)
    answers_and_unreadable = batch.connection.execute(
        "SELECT (SELECT count(*) FROM answer_text) + (SELECT count(*) FROM unreadable)"
    ).fetchone()
    assert answers_and_unreadable == (batch.received_count,)


@pytest.mark.parametrize("broken_every", [1, 2, 3, 1000])
def test_files_with_many_broken_lines_are_read_without_losing_count(read, broken_every):
    lines = [f'{n};A;2026-11-20;"x' if n % broken_every == 0 else f'{n};A;2026-11-20;"x"' for n in range(5000)]
    batch = read("\n".join([";".join(HEADER), *lines]))
    assert batch.received_count == 5000
    unreadable = batch.connection.execute("SELECT count(*) FROM unreadable").fetchone()
    assert unreadable == (len(range(0, 5000, broken_every)),)
