"""`symetrie batch`: the batches that the gate has stopped."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from pipelines.cli.options import ConfigOption
from pipelines.cli.screen import console, table

app = typer.Typer(no_args_is_help=True, help="The batches that the gate has stopped: list, release, discard.")

RunArgument = Annotated[str, typer.Argument(help="Run id, as `list` prints it.")]
SourceArgument = Annotated[str, typer.Argument(help="Source, as `list` prints it.")]


@app.command("list")
def list_batches(config: ConfigOption = None) -> None:
    """List the batches that wait for a decision, with the reason.

    Example: symetrie batch list
    """
    from pipelines.settings import load_settings
    from pipelines.steps import opened
    from pipelines.warehouse.ledger import held_batches

    with opened(load_settings(config)) as warehouse, warehouse.reading() as connection:
        held = held_batches(connection)
    screen = console()
    if not held:
        screen.print("No batch is held.")
        return
    shown = table("run", "source", "answers", "why", numbers=["answers"])
    for row in held:
        shown.add_row(row.run_id, row.source, f"{row.held_count:,}", "; ".join(json.loads(row.detail)["failed_checks"]))
    screen.print(shown, markup=False)
    screen.print("Publish one: symetrie batch release RUN SOURCE. Give one up: symetrie batch discard RUN SOURCE.")


@app.command("release")
def release(run: RunArgument, source: SourceArgument, config: ConfigOption = None) -> None:
    """Publish a held batch as it is.

    Example: symetrie batch release 20261121T043000Z-1a2b3c web_survey
    """
    from pipelines.settings import load_settings
    from pipelines.steps import release_batch

    counts = release_batch(load_settings(config), run, source)
    typer.echo(f"Released: {counts['loaded']:,} answers loaded, {counts['quarantined']:,} records in quarantine.")


@app.command("discard")
def discard(run: RunArgument, source: SourceArgument, config: ConfigOption = None) -> None:
    """Give up a held batch; the ledger keeps its trace, the landing its pages.

    Example: symetrie batch discard 20261121T043000Z-1a2b3c web_survey
    """
    from pipelines.settings import load_settings
    from pipelines.steps import discard_batch

    discard_batch(load_settings(config), run, source)
    typer.echo("Discarded. Its pages stay in the landing.")
