"""`symetrie demo`: a company to look at, computed by the real steps."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from datetime import timedelta
from functools import partial
from typing import Annotated

import typer

from pipelines.cli.options import day
from pipelines.cli.screen import console, progress_bar
from pipelines.errors import SymetrieError

TIMEZONE = "Europe/Paris"

app = typer.Typer()


@app.callback(invoke_without_command=True)
def demo(
    context: typer.Context,
    sites: Annotated[int | None, typer.Option("--sites", min=1, help="Points of sale; 30 unless told.")] = None,
    days: Annotated[int, typer.Option("--days", min=2, help="Days of history at the first run.")] = 120,
    answers: Annotated[
        int | None, typer.Option("--answers-per-day", min=1, help="Answers a day; 900 unless told.")
    ] = None,
    history: Annotated[
        bool, typer.Option("--history", help="Stop a day earlier, and leave yesterday's files for another run.")
    ] = False,
    api: Annotated[
        bool, typer.Option("--api", help="Ask one source of a new demo through an HTTP API; see demo serve.")
    ] = False,
    pulse: Annotated[
        bool,
        typer.Option("--pulse/--no-pulse", help="Ask the teams of a new demo as well, and the agents on the phone."),
    ] = True,
) -> None:
    """Make the demo company, or extend it to yesterday, run it through the real steps and print the morning answer.

    Example: symetrie demo --sites 8 --answers-per-day 60
    """
    if context.invoked_subcommand is None:
        _make(sites=sites, days=days, answers=answers, history=history, api=api, pulse=pulse)


@app.command("serve", context_settings={"ignore_unknown_options": True})
def serve(
    command: Annotated[
        list[str] | None, typer.Argument(help="What to run meanwhile; without it, until Ctrl-C.")
    ] = None,
) -> None:
    """Serve the API of the demo's web survey on this machine, for as long as a command runs.

    Example: symetrie demo serve symetrie run
    """
    from pipelines.demo.api import CONNECTION, serving
    from pipelines.settings.loading import house_folder

    with serving(house_folder(os.environ) / "demo") as connection:
        if not command:
            typer.echo(f"export {CONNECTION}='{connection}'")
            threading.Event().wait()
        process = _started(command or [])
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the command, which decides when it is done
        raise typer.Exit(process.wait())


def _started(command: list[str]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(command)  # noqa: S603 - what the person at the keyboard typed
    except OSError as error:
        raise SymetrieError(f"demo serve: {command[0]} cannot be started: {error.strerror}") from None


def _make(*, sites: int | None, days: int, answers: int | None, history: bool, api: bool, pulse: bool) -> None:
    from pipelines import steps
    from pipelines.cli import run as command
    from pipelines.cli import summary
    from pipelines.demo import make_demo
    from pipelines.demo.api import serving
    from pipelines.run import run_days
    from pipelines.settings import load_settings
    from pipelines.settings.loading import house_folder

    yesterday = day(None, TIMEZONE)
    filled_to = yesterday - timedelta(days=1) if history else yesterday
    folder = house_folder(os.environ) / "demo"
    make = partial(make_demo, folder, days=days, sites=sites, answers_per_day=answers, api=api, with_pulse=pulse)
    with progress_bar() as tell, serving(folder):
        make(until=filled_to, on_day=lambda drawn: tell(f"drawing the answers of {drawn}", 0, 1))
        settings = load_settings(folder / "symetrie.yaml")
        report = run_days(settings, filled_to, on_progress=tell)
    command.show(report)
    if report.failures:
        raise typer.Exit(1)
    if history:
        make(until=yesterday)
        console().print(f"History filled up to {filled_to}; the files of {yesterday} wait in {folder / 'drops'}.")
        return
    steps.write_summaries(settings, yesterday)
    summary.show(settings, yesterday)
