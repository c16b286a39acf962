"""Opening days as people write them."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.settings.opening import read_closed_dates, read_weekdays


@pytest.mark.parametrize(
    ("written", "weekdays"),
    [
        ("mon-sat", (0, 1, 2, 3, 4, 5)),
        ("tue wed, thu", (1, 2, 3)),
        ("Sat-Mon", (0, 5, 6)),
        (["mon", "thu-fri"], (0, 3, 4)),
    ],
)
def test_weekdays_are_names_and_ranges(written: object, weekdays: tuple[int, ...]) -> None:
    assert read_weekdays(written) == weekdays


def test_closed_dates_are_days_and_periods() -> None:
    assert read_closed_dates("2026-05-01 2026-08-14/2026-08-16") == (
        date(2026, 5, 1),
        date(2026, 8, 14),
        date(2026, 8, 15),
        date(2026, 8, 16),
    )


@pytest.mark.parametrize("written", ["lundi", "mon-", "mon-lundi", {"mon": "sat"}, [["mon"]]])
def test_other_weekdays_are_refused(written: object) -> None:
    with pytest.raises(ValueError, match="must be"):
        read_weekdays(written)


@pytest.mark.parametrize("written", ["01/05/2026", "2026-02-30", "2026-05-02/2026-05-01", "2026-01-01/2036-01-01"])
def test_other_closed_dates_are_refused(written: str) -> None:
    with pytest.raises(ValueError, match="must"):
        read_closed_dates(written)
