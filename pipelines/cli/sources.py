"""`symetrie sources`: what is configured, and can it be reached."""

from __future__ import annotations

import typer

from pipelines.cli.options import ConfigOption
from pipelines.cli.screen import console, table
from pipelines.errors import SymetrieError

app = typer.Typer(no_args_is_help=True, help="The sources of the settings: list them, check that they can be read.")


@app.command("list")
def list_sources(config: ConfigOption = None) -> None:
    """List the sources of the settings.

    Example: symetrie sources list
    """
    from pipelines.settings import load_settings

    shown = table("source", "kind", "questionnaire", "path")
    for source in load_settings(config).sources:
        shown.add_row(source.name, source.kind, source.questionnaire, source.path)
    console().print(shown, markup=False)


@app.command("check")
def check(config: ConfigOption = None) -> None:
    """Look at every source without receiving anything: its files, or one page of its API.

    Example: symetrie sources check
    """
    from pipelines.settings import load_settings
    from pipelines.sources import look

    failed = False
    for source in load_settings(config).sources:
        try:
            typer.echo(f"{source.name}: {look(source)}")
        except SymetrieError as error:
            failed = True
            typer.echo(error, err=True)  # it names the source
    if failed:
        raise typer.Exit(1)
