"""`symetrie alerts simulate|reasons|detectable`: what alerts would tell, what of, and what they can see at all."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.cli.options import ConfigOption, DateOption, LocaleOption, UnitOption
from pipelines.cli.screen import console
from pipelines.errors import SymetrieError

app = typer.Typer()


@app.command("simulate")
def simulate(
    days: Annotated[int, typer.Option("--days", min=1, help="How many days up to yesterday are told.")] = 365,
    smallest_points: Annotated[
        float | None, typer.Option("--smallest-points", help="Falls of so many points and more are told.")
    ] = None,
    false_share_pct: Annotated[
        float | None, typer.Option("--false-share-pct", help="Percent of new signals that may be false.")
    ] = None,
    most_false: Annotated[
        float | None, typer.Option("--most-false-per-unit-year", help="False signals a unit may have in a year.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Show what signals would have told on your own history, under these settings and those in force.

    Example: symetrie alerts simulate --days 365 --smallest-points 5
    """
    from dataclasses import replace

    from pipelines.alerts.simulating import simulate as live_again
    from pipelines.cli.alert_simulation import print_simulation
    from pipelines.cli.screen import progress_bar
    from pipelines.settings import load_settings
    from pipelines.settings.alert_signals import asked_instead
    from pipelines.steps import opened
    from pipelines.warehouse.signals import last_day

    settings = load_settings(config)
    rules = asked_instead(
        settings.alerts.signals,
        smallest_points=smallest_points,
        false_share_pct=false_share_pct,
        most_false_per_unit_year=most_false,
    )
    with opened(settings) as warehouse, warehouse.reading() as connection, progress_bar() as progress:
        last, current = last_day(connection), None
        if last is None:
            raise SymetrieError("alerts simulate: there are no answers yet; symetrie run")
        other = replace(settings, alerts=settings.alerts.model_copy(update={"signals": rules}))
        asked = live_again(connection, other, days, last, on_progress=progress)
        if rules != settings.alerts.signals:
            current = live_again(connection, settings, days, last, on_progress=progress)
    print_simulation(console(), asked, current)


@app.command("reasons")
def reasons(
    unit: UnitOption = None,
    days: Annotated[int, typer.Option("--days", min=1, max=400, help="Days up to the business date.")] = 28,
    date: DateOption = None,
    locale: LocaleOption = "en",
    config: ConfigOption = None,
) -> None:
    """Count what unhappy clients of a unit, and of everything under it, complain of.

    Example: symetrie alerts reasons --unit M001 --days 91
    """
    from pipelines.alerts.case_reasons import reason_counts
    from pipelines.cli.alert_tables import print_reasons
    from pipelines.settings import load_settings
    from pipelines.steps import opened
    from pipelines.warehouse.signals import last_day

    settings = load_settings(config)
    asked = settings.network.unit(unit).id if unit else settings.network.roots[0]
    with opened(settings) as warehouse, warehouse.reading() as connection:
        last = date.date() if date else last_day(connection)
        if last is None:
            raise SymetrieError("alerts reasons: there are no answers yet; symetrie run")
        found = reason_counts(connection, settings.alerts, last, days, [asked])
    titles = settings.alerts.reason_titles(locale)
    print_reasons(console(), f"{settings.network.unit(asked).name}, {days} days up to {last}", found.get(asked), titles)


@app.command("detectable")
def detectable(
    unit: UnitOption = None,
    days: Annotated[int, typer.Option("--days", min=1, max=365, help="Within how many days it should be found.")] = 28,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many rows are shown.")] = 40,
    config: ConfigOption = None,
) -> None:
    """Show how large a fall of a unit must be for a signal to find it in time, from what the unit's volume allows.

    Example: symetrie alerts detectable --unit M001 --days 91
    """
    from pipelines.alerts.detecting import detectable_falls
    from pipelines.cli.alert_tables import print_detectable
    from pipelines.settings import load_settings
    from pipelines.steps import opened

    settings = load_settings(config)
    asked = settings.network.unit(unit).id if unit else None
    with opened(settings) as warehouse, warehouse.reading() as connection:
        found = detectable_falls(connection, settings, days)
    if not found:
        raise SymetrieError("alerts detectable: no day has been watched yet; symetrie run")
    shown = [each for each in found if asked in (None, each.unit_id)]
    print_detectable(console(), shown, settings.network.names, days, limit)
