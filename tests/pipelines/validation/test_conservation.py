"""Nothing is lost: every record received is accepted or quarantined, whatever it holds."""

from __future__ import annotations

import json
from hashlib import md5

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

FIELDS = (
    "response_id", "unit_id", "submitted_at", "experienced_at", "updated_at", "channel", "verbatim", "overall", "nps",
    "trust", "can_contact", "touchpoint",
)  # fmt: skip
HOSTILE = (
    "", " ", "\0", "a\0b", "'", '"', "';--", "=1+1", "é" * 300, "2026-11-20", "1980-01-01", "9999-12-31", "lille", "-1",
    "1e400", "NaN", "null", "\\u0000", "{}", "\u202e", "\U0001f600", "\ufeff", "1", "5", "10", 4.5, -1, True, [], {},
)  # fmt: skip
values = st.one_of(
    st.sampled_from(HOSTILE),
    st.none(),
    st.text(max_size=40),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False),
    st.datetimes().map(str),
)
records = st.dictionaries(st.sampled_from(FIELDS), values)
lines = st.one_of(records.map(lambda record: json.dumps(record, ensure_ascii=False)), st.text(max_size=60))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(lines, min_size=1, max_size=60))
def test_received_is_accepted_plus_quarantined_on_hostile_text(validated, answer, found) -> None:
    batch = validated(answer(), *found)
    assert batch.received_count == len(batch.accepted) + len(batch.quarantined)
    assert batch.accepted_count == len(batch.accepted) >= 1
    assert not batch.quarantined[["record_key", "reasons", "expectations", "message", "payload"]].isna().any(axis=None)
    assert not batch.quarantined["payload"].str.contains("\0").any()


def test_broken_lines_and_pages_without_a_column_go_straight_to_quarantine(validated, answer) -> None:
    batch = validated(answer(), '{"response_id": "b1", "unit_id":')
    assert (batch.received_count, len(batch.accepted)) == (2, 1)
    [row] = batch.quarantined.to_dict("records")
    assert (row["reasons"], row["expectations"]) == ("broken_line", "the line can be read")
    assert row["record_key"] == f"{batch.pages[0].content_hash[:12]}:{md5(row['payload'].encode()).hexdigest()[:8]}"

    batch = validated(answer(unit_id=...), answer(unit_id=..., response_id="a2"))
    assert (batch.received_count, len(batch.accepted)) == (2, 0)
    assert list(batch.quarantined["reasons"]) == ["missing_column", "missing_column"]
    assert batch.is_publishable


def test_the_same_bad_record_keeps_its_key_wherever_it_stands(validated, answer) -> None:
    """A page received again, or the row in another page, must not fill the quarantine twice."""
    bad = answer(overall=7)
    first = validated(bad, answer(response_id="a2")).quarantined["record_key"]
    second = validated(answer(response_id="a2"), answer(response_id="a3"), bad).quarantined["record_key"]
    assert list(first) == list(second)
    assert first[0].startswith("a1#")
    assert len(first[0]) == len("a1#") + 8


def test_a_record_without_an_id_is_known_by_its_page_and_content(validated, answer) -> None:
    """One with an identifier too long to be one, too."""
    batch = validated(answer(), answer(response_id=None), answer(response_id="x" * 3000))
    page = batch.pages[0].content_hash[:12]
    assert list(batch.quarantined["record_key"]) == [
        f"{page}:{md5(payload.encode()).hexdigest()[:8]}" for payload in batch.quarantined["payload"]
    ]


def test_equal_records_without_an_id_are_numbered_and_those_above_change_nothing(validated, answer) -> None:
    """Each of them is set aside; the line of none is in its key."""
    nameless = [answer(response_id=None), "broken", answer(response_id=None), "broken", answer(response_id="")]
    keys = [key.partition(":")[2] for key in validated(*nameless).quarantined["record_key"]]
    assert len(set(keys)) == 5
    assert [key.partition("-")[2] for key in keys] == ["", "2", "", "", "2"]
    below = validated(answer(), "other", *nameless).quarantined["record_key"].str.partition(":")[2]
    assert set(keys) < set(below)


def test_long_records_without_an_id_are_told_apart_by_what_is_cut_off(validated, answer) -> None:
    """The key is of the record as it was received."""
    rows = [answer(response_id=None, verbatim="x" * 100_000 + end) for end in "ab"]
    keys = validated(*rows).quarantined["record_key"]
    assert len(set(keys)) == 2
    assert not keys.str.contains("-").any()


@pytest.mark.parametrize("text", ["x" * 1_000_000, "\\" * 500_000, "é\0" * 300_000])
def test_a_payload_is_json_of_64_kib_at_most(validated, answer, text) -> None:
    [payload] = validated(answer(unit_id="mars", verbatim=text)).quarantined["payload"]
    assert len(payload.encode()) <= 64 * 1024
    assert json.loads(payload)["note"].endswith("the landed page holds the whole record")
    assert json.loads(payload)["raw"].startswith('{"response_id": "a1"')


def test_nul_never_reaches_the_quarantine(validated, answer) -> None:
    [payload] = validated(answer(unit_id="mars\0", verbatim="a\0b")).quarantined["payload"]
    assert json.loads(payload)["verbatim"] == "a\ufffdb"
