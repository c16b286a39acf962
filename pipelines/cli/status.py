"""`symetrie status`: is everything fresh, and has everyone had their answer? Exit code 1 when something is not."""

from __future__ import annotations

from datetime import UTC, datetime
from datetime import date as date_type
from typing import TYPE_CHECKING

import typer

from pipelines.cli.deliver import show_unsent
from pipelines.cli.options import ConfigOption, day
from pipelines.cli.screen import console, table

if TYPE_CHECKING:
    import sqlalchemy as sa

    from pipelines.delivery import Standing
    from pipelines.settings import Settings
    from pipelines.summary.figures import SourceFreshness

FAILED, HELD, STALE, LATE, FRESH = "failed", "held", "stale", "late", "fresh"


def status(config: ConfigOption = None) -> None:
    """Show how fresh every source is, what is held, which mails are late or dead, and whether the warehouse adds up.

    Exit code 1 when a source is stale or failed, a batch is held, a morning is late, or something does not add up.

    Example: symetrie status
    """
    from pipelines.alerts.telling import read_untold
    from pipelines.delivery import read_standing
    from pipelines.judgements import index_file
    from pipelines.settings import load_settings
    from pipelines.steps import opened
    from pipelines.summary.freshness import read_freshness
    from pipelines.warehouse.check import problems
    from pipelines.warehouse.ledger import last_failures

    settings = load_settings(config)
    yesterday = day(None, settings.network.timezone_of(settings.network.roots[0]))
    with opened(settings) as warehouse:
        found = problems(warehouse)
        with warehouse.reading() as connection:
            names = [source.name for source in settings.sources]
            clients, stale_after = settings.names_of("client"), settings.thresholds.stale_after_days
            sources = read_freshness(connection, yesterday, clients, stale_after)
            found += last_failures(connection, names) + _held(connection) + _unscored(connection, yesterday)
            mail = read_standing(connection, settings, datetime.now(UTC))
            told = read_untold(connection, settings, settings.alerts, datetime.now(UTC))
    _print_sources(sources)
    _print_mail(settings, mail)
    _print_told(settings, told)
    for problem in found:
        console().print(problem, markup=False, soft_wrap=True)
    console().print(f"What every batch was judged on: {index_file(settings.home)}", markup=False, soft_wrap=True)
    if (
        found
        or not (mail.is_well and told.is_well)
        or any(_state(source) in (FAILED, HELD, STALE) for source in sources)
    ):
        raise typer.Exit(1)


def _held(connection: sa.Connection) -> list[str]:
    from pipelines.warehouse.ledger import held_batches

    return [f"held: run {row.run_id}, source {row.source}; see symetrie batch list" for row in held_batches(connection)]


def _unscored(connection: sa.Connection, yesterday: date_type) -> list[str]:
    """A morning without scores is late, whether mails are sent or not."""
    import sqlalchemy as sa

    from pipelines.warehouse.tables import score

    newest = connection.scalar(sa.select(sa.func.max(score.c.as_of)).where(score.c.side == "client"))
    if newest is None or newest >= yesterday:
        return []
    return [f"late: scores stop at {newest}; yesterday was {yesterday}: symetrie run"]


def _state(source: SourceFreshness) -> str:
    if source.last_run_status in (FAILED, HELD):
        return source.last_run_status
    if source.is_stale:
        return STALE
    return LATE if source.days_late else FRESH


def _print_sources(sources: tuple[SourceFreshness, ...]) -> None:
    shown = table("source", "newest answers", "days late", "last run", "state", numbers=["days late"])
    for source in sources:
        shown.add_row(
            source.source,
            str(source.newest_answer_on or "none in 91 days"),
            "" if source.days_late is None else str(source.days_late),
            source.last_run_status or "never ran",
            _state(source),
        )
    console().print(shown)


def _print_mail(settings: Settings, mail: Standing) -> None:
    if settings.delivery is None:
        console().print("Mail: none is sent, the settings have no block `delivery` (docs/delivery.md)")
        return
    late, dead, waiting = len(mail.late), len(mail.dead), len(mail.waiting)
    console().print(f"Mail: {waiting:,} waiting, {late:,} late, {dead:,} dead")
    show_unsent(mail, "After mending an address: symetrie deliver --resend --recipient ID --date DAY")


def _print_told(settings: Settings, told: Standing) -> None:
    if not settings.alerts.channels:
        return
    late, dead, waiting = len(told.late), len(told.dead), len(told.waiting)
    console().print(f"Alerts: {waiting:,} messages waiting, {late:,} late, {dead:,} dead")
    show_unsent(told, "After mending a channel: symetrie alerts tell --resend --channel ID --date DAY")
