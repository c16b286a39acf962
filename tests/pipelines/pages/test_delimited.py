"""CSV files as people send them."""

from __future__ import annotations

import gzip
import json

import pytest

HEADER = "response_id;unit_id;submitted_at;verbatim;overall"


def csv(*lines: str, header: str = HEADER, end: str = "\n") -> str:
    return end.join([header, *lines, ""])


def test_every_column_is_text_as_it_was_written(read, answers):
    """Decimal commas, local and zoned times, formulas and leading zeros are for those who know what they mean."""
    batch = read(csv("007;A;20/11/2026 08:15;=HYPERLINK(1);4,5", "8;A;2026-11-20T08:15:00+01:00;\U0001f600 مرحبا;5"))
    assert answers(batch, "response_id, submitted_at, verbatim, mark_overall") == [
        ("007", "20/11/2026 08:15", "=HYPERLINK(1)", "4,5"),
        ("8", "2026-11-20T08:15:00+01:00", "\U0001f600 مرحبا", "5"),
    ]


def test_an_absent_column_and_an_empty_field_are_null(read, answers):
    batch = read(csv('1;A;2026-11-20;"";'))
    assert answers(batch, "verbatim, mark_overall, channel, mark_dim_trust") == [(None, None, None, None)]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_found_in_the_header_whose_quotes_are_respected(read, answers, delimiter):
    """A header such as "a, b; c" in quotes is one name."""
    header = delimiter.join(["response_id", "unit_id", "submitted_at", '"free, text; with | and\tmore"'])
    batch = read(csv(delimiter.join(["1", "A", "2026-11-20", "x"]), header=header))
    assert answers(batch, "response_id, unit_id, submitted_at") == [("1", "A", "2026-11-20")]
    assert batch.fields_by_page[batch.pages[0].content_hash][3] == "free, text; with | and\tmore"


def test_a_delimiter_of_the_settings_wins(read, answers):
    batch = read("response_id:unit_id:submitted_at\n1:A:2026\n", delimiter=":")
    assert answers(batch, "unit_id") == ["A"]


def test_a_first_line_sep_names_the_delimiter_and_is_not_a_header(read, answers):
    batch = read("sep=,\r\nresponse_id,unit_id,submitted_at\r\n1,A,2026\r\n")
    assert answers(batch, "line, unit_id") == [(3, "A")]


def test_headers_are_found_in_any_order_whatever_their_case_accents_and_spaces(read, answers):
    batch = read(
        csv("B;1;2026", header=" Magasin ;N° de RÉPONSE;Submitted_At"),
        fields={"response_id": ["id", "n de reponse"], "unit_id": "magasin"},
    )
    assert answers(batch, "response_id, unit_id") == [("1", "B")]


def test_the_first_alias_that_is_present_wins(read, answers):
    batch = read(
        csv("1;old;new;2026", header="response_id;shop_old;shop_new;submitted_at"),
        fields={"unit_id": ["shop", "shop_new", "shop_old"]},
    )
    assert answers(batch, "unit_id") == ["new"]


def test_of_two_headers_of_one_name_the_first_is_read_and_both_are_kept(read, answers):
    batch = read(csv("1;A;2026;first;second", header="response_id;unit_id;submitted_at;verbatim;Verbatim"))
    assert answers(batch, "verbatim") == ["first"]
    assert json.loads(batch.payloads([1]).payload[0])["Verbatim"] == "second"


def test_several_verbatim_fields_are_joined_by_a_line_break(read, answers):
    batch = read(
        csv("1;A;2026;good;bad", "2;A;2026;;bad", "3;A;2026;;", header="response_id;unit_id;submitted_at;why;improve"),
        fields={"verbatim": ["why", "improve"]},
    )
    assert answers(batch, "verbatim") == ["good\nbad", "bad", None]


@pytest.mark.parametrize(
    "encoded",
    [
        csv("1;A;2026;été €’ cœur;5").encode("utf-8"),
        csv("1;A;2026;été €’ cœur;5").encode("utf-8-sig"),
        csv("1;A;2026;été €’ cœur;5").encode("utf-16"),
        csv("1;A;2026;été €’ cœur;5").encode("cp1252"),
    ],
    ids=["utf-8", "utf-8 with a mark", "utf-16 with a mark", "cp1252"],
)
def test_the_encoding_is_found(read, answers, encoded):
    assert answers(read(encoded), "response_id, verbatim") == [("1", "été €’ cœur")]


def test_accents_of_cp1252_in_the_header_are_found_too(read, answers):
    batch = read(
        csv("1;A;2026", header="Réponse;unit_id;submitted_at").encode("cp1252"), fields={"response_id": "réponse"}
    )
    assert answers(batch, "response_id") == ["1"]


def test_a_line_of_another_encoding_costs_no_other_line_its_accents(read, answers):
    batch = read(csv("1;A;2026;é;5").encode() + "2;A;2026;é;5\n".encode("cp1252"))
    assert answers(batch, "verbatim") == ["é", "é"]


def test_an_encoding_of_the_settings_is_used(read, answers):
    batch = read(csv("1;A;2026;Привет;5").encode("cp1251"), encoding="cp1251")
    assert answers(batch, "verbatim") == ["Привет"]


def test_a_gzip_ed_file_is_read(read, answers):
    batch = read(gzip.compress(csv("1;A;2026;x;5").encode()), "answers.csv.gz")
    assert answers(batch, "response_id") == ["1"]


def test_a_damaged_archive_is_one_broken_document(read, unreadable):
    whole = gzip.compress(csv(*(f"{n};A;2026;{n * 7919};5" for n in range(5000))).encode())
    batch = read(whole[: len(whole) // 2], "answers.csv.gz")
    assert batch.received_count == 1
    [(reason, message)] = unreadable(batch, "reason, message")
    assert reason == "broken_document"
    assert message.startswith("answers.csv.gz is a damaged gzip archive")


@pytest.mark.parametrize("nothing", ["", "\n\n", "   \n", HEADER, HEADER + "\n", HEADER + "\n;;;;\n;;;;\n"])
def test_a_file_without_records_brings_none(read, nothing):
    """0 bytes, blank lines, a header alone, the empty rows below a spreadsheet."""
    assert read(nothing).received_count == 0


def test_a_line_with_too_few_or_too_many_fields_costs_itself_only(read, answers, unreadable):
    batch = read(csv("1;A;2026;x;5", "2;A", "3;A;2026;x;5;6;7", "4;A;2026;x;5"))
    assert answers(batch, "line, response_id") == [(2, "1"), (5, "4")]
    assert unreadable(batch, "line, reason, message, payload ->> 'raw'") == [
        (3, "broken_line", "the line has 2 fields, the header 5", "2;A"),
        (4, "broken_line", "the line has 7 fields, the header 5", "3;A;2026;x;5;6;7"),
    ]
    assert batch.received_count == 4


def test_delimiters_inside_quotes_are_not_counted_as_fields(read, unreadable):
    batch = read(csv('2;A;"a;b"', "1;A;2026;x;5"))
    assert unreadable(batch, "message") == ["the line has 3 fields, the header 5"]


def test_a_file_of_broken_lines_only_is_read_to_its_end(read, unreadable):
    """DuckDB would take 10 KB of memory to tell of each."""
    batch = read(csv(*["1;A"] * 60_000))
    assert batch.received_count == 60_000
    assert set(unreadable(batch, "message")) == {"the line has 2 fields, the header 5"}


def test_a_quoted_field_holds_delimiters_quotes_and_lines(read, answers):
    batch = read(csv('1;A;2026;"a; ""b""\n\nc";5', "2;A;2026;d;5"))
    assert answers(batch, "verbatim") == ['a; "b"\n\nc', "d"]


def test_an_unterminated_quote_costs_its_own_line_only(read, answers, unreadable):
    batch = read(csv('1;A;2026;"x;5', "2;A;2026;y;5", '3;A;2026;"z";5', '4;A;2026;"two\nlines";5'))
    assert answers(batch, "response_id, verbatim") == [("2", "y"), ("3", "z"), ("4", "two\nlines")]
    assert unreadable(batch, "line, reason, payload ->> 'raw'") == [(2, "broken_line", '1;A;2026;"x;5')]


def test_two_stray_quotes_do_not_swallow_the_records_between_them(read, answers, unreadable):
    """By the letter this is one field of three lines; the dates in it say that it is three answers."""
    batch = read(csv('1;A;2026-11-20;"x;5', "2;A;2026-11-20;y;5", '3;A;2026-11-20;z";5'))
    assert answers(batch, "response_id") == ["2", "3"]
    assert unreadable(batch, "payload ->> 'raw'") == ['1;A;2026-11-20;"x;5']


def test_an_open_quote_in_a_long_file_loses_no_line(read):
    """DuckDB alone drops thousands of lines here without a word."""
    lines = [f"{n};A;2026-11-20;{'text ' * 40};5" for n in range(60_000)]
    lines[10] = lines[10].replace("text", '"text', 1)
    batch = read(csv(*lines))
    assert batch.received_count == 60_000
    assert batch.connection.execute("SELECT count(*) FROM unreadable").fetchone() == (1,)


def test_a_text_with_commas_and_lines_is_not_taken_for_records(read, answers):
    text = "first, second, third, fourth\nfifth, sixth, seventh, eighth, ninth"
    batch = read(csv(f'1,A,2026-11-20,"{text}",5', header=HEADER.replace(";", ",")))
    assert answers(batch, "verbatim") == [text]


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_of_other_systems_are_line_ends(read, answers, end):
    batch = read(csv("1;A;2026;x;5", "2;A;2026;y;5", end=end))
    assert answers(batch, "response_id, mark_overall") == [("1", "5"), ("2", "5")]


def test_line_ends_may_be_mixed(read, answers):
    batch = read(csv("1;A;2026;x;5\r", "2;A;2026;lone\rreturn;5", '3;A;2026;"in\r\nquotes";5'))
    assert answers(batch, "response_id, verbatim, mark_overall") == [
        ("1", "x", "5"),
        ("2", "lone return", "5"),
        ("3", "in\nquotes", "5"),
    ]


def test_blank_lines_are_not_records(read, answers, unreadable):
    batch = read(csv("", "1;A;2026;x;5", "", "2;A", "", '3;A;2026;"a\n\nb";5', ""))
    assert batch.received_count == 3
    assert answers(batch, "response_id, verbatim") == [("1", "x"), ("3", "a\n\nb")]
    assert unreadable(batch, "payload ->> 'raw'") == ["2;A"]


def test_a_megabyte_of_text_is_read(read, answers):
    batch = read(csv(f"1;A;2026;{'x' * 1_000_000};5"))
    assert answers(batch, "length(verbatim)") == [1_000_000]


def test_a_line_beyond_eight_megabytes_is_broken_and_its_neighbours_are_read(read, answers, unreadable):
    batch = read(csv("1;A;2026;x;5", f"2;A;2026;{'y' * 9_000_000};5", "3;A;2026;z;5"))
    assert answers(batch, "response_id") == ["1", "3"]
    assert unreadable(batch, "message") == ["the line is longer than 8,000,000 characters"]


def test_nul_becomes_the_replacement_character(read, answers):
    batch = read(csv("1;A;2026;a\0b;5"))
    assert answers(batch, "verbatim") == ["a\N{REPLACEMENT CHARACTER}b"]
    assert "\0" not in batch.payloads([1]).payload[0]


@pytest.mark.parametrize("missing", ["response_id", "unit_id", "submitted_at"])
def test_without_a_required_column_every_row_is_kept_as_unreadable(read, unreadable, missing):
    header = HEADER.replace(missing, "other")
    batch = read(csv("1;A;2026;x;5", "2;A;2026;y;5", header=header), fields={missing: [missing, "alias"]})
    assert batch.received_count == 2
    message = f"answers.csv has no column {missing} (looked for as {missing}, alias); found: "
    for reason, said, payload in unreadable(batch, "reason, message, payload"):
        assert reason == "missing_column"
        assert said.startswith(message)
        assert "'other'" in said
        assert json.loads(payload)["overall"] == "5"


def test_a_line_broken_below_a_header_without_a_required_column_says_so_too(read, unreadable):
    """A title above the header, say: the header is what there is to mend, not the lines."""
    batch = read(csv("response_id;unit_id;submitted_at", "1;A;2026", header="Export of 20/11/2026"))
    for reason, message in unreadable(batch, "reason, message"):
        assert reason == "missing_column"
        assert message.endswith("found: 'Export of 20/11/2026'")
    assert batch.received_count == 2


def test_a_header_whose_quotes_do_not_add_up_is_read_without_them(read, answers):
    batch = read(csv("1;A;2026", "2;A;2026", header='response_id;"unit_id;submitted_at'))
    assert answers(batch, "response_id, unit_id") == [("1", "A"), ("2", "A")]


def test_payloads_are_the_raw_records_under_their_own_headers(read):
    batch = read(csv("1;A;2026;x;5", "broken", "2;A;2026;;4"))
    payloads = batch.payloads([3, 1, 2])
    assert list(payloads.row_number) == [1, 2, 3]
    assert [json.loads(each) for each in payloads.payload] == [
        {"response_id": "1", "unit_id": "A", "submitted_at": "2026", "verbatim": "x", "overall": "5"},
        {"response_id": "2", "unit_id": "A", "submitted_at": "2026", "verbatim": None, "overall": "4"},
        {"raw": "broken"},
    ]
