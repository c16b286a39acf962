"""The first step: the schema and the network brought up to date, and a name for the run."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pipelines.errors import SymetrieError
from pipelines.steps.context import RUN_ID_TIME, opened

if TYPE_CHECKING:
    from pipelines.settings import Settings
    from pipelines.warehouse import Warehouse


def start_run(settings: Settings, last_date: date) -> str:
    """Name the run for a day, after bringing the schema and the network of the warehouse up to date."""
    from pipelines.warehouse.network import synchronise_network

    today = max(datetime.now(ZoneInfo(zone)).date() for zone in set(settings.network.timezones.values()))
    if last_date > today:  # scores would be pruned as if the days between had passed
        raise SymetrieError(f"run: {last_date} has not come yet; today is {today}")
    with opened(settings) as warehouse:
        synchronise_network(warehouse, settings.network)
        _synchronise_benchmarks(settings, warehouse)
    return f"{datetime.now(UTC).strftime(RUN_ID_TIME)}-{secrets.token_hex(3)}"


def _synchronise_benchmarks(settings: Settings, warehouse: Warehouse) -> None:
    """Bring the barometers of others up to date with the settings."""
    if settings.benchmarks:
        from pipelines.reflection import load_benchmarks

        with warehouse.publishing(refreshes_readers=False) as connection:
            load_benchmarks(connection, settings)
