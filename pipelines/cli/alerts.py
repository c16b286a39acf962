"""`symetrie alerts`: what waits for somebody, the life of one alert, and telling the channels."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipelines.cli import alert_actions, alert_studies
from pipelines.cli.options import DATE, ConfigOption, DateOption, LocaleOption, UnitOption
from pipelines.cli.screen import console
from pipelines.errors import SymetrieError
from symetrie.alerts.finding import Lane
from symetrie.alerts.states import ACTIVE, STATES, State

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    import sqlalchemy as sa

    from pipelines.cli.alert_words import AlertSpeaker
    from pipelines.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Alerts: what waits for somebody, what happened to it, what was done.")

AlertArgument = Annotated[str, typer.Argument(metavar="ID", help="Id of the alert, or enough of its beginning.")]


@app.command("list")
def list_alerts(
    unit: UnitOption = None,
    lane: Annotated[Lane | None, typer.Option("--lane", help="Only cases, signals or news.")] = None,
    state: Annotated[State | None, typer.Option("--state", help="Only those that stand so.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Also those that have ended.")] = False,
    date: Annotated[
        datetime | None, typer.Option("--date", formats=[DATE], help="As they stood on a business date.")
    ] = None,
    severity: Annotated[int, typer.Option("--severity", min=1, max=3, help="Only those so grave, and worse.")] = 1,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many rows of a table are shown.")] = 40,
    format: Annotated[Literal["table", "json"], typer.Option("--format", help="How it is printed.")] = "table",  # noqa: A002 - what people type
    locale: LocaleOption = "en",
    config: ConfigOption = None,
) -> None:
    """List the alerts that wait for somebody or for their recovery, of a unit and everything under it, worst first.

    Example: symetrie alerts list --unit M001 --lane case
    """
    from pipelines.alerts.annotations import LATELY_DAYS, happened_lately
    from pipelines.alerts.reading import read_alerts
    from pipelines.cli.alert_table import alerts_table, count_line
    from pipelines.settings import load_settings
    from pipelines.steps import opened

    settings = load_settings(config)
    asked = settings.network.unit(unit).id if unit else None
    as_of = date.date() if date else None
    with opened(settings) as warehouse, warehouse.reading() as connection:
        speaker = _speaker(connection, settings, locale, as_of)
        rows = read_alerts(connection, states=_states(state, every=every), unit=asked, lane=lane, as_of=as_of)
        also = happened_lately(connection, settings, speaker.looked_on, asked)
    rows = [row for row in rows if row.severity >= severity]
    if format == "json":
        _print_json([speaker.as_record(row) for row in rows])
        return
    screen = console()
    screen.print(count_line(rows, speaker), style="bold", markup=False)
    if rows:
        screen.print(alerts_table(rows[:limit], speaker))
        if len(rows) > limit:
            screen.print(f"and {len(rows) - limit:,} more: --unit, --lane, --limit {len(rows)}", markup=False)
        screen.print("One of them whole: symetrie alerts show ID", markup=False)
    if also:
        screen.print(f"\nWhat else happened in {LATELY_DAYS} days", style="bold")
        for line in speaker.also(also):
            screen.print(f"  {line}", markup=False)


@app.command("show")
def show(
    alert: AlertArgument,
    format: Annotated[Literal["text", "json"], typer.Option("--format", help="How it is printed.")] = "text",  # noqa: A002 - what people type
    locale: LocaleOption = "en",
    config: ConfigOption = None,
) -> None:
    """Show one alert whole: what it stands on, what the client said, all that happened to it, what can be done next.

    Example: symetrie alerts show 3f9a2c41d0
    """
    from pipelines.cli.alert_page import print_alert, read_whole
    from pipelines.settings import load_settings
    from pipelines.steps import opened

    settings = load_settings(config)
    with opened(settings) as warehouse, warehouse.reading() as connection:
        speaker = _speaker(connection, settings, locale)
        found = read_whole(connection, alert)
    if format == "json":
        _print_json(found.as_record(speaker))
    else:
        print_alert(console(), found, speaker)


def _states(state: State | None, *, every: bool) -> Collection[State]:
    if state is not None:
        return (state,)
    return STATES if every else ACTIVE


def _speaker(connection: sa.Connection, settings: Settings, locale: str, as_of: date | None = None) -> AlertSpeaker:
    from pipelines.cli.alert_words import AlertSpeaker
    from pipelines.warehouse.alerts_looked import last_looked

    looked_on = last_looked(connection)
    return AlertSpeaker.of(settings, locale, min(as_of, looked_on) if as_of and looked_on else looked_on)


def _print_json(value: object) -> None:
    import json

    typer.echo(json.dumps(value, ensure_ascii=False, indent=1, default=str))


@app.command("tell")
def tell(
    date: DateOption = None,
    channel: Annotated[list[str] | None, typer.Option("--channel", help="Only this channel; may be repeated.")] = None,
    resend: Annotated[bool, typer.Option("--resend", help="Tell again what was told, and what is dead.")] = False,
    now: Annotated[bool, typer.Option("--now", help="Wait neither for the hour nor for the next try.")] = False,
    config: ConfigOption = None,
) -> None:
    """Tell each channel of the settings the alerts that it is owed, in one message a morning, each once.

    Exit code 0 when nothing is dead and nothing is late.

    Example: symetrie alerts tell --now --channel ops
    """
    from pipelines.cli.deliver import show_unsent
    from pipelines.settings import load_settings
    from pipelines.settings.suggestions import pick_from
    from pipelines.steps import tell_alerts

    settings = load_settings(config)
    known = {each.id: each for each in settings.alerts.channels}
    for named in channel or ():
        if named not in known:
            raise SymetrieError(f"there is no channel {named!r} in alerts.channels{pick_from(named, known)}")
    if not known:
        raise SymetrieError(
            "alerts tell: the settings have no channel; add one under alerts, channels (docs/alert-channels.md)"
        )
    standing = tell_alerts(
        settings,
        business_date=date.date() if date else None,
        channel_ids=channel or (),
        resend=resend,
        at_once=now,
    )
    waiting, late, dead = len(standing.waiting), len(standing.late), len(standing.dead)
    console().print(f"Alerts: {standing.sent_count:,} messages sent, {waiting:,} waiting, {dead:,} dead, {late:,} late")
    show_unsent(standing, "After mending a channel: symetrie alerts tell --resend --channel ID --date DAY")
    if not standing.is_well:
        raise typer.Exit(1)


app.add_typer(alert_actions.app)
app.add_typer(alert_studies.app)
