"""How long the signals of a day take for a network of 12,500 sites by 14 measures, through the warehouse.

python benchmarks/alerts/speed.py
"""

from __future__ import annotations

import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from pipelines.alerts.signals import SignalFinder
from pipelines.settings.alerts import Alerts
from pipelines.warehouse import open_warehouse

SITES, REGIONS, DAYS = 12_500, 125, 12
FIRST = date(2026, 1, 5)
SETTINGS: Any = SimpleNamespace(alerts=Alerts())
UNITS = f"""
INSERT INTO core.unit SELECT u, NULL, 'site', u, 'Europe/Paris', NULL, NULL, NULL, DATE '2020-01-01', DATE '9999-12-31'
FROM (SELECT 's' || i AS u FROM range({SITES}) t(i)
UNION ALL SELECT 'r' || i FROM range({REGIONS}) t(i) UNION ALL SELECT 'n')"""
TREE = f"""
INSERT INTO core.unit_ancestor SELECT u, a, d, DATE '2020-01-01', DATE '9999-12-31' FROM (
SELECT 's' || i AS u, 's' || i AS a, 0 AS d FROM range({SITES}) t(i)
UNION ALL SELECT 's' || i, 'r' || (i % {REGIONS}), 1 FROM range({SITES}) t(i)
UNION ALL SELECT 's' || i, 'n', 2 FROM range({SITES}) t(i)
UNION ALL SELECT 'r' || i, 'r' || i, 0 FROM range({REGIONS}) t(i)
UNION ALL SELECT 'r' || i, 'n', 1 FROM range({REGIONS}) t(i) UNION ALL SELECT 'n', 'n', 0)"""
COUNTS = """
INSERT INTO mart.daily_count
SELECT DATE '{first}' + d::INT, 's' || i, m, 'web', 'v1', false, n, n - n // 4, n // 8, 0
FROM range({days}) a(d), range({sites}) b(i), (SELECT unnest({measures}) AS m) c, (SELECT 12 AS n) e"""


def main() -> None:
    """Fill a warehouse, live its days, and time the last."""
    from pipelines.alerts.signal_days import MEASURES

    with tempfile.TemporaryDirectory() as folder:
        warehouse = open_warehouse(f"duckdb:///{folder}/warehouse.duckdb", Path(folder))
        with warehouse.publishing(refreshes_readers=False) as connection:
            counts = COUNTS.format(first=FIRST, days=DAYS, sites=SITES, measures=list(MEASURES))
            for statement in (UNITS, TREE, counts):
                connection.execute(sa.text(statement))
        for number in range(DAYS):
            began = time.perf_counter()
            with warehouse.publishing(refreshes_readers=False) as connection:
                SignalFinder()(connection, SETTINGS, [FIRST + timedelta(days=number)])
            seconds = time.perf_counter() - began
            print(f"{SITES:,} sites, {len(MEASURES)} measures, day {number + 1}: {seconds:.1f} s")
        with warehouse.reading() as connection:
            size = connection.scalar(sa.text("SELECT max(octet_length(memory)) FROM ops.signal_state"))
        print(f"memory of a day: {size / 1e6:.1f} MB")
        warehouse.close()


if __name__ == "__main__":
    main()
