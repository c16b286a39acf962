"""Makes the demo company, or adds the days that are missing."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import structlog

from pipelines.demo import double_ecoute
from pipelines.demo.answers import Company
from pipelines.demo.deliveries import Deliveries, Delivery
from pipelines.demo.drops import write_drops
from pipelines.demo.placing import delivery_day, drop_path, partial_of, put, replace_text
from pipelines.demo.plan import Plan, check_same, first_plan, read_plan
from pipelines.demo.pulse import pouls
from pipelines.demo.pulse.files import PulseFiles
from pipelines.demo.settings_file import write_settings
from pipelines.demo.sources import APRES_VISITE, SOURCES
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
    with_pulse: bool = False,  # in the settings of a new demo; the files of its teams are always made
    on_day: Callable[[date], None] = lambda day: None,
) -> DemoReport:
    """Make the demo in a folder, or extend it, up to the last business date `until`.

    The first call fixes the first day, the size (30 sites and 900 answers a day unless told), the seed, whether its
    settings ask the survey of the web through an API, and whether they name the teams' pulse; later calls add the
    drops and campaigns that are missing and touch nothing else. `on_day` is called after each day that was added.
    """
    plan = _kept_or_new_plan(folder, until, days, sites, answers_per_day, seed)
    company, added = Company(plan), 0
    missing = [day for day in _days(plan.anchor, until) if not _ledger_path(folder, day).exists()]
    if missing:
        _write_once(company, folder, api=api, with_pulse=with_pulse)
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


def _write_once(company: Company, folder: Path, *, api: bool, with_pulse: bool) -> None:
    """Write what does not grow: the network, the settings, and the truths that hold for the whole history."""
    sources = (*(source.name for source in SOURCES), pouls.NAME, double_ecoute.NAME)
    truths = ("ledger", "counts", "contacts", "pulse")
    for part in (*(f"truth/{name}" for name in truths), *(f"drops/{name}" for name in sources)):
        (folder / part).mkdir(parents=True, exist_ok=True)
    if not (folder / "network.csv").exists():
        company.network.write(folder / "network.csv")
    if not (folder / "symetrie.yaml").exists():
        since = company.plan.anchor if api else None
        write_settings(company.network, folder / "symetrie.yaml", api_since=since, with_pulse=with_pulse)
    write_json(changes_record(company), folder / "truth" / "changes.json")
    write_json(personal_record(), folder / "truth" / "personal.json")


def _add(company: Company, days: Sequence[date], folder: Path, on_day: Callable[[date], None]) -> int:
    """Add the drops of days, as many in one go as stay a moderate number of answers."""
    deliveries, pulse, answers = Deliveries(company), PulseFiles(company, folder), 0
    pulse.write_beside(days[-1])
    at_once = max(1, ANSWERS_AT_ONCE // max(company.plan.answers_per_day, 1))
    with duckdb.connect(config={"threads": THREADS}) as connection:
        for some in _batches(days, at_once):
            answers += _deliver(connection, deliveries, pulse, some)
            for day in some:
                on_day(day)
    return answers


def _deliver(
    connection: duckdb.DuckDBPyConnection, deliveries: Deliveries, pulse: PulseFiles, days: Sequence[date]
) -> int:
    """Write the files of some business days and their truth; a day's ledger last, as it marks the day as done."""
    company, folder = deliveries.company, pulse.folder
    by_source = [[deliveries.of(source, day) for day in days] for source in SOURCES]
    for drawn in by_source:
        _drop(connection, company, drawn, folder)
    answers = 0
    for of_a_day in zip(*by_source, strict=True):
        pulse.write_day(of_a_day[0].day)
        _drop_contacts(company, of_a_day[SOURCES.index(APRES_VISITE)], folder)
        name = delivery_day(of_a_day[0].day).isoformat()
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
    paths = [drop_path(folder, each.source.name, each.source.suffix, each.day) for each in deliveries]
    write_drops(connection, company, list(zip(deliveries, map(partial_of, paths), strict=True)))
    for delivery, path in zip(deliveries, paths, strict=True):
        put(path, delivery.day)


def _drop_contacts(company: Company, answered: Delivery, folder: Path) -> None:
    """Write what agents noted of the calls behind a day's answers."""
    contacts = double_ecoute.draw_contacts(company, answered)
    path = drop_path(folder, double_ecoute.NAME, double_ecoute.SUFFIX, answered.day)
    partial_of(path).write_bytes(double_ecoute.as_bytes(contacts))
    put(path, answered.day)
    name = delivery_day(answered.day).isoformat()
    replace_text(folder / "truth" / "contacts" / f"{name}.csv", double_ecoute.truth_of(contacts))


def _ledger_path(folder: Path, day: date) -> Path:
    return folder / "truth" / "ledger" / f"{delivery_day(day).isoformat()}.json"


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _batches(days: Sequence[date], size: int) -> Iterator[Sequence[date]]:
    return (days[start : start + size] for start in range(0, len(days), size))
