"""Makes the demo company, or adds the days that are missing."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import duckdb
import structlog

from pipelines.demo.answers import Company
from pipelines.demo.deliveries import Deliveries, Delivery
from pipelines.demo.drops import write_drops
from pipelines.demo.plan import Plan, check_same, first_plan, read_plan
from pipelines.demo.settings_file import write_settings
from pipelines.demo.sources import SOURCES, Source
from pipelines.demo.truth import (
    changes_record,
    ledger_row,
    personal_record,
    write_counts,
    write_json,
)

log = structlog.get_logger(__name__)

THREADS = 2
ANSWERS_AT_ONCE = 30_000  # as soon as a query costs more than its rows

# Files arrive in the small hours; their time is set so that an older file is an older version on every machine.
DELIVERY_TIME = time(0, 30, tzinfo=UTC)


@dataclass(frozen=True)
class DemoReport:
    """Where the demo is, which days it covers, and what this call added."""

    folder: Path
    settings_path: Path
    anchor: date
    until: date
    days_added: int
    answers_added: int


def make_demo(
    folder: Path,
    until: date,
    *,
    days: int = 120,
    sites: int | None = None,
    answers_per_day: int | None = None,
    seed: int | None = None,
    api: bool = False,
    on_day: Callable[[date], None] = lambda day: None,
) -> DemoReport:
    """Make the demo in a folder, or extend it, up to the last business date `until`.

    The first call fixes the first day, the size (30 sites and 900 answers a day unless told), the seed, and whether
    its settings ask the survey of the web through an API; later calls add the drops that are missing and touch nothing
    else. `on_day` is called after each day that was added.
    """
    plan = _kept_or_new_plan(folder, until, days, sites, answers_per_day, seed)
    company, added = Company(plan), 0
    missing = [day for day in _days(plan.anchor, until) if not _ledger_path(folder, day).exists()]
    if missing:
        _write_once(company, folder, api)
        added = _add(company, missing, folder, on_day)
    log.info("demo.made", folder=str(folder), until=str(until), days_added=len(missing), answers_added=added)
    return DemoReport(folder, folder / "symetrie.yaml", plan.anchor, until, len(missing), added)


def _kept_or_new_plan(
    folder: Path, until: date, days: int, sites: int | None, answers_per_day: int | None, seed: int | None
) -> Plan:
    plan = read_plan(folder)
    if plan is not None:
        check_same(plan, folder, sites=sites, answers_per_day=answers_per_day, seed=seed)
        return plan
    plan = first_plan(until, days, sites, answers_per_day, seed)
    folder.mkdir(parents=True, exist_ok=True)
    plan.save(folder)
    return plan


def _write_once(company: Company, folder: Path, api: bool) -> None:
    """Write what does not grow: the network, the settings, and the truths that hold for the whole history."""
    for part in ("truth/ledger", "truth/counts", *(f"drops/{source.name}" for source in SOURCES)):
        (folder / part).mkdir(parents=True, exist_ok=True)
    if not (folder / "network.csv").exists():
        company.network.write(folder / "network.csv")
    if not (folder / "symetrie.yaml").exists():
        since = company.plan.anchor if api else None
        write_settings(company.network, folder / "symetrie.yaml", api_since=since)
    write_json(changes_record(company), folder / "truth" / "changes.json")
    write_json(personal_record(), folder / "truth" / "personal.json")


def _add(company: Company, days: Sequence[date], folder: Path, on_day: Callable[[date], None]) -> int:
    """Add the drops of days, as many in one go as stay a moderate number of answers."""
    deliveries, answers = Deliveries(company), 0
    at_once = max(1, ANSWERS_AT_ONCE // max(company.plan.answers_per_day, 1))
    with duckdb.connect(config={"threads": THREADS}) as connection:
        for some in _batches(days, at_once):
            answers += _deliver(connection, deliveries, some, folder)
            for day in some:
                on_day(day)
    return answers


def _deliver(connection: duckdb.DuckDBPyConnection, deliveries: Deliveries, days: Sequence[date], folder: Path) -> int:
    """Write the files of some business days and their truth; a day's ledger last, as it marks the day as done."""
    company = deliveries.company
    by_source = [[deliveries.of(source, day) for day in days] for source in SOURCES]
    for drawn in by_source:
        _drop(connection, company, drawn, folder)
    answers = 0
    for of_a_day in zip(*by_source, strict=True):
        name = _delivery_day(of_a_day[0].day).isoformat()
        write_counts(connection, company, of_a_day, folder / "truth" / "counts" / f"{name}.parquet")
        ledger = {delivery.source.name: ledger_row(delivery) for delivery in of_a_day}
        partial = folder / "truth" / "ledger" / f".{name}.partial"
        write_json(ledger, partial)
        partial.rename(_ledger_path(folder, of_a_day[0].day))
        answers += sum(len(delivery.rows) for delivery in of_a_day)
    return answers


def _drop(
    connection: duckdb.DuckDBPyConnection, company: Company, deliveries: Sequence[Delivery], folder: Path
) -> None:
    paths = [drop_path(folder, delivery.source, delivery.day) for delivery in deliveries]
    partials = [path.with_name(f".{path.name}.partial") for path in paths]
    write_drops(connection, company, list(zip(deliveries, partials, strict=True)))
    for delivery, partial, path in zip(deliveries, partials, paths, strict=True):
        delivered_at = datetime.combine(_delivery_day(delivery.day), DELIVERY_TIME).timestamp()
        done = path.with_name(f"{path.name}.done")
        os.utime(partial, (delivered_at, delivered_at))
        partial.rename(path)
        done.touch()
        os.utime(done, (delivered_at, delivered_at))


def drop_path(folder: Path, source: Source, day: date) -> Path:
    """Give the file that holds a business day, named by the morning on which it is delivered."""
    name = f"{source.name}_{_delivery_day(day).isoformat()}.{source.suffix}"
    return folder / "drops" / source.name / name


def _ledger_path(folder: Path, day: date) -> Path:
    return folder / "truth" / "ledger" / f"{_delivery_day(day).isoformat()}.json"


def _delivery_day(day: date) -> date:
    return day + timedelta(days=1)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _batches(days: Sequence[date], size: int) -> Iterator[Sequence[date]]:
    return (days[start : start + size] for start in range(0, len(days), size))
