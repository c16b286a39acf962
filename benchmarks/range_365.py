"""A year in one go: 365 days of 3,300 answers by `symetrie run --from --to`, in process.

python benchmarks/range_365.py --days 30
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from cost import Cost, in_child, now, peak_mebibytes
from house import House
from results import Figure, publish

ANSWERS, SITES, DAYS = 3_300, 300, 365
SIX_MINUTES, PEAK_MEBIBYTES = 360.0, 1536.0
YESTERDAY = datetime.now(UTC).date() - timedelta(days=1)


def main() -> None:
    """Measure and publish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=DAYS)
    asked = parser.parse_args()
    first = YESTERDAY - timedelta(days=asked.days - 1)
    with tempfile.TemporaryDirectory(prefix="symetrie-bench-") as folder:
        house = House(Path(folder), SITES)
        in_child(_prepare, house, first, asked.days)
        cost, peak = in_child(_run, house, first, YESTERDAY)
    publish(
        f"{asked.days} days of {ANSWERS:,} answers, {SITES} sites",
        [
            Figure("symetrie run --from --to", cost.wall, cpu_seconds=cost.cpu, aim=SIX_MINUTES),
            Figure("peak memory", peak, "MiB", aim=PEAK_MEBIBYTES),
        ],
    )


def _prepare(house: House, first: date, days: int) -> None:
    house.write().drop_days(first, days, ANSWERS)


def _run(house: House, first: date, last: date) -> tuple[Cost, float]:
    """Run the command as people do; its memory is that of the largest child."""
    started = now()
    command = Path(sys.executable).with_name("symetrie")
    home = os.environ | {"SYMETRIE_HOME": str(house.folder / "home")}
    options = ["--from", str(first), "--to", str(last), "--config", str(house.folder / "symetrie.yaml")]
    subprocess.run([command, "run", *options], env=home, check=True, stdout=subprocess.DEVNULL)
    return now() - started, peak_mebibytes()


if __name__ == "__main__":
    main()
