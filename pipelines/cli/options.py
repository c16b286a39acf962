"""Options and values that several commands share."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import typer

from pipelines.errors import SymetrieError

DATE = "%Y-%m-%d"

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", help="Settings file; by default $SYMETRIE_CONFIG, else ./symetrie.yaml, else the demo's."),
]
UnitOption = Annotated[str | None, typer.Option("--unit", help="Unit id; by default the whole network.")]
LocaleOption = Annotated[Literal["fr", "en"], typer.Option("--locale", help="Language of the sentences.")]
DateOption = Annotated[
    datetime | None, typer.Option("--date", formats=[DATE], help="Business date; by default yesterday.")
]


def day(value: datetime | None, timezone: str) -> date:
    """The day given, else yesterday where the network is; a day still to come is refused."""
    today = datetime.now(ZoneInfo(timezone)).date()
    if value is not None and value.date() > today:
        raise SymetrieError(f"{value:{DATE}} has not come yet; today is {today}")
    return value.date() if value else today - timedelta(days=1)


def only_root(roots: tuple[str, ...]) -> str:
    """The one top of the network, for commands that were given no unit."""
    if len(roots) != 1:
        raise SymetrieError(f"the network has {len(roots)} tops; name one with --unit: {', '.join(roots)}")
    return roots[0]
