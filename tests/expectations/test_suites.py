"""The suites: what they ask of whom, and how they are told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from expectations.client_batch import BatchLimits, client_batch
from expectations.client_feedback import Limits, client_feedback
from expectations.describe import page_table, suite_table
from symetrie.measures import CLIENT_MEASURES, client_measure

NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
def row_suite():
    def make(*measures: str, **different):
        asked = [client_measure(key) for key in measures] or CLIENT_MEASURES
        usual = {"channels": ["store"], "now": NOW, "limits": Limits(low_mark=2, low_nps=6, longest_verbatim=100)}
        return client_feedback(measures=asked, **usual | different)

    return make


@pytest.fixture
def batch_suite():
    limits = BatchLimits(
        volume_low_pct=20, volume_high_pct=1000, stale_after_days=3, bad_share_pct=50, absent_share_pct=20
    )
    return lambda *measured: client_batch(limits, measured) if measured else client_batch(limits)


def reasons(suite) -> list[str]:
    return [expectation.meta["reason"] for expectation in suite.expectations]


def test_every_expectation_has_a_severity_a_reason_and_a_sentence_of_its_own(row_suite, batch_suite) -> None:
    for suite in (row_suite(), batch_suite()):
        sentences = [expectation.description for expectation in suite.expectations]
        assert len(set(sentences)) == len(sentences)
        assert all(sentence and "," not in sentence for sentence in sentences), "they are stored comma-separated"
        assert all(reason.replace("_", "").isalpha() for reason in reasons(suite))
        assert {expectation.severity.value for expectation in suite.expectations} == {"critical", "warning"}


def test_only_what_is_asked_is_judged(row_suite, batch_suite) -> None:
    assert reasons(row_suite()).count("answer_outside_scale") == 14
    assert reasons(row_suite("nps")).count("answer_outside_scale") == 1
    assert "very_long_verbatim" not in reasons(row_suite(has_verbatim=False))
    assert "missing_verbatim_on_low_mark" not in reasons(row_suite("trust"))
    assert reasons(row_suite(required_dates=["submitted_at", "experienced_at"])).count("missing_date") == 2
    assert reasons(batch_suite("bad_share_pct")) == ["too_many_bad_rows"]


def test_only_bad_rows_and_absent_ones_hold_a_batch(batch_suite) -> None:
    holding = [each.meta["reason"] for each in batch_suite().expectations if each.severity.value == "critical"]
    assert holding == ["too_many_bad_rows", "too_many_absent"]


def test_a_suite_tells_itself(row_suite) -> None:
    lines = suite_table(row_suite("overall")).splitlines()
    assert len(lines) == len(row_suite("overall").expectations) + 2
    assert "| overall is a mark from 1 to 5 | `overall` | critical | `answer_outside_scale` |" in lines
    assert "| the line can be read |  | critical | `broken_line` |" in page_table()
