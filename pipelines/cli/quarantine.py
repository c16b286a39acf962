"""`symetrie quarantine`: the records that were set aside, why, and their way back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.options import ConfigOption
from pipelines.cli.screen import console, print_entry, table
from pipelines.errors import SymetrieError

if TYPE_CHECKING:
    from pipelines.replay import Replayed
    from pipelines.settings import Settings

app = typer.Typer(no_args_is_help=True, help="The records that were set aside: list, show, export, replay.")

SourceOption = Annotated[str | None, typer.Option("--source", help="Only this source.")]
ReasonOption = Annotated[str | None, typer.Option("--reason", help="Only this reason code.")]
OUTCOMES = ("received", "loaded", "unchanged", "superseded", "quarantined")
SHOWN_KEYS = 5


@app.command("list")
def list_records(
    source: SourceOption = None,
    reason: ReasonOption = None,
    resolved: Annotated[bool, typer.Option("--resolved", help="Those that were settled, instead.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many of the newest to show.")] = 50,
    config: ConfigOption = None,
) -> None:
    """List the records that wait, newest first, after a count of each reason.

    Example: symetrie quarantine list --reason unknown_unit
    """
    from pipelines.settings import load_settings
    from pipelines.steps import opened
    from pipelines.warehouse.shelf import count_reasons, count_states, newest_records

    with opened(load_settings(config)) as warehouse, warehouse.reading() as connection:
        states = count_states(connection, source)
        reasons = count_reasons(connection, source)
        records = newest_records(connection, source, reason, limit, resolved=resolved)
    screen = console()
    if states:
        screen.print(_standing(states))
    if reasons and not resolved:
        counts = table("reason", "records that wait", numbers=["records that wait"])
        for code, number in reasons:
            counts.add_row(code, f"{number:,}")
        screen.print(counts)
    if not records:
        asked = [f"{name} {value}" for name, value in (("source", source), ("reason", reason)) if value]
        said = "was settled" if resolved else "is in quarantine"
        screen.print(f"Nothing {said}{' of ' + ' and '.join(asked) if asked else ''}.")
        return
    for record in records:
        said = f"{record.resolution}, {record.resolved_at:%Y-%m-%d %H:%M}" if resolved else record.message
        print_entry(record.source, record.record_key, str(record.business_date or ""), words=said)
    if len(records) == limit:
        screen.print(f"Only the newest {limit}; --limit shows more.")
    screen.print("One record whole: symetrie quarantine show RECORD")
    if not resolved:
        screen.print("Read again after a fix: symetrie quarantine replay")


@app.command("show")
def show_record(
    record: Annotated[str, typer.Argument(help="Key of the record, as `list` prints it.")],
    config: ConfigOption = None,
) -> None:
    """Show one record whole: its reasons, what was received, how it was settled and what somebody made of it.

    Example: symetrie quarantine show "R-1042#5d41402a"
    """
    from pipelines.settings import load_settings
    from pipelines.steps import opened
    from pipelines.warehouse.shelf import find_record

    with opened(load_settings(config)) as warehouse, warehouse.reading() as connection:
        found = find_record(connection, record)
    if found is None:
        raise SymetrieError(f"quarantine: no record {record!r}; see `symetrie quarantine list`")
    width = max(len(name) for name in found._fields)
    for name, value in zip(found._fields, found, strict=True):
        typer.echo(f"{name:<{width}}  {'' if value is None else value}")


@app.command("export")
def export_records(
    source: SourceOption = None,
    reason: ReasonOption = None,
    config: ConfigOption = None,
) -> None:
    """Write the records that wait as JSON lines, to be mended in an editor and replayed with --from-file.

    Example: symetrie quarantine export --reason unreadable_date > corrected.jsonl
    """
    from pipelines.replay.mending import received_record
    from pipelines.settings import load_settings
    from pipelines.steps import opened
    from pipelines.warehouse.shelf import waiting_records

    with opened(load_settings(config)) as warehouse, warehouse.reading() as connection:
        rows = waiting_records(connection, source, reason)
    for row in rows:
        payload = received_record(row)
        entry = {"record_key": row.record_key, "source": row.source, "message": row.message}
        entry |= {"payload": payload} if payload is not None else {"received": row.payload}
        typer.echo(json.dumps(entry, ensure_ascii=False))


@app.command("replay")
def replay(
    records: Annotated[
        list[str] | None, typer.Argument(help="Keys of records, as `list` prints them; by default all that wait.")
    ] = None,
    source: SourceOption = None,
    reason: ReasonOption = None,
    values: Annotated[
        list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="Mend a field; may be repeated.")
    ] = None,
    from_file: Annotated[
        Path | None, typer.Option("--from-file", help="Records mended in a file, as `export` writes them.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Read waiting records again, after a fix of the settings, of the questionnaire or of the records themselves.

    Those that pass are loaded with the version they came in, and their days scored; the others wait on, with their
    reasons of today. What was received stays in the trace. A second replay changes nothing.

    Example: symetrie quarantine replay --reason unknown_unit --set unit_id=lyon-1
    """
    from pipelines.replay import Mending, read_corrected, replay_quarantine
    from pipelines.settings import load_settings

    mending = Mending(_values(values or ()), read_corrected(from_file) if from_file else {})
    if mending.values and not (records or source or reason or from_file):
        raise SymetrieError("quarantine replay: --set would mend every record; name some, or give --reason or --source")
    settings = load_settings(config)
    done = replay_quarantine(settings, records or (), source=source, reason=reason, mending=mending)
    if done.counts or done.cut:
        _tell(done)
    else:
        console().print(f"Nothing waits in quarantine that was asked for{_what_waits(settings)}.")


def _values(given: list[str] | tuple[str, ...]) -> dict[str, str]:
    for each in given:
        if "=" not in each:
            raise SymetrieError(f"quarantine replay: --set {each}: write FIELD=VALUE, as unit_id=lyon-1")
    return {name.strip(): value for name, _, value in (each.partition("=") for each in given)}


def _tell(done: Replayed) -> None:
    screen = console()
    if done.counts:
        shown = table(
            "source", "read again", *OUTCOMES[1:-1], "still waiting", numbers=["read again", *OUTCOMES, "still waiting"]
        )
        for name, counts in done.counts.items():
            shown.add_row(name, *(f"{counts[outcome]:,}" for outcome in OUTCOMES))
        screen.print(f"Run {done.run_id}")
        screen.print(shown)
    if done.cut:
        keys = ", ".join(done.cut[:SHOWN_KEYS]) + (" …" if len(done.cut) > SHOWN_KEYS else "")
        screen.print(
            f"{len(done.cut):,} cannot be read from the quarantine, they were cut, have expired or are no records: "
            f"{keys}. Mend them with --from-file, or read their pages again: symetrie run --replay",
            style="yellow",
            markup=False,
        )


def _what_waits(settings: Settings) -> str:
    """The reasons that do wait: what was asked for may have been mistyped."""
    from pipelines.steps import opened
    from pipelines.warehouse.shelf import count_reasons

    with opened(settings) as warehouse, warehouse.reading() as connection:
        reasons = count_reasons(connection, None)
    return f"; what waits: {', '.join(f'{code} {number:,}' for code, number in reasons)}" if reasons else ""


def _standing(states: dict[str, int]) -> str:
    from pipelines.warehouse.shelf import WAITING

    settled = {state: number for state, number in states.items() if state != WAITING}
    how = ", ".join(f"{number:,} {state}" for state, number in settled.items())
    return f"{states.get(WAITING, 0):,} waiting, {sum(settled.values()):,} settled{f' ({how})' if how else ''}."
