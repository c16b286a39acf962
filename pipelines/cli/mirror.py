"""`symetrie mirror`: what clients feel, what teams live and what these think that clients feel, side by side."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import typer

from pipelines.cli.options import DATE, ConfigOption, UnitOption, only_root
from pipelines.cli.screen import console

AsOfOption = Annotated[
    datetime | None,
    typer.Option("--as-of", formats=[DATE], help="Campaigns that closed up to this day; by default the newest."),
]


def mirror(
    unit: UnitOption = None,
    as_of: AsOfOption = None,
    locale: Annotated[
        Literal["fr", "en"] | None, typer.Option("--locale", help="Language; by default that of the settings.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Print the mirror of a unit: what its clients feel, what its teams live, and what these think of their clients.

    Example: symetrie mirror --unit M001 --locale en
    """
    from pipelines.cli.mirror_table import WIDTH, MirrorTable
    from pipelines.reflection.reading import read_reflection
    from pipelines.settings import load_settings
    from pipelines.steps import opened

    settings = load_settings(config)
    asked = settings.network.unit(unit or only_root(settings.network.roots))
    with opened(settings) as warehouse, warehouse.reading() as connection:
        found = read_reflection(connection, asked.id, as_of and as_of.date())
    shown, screen = MirrorTable.of(found, locale or settings.locale), console()
    width = min(WIDTH, screen.width)
    screen.print(shown.title(asked.name), style="bold", markup=False, width=width)
    screen.print(shown.table(), width=width)
    screen.print()
    for note in shown.notes():
        screen.print(note, markup=False, width=width)
