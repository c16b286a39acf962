"""The command `symetrie` and its groups; heavy modules are imported by the commands that need them."""

from __future__ import annotations

import logging
from typing import Annotated

import typer

from pipelines.cli import batch, config, demo, quarantine, run, scores, sources, status, summary, warehouse

app = typer.Typer(
    name="symetrie",
    help="Were my clients happy yesterday? Receives client feedback, scores it, and says so every morning.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("demo")(demo.demo)
app.command("run")(run.run)
app.command("summary")(summary.summary)
app.command("scores")(scores.scores)
app.command("status")(status.status)
app.add_typer(sources.app, name="sources")
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(batch.app, name="batch")
app.add_typer(warehouse.app, name="warehouse")
app.add_typer(config.app, name="config")


@app.callback()
def _symetrie(
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log every step to stderr.")] = False,
) -> None:
    handler = logging.StreamHandler()
    handler.addFilter(_is_worth_telling)
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(message)s",
        handlers=[handler],
    )


def _is_worth_telling(record: logging.LogRecord) -> bool:
    """Great Expectations tells its housekeeping as INFO, whatever level it is asked for."""
    return record.levelno >= logging.WARNING or not record.name.startswith("great_expectations")
