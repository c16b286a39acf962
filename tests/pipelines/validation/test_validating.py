"""What happens to one answer: accepted as it is, accepted with a warning, or set aside with its reasons."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime

import pandas as pd
import pytest

from pipelines.settings import Thresholds
from pipelines.validation.records import ANSWER_DTYPES
from symetrie.questionnaires import Questionnaire, questionnaire
from symetrie.scales import Scale


def test_a_good_answer_is_accepted_as_the_warehouse_will_hold_it(validated, answer) -> None:
    [accepted] = validated(
        answer(unit_id=" FR-59 ", experienced_at="2026-11-19", updated_at="2026-11-20T12:00:00Z", can_contact="Oui",
               is_verified="0", trust="2", ces="don't know", touchpoint=" till ")
    ).accepted.to_dict("records")  # fmt: skip
    assert {key: value for key, value in accepted.items() if not pd.isna(value)} == {
        "source": "shops",
        "response_id": "a1",
        "questionnaire_version": "eleven-2024",
        "unit_id": "lille",
        "business_date": pd.Timestamp("2026-11-20"),
        "experienced_at": pd.Timestamp("2026-11-18 23:00", tz="UTC"),
        "submitted_at": pd.Timestamp("2026-11-20 09:00", tz="UTC"),
        "updated_at": pd.Timestamp("2026-11-20 12:00", tz="UTC"),
        "version_at": pd.Timestamp("2026-11-20 12:00", tz="UTC"),
        "channel": "store",
        "touchpoint": "till",
        "overall": 5,
        "nps": 9,
        "dim_trust": 2,
        "verbatim": "Très bien",
        "can_contact": True,
        "is_verified": False,
        "status": "published",
        "content_hash": "907b4777529fca0b",
    }


def test_accepted_answers_have_the_same_columns_and_dtypes_whatever_they_hold(validated, answer) -> None:
    for batch in (validated(), validated(answer()), validated(answer(verbatim=None, channel=None))):
        assert {name: str(dtype) for name, dtype in batch.accepted.dtypes.items()} == dict(ANSWER_DTYPES)


REFUSED = [
    ({"response_id": None}, "missing_response_id"),
    ({"response_id": " "}, "missing_response_id"),
    ({"response_id": "x" * 201}, "overlong_response_id"),
    ({"unit_id": None}, "missing_unit"),
    ({"unit_id": ""}, "missing_unit"),
    ({"unit_id": "mars"}, "unknown_unit"),
    ({"unit_id": "closed"}, "unit_not_valid"),
    ({"submitted_at": None}, "missing_date"),
    ({"submitted_at": "yesterday"}, "unreadable_date"),
    ({"submitted_at": "2026-02-30"}, "unreadable_date"),
    ({"submitted_at": "1980-01-01 00:00:00"}, "impossible_date"),
    ({"submitted_at": "2099-01-01"}, "future_date"),
    ({"submitted_at": "2026-11-21T05:30:01Z"}, "future_date"),
    ({"experienced_at": "1980-01-01"}, "impossible_date"),
    ({"experienced_at": "soon"}, "unreadable_date"),
    ({"submitted_at": "2026-11-18", "experienced_at": "2026-11-20"}, "impossible_date"),
    ({"updated_at": "2099-01-01"}, "future_date"),
    ({"overall": 7}, "answer_outside_scale"),
    ({"nps": "11"}, "answer_outside_scale"),
    ({"overall": 4.5}, "answer_outside_scale"),
    ({"trust": "=HYPERLINK(1)"}, "answer_outside_scale"),
    ({"unit_id": "mars", "overall": 0, "trust": 6, "nps": "x"}, "unknown_unit,answer_outside_scale"),
    ({"response_id": None, "unit_id": None, "submitted_at": None}, "missing_response_id,missing_unit,missing_date"),
]
FLAGGED = [
    ({"channel": "pigeon"}, "unknown_channel"),
    ({"overall": 2, "verbatim": None}, "missing_verbatim_on_low_mark"),
    ({"nps": 6, "verbatim": " \n\u00a0"}, "missing_verbatim_on_low_mark"),
    ({"overall": None, "nps": "N/A"}, "no_answer"),
    ({"verbatim": "é" * 20_001}, "very_long_verbatim"),
    ({"overall": 1, "verbatim": None, "channel": "?"}, "unknown_channel,missing_verbatim_on_low_mark"),
]
JUST_ACCEPTABLE = [
    {"unit_id": "moved", "submitted_at": "2026-06-30T23:59:00+02:00"},
    {"unit_id": "closed", "submitted_at": "2025-12-31T23:59:00+01:00"},
    {"submitted_at": "2000-01-01T00:00:00Z"},
    {"submitted_at": "2026-11-21T05:30:00Z"},
    {"submitted_at": "2026-11-20T08:00:00Z", "experienced_at": "2026-11-21T02:00:00Z"},
    {"channel": "E-MAIL"},
    {"channel": None},
    {"overall": 2, "verbatim": "Déçu"},
    {"verbatim": "x" * 20_000},
    {"response_id": "x" * 200},
]


def test_a_critical_failure_sets_the_row_aside_with_its_reasons(reasons, answer) -> None:
    found = reasons(*(answer(**different) for different, _ in REFUSED))
    assert list(zip((different for different, _ in REFUSED), found, strict=True)) == REFUSED


def test_a_warning_keeps_the_row_flagged(validated, answer) -> None:
    rows = [answer(**different | {"response_id": str(place)}) for place, (different, _) in enumerate(FLAGGED)]
    batch = validated(*rows)
    flags = batch.accepted.set_index("response_id")["warnings"]
    assert [(different, flags[str(place)]) for place, (different, _) in enumerate(FLAGGED)] == FLAGGED
    assert batch.quarantined.empty
    assert batch.warnings == {
        "missing_verbatim_on_low_mark": 3,
        "no_answer": 1,
        "unknown_channel": 2,
        "very_long_verbatim": 1,
    }


def test_what_is_just_acceptable_raises_nothing(validated, answer) -> None:
    batch = validated(*(answer(**different) for different in JUST_ACCEPTABLE), channels={"e-mail": "email"})
    assert (len(batch.accepted), dict(batch.warnings), list(batch.quarantined["message"])) == (10, {}, [])


def test_a_missing_verbatim_is_no_fault_where_the_source_has_no_field_for_it(validated, answer) -> None:
    assert validated(answer(overall=1, verbatim=...)).warnings == {}


def test_unknown_and_absent_channels_become_unknown(validated, answer) -> None:
    rows = [answer(response_id=str(number), channel=word) for number, word in enumerate(("pigeon", None, "KIOSK"))]
    found = validated(*rows).accepted.set_index("response_id")["channel"]
    assert found.to_dict() == {"0": "unknown", "1": "unknown", "2": "kiosk"}
    assert list(validated(answer(channel=None), channel="web").accepted["channel"]) == ["web"]


def test_only_what_the_questionnaire_asks_is_judged(reasons, answer) -> None:
    assert reasons(answer(overall=99), asked=questionnaire("nps-only-1")) == []


def test_a_house_may_bring_its_own_scale(raw, source, network, answer) -> None:
    from pipelines.validation import SourcePast, validate

    thumbs = {"thumbs": Scale.from_mapping("thumbs", {"onto": "1-5", "marks": {"up": 5, "down": 1}})}
    asked = Questionnaire.from_mapping("thumbs-1", {"overall": {"field": "overall", "scale": "thumbs"}}, thumbs)
    batch = validate(
        raw([answer(overall="UP")], asked=asked), source=source(), questionnaire=asked, network=network,
        thresholds=Thresholds(), past=SourcePast(), now=datetime(2026, 11, 21, tzinfo=UTC),
        last_date=datetime(2026, 11, 20, tzinfo=UTC).date(), scales=thumbs,
    )  # fmt: skip
    assert list(batch.accepted["overall"]) == [5]


def test_a_long_verbatim_is_cut_and_every_verbatim_is_redacted(validated, answer) -> None:
    thresholds = Thresholds(verbatim_max_length=20)
    batch = validated(answer(verbatim="Rappelez au 06 12 34 56 78, merci bien"), thresholds=thresholds)
    assert list(batch.accepted["verbatim"]) == ["Rappelez au [phone],"]


def test_versions_of_one_answer_all_stay(validated, answer) -> None:
    """The load chooses the winner; nothing is lost before."""
    batch = validated(answer(), answer(overall=2), answer())
    assert (len(batch.accepted), batch.accepted["content_hash"].nunique()) == (3, 2)


def test_an_empty_batch_does_not_wake_great_expectations() -> None:
    """Its import takes 7 s, and most sources have nothing new most of the time."""
    program = """
import sys
from datetime import UTC, date, datetime
from pipelines.pages import read_pages
from pipelines.settings import FilesSource, Network, Thresholds
from pipelines.validation import SourcePast, validate
from symetrie.questionnaires import questionnaire
source, asked = FilesSource(name="s", path="x", questionnaire="nps-only-1"), questionnaire("nps-only-1")
batch = validate(
    read_pages([], source, asked), source=source, questionnaire=asked, network=Network(()), thresholds=Thresholds(),
    past=SourcePast(), now=datetime(2026, 11, 21, tzinfo=UTC), last_date=date(2026, 11, 20),
)
assert (batch.received_count, len(batch.accepted), len(batch.quarantined), batch.checks) == (0, 0, 0, ())
assert batch.is_publishable
assert "great_expectations" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_an_expectation_that_raises_fails_the_run(validated, answer, monkeypatch) -> None:
    from expectations.client_feedback import client_feedback
    from expectations.reasons import critical
    from expectations.within import ExpectColumnValuesToBeWithin
    from pipelines.errors import SymetrieError

    def broken(**arguments):
        suite = client_feedback(**arguments)
        suite.add_expectation(ExpectColumnValuesToBeWithin(column="no_such", highest=1, **critical("x", "broken")))
        return suite

    monkeypatch.setattr("expectations.client_feedback.client_feedback", broken)
    with pytest.raises(SymetrieError, match="source shops: expectation 'broken' could not be judged"):
        validated(answer())


def test_a_date_format_that_duckdb_does_not_know_is_said_so(validated, answer) -> None:
    from pipelines.errors import SymetrieError

    with pytest.raises(SymetrieError, match=r"source shops: date_formats: '%Q' is not"):
        validated(answer(), date_formats=("%Q",))


def test_the_date_format_of_a_source_wins_over_ten_digits_that_could_be_seconds(validated, answer) -> None:
    """2026112010 is ten o'clock on a November day to the source, and a moment of 2034 to everybody else."""
    [row] = validated(answer(submitted_at="2026112010"), date_formats=("%Y%m%d%H",)).accepted.to_dict("records")
    assert str(row["business_date"]) == "2026-11-20 00:00:00"
    [refused] = validated(answer(submitted_at="2026112010")).quarantined.to_dict("records")
    assert refused["reasons"] == "future_date"


def test_what_was_received_is_in_the_payload(validated, answer) -> None:
    bad = answer(overall=7, verbatim="06 12 34 56 78")
    [row] = validated(bad).quarantined.to_dict("records")
    assert json.loads(row["payload"]) == bad
    assert row["message"] == "expected that overall is a mark from 1 to 5, found '7'"
    assert row["expectations"] == "overall is a mark from 1 to 5"
    assert row["business_date"] == pd.Timestamp("2026-11-20")


def test_every_expectation_says_how_many_rows_failed_it(validated, answer) -> None:
    """Of the pages first, then of the rows: critical or not, failed or not."""
    rows = [answer(), answer(response_id="b", overall=9), answer(response_id="c", overall=9, unit_id="?"), "{"]
    failed = {check.reason: check.failed_count for check in validated(*rows).row_checks if check.failed_count}
    assert failed == {"broken_line": 1, "unknown_unit": 1, "answer_outside_scale": 2}
    texts = [check.expectation for check in validated(*rows).row_checks]
    assert texts[:3] == ["the document can be read", "the line can be read", "the page has every required column"]
    assert len(texts) == len(set(texts)) > 20


def test_a_row_that_takes_an_answer_back_need_only_say_which_one(validated, answer) -> None:
    """Sources blank the rest of what was deleted; whether it can be read is no reason to keep the answer."""
    gone = {"response_id": "gone", "status": " Supprimée ", "updated_at": "2026-11-20T12:00:00Z"}
    batch = validated(answer(), gone, withdrawn_values=["supprimee", "hidden"])
    assert batch.quarantined.empty
    assert dict(batch.warnings) == {}
    accepted = batch.accepted.set_index("response_id")
    assert accepted["status"].to_dict() == {"a1": "published", "gone": "withdrawn"}
    assert accepted.loc["gone", "version_at"] == pd.Timestamp("2026-11-20 12:00", tz="UTC")


def test_a_withdrawal_that_does_not_say_of_what_or_when_is_set_aside(validated, answer) -> None:
    """Without either, there is nothing to take back."""
    of_nothing = {"response_id": "", "status": "deleted"}
    of_no_time = {"response_id": "b", "status": "deleted", "updated_at": "yesterday"}
    batch = validated(answer(), of_nothing, of_no_time, withdrawn_values=["deleted"])
    assert list(batch.quarantined["reasons"]) == ["missing_response_id", "unreadable_date"]


def test_a_status_means_nothing_where_the_settings_do_not_say_so(validated, answer) -> None:
    """The word is the source's own."""
    assert list(validated(answer(status="deleted")).accepted["status"]) == ["published"]


def test_a_record_set_aside_keeps_the_version_it_came_in(validated, answer) -> None:
    """Its update time, else that of its page: also where the update time is what is wrong, and for a broken line."""
    changed = answer(response_id="b", unit_id="mars", updated_at="2026-11-19T12:00:00Z")
    ahead = answer(response_id="c", updated_at="2099-01-01T00:00:00Z")
    batch = validated(answer(), answer(response_id="a", unit_id="mars"), changed, ahead, "{broken")
    [page] = batch.pages
    assert list(batch.quarantined["version_at"]) == [
        page.version_at, pd.Timestamp("2026-11-19 12:00", tz="UTC"), page.version_at, page.version_at,
    ]  # fmt: skip
