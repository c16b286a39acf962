"""`symetrie status`: is everything fresh? Exit code 1 when something is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from pipelines.cli.options import ConfigOption, day
from pipelines.cli.screen import console, table

if TYPE_CHECKING:
    from pipelines.summary.figures import SourceFreshness


def status(config: ConfigOption = None) -> None:
    """Show how fresh every source is, what is held, and whether the warehouse is consistent.

    Exit code 1 when a source is stale or failed, a batch is held, or something does not add up.

    Example: symetrie status
    """
    from pipelines.settings import load_settings
    from pipelines.steps import opened
    from pipelines.summary.freshness import read_freshness
    from pipelines.warehouse.check import problems
    from pipelines.warehouse.ledger import held_batches

    settings = load_settings(config)
    yesterday = day(None, settings.network.timezone_of(settings.network.roots[0]))
    with opened(settings) as warehouse:
        found = problems(warehouse)
        with warehouse.reading() as connection:
            sources = read_freshness(connection, yesterday, [source.name for source in settings.sources])
            found += [
                f"held: run {row.run_id}, source {row.source}; see symetrie batch list"
                for row in held_batches(connection)
            ]
    states = [_state(source, settings.thresholds.stale_after_days) for source in sources]
    _print(sources, states)
    for problem in found:
        console().print(problem, markup=False)
    if found or any(state != "fresh" for state in states):
        raise typer.Exit(1)


def _state(source: SourceFreshness, stale_after_days: int) -> str:
    from pipelines.warehouse.ledger import FAILED

    if source.last_run_status == FAILED:
        return "failed"
    if source.days_late is None or source.days_late > stale_after_days:
        return "stale"
    return "fresh"


def _print(sources: tuple[SourceFreshness, ...], states: list[str]) -> None:
    shown = table("source", "newest answers", "days late", "last run", "state", numbers=["days late"])
    for source, state in zip(sources, states, strict=True):
        shown.add_row(
            source.source,
            str(source.newest_answer_on or "none in 91 days"),
            "" if source.days_late is None else str(source.days_late),
            source.last_run_status or "never ran",
            state,
        )
    console().print(shown)
