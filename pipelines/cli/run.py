"""`symetrie run`: a day or a range, in process."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.options import DATE, ConfigOption, DateOption, day
from pipelines.cli.screen import console, progress_bar, table
from pipelines.errors import SymetrieError

if TYPE_CHECKING:
    from pipelines.run import RunReport

COUNTS = ("received", "loaded", "unchanged", "superseded", "quarantined", "held")


def run(
    date: DateOption = None,
    first: Annotated[
        datetime | None, typer.Option("--from", formats=[DATE], help="First business date of a range.")
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=[DATE], help="Last business date of a range.")
    ] = None,
    source: Annotated[list[str] | None, typer.Option("--source", help="Only this source; may be repeated.")] = None,
    replay: Annotated[
        bool, typer.Option("--replay", help="Work through the pages that have landed, without asking the sources.")
    ] = False,
    config: ConfigOption = None,
) -> None:
    """Receive what is new, publish it, and score the days up to the date; by default yesterday.

    Example: symetrie run --from 2026-11-01 --to 2026-11-20
    """
    from pipelines.run import run_days
    from pipelines.settings import load_settings

    if (first is None) != (last is None) or (first and date):
        raise SymetrieError("run: give --date, or both --from and --to")
    if first and last and first > last:
        raise SymetrieError(f"run: --from {first:{DATE}} is after --to {last:{DATE}}; swap them")
    settings = load_settings(config)
    with progress_bar() as tell:
        report = run_days(
            settings,
            day(date or last, settings.network.timezone_of(settings.network.roots[0])),
            first_date=first.date() if first else None,
            sources=source,
            replay=replay,
            on_progress=tell,
        )
    show(report)
    if report.failures:
        raise typer.Exit(1)


def show(report: RunReport) -> None:
    """Print where every record went, and what failed."""
    screen = console()
    counts = table("source", *COUNTS, numbers=COUNTS)
    for source, found in report.counts.items():
        counts.add_row(source, *(f"{found[name]:,}" for name in COUNTS))
    screen.print(f"Run {report.run_id}, up to {report.last_date}")
    if report.counts:
        screen.print(counts)
    if report.redactions:
        replaced = ", ".join(f"{kind} in {count:,}" for kind, count in sorted(report.redactions.items()))
        screen.print(f"Replaced in clients' words, answers by kind: {replaced}", style="dim", markup=False)
    if report.alerts:
        raised = ", ".join(f"{count:,} {kind}" for kind, count in sorted(report.alerts.items()))
        screen.print(f"New alerts: {raised}; symetrie alerts list", markup=False)
    for remark in report.remarks:
        screen.print(f"Note: {remark}", markup=False)
    for publication in report.published:
        screen.print(f"Published: {publication}", markup=False)
    for warning in report.warnings:
        screen.print(f"warning: {warning}", style="yellow", markup=False, soft_wrap=True)
    for failure in report.failures.values():
        screen.print(f"failed: {failure}", style="bold red", markup=False, soft_wrap=True)
    if any(found["quarantined"] for found in report.counts.values()):
        screen.print("What was quarantined, and why: symetrie quarantine list")
