"""JSON documents and JSON Lines."""

from __future__ import annotations

import json

import pytest

ANSWER = {"response_id": "1", "unit_id": "A", "submitted_at": "2026-11-20T08:00:00Z"}


def lines(*records: object) -> str:
    return "".join((each if isinstance(each, str) else json.dumps(each, ensure_ascii=False)) + "\n" for each in records)


def test_numbers_keep_every_digit(read, answers):
    """Beyond 2^53 a float would have lost some."""
    record = '{"response_id": 9007199254740993, "unit_id": 12345678901234567890123, "submitted_at": 1.10}'
    batch = read(record + "\n", "a.jsonl")
    assert answers(batch, "response_id, unit_id") == [("9007199254740993", "12345678901234567890123")]


@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
def test_half_an_emoji_is_left_out_and_costs_no_record(name, read, answers):
    """Servers that cut texts by UTF-16 write it as an escape; whole ones and spelled-out backslashes stay."""
    texts = [r"cut \ud83d", r"\uDE00 cut", r"whole \ud83d\ude00", r"spelled \\ud83d", r"nul \u0000"]
    records = [json.dumps(ANSWER)[:-1] + f', "verbatim": "{text}"}}' for text in texts]
    content = "\n".join(records) if name == "a.jsonl" else f"[{','.join(records)}]"
    batch = read(content + "\n", name)
    assert answers(batch, "verbatim") == [
        "cut ", " cut", "whole \U0001f600", r"spelled \ud83d", "nul \ufffd",
    ]  # fmt: skip


def test_nan_is_no_mark(read, answers):
    batch = read(lines({**ANSWER, "overall": float("nan"), "nps": 9}), "a.jsonl")
    assert answers(batch, "mark_overall, mark_nps") == [(None, "9")]


def test_of_a_repeated_key_the_first_is_read_and_both_are_kept(read, answers):
    record = '{"response_id": "1", "unit_id": "A", "unit_id": "B", "submitted_at": "2026"}'
    batch = read(record + "\n", "a.jsonl")
    assert answers(batch, "unit_id") == ["A"]
    assert batch.payloads([1]).payload[0] == record


def test_a_dotted_name_reaches_into_objects_and_lists_and_finds_a_key_spelled_so(read, answers):
    record = {"response_id": "1", "respondent": {"store": {"id": "A"}}, "events": [{"at": "2026"}], "free.text": "x"}
    fields = {"unit_id": "respondent.store.id", "submitted_at": "events.0.at", "verbatim": "free.text"}
    batch = read(lines(record), "a.jsonl", fields=fields)
    assert answers(batch, "unit_id, submitted_at, verbatim") == [("A", "2026", "x")]


def test_a_json_path_reaches_into_lists_and_searches_them(read, answers):
    """Survey tools give their answers as a list; the question's name finds the right one, wherever it stands."""
    asked = [{"field": {"ref": "why"}, "text": "so"}, {"field": {"ref": "store"}, "number": 9007199254740993}]
    records = [{"a": [{"id": "1"}], "at": "2026", "answers": each} for each in (asked, asked[::-1], [], None, "none")]
    fields = {
        "response_id": "$.a[0].id",
        "submitted_at": "$['at']",
        "unit_id": ["$.answers[?(@.field.ref=='store')].number", "$.a[0]['id']"],
        "verbatim": '$.answers[?(@.field.ref == "why")].text',
    }
    batch = read(lines(*records, "broken"), "a.jsonl", fields=fields)
    assert answers(batch, "response_id, submitted_at, unit_id, verbatim") == [
        ("1", "2026", "9007199254740993", "so"),
        ("1", "2026", "9007199254740993", "so"),
        ("1", "2026", "1", None),
        ("1", "2026", "1", None),
        ("1", "2026", "1", None),
    ]


def test_a_search_that_no_record_answers_is_a_missing_column(read, unreadable):
    batch = read(lines({**ANSWER, "answers": []}), "a.jsonl", fields={"unit_id": "$.answers[?(@.ref=='store')].text"})
    [(reason, message)] = unreadable(batch, "reason, message")
    assert reason == "missing_column"
    assert "unit_id (looked for as $.answers[?(@.ref=='store')].text)" in message


def test_the_first_alias_present_in_each_record_is_read(read, answers):
    records = [{**ANSWER, "site": "B", "unit_id": None}, {**ANSWER, "site": "C"}]
    batch = read(lines(*records), "a.jsonl", fields={"unit_id": ["unit_id", "site"]})
    assert answers(batch, "unit_id") == ["B", "A"]


def test_a_broken_line_costs_itself_only(read, answers, unreadable):
    batch = read(lines(ANSWER, '{"response_id":', "", "42", "[1]", {**ANSWER, "response_id": "2"}), "a.jsonl")
    assert answers(batch, "line, response_id") == [(1, "1"), (6, "2")]
    assert unreadable(batch, "line, reason, payload ->> 'raw'") == [
        (2, "broken_line", '{"response_id":'),
        (4, "broken_line", "42"),
        (5, "broken_line", "[1]"),
    ]
    assert batch.received_count == 5


@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
def test_json_lines_may_be_called_json(read, answers, name):
    assert answers(read(lines(ANSWER, {**ANSWER, "response_id": "2"}), name), "response_id") == ["1", "2"]


@pytest.mark.parametrize(
    "encoded",
    [lines({**ANSWER, "verbatim": "été €"}).encode(each) for each in ("utf-8", "utf-8-sig", "utf-16", "cp1252")],
    ids=["utf-8", "utf-8 with a mark", "utf-16 with a mark", "cp1252"],
)
@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
def test_the_encoding_is_found(read, answers, encoded, name):
    assert answers(read(encoded, name), "response_id, verbatim") == [("1", "été €")]


def test_nul_becomes_the_replacement_character(read, answers):
    batch = read(lines({**ANSWER, "verbatim": "a\0b"}), "a.jsonl")
    assert answers(batch, "verbatim") == ["a\N{REPLACEMENT CHARACTER}b"]


def test_a_control_character_breaks_its_line_only(read, answers, unreadable):
    batch = read(lines('{"response_id": "\x01"}', '{"a": "\0"}', ANSWER), "a.jsonl")
    assert answers(batch, "line, response_id") == [(3, "1")]
    assert unreadable(batch, "line, reason") == [(1, "broken_line"), (2, "broken_line")]


def test_a_line_beyond_eight_megabytes_is_broken(read, answers, unreadable):
    batch = read(lines(ANSWER, {**ANSWER, "verbatim": "x" * 9_000_000}, {**ANSWER, "response_id": "3"}), "a.jsonl")
    assert answers(batch, "line, response_id") == [(1, "1"), (3, "3")]
    assert unreadable(batch, "line, message") == [(2, "the line is longer than 8,000,000 bytes")]


def test_line_ends_may_be_mixed(read, answers):
    text = json.dumps(ANSWER)
    batch = read(f"{text}\r\n{text}\n{text.replace(', ', ',' + chr(13), 1)}\n", "a.jsonl")
    assert answers(batch, "response_id") == ["1", "1", "1"]


def test_a_field_that_no_record_has_is_a_missing_column(read, unreadable):
    batch = read(lines({"response_id": "1", "submitted_at": "2026"}, {"response_id": "2"}), "a.jsonl")
    assert unreadable(batch, "line, reason, message") == [
        (
            each,
            "missing_column",
            "a.jsonl has no column unit_id (looked for as unit_id); found: 'response_id', 'submitted_at'",
        )
        for each in (1, 2)
    ]


def test_a_field_that_is_null_everywhere_is_not_a_missing_column(read, answers):
    assert answers(read(lines({**ANSWER, "unit_id": None}), "a.jsonl"), "unit_id") == [None]


def test_a_document_is_a_list_of_records(read, answers, unreadable):
    batch = read(json.dumps([ANSWER, 3, {**ANSWER, "response_id": "2"}], indent=1), "a.json")
    assert answers(batch, "response_id") == ["1", "2"]
    assert unreadable(batch, "line, reason") == [(2, "broken_line")]


def test_the_records_may_stand_at_a_dotted_path(read, answers):
    batch = read(json.dumps({"data": {"items": [ANSWER, ANSWER]}}), "a.json", records="data.items")
    assert answers(batch, "response_id") == ["1", "1"]


@pytest.mark.parametrize("path", ["$.data.items", "$.data['items']", "$.pages[?(@.kind=='answers')].items"])
def test_the_records_may_stand_at_a_json_path(read, answers, path):
    document = {"data": {"items": [ANSWER]}, "pages": [{"kind": "meta"}, {"kind": "answers", "items": [ANSWER]}]}
    assert answers(read(json.dumps(document), "a.json", records=path), "response_id") == ["1"]


def test_a_list_that_is_null_is_empty(read):
    assert read(json.dumps({"items": None}), "a.json", records="items").received_count == 0


def test_a_document_without_the_list_is_one_broken_document(read, unreadable):
    batch = read(json.dumps({"items": [ANSWER]}), "a.json", records="data.items")
    assert unreadable(batch, "reason, message") == [("broken_document", "a.json has no list of records at data.items")]


@pytest.mark.parametrize("broken", ['[{"response_id": "1"}', "<html>error</html>", "[" * 100_000])
def test_a_document_that_is_not_json_is_one_broken_document(read, unreadable, broken):
    batch = read(broken, "a.json")
    [(reason, message, payload)] = unreadable(batch, "reason, message, payload")
    assert (reason, message) == ("broken_document", "a.json is not a JSON document, or not a whole one")
    assert json.loads(payload) == {"raw": broken}


@pytest.mark.parametrize("nothing", ["", "\n", "[]"])
def test_a_document_without_records_brings_none(read, nothing):
    assert read(nothing, "a.json").received_count == 0


def test_payloads_are_the_records_as_they_were_sent(read):
    batch = read(json.dumps([ANSWER, {"response_id": "2", "more": [1, {"é": None}]}], ensure_ascii=False), "a.json")
    assert json.loads(batch.payloads([2]).payload[0]) == {"response_id": "2", "more": [1, {"é": None}]}
