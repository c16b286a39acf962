"""Great Expectations gives the verdicts, all of them, or the run fails."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import pytest
from great_expectations import ExpectationSuite
from great_expectations.expectations import ExpectColumnValuesToNotBeNull

from expectations.judge import ExpectationError, judge
from expectations.reasons import critical, warning
from expectations.within import ExpectColumnValuesToBeWithin


@pytest.fixture
def frame() -> pd.DataFrame:
    instants = pd.to_datetime(["1999-12-31", None, "2026-11-21", "2026-11-20"], utc=True)
    return pd.DataFrame(
        {"mark": pd.Series([5.0, -1.0, None, 7.0], dtype="float32").array, "at": instants},
        index=pd.Index([11, 22, 33, 44], name="row_number"),
    )


def suite(*expectations) -> ExpectationSuite:
    return ExpectationSuite(name="suite", expectations=list(expectations))


def test_every_bad_row_is_named_by_its_number(frame) -> None:
    verdicts = judge(
        suite(
            ExpectColumnValuesToBeWithin(
                column="mark", lowest=1, highest=5, **critical("outside", "on its scale", "m")
            ),
            ExpectColumnValuesToNotBeNull(column="mark", **warning("missing", "is there")),
            ExpectColumnValuesToBeWithin(
                column="at", lowest=datetime(2000, 1, 1, tzinfo=UTC), **critical("old", "not old")
            ),
            ExpectColumnValuesToBeWithin(
                column="at", highest=datetime(2026, 11, 21, tzinfo=UTC), **critical("future", "not future")
            ),
        ),
        frame,
    )
    assert [(each.expectation, each.reason, each.severity, each.field) for each in verdicts] == [
        ("on its scale", "outside", "critical", "m"),
        ("is there", "missing", "warning", None),
        ("not old", "old", "critical", None),
        ("not future", "future", "critical", None),
    ]
    assert [each.bad_rows.tolist() for each in verdicts] == [[22, 44], [33], [11], []]
    assert [each.passed for each in verdicts] == [False, False, False, True]


@pytest.mark.parametrize(
    "broken",
    [
        ExpectColumnValuesToBeWithin(column="no_such", highest=5, **critical("x", "broken")),
        ExpectColumnValuesToBeWithin(column="at", highest=5, **warning("x", "broken")),
    ],
)
def test_an_expectation_that_raises_fails_everything(frame, broken) -> None:
    fine = ExpectColumnValuesToBeWithin(column="mark", highest=9, **critical("fine", "fine"))
    with pytest.raises(ExpectationError, match="expectation 'broken' could not be judged: "):
        judge(suite(fine, broken), frame)


def test_the_frame_says_its_row_numbers(frame) -> None:
    with pytest.raises(ValueError, match="must be indexed by row_number"):
        judge(suite(), frame.reset_index(drop=True))


def test_a_million_bad_rows_are_a_list_and_not_a_million_dictionaries() -> None:
    """Great Expectations' usual list takes 15 µs and 300 bytes per bad row and expectation."""
    many = pd.DataFrame({"mark": -1.0}, index=pd.RangeIndex(200_000, name="row_number"))
    [verdict] = judge(suite(ExpectColumnValuesToBeWithin(column="mark", lowest=0, **critical("x", "x"))), many)
    assert (len(verdict.bad_rows), verdict.bad_rows.dtype) == (200_000, "int64")
