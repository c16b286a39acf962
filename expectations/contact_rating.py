"""What is acceptable in what an agent noted of one contact.

The frame that is judged holds one row per contact, indexed by row number: what is wrong with the fields that were
read before landing, the standing of the day, and the estimate; never an agent.
"""

from __future__ import annotations

from collections.abc import Iterator

from great_expectations import ExpectationSuite
from great_expectations.expectations import ExpectColumnValuesToNotBeInSet, ExpectColumnValuesToNotBeNull
from great_expectations.expectations.expectation import Expectation

from expectations.readings import LONGEST_ID
from expectations.reasons import critical
from expectations.within import ExpectColumnValuesToBeWithin

LOWEST, HIGHEST = 1, 4  # what an agent may note (method, section 7)

_AT_MOST = f"has {LONGEST_ID} characters at most"
# Column judged, the word that stands in it, the reason code, and what is expected.
FAULTS = (
    ("contact_fault", "missing", "missing_contact", "contact_id is present"),
    ("contact_fault", "impossible", "contact_id_too_long", f"contact_id {_AT_MOST}"),
    ("client_response_fault", "missing", "missing_client_response", "client_response_id is present"),
    ("client_response_fault", "impossible", "client_response_id_too_long", f"client_response_id {_AT_MOST}"),
    ("agent_fault", "missing", "missing_agent", "the agent is present"),
    ("agent_fault", "key destroyed", "key_destroyed", "the key of the source's agents has not been destroyed"),
    ("unit_fault", "missing", "missing_unit", "unit_id is present"),
    ("unit_fault", "unknown", "unknown_unit", "unit_id is a unit of the network"),
    ("unit_fault", "not valid that day", "unit_not_valid", "unit_id is valid on the day of the contact"),
    ("date_fault", "missing", "missing_date", "submitted_at is present"),
    ("date_fault", "unknown", "unreadable_date", "submitted_at is a date that can be read"),
    ("date_fault", "impossible", "impossible_date", "submitted_at is not before the year 2000"),
    ("date_fault", "future", "future_date", "submitted_at is not after the moment of the run"),
)


def contact_rating() -> ExpectationSuite:
    """Make the suite for what agents noted."""
    return ExpectationSuite(name="contact_rating", expectations=[*_fields(), *_estimate()])


def _fields() -> Iterator[Expectation]:
    for column, word, reason, sentence in FAULTS:
        yield ExpectColumnValuesToNotBeInSet(column=column, value_set=[word], **critical(reason, sentence))


def _estimate() -> Iterator[Expectation]:
    yield ExpectColumnValuesToNotBeNull(column="estimate", **critical("missing_estimate", "estimate is present"))
    sentence = f"estimate is a whole number from {LOWEST} to {HIGHEST}"
    yield ExpectColumnValuesToBeWithin(
        column="estimate", lowest=LOWEST, highest=HIGHEST, **critical("estimate_outside_scale", sentence)
    )
