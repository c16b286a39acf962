"""`symetrie quarantine`: the records that were set aside, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.cli.options import ConfigOption
from pipelines.cli.screen import console, table
from pipelines.errors import SymetrieError

app = typer.Typer(no_args_is_help=True, help="The records that were set aside, and why.")


@app.command("list")
def list_records(
    source: Annotated[str | None, typer.Option("--source", help="Only this source.")] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="Only this reason code.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many of the newest to show.")] = 50,
    config: ConfigOption = None,
) -> None:
    """List the records set aside, newest first, after a count of each reason.

    Example: symetrie quarantine list --reason unknown_unit
    """
    from pipelines.settings import load_settings
    from pipelines.steps import opened
    from pipelines.warehouse.shelf import count_reasons, newest_records

    with opened(load_settings(config)) as warehouse, warehouse.reading() as connection:
        reasons = count_reasons(connection, source)
        records = newest_records(connection, source, reason, limit)
    screen = console()
    if not records:
        asked = [f"{name} {value}" for name, value in (("source", source), ("reason", reason)) if value]
        screen.print(f"Nothing is in quarantine{' of ' + ' and '.join(asked) if asked else ''}.")
        return
    counts = table("reason", "records", numbers=["records"])
    for code, number in reasons:
        counts.add_row(code, f"{number:,}")
    screen.print(counts)
    shown = table("source", "record", "day", "what is wrong")
    for record in records:
        shown.add_row(record.source, record.record_key, str(record.business_date or "?"), record.message)
    screen.print(shown, markup=False)
    if len(records) == limit:
        screen.print(f"Only the newest {limit}; --limit shows more.")
    screen.print("One record whole: symetrie quarantine show RECORD")


@app.command("show")
def show_record(
    record: Annotated[str, typer.Argument(help="Key of the record, as `list` prints it.")],
    config: ConfigOption = None,
) -> None:
    """Show one record whole: its reasons, the expectations it failed, and what was received.

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
