"""What is acceptable in a batch as a whole, judged on one row of measures against the source's own past.

A critical failure holds the batch back until a person releases it; a warning is written down and publishes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from great_expectations import ExpectationSuite
from great_expectations.expectations.expectation import Expectation

from expectations.reasons import critical, warning
from expectations.within import ExpectColumnValuesToBeWithin

MEASURES = (
    "volume_pct",
    "newest_age_days",
    "bad_share_pct",
    "absent_share_pct",
    "silent_page_count",
    "missing_field_count",
    "new_field_count",
)


@dataclass(frozen=True, slots=True)
class BatchLimits:
    """Where the house draws its own lines: the settings' thresholds."""

    volume_low_pct: float
    volume_high_pct: float
    stale_after_days: int
    bad_share_pct: float
    absent_share_pct: float


def client_batch(limits: BatchLimits, measured: Collection[str] = MEASURES) -> ExpectationSuite:
    """Make the suite for a batch: only what could be measured is judged, as a first batch has no past."""
    expectations = [each for each in _expectations(limits) if each.column in measured]  # type: ignore[attr-defined]
    return ExpectationSuite(name="client_batch", expectations=expectations)


def _expectations(limits: BatchLimits) -> Iterator[Expectation]:
    yield ExpectColumnValuesToBeWithin(
        column="volume_pct",
        lowest=limits.volume_low_pct,
        **warning("low_volume", f"the day has {limits.volume_low_pct:g} % of a usual day's answers or more"),
    )
    yield ExpectColumnValuesToBeWithin(
        column="volume_pct",
        highest=limits.volume_high_pct,
        **warning("high_volume", f"the day has {limits.volume_high_pct:g} % of a usual day's answers or less"),
    )
    yield ExpectColumnValuesToBeWithin(
        column="newest_age_days",
        highest=limits.stale_after_days,
        **warning("stale_source", f"the newest answer is no more than {limits.stale_after_days} days old"),
    )
    yield ExpectColumnValuesToBeWithin(
        column="bad_share_pct",
        highest=limits.bad_share_pct,
        **critical("too_many_bad_rows", f"no more than {limits.bad_share_pct:g} % of the rows are refused"),
    )
    yield ExpectColumnValuesToBeWithin(
        column="absent_share_pct",
        highest=limits.absent_share_pct,
        **critical(
            "too_many_absent", f"no pull withdraws more than {limits.absent_share_pct:g} % of the answers in its window"
        ),
    )
    yield ExpectColumnValuesToBeWithin(
        column="silent_page_count",
        highest=0,
        **warning("silent_pages", "every page answers the question of the morning answer"),
    )
    yield ExpectColumnValuesToBeWithin(
        column="missing_field_count",
        highest=0,
        **warning("missing_fields", "every field of the last page is still there"),
    )
    yield ExpectColumnValuesToBeWithin(
        column="new_field_count",
        highest=0,
        **warning("new_fields", "no field is new since the last page"),
    )
