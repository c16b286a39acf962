"""What is acceptable in one number of invitations sent.

The frame that is judged holds one row per unit, day and channel, indexed by row number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from great_expectations import ExpectationSuite
from great_expectations.expectations import (
    ExpectColumnValuesToBeInSet,
    ExpectColumnValuesToNotBeInSet,
    ExpectColumnValuesToNotBeNull,
)
from great_expectations.expectations.expectation import Expectation

from expectations.client_feedback import dates, unit
from expectations.readings import INVITATION_DATES
from expectations.reasons import critical


def invitation_count(*, channels: Sequence[str], now: datetime) -> ExpectationSuite:
    """Make the suite for the numbers of one source."""
    expectations = [*unit(), *dates(INVITATION_DATES, now, INVITATION_DATES[:1]), *_channel(channels), *_count()]
    return ExpectationSuite(name="invitation_count", expectations=expectations)


def _channel(channels: Sequence[str]) -> Iterator[Expectation]:
    """Critical, where a client's answer is only flagged: the channel is part of the key."""
    yield ExpectColumnValuesToBeInSet(
        column="channel",
        value_set=list(channels),
        **critical("unknown_channel", "channel is known or translated by the source's settings", "channel"),
    )


def _count() -> Iterator[Expectation]:
    yield ExpectColumnValuesToNotBeNull(
        column="sent_count", **critical("not_a_count", "sent_count is a whole number, 0 or more", "sent_count")
    )
    yield ExpectColumnValuesToNotBeInSet(
        column="is_contradicted",
        value_set=[True],
        **critical("contradicted_count", "a page says one number of a unit, a day and a channel", "sent_count"),
    )
