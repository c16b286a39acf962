"""`symetrie alerts`: what waits for somebody, the life of one alert, and what a person can do about it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipelines.cli.options import DATE, ConfigOption, DateOption, UnitOption
from pipelines.cli.screen import console
from pipelines.errors import SymetrieError
from symetrie.alerts.finding import Lane
from symetrie.alerts.states import ACTIVE, STATES, State

if TYPE_CHECKING:
    from collections.abc import Collection

    import sqlalchemy as sa

    from pipelines.alerts.reading import AlertRow
    from pipelines.cli.alert_words import AlertSpeaker
    from pipelines.settings import Settings
    from symetrie.alerts.marks import ActionName

app = typer.Typer(no_args_is_help=True, help="Alerts: what waits for somebody, what happened to it, what was done.")

AlertArgument = Annotated[str, typer.Argument(metavar="ID", help="Id of the alert, or enough of its beginning.")]
ByOption = Annotated[str | None, typer.Option("--by", help="Who does it; by default your login on this machine.")]
NoteOption = Annotated[str, typer.Option("--note", help="What others should know of it.")]
LocaleOption = Annotated[Literal["fr", "en"], typer.Option("--locale", help="Language of what is told.")]


@app.command("list")
def list_alerts(
    unit: UnitOption = None,
    lane: Annotated[Lane | None, typer.Option("--lane", help="Only cases, signals or news.")] = None,
    state: Annotated[State | None, typer.Option("--state", help="Only those that stand so.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Also those that have ended.")] = False,
    date: Annotated[
        datetime | None, typer.Option("--date", formats=[DATE], help="As they stood on a business date.")
    ] = None,
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
        speaker = _speaker(connection, settings, locale)
        rows = read_alerts(connection, states=_states(state, every=every), unit=asked, lane=lane, as_of=as_of)
        also = happened_lately(connection, settings, as_of or speaker.looked_on, asked)
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


@app.command("ack")
def acknowledge(alert: AlertArgument, note: NoteOption = "", by: ByOption = None, config: ConfigOption = None) -> None:
    """Say that you have seen an alert and take care of it: no unit above is told any more.

    Example: symetrie alerts ack 3f9a2c41d0 --note "I call her this morning"
    """
    _act(config, alert, "acknowledge", by, note)


@app.command("correct")
def correct(
    alert: AlertArgument,
    note: Annotated[str, typer.Option("--note", help="What was done.")],
    by: ByOption = None,
    config: ConfigOption = None,
) -> None:
    """Say what was done about an alert; it closes by itself unless its recovery ends it before.

    Example: symetrie alerts correct 3f9a2c41d0 --note "Called, refunded the delivery"
    """
    if not note.strip():
        raise SymetrieError("alerts correct: --note is empty; say what was done")
    _act(config, alert, "correct", by, note)


@app.command("snooze")
def snooze(
    alert: AlertArgument,
    until: Annotated[
        datetime, typer.Option("--until", formats=[DATE], help="Last day on which nothing is told of it.")
    ],
    note: NoteOption = "",
    by: ByOption = None,
    config: ConfigOption = None,
) -> None:
    """Hear nothing of an alert until a day, that day included; it stays as it is.

    Example: symetrie alerts snooze 3f9a2c41d0 --until 2026-11-30 --note "Works in the street until then"
    """
    _act(config, alert, "snooze", by, note, until)


@app.command("close")
def close(alert: AlertArgument, note: NoteOption = "", by: ByOption = None, config: ConfigOption = None) -> None:
    """End an alert: it does not open again before what it is about has recovered.

    Example: symetrie alerts close 3f9a2c41d0 --note "A test answer"
    """
    _act(config, alert, "close", by, note)


def _states(state: State | None, *, every: bool) -> Collection[State]:
    if state is not None:
        return (state,)
    return STATES if every else ACTIVE


def _speaker(connection: sa.Connection, settings: Settings, locale: str) -> AlertSpeaker:
    from pipelines.cli.alert_words import AlertSpeaker
    from pipelines.warehouse.alerts_looked import last_looked

    return AlertSpeaker.of(settings, locale, last_looked(connection))


def _act(
    config: ConfigOption, alert: str, action: ActionName, by: str | None, note: str, until: datetime | None = None
) -> None:
    from getpass import getuser

    from pipelines.alerts.acting import act
    from pipelines.settings import load_settings
    from pipelines.steps import opened

    settings = load_settings(config)
    with opened(settings) as warehouse:
        after = act(
            warehouse,
            settings,
            alert,
            action,
            by=getuser() if by is None else by,
            note=note,
            until_on=until.date() if until else None,
            now=datetime.now(UTC),
        )
    _print_after(after)


def _print_after(after: AlertRow) -> None:
    from pipelines.cli.alert_page import next_lines

    snoozed = f", nothing is told of it until {after.snoozed_until}" if after.is_active and after.snoozed_until else ""
    screen = console()
    screen.print(f"Alert {after.alert_id} is {after.state}{snoozed}.", markup=False)
    for line in next_lines(after):
        screen.print(f"  {line}", markup=False, soft_wrap=True)


def _print_json(value: object) -> None:
    import json

    typer.echo(json.dumps(value, ensure_ascii=False, indent=1, default=str))


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
            "alerts tell: the settings have no channel; add one under alerts, channels (docs/alerts.md)"
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
    names = {each.unit_id: settings.network.unit(each.unit_id).name for each in shown}
    print_detectable(console(), shown, names, days, limit)
