"""`symetrie backfill`: a range of business dates through Airflow."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from pipelines.cli.options import DATE, ConfigOption, day
from pipelines.cli.screen import console, progress_bar
from pipelines.errors import SymetrieError


def backfill(
    first: Annotated[datetime, typer.Option("--from", formats=[DATE], help="First business date.")],
    last: Annotated[datetime, typer.Option("--to", formats=[DATE], help="Last business date, included.")],
    reverse: Annotated[bool, typer.Option("--reverse", help="The newest day first.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Also the days whose last run was green.")] = False,
    connection: Annotated[
        str, typer.Option("--connection", help="Id of the connection to Airflow's API (AIRFLOW_CONN_<ID>).")
    ] = "airflow",
    config: ConfigOption = None,
) -> None:
    """Run every business date of a range through Airflow, one after the other, and wait for the end.

    Days whose last run was green are left out. In process, without Airflow: symetrie run --from … --to …

    Example: symetrie backfill --from 2026-11-01 --to 2026-11-20
    """
    from pipelines.backfill import Backfill, run_backfill
    from pipelines.connections import environment_connections
    from pipelines.ranges import Days
    from pipelines.settings import load_settings

    if first > last:
        raise SymetrieError(f"backfill: --from {first:{DATE}} is after --to {last:{DATE}}; swap them")
    network = load_settings(config).network
    days = Days(first.date(), day(last, network.timezone_of(network.roots[0])))
    with progress_bar() as tell:
        states = run_backfill(Backfill(days, reverse, again), environment_connections(connection), on_progress=tell)
    failed = sorted(key for key, state in states.items() if state != "success")
    console().print(f"{len(states)} days through Airflow, {len(failed)} of them red.")
    if failed:
        console().print(f"red: {', '.join(failed)}; the report task of each run says why", style="bold red")
        raise typer.Exit(1)
