"""Several pages in one batch."""

from __future__ import annotations

import gc
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.errors import SymetrieError
from pipelines.pages import read_pages
from pipelines.pages.reading import count_records

HEADER = "response_id;unit_id;submitted_at\n"


def test_rows_are_numbered_through_all_pages_and_know_their_own(land_page, source, asked, answers, unreadable):
    first = land_page((HEADER + "1;A;2026\n2;A\n3;A;2026\n").encode(), "one.csv", datetime(2026, 11, 19, tzinfo=UTC))
    second = land_page(b'{"response_id": "4", "unit_id": "B", "submitted_at": "2026"}\nbroken\n', "two.jsonl")
    batch = read_pages([first, second], source(), asked)
    assert answers(batch, "response_id, page_hash, line, version_at") == [
        ("1", first.content_hash, 2, datetime(2026, 11, 19)),  # noqa: DTZ001 - UTC without saying so, as documented
        ("3", first.content_hash, 4, datetime(2026, 11, 19)),  # noqa: DTZ001
        ("4", second.content_hash, 1, datetime(2026, 11, 20, 12)),  # noqa: DTZ001
    ]
    assert unreadable(batch, "page_hash, line") == [(second.content_hash, 2), (first.content_hash, 3)]
    everything = batch.connection.execute(
        "SELECT row_number FROM answer_text UNION ALL SELECT row_number FROM unreadable ORDER BY ALL"
    ).fetchall()
    assert len({number for (number,) in everything}) == batch.received_count == 5
    payloads = batch.payloads([number for (number,) in everything])
    assert len(payloads) == 5
    assert json.loads(payloads.set_index("row_number").payload[3])["response_id"] == "4"


def test_a_batch_without_pages_is_empty(source, asked, answers):
    batch = read_pages([], source(), asked)
    assert batch.received_count == 0
    assert answers(batch, "row_number") == []
    assert len(batch.payloads([])) == 0


def test_the_columns_are_those_of_an_answer_and_a_mark_per_question(source, asked):
    batch = read_pages([], source(), asked)
    assert batch.columns[:3] == ("response_id", "unit_id", "submitted_at")
    assert batch.columns[14:17] == ("mark_overall", "mark_nps", "mark_ces")
    assert len(batch.columns) == 28


def test_a_page_that_left_the_landing_is_named(land_page, source, asked):
    page = land_page(HEADER.encode(), "one.csv")
    page.path.unlink()
    with pytest.raises(SymetrieError, match=r"page one\.csv .* is not in the landing any more; extract it again"):
        read_pages([page], source(), asked)


def test_mended_copies_go_with_the_batch(land_page, source, asked):
    page = land_page("response_id;unit_id;submitted_at\n1;\xe9;2026\n".encode("cp1252"))
    batch = read_pages([page], source(), asked)
    [copy] = re.findall(r"'([^']+symetrie-pages-[^']+)'", batch._loaded[0].records.relation)
    assert Path(copy).exists()
    assert Path(copy).parent.stat().st_mode & 0o777 == 0o700
    del batch
    gc.collect()
    assert not Path(copy).parent.exists()


def test_records_are_counted_readable_or_not(land_page, source):
    page = land_page((HEADER + "1;A;2026\n2;A\n").encode(), "one.csv")
    assert count_records(page.path, "csv", page.line_count, source()) == 2


SOUND = 'response_id;unit_id;submitted_at;verbatim\n{0}1;A;2026;"two\nlines"\n{0}2;A;2026;\n'
TOO_SHORT = SOUND + "{0}3;A\n{0}4;A;2026;after it\n"
SWALLOWING = SOUND + '{0}3;A;2026;"a stray quote\n{0}4;A;2026;swallowed\n{0}5;A;2026;\n'
IN_CP1252 = SOUND + "{0}3;A;2026;déçu\n"
WITHOUT_UNIT = "response_id;submitted_at\n{0}1;2026\n"
LINES = '{{"response_id": "{0}1", "unit_id": "A", "submitted_at": "2026"}}\nbroken\n'
LINES_WITHOUT_UNIT = '{{"response_id": "{0}1", "submitted_at": "2026"}}\n'


@pytest.mark.parametrize(
    "pages",
    [
        pytest.param([SOUND, SOUND, SOUND], id="all of them sound"),
        pytest.param([SOUND, TOO_SHORT, SOUND], id="one with a short line"),
        pytest.param([SOUND, SWALLOWING, SOUND], id="one with a stray quote"),
        pytest.param([SOUND, IN_CP1252, SOUND], id="one in another encoding"),
        pytest.param([SOUND, WITHOUT_UNIT, SOUND], id="one without a required column"),
        pytest.param([SOUND, "", SOUND], id="one that is empty"),
        pytest.param([LINES, LINES, SOUND], id="several formats"),
        pytest.param([LINES, LINES_WITHOUT_UNIT, LINES], id="lines without a required field"),
        pytest.param([SOUND] * 20, id="more than are read at once"),
    ],
)
def test_pages_read_side_by_side_are_read_as_each_alone(pages, land_page, source, asked, answers, unreadable):
    """The same answers, the same lines, the same rejects and the same payloads."""
    landed = [
        land_page(text.format(number).encode("cp1252"), f"{number}.{'jsonl' if text.startswith('{') else 'csv'}")
        for number, text in enumerate(pages)
    ]
    together = read_pages(landed, source(), asked)
    alone = [read_pages([page], source(), asked) for page in landed]
    for values, columns in [
        (answers, "page_hash, line, response_id, unit_id, verbatim"),
        (unreadable, "page_hash, line, reason, message"),
    ]:
        assert sorted(values(together, columns), key=repr) == sorted(
            (row for batch in alone for row in values(batch, columns)), key=repr
        )
    assert together.received_count == sum(batch.received_count for batch in alone)
    assert together.fields_by_page == {page: fields for batch in alone for page, fields in batch.fields_by_page.items()}
    for number, response_id in answers(together, "row_number, response_id"):
        assert f'"{response_id}"' in together.payloads([number]).payload[0]
