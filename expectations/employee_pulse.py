"""What is acceptable in one employee's answer.

The frame that is judged holds one row per answer, indexed by row number: what is wrong with the fields that were read
before landing, the standing of the day, and the marks; never a word, never a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from great_expectations import ExpectationSuite
from great_expectations.expectations import ExpectColumnValuesToNotBeInSet
from great_expectations.expectations.expectation import Expectation

from expectations.readings import UNRECOGNISED
from expectations.reasons import critical, warning
from expectations.within import ExpectColumnValuesToBeWithin
from symetrie.questions import Asked

# Column judged, the word that stands in it, the reason code, and what is expected.
FAULTS = (
    ("respondent_fault", "missing", "missing_respondent", "the person's token is present"),
    ("respondent_fault", "key destroyed", "key_destroyed", "the key of the campaign has not been destroyed"),
    ("unit_fault", "missing", "missing_unit", "unit_id is present"),
    ("unit_fault", "unknown", "unknown_unit", "unit_id is a unit of the network"),
    ("unit_fault", "not valid that day", "unit_not_valid", "unit_id is valid on the day of the answer"),
    ("date_fault", "missing", "missing_date", "submitted_at is present"),
    ("date_fault", "unknown", "unreadable_date", "submitted_at is a date that can be read"),
    ("date_fault", "impossible", "impossible_date", "submitted_at is not before the year 2000"),
    ("date_fault", "future", "future_date", "submitted_at is not after the moment of the run"),
    ("campaign_fault", "unknown", "unknown_campaign", "the campaign is one of the settings'"),
    ("campaign_fault", "before opening", "before_opening", "the answer is not given before its campaign opens"),
    ("campaign_fault", "after closing", "after_closing", "the answer is not given after its campaign closes"),
    ("version_fault", "undeclared", "undeclared_questionnaire", "the questionnaire is the one that the campaign asks"),
)


def employee_pulse(questions: Sequence[Asked]) -> ExpectationSuite:
    """Make the suite for the answers of one source: only what its questionnaire asks is judged."""
    return ExpectationSuite(name="employee_pulse", expectations=[*_fields(), *_marks(questions), *_words()])


def _fields() -> Iterator[Expectation]:
    for column, word, reason, sentence in FAULTS:
        yield ExpectColumnValuesToNotBeInSet(column=column, value_set=[word], **critical(reason, sentence))


def _marks(questions: Iterable[Asked]) -> Iterator[Expectation]:
    for each in questions:
        sentence = f"{each.key} is a mark from {each.lowest} to {each.highest}"
        yield ExpectColumnValuesToBeWithin(
            column=each.column, lowest=each.lowest, highest=each.highest, **critical("answer_outside_scale", sentence)
        )
    yield ExpectColumnValuesToNotBeInSet(
        column="mark_count", value_set=[0], **warning("no_answer", "at least one question has a mark")
    )


def _words() -> Iterator[Expectation]:
    for column in ("relation", "channel"):
        sentence = f"{column} is known or translated by the source's settings"
        yield ExpectColumnValuesToNotBeInSet(
            column=column, value_set=[UNRECOGNISED], **warning(f"unknown_{column}", sentence)
        )
