"""The command `symetrie` and its groups; heavy modules are imported by the commands that need them."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.cli import (
    alerts,
    backfill,
    batch,
    config,
    deliver,
    demo,
    erase,
    label,
    mirror,
    pulse,
    quarantine,
    run,
    scores,
    sources,
    status,
    summary,
    warehouse,
)

app = typer.Typer(
    name="symetrie",
    help="Were my clients happy yesterday? Receives client feedback, scores it, and says so every morning.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("run")(run.run)
app.command("backfill")(backfill.backfill)
app.command("summary")(summary.summary)
app.command("deliver")(deliver.deliver)
app.command("scores")(scores.scores)
app.command("mirror")(mirror.mirror)
app.command("label")(label.label)
app.command("erase")(erase.erase)
app.command("status")(status.status)
app.add_typer(demo.app, name="demo")
app.add_typer(sources.app, name="sources")
app.add_typer(alerts.app, name="alerts")
app.add_typer(pulse.app, name="pulse")
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(batch.app, name="batch")
app.add_typer(warehouse.app, name="warehouse")
app.add_typer(config.app, name="config")


@app.callback()
def _symetrie(
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log every step to stderr.")] = False,
) -> None:
    from pipelines import logs

    logs.configure(verbose=verbose)
