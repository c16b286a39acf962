"""The summaries of 12,500 sites, each with its page and its row in the warehouse.

python benchmarks/summaries_12500.py --sites 1000
"""

from __future__ import annotations

import argparse
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from cost import Cost, in_child, now, peak_mebibytes
from house import House
from results import Figure, publish

SITES, ANSWERS_PER_SITE, DAYS = 12_500, 8, 3
ONE_MINUTE, PEAK_MEBIBYTES = 60.0, 1536.0
YESTERDAY = datetime.now(UTC).date() - timedelta(days=1)


def main() -> None:
    """Measure and publish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=SITES)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="symetrie-bench-") as folder:
        house = House(Path(folder), asked.sites)
        in_child(_prepare, house, YESTERDAY)
        cost, peak = in_child(_write, house, YESTERDAY)
    publish(
        f"Summaries of {asked.sites:,} sites",
        [
            Figure("pages written, rows published", cost.wall, cpu_seconds=cost.cpu, aim=ONE_MINUTE),
            Figure("peak memory", peak, "MiB", aim=PEAK_MEBIBYTES),
        ],
    )


def _prepare(house: House, day: date) -> None:
    from pipelines.run import run_days

    house.write(with_recipients=True)
    house.drop_days(day - timedelta(days=DAYS - 1), DAYS, house.sites * ANSWERS_PER_SITE)
    report = run_days(house.settings(), day)
    assert not report.failures, report.failures


def _write(house: House, day: date) -> tuple[Cost, float]:
    from pipelines import steps

    settings = house.settings()
    started = now()
    changed = steps.write_summaries(settings, day)
    cost = now() - started
    assert changed == house.sites, f"{changed} of {house.sites} summaries were written"
    return cost, peak_mebibytes()


if __name__ == "__main__":
    main()
