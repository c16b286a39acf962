"""`symetrie erase`: one answer leaves every room of the house."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.options import ConfigOption
from pipelines.cli.screen import console, progress_bar, table
from pipelines.errors import SymetrieError

if TYPE_CHECKING:
    from pipelines.erasure.erasing import Finding


def erase(
    source: Annotated[str, typer.Option("--source", help="Source of the answer, as the settings name it.")],
    response: Annotated[str, typer.Option("--response", help="Identifier of the answer at its source.")],
    reason: Annotated[
        str | None, typer.Option("--reason", help="Reference kept in the proof, as a ticket; no personal data.")
    ] = None,
    pre_emptive: Annotated[
        bool, typer.Option("--pre-emptive", help="Also an answer that has not arrived: it never will.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    config: ConfigOption = None,
) -> None:
    """Erase one answer from everything that is kept, for good, and print the proof.

    Example: symetrie erase --source web_survey --response R-1042 --reason GDPR-17
    """
    from pipelines.erasure.erasing import erase as erase_found
    from pipelines.erasure.erasing import find
    from pipelines.settings import load_settings
    from pipelines.steps import opened

    if reason and response in reason:
        raise SymetrieError("erase: --reason is kept in the proof; give a reference that does not name the answer")
    settings = load_settings(config)
    with opened(settings) as warehouse:
        with progress_bar() as tell:
            found = find(warehouse, settings, source, response, tell)
        _check(found, pre_emptive)
        if found.earlier is not None and not found.is_unfinished and not found.is_anywhere:
            typer.echo(f"Already erased on {found.earlier.finished_at}: proof {found.earlier.erasure_id}.")
            return
        _show(found)
        if not yes and sys.stdin.isatty():
            typer.confirm("Erase it for good?", abort=True)
        with progress_bar() as tell:
            proof, file = erase_found(found.watched_by(tell), reason)
    typer.echo(proof.as_json())
    typer.echo(
        f"Erased. Proof: {file}. Mails and messages already sent, backups and the source itself are beyond reach.",
        err=True,
    )


def _check(found: Finding, pre_emptive: bool) -> None:
    if not (found.is_anywhere or found.earlier or pre_emptive):
        raise SymetrieError(
            f"erase: source {found.visit.source} has no such answer; check the identifier, "
            "or give --pre-emptive to keep away an answer that has not arrived"
        )


def _show(found: Finding) -> None:
    """Print where the answer was found: counts only."""
    shown = table("where", "found", numbers=["found"])
    for room, count in found.counts.items():
        shown.add_row(room, f"{count:,}")
    console(stderr=True).print(shown)
