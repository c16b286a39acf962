"""`symetrie deliver`: the morning answer, by mail."""

from __future__ import annotations

from datetime import date as date_type
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.options import DATE, ConfigOption, DateOption, day
from pipelines.cli.screen import console, progress_bar, table
from pipelines.errors import SymetrieError

if TYPE_CHECKING:
    from pipelines.delivery import Standing
    from pipelines.delivery.standing import Unsent
    from pipelines.settings import Settings

SHOWN = 20


def deliver(
    date: DateOption = None,
    recipient: Annotated[
        list[str] | None, typer.Option("--recipient", help="Queue for this recipient only; may be repeated.")
    ] = None,
    resend: Annotated[
        bool, typer.Option("--resend", help="Send again what was sent already, and what is dead, as it reads now.")
    ] = False,
    now: Annotated[
        bool, typer.Option("--now", help="Wait neither for the hour of a recipient nor for the next try.")
    ] = False,
    config: ConfigOption = None,
) -> None:
    """Mail the summaries that are due at their recipients' local hour, each once; by default of their last morning.

    Exit code 0 when nothing is dead and nothing is late.

    Example: symetrie deliver --date 2026-11-20 --resend --recipient claire
    """
    from pipelines.settings import load_settings
    from pipelines.steps import deliver_summaries

    settings = load_settings(config)
    for named in recipient or ():
        _check_known(settings, named)
    with progress_bar() as tell:
        standing = deliver_summaries(
            settings,
            business_date=_asked(settings, date),
            recipient_ids=recipient or (),
            resend=resend,
            at_once=now,
            on_progress=lambda done, total: tell("sending mails", done, total),
        )
    show(standing)
    if not standing.is_well:
        raise typer.Exit(1)


def _asked(settings: Settings, date: datetime | None) -> date_type | None:
    """The day given, once it is over in the first time zone where it ends; units further west have it later."""
    if date is None:
        return None
    newest = max(day(None, zone) for zone in {"UTC", *settings.network.timezones.values()})
    if date.date() > newest:
        raise SymetrieError(f"{date:{DATE}} is not over: its mail would be sent half told; the newest day is {newest}")
    return date.date()


def _check_known(settings: Settings, recipient_id: str) -> None:
    from pipelines.settings.suggestions import pick_from

    known = {each.id: each for each in settings.recipients}
    if recipient_id not in known:
        raise SymetrieError(f"there is no recipient {recipient_id!r}{pick_from(recipient_id, known)}")
    if known[recipient_id].email is None:
        raise SymetrieError(f"recipient {recipient_id} has no email in the settings; add one")


def show(standing: Standing) -> None:
    """Print how many mails left, and what keeps the others."""
    screen = console()
    waiting, late, dead = len(standing.waiting), len(standing.late), len(standing.dead)
    screen.print(f"Mail: {standing.sent_count:,} sent, {waiting:,} waiting, {dead:,} dead, {late:,} late")
    show_unsent(standing, "After mending an address: symetrie deliver --resend --recipient ID --date DAY")


def show_unsent(standing: Standing, after_mending: str) -> None:
    """Print what has not left, with what the server said last, and what to type once it is mended."""
    from rich.text import Text

    late = set(standing.late)
    states = [(each, "dead") for each in standing.dead] + [(each, "late") for each in standing.late]
    states += [(each, "waiting") for each in standing.waiting if each not in late]
    if not states:
        return
    shown = table("recipient", "unit", "day", "address", "state", "tries", "why", numbers=["tries"])
    for each, state in states[:SHOWN]:
        shown.add_row(*(Text(cell) for cell in _cells(each, state)))  # a server may say [anything]
    console().print(shown)
    if len(states) > SHOWN:
        console().print(f"and {len(states) - SHOWN:,} more; ops.outbox holds them all")
    if standing.dead:
        console().print(after_mending, markup=False)


def _cells(each: Unsent, state: str) -> tuple[str, ...]:
    why = each.words or ""
    return each.recipient_id, each.unit_id, str(each.business_date), each.address, state, str(each.attempt_count), why
