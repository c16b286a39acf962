"""`symetrie alerts ack|correct|snooze|close`: what a person does about alerts, in their own name."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.options import DATE, ConfigOption
from pipelines.cli.screen import console
from pipelines.errors import SymetrieError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.alerts.reading import AlertRow
    from symetrie.alerts.marks import ActionName

app = typer.Typer()

AlertsArgument = Annotated[list[str], typer.Argument(metavar="ID...", help="Ids, or enough of their beginnings.")]
ByOption = Annotated[str | None, typer.Option("--by", help="Who does it; by default your login on this machine.")]
NoteOption = Annotated[str, typer.Option("--note", help="What others should know of it.")]


@app.command("ack")
def acknowledge(
    alerts: AlertsArgument, note: NoteOption = "", by: ByOption = None, config: ConfigOption = None
) -> None:
    """Say that you have seen an alert and take care of it: no unit above is told any more.

    Example: symetrie alerts ack 3f9a2c41d0 --note "I call her this morning"
    """
    _act(config, alerts, "acknowledge", by, note)


@app.command("correct")
def correct(
    alerts: AlertsArgument,
    note: Annotated[str, typer.Option("--note", help="What was done.")],
    by: ByOption = None,
    config: ConfigOption = None,
) -> None:
    """Say what was done about an alert; it closes by itself unless its recovery ends it before.

    Example: symetrie alerts correct 3f9a2c41d0 --note "Called, refunded the delivery"
    """
    if not note.strip():
        raise SymetrieError("alerts correct: --note is empty; say what was done")
    _act(config, alerts, "correct", by, note)


@app.command("snooze")
def snooze(
    alerts: AlertsArgument,
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
    _act(config, alerts, "snooze", by, note, until)


@app.command("close")
def close(alerts: AlertsArgument, note: NoteOption = "", by: ByOption = None, config: ConfigOption = None) -> None:
    """End an alert: it does not open again before what it is about has recovered.

    Example: symetrie alerts close 3f9a2c41d0 --note "A test answer"
    """
    _act(config, alerts, "close", by, note)


def _act(
    config: ConfigOption,
    alerts: Sequence[str],
    action: ActionName,
    by: str | None,
    note: str,
    until: datetime | None = None,
) -> None:
    from getpass import getuser

    from pipelines.alerts.acting import act
    from pipelines.alerts.pages import write_alert_pages
    from pipelines.settings import load_settings
    from pipelines.steps import opened

    settings = load_settings(config)
    with opened(settings) as warehouse:
        for alert in alerts:
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
            write_alert_pages(warehouse, settings, [after.alert_id])
            _print_after(after)


def _print_after(after: AlertRow) -> None:
    from pipelines.cli.alert_page import next_lines

    snoozed = f", nothing is told of it until {after.snoozed_until}" if after.is_active and after.snoozed_until else ""
    screen = console()
    screen.print(f"Alert {after.alert_id} is {after.state}{snoozed}.", markup=False)
    for line in next_lines(after):
        screen.print(f"  {line}", markup=False, soft_wrap=True)
