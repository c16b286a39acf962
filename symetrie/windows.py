"""Windows of days ending on the business date, inclusive, and the disjoint ones just before."""

from datetime import date, timedelta

WINDOWS = (1, 7, 28, 91)
BASELINE_DAYS = 28  # what the morning answer is held against
LONGEST_LOOKBACK = 2 * max(WINDOWS)  # days, the last included: a window and the previous one


def window(as_of: date, days: int) -> tuple[date, date]:
    """Give the first and the last day of the window of so many days ending on ``as_of``, both inclusive.

    >>> window(date(2026, 3, 7), 7)
    (datetime.date(2026, 3, 1), datetime.date(2026, 3, 7))
    """
    if days < 1:
        raise ValueError(f"a window of {days} days holds no day; ask for one day or more")
    return as_of - timedelta(days=days - 1), as_of


def previous_window(as_of: date, days: int) -> tuple[date, date]:
    """Give the window of the same length that ends the day before ``window`` begins.

    >>> previous_window(date(2026, 3, 7), 7)
    (datetime.date(2026, 2, 22), datetime.date(2026, 2, 28))
    """
    first, _ = window(as_of, days)
    return window(first - timedelta(days=1), days)


def baseline_window(as_of: date, days: int) -> tuple[date, date]:
    """Give the 28 days just before the window on which the morning answer stands.

    >>> baseline_window(date(2026, 3, 7), 1)
    (datetime.date(2026, 2, 7), datetime.date(2026, 3, 6))
    """
    first, _ = window(as_of, days)
    return window(first - timedelta(days=1), BASELINE_DAYS)
