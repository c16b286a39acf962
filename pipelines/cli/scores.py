"""`symetrie scores`: the scores of a unit on any date, also one that is no longer kept."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.options import DATE, ConfigOption, UnitOption, day, only_root
from pipelines.cli.screen import console, table
from pipelines.errors import SymetrieError

if TYPE_CHECKING:
    import pandas as pd

NUMBERS = ("answers", "score", "interval", "change")


def scores(
    as_of: Annotated[
        datetime | None, typer.Option("--as-of", formats=[DATE], help="Last day of the windows; by default yesterday.")
    ] = None,
    unit: UnitOption = None,
    window: Annotated[
        int | None, typer.Option("--window", help="Only the window of so many days: 1, 7, 28, 91.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Print the scores of a unit, computed from the daily counts.

    Example: symetrie scores --as-of 2026-03-31 --unit M001 --window 28
    """
    from pipelines.score import scores_of
    from pipelines.settings import load_settings
    from pipelines.steps import opened

    settings = load_settings(config)
    if window is not None and window not in settings.windows:
        known = ", ".join(map(str, settings.windows))
        raise SymetrieError(f"scores: there is no window of {window} days; use {known}")
    asked = settings.network.unit(unit or only_root(settings.network.roots))
    last = day(as_of, asked.timezone)
    with opened(settings) as warehouse:
        found = scores_of(warehouse, asked.id, last, settings.windows)
    shown = found if window is None else found[found["window_days"] == window]
    console().print(f"{asked.name}, up to {last}", style="bold", markup=False)
    if shown.empty:
        console().print("No answer in these windows.")
    for days in shown["window_days"].unique():
        _print("1 day" if days == 1 else f"{days} days", shown[shown["window_days"] == days])


def _print(title: str, found: pd.DataFrame) -> None:
    shown = table("measure", *NUMBERS, "reading", numbers=NUMBERS)
    for row in found.to_dict("records"):
        shown.add_row(
            row["measure"],
            f"{row['answer_count']:,}",
            f"{row['score']:.1f}",
            _range(row["low"], row["high"]),
            _change(row["change_points"], row["change_low"], row["change_high"]),
            " ".join(each for each in (row["verdict"], row["sample_tier"]) if isinstance(each, str)),
        )
    shown.title, shown.title_justify = title, "left"
    console().print(shown)


def _range(low: float, high: float) -> str:
    return "" if low != low else f"{low:.1f}–{high:.1f}"  # nan differs from itself


def _change(points: float, low: float, high: float) -> str:
    if points != points:
        return ""
    return f"{points:+.1f}" if low != low else f"{points:+.1f} ({low:+.1f}, {high:+.1f})"
