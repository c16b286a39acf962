"""`symetrie batch`: the batches that the gate has stopped."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from pipelines.cli.options import ConfigOption
from pipelines.cli.screen import console, print_entry

if TYPE_CHECKING:
    from pipelines.gate import Decision
    from pipelines.settings import Settings
    from pipelines.settings.gate import Verdict

app = typer.Typer(no_args_is_help=True, help="The batches that the gate has stopped: list, release, discard.")

RunArgument = Annotated[str, typer.Argument(help="Run id, as `list` prints it.")]
SourceArgument = Annotated[str, typer.Argument(help="Source, as `list` prints it.")]


@app.command("list")
def list_batches(config: ConfigOption = None) -> None:
    """List the batches that wait for a decision, with the reason.

    Example: symetrie batch list
    """
    from pipelines.gate import decision_awaited_until
    from pipelines.settings import load_settings
    from pipelines.steps import opened
    from pipelines.warehouse.ledger import held_batches

    settings = load_settings(config)
    with opened(settings) as warehouse, warehouse.reading() as connection:
        held = held_batches(connection)
    screen = console()
    if not held:
        screen.print("No batch is held.")
        return
    for row in held:
        detail = json.loads(row.detail)
        standing = _without_a_decision(settings, decision_awaited_until(detail))
        why = "; ".join(detail["failed_checks"])
        print_entry(row.run_id, row.source, f"{row.held_count:,} answers", standing, words=why)
    screen.print("Publish one: symetrie batch release RUN SOURCE. Give one up: symetrie batch discard RUN SOURCE.")


def _without_a_decision(settings: Settings, until: datetime | None) -> str:
    """What becomes of a batch that nobody decides about, and when, by the clock of the network."""
    if until is None or settings.gate.default == "keep_held":
        return "stays held"
    local = until.astimezone(ZoneInfo(settings.network.timezone_of(settings.network.roots[0])))
    return f"without a decision: {settings.gate.default} from {local:%Y-%m-%d %H:%M}"


@app.command("release")
def release(run: RunArgument, source: SourceArgument, config: ConfigOption = None) -> None:
    """Publish a held batch as it is.

    Example: symetrie batch release 20261121T043000Z-1a2b3c web_survey
    """
    from pipelines.settings import load_settings
    from pipelines.steps import release_batch

    counts = release_batch(load_settings(config), run, source, _by_hand("release"))
    typer.echo(f"Released: {counts['loaded']:,} answers loaded, {counts['quarantined']:,} records in quarantine.")


@app.command("discard")
def discard(run: RunArgument, source: SourceArgument, config: ConfigOption = None) -> None:
    """Give up a held batch; the ledger keeps its trace, the landing its pages.

    Example: symetrie batch discard 20261121T043000Z-1a2b3c web_survey
    """
    from pipelines.settings import load_settings
    from pipelines.steps import discard_batch

    discard_batch(load_settings(config), run, source, _by_hand("discard"))
    typer.echo("Discarded. Its pages stay in the landing.")


def _by_hand(verdict: Verdict) -> Decision:
    """A decision by whoever types."""
    from getpass import getuser

    from pipelines.gate import Decision

    return Decision(verdict, datetime.now(UTC), getuser())
