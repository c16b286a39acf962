"""What is acceptable in one client answer.

The frame that is judged holds one row per answer, indexed by row number: lengths, readings and marks, never texts.
A critical failure sets the row aside with its reason code; a warning keeps it, flagged with the code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from great_expectations import ExpectationSuite
from great_expectations.expectations import (
    ExpectColumnValuesToBeInSet,
    ExpectColumnValuesToNotBeInSet,
    ExpectColumnValuesToNotBeNull,
)
from great_expectations.expectations.expectation import Expectation

from expectations.readings import (
    CLOSED_UNIT,
    DATES,
    EARLIEST,
    LONGEST_ID,
    UNKNOWN_UNIT,
    UNREADABLE,
    ZONE_SLACK_DAYS,
)
from expectations.reasons import critical, warning
from expectations.within import ExpectColumnValuesToBeWithin
from symetrie.measures import Measure


@dataclass(frozen=True, slots=True)
class Limits:
    """Where the house draws its own lines: the settings' thresholds."""

    low_mark: int
    low_nps: int
    longest_verbatim: int


def client_feedback(
    *,
    measures: Sequence[Measure],
    channels: Sequence[str],
    now: datetime,
    limits: Limits,
    required_dates: Sequence[str] = ("submitted_at",),
    has_verbatim: bool = True,
) -> ExpectationSuite:
    """Make the suite for the answers of one source: only what its questionnaire asks is judged."""
    expectations: list[Expectation] = [
        *_identity(),
        *unit(),
        *_dates(now, required_dates),
        *_marks(measures),
        *_channel(channels),
        *(_verbatim(measures, limits) if has_verbatim else ()),
    ]
    return ExpectationSuite(name="client_feedback", expectations=expectations)


def _identity() -> Iterator[Expectation]:
    yield ExpectColumnValuesToNotBeNull(
        column="response_id_length", **critical("missing_response_id", "response_id is present", "response_id")
    )
    yield ExpectColumnValuesToBeWithin(
        column="response_id_length",
        highest=LONGEST_ID,
        **critical("overlong_response_id", f"response_id has no more than {LONGEST_ID} characters", "response_id"),
    )


def unit() -> Iterator[Expectation]:
    """What is expected of the unit that a row names."""
    yield ExpectColumnValuesToNotBeNull(
        column="unit_standing", **critical("missing_unit", "unit_id is present", "unit_id")
    )
    yield ExpectColumnValuesToNotBeInSet(
        column="unit_standing",
        value_set=[UNKNOWN_UNIT],
        **critical("unknown_unit", "unit_id is a unit of the network", "unit_id"),
    )
    yield ExpectColumnValuesToNotBeInSet(
        column="unit_standing",
        value_set=[CLOSED_UNIT],
        **critical("unit_not_valid", "unit_id is valid on the business date", "unit_id"),
    )


def dates(columns: Sequence[str], now: datetime, required: Sequence[str]) -> Iterator[Expectation]:
    """What is expected of the dates of a row, each with its reading beside it."""
    for column in required:
        yield ExpectColumnValuesToNotBeNull(
            column=f"{column}_reading", **critical("missing_date", f"{column} is present", column)
        )
    for column in columns:
        yield ExpectColumnValuesToNotBeInSet(
            column=f"{column}_reading",
            value_set=[UNREADABLE],
            **critical("unreadable_date", f"{column} is a date that can be read", column),
        )
        yield ExpectColumnValuesToBeWithin(
            column=column,
            lowest=EARLIEST,
            **critical("impossible_date", f"{column} is not before the year {EARLIEST:%Y}", column),
        )
        yield ExpectColumnValuesToBeWithin(
            column=column,
            highest=now,
            **critical("future_date", f"{column} is not after the moment of the run", column),
        )


def _dates(now: datetime, required: Sequence[str]) -> Iterator[Expectation]:
    yield from dates(DATES, now, required)
    yield ExpectColumnValuesToBeWithin(
        column="experience_lag_days",
        highest=ZONE_SLACK_DAYS,
        **critical(
            "impossible_date",
            f"experienced_at is no more than {ZONE_SLACK_DAYS} day after submitted_at",
            "experienced_at",
        ),
    )


def _marks(measures: Iterable[Measure]) -> Iterator[Expectation]:
    for measure in measures:
        yield ExpectColumnValuesToBeWithin(
            column=measure.column,
            lowest=measure.lowest,
            highest=measure.highest,
            **critical(
                "answer_outside_scale",
                f"{measure.key} is a mark from {measure.lowest} to {measure.highest}",
                f"mark_{measure.column}",
            ),
        )
    yield ExpectColumnValuesToNotBeInSet(
        column="mark_count", value_set=[0], **warning("no_answer", "at least one question has a mark")
    )


def _channel(channels: Sequence[str]) -> Iterator[Expectation]:
    yield ExpectColumnValuesToBeInSet(
        column="channel",
        value_set=list(channels),
        **warning("unknown_channel", "channel is known or translated by the source's settings", "channel"),
    )


def _verbatim(measures: Sequence[Measure], limits: Limits) -> Iterator[Expectation]:
    lowest_marks = {"overall": limits.low_mark, "nps": limits.low_nps}
    low = [f"{each.column} <= {lowest_marks[each.key]}" for each in measures if each.key in lowest_marks]
    if low:
        yield ExpectColumnValuesToNotBeNull(
            column="verbatim_length",
            row_condition=" or ".join(low),
            condition_parser="pandas",
            **warning("missing_verbatim_on_low_mark", "a low mark comes with a verbatim", "verbatim"),
        )
    yield ExpectColumnValuesToBeWithin(
        column="verbatim_length",
        highest=limits.longest_verbatim,
        **warning("very_long_verbatim", f"verbatim has no more than {limits.longest_verbatim} characters", "verbatim"),
    )
