"""A day after three years of history beside the same day after one month: what a morning costs must not grow.

The history goes through the real steps, a quarter at a time; then each of some days is run by itself, as every morning.

python benchmarks/flat_history.py --days 365
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from cost import Cost, in_child, now
from house import SOURCE, House
from results import Figure, publish

ANSWERS, SITES = 3_300, 300
SHORT, LONG, AT_ONCE, MORNINGS = 30, 3 * 365, 91, 7
NOT_SLOWER = 1.1
YESTERDAY = datetime.now(UTC).date() - timedelta(days=1)


def main() -> None:
    """Measure and publish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=LONG)
    parser.add_argument("--answers", type=int, default=ANSWERS)
    asked = parser.parse_args()
    short, long = (_after(days, asked.answers) for days in (SHORT, asked.days))
    publish(
        f"A morning of {asked.answers:,} answers, {SITES} sites",
        [
            Figure(f"after {SHORT} days", short.wall, cpu_seconds=short.cpu, runs=MORNINGS),
            Figure(f"after {asked.days:,} days", long.wall, cpu_seconds=long.cpu, runs=MORNINGS),
            Figure("as many times as long, on the clock", long.wall / short.wall, "times", aim=NOT_SLOWER),
            Figure("as many times as long, of the processor", long.cpu / short.cpu, "times", aim=NOT_SLOWER),
        ],
    )


def _after(days: int, answers: int) -> Cost:
    with tempfile.TemporaryDirectory(prefix="symetrie-bench-") as folder:
        house = House(Path(folder), SITES)
        in_child(_history, house, days, answers)
        return in_child(_mornings, house, answers)


def _history(house: House, days: int, answers: int) -> None:
    from pipelines.run import run_days

    house.write()
    last = YESTERDAY - timedelta(days=MORNINGS)
    first = last - timedelta(days=days - 1)
    while first <= last:
        end = min(first + timedelta(days=AT_ONCE - 1), last)
        house.drop_days(first, (end - first).days + 1, answers)
        report = run_days(house.settings(), end)
        assert not report.failures, report.failures
        first = end + timedelta(days=1)
    _expire(house)


def _expire(house: House) -> None:
    """Do what retention would have done on the way: here every page landed today."""
    from pipelines.landing import expire, landed_pages

    settings = house.settings()
    limit = datetime.now(UTC) - timedelta(days=settings.retention.landing_days)
    for page in landed_pages(settings.home, SOURCE):
        if page.version_at < limit:
            expire(page)


def _mornings(house: House, answers: int) -> Cost:
    """The median of several mornings; the first one, which imports Great Expectations, is left out."""
    costs = [_morning(house, YESTERDAY - timedelta(days=age), answers) for age in reversed(range(MORNINGS))][1:]
    return Cost(statistics.median(cost.wall for cost in costs), statistics.median(cost.cpu for cost in costs))


def _morning(house: House, day: date, answers: int) -> Cost:
    """From the listing of the source to the pages of the managers, as every morning."""
    from pipelines import steps
    from pipelines.run import run_days

    house.drop_days(day, 1, answers)
    started = now()
    settings = house.settings()
    report = run_days(settings, day)
    steps.write_summaries(settings, day)
    cost = now() - started
    assert not report.failures, report.failures
    assert [found["loaded"] for found in report.counts.values()] == [answers], report.counts
    return cost


if __name__ == "__main__":
    main()
