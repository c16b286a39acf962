"""What is counted around alerts, as tables: reasons of complaints, and the falls that can be found in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pipelines.cli.screen import table

if TYPE_CHECKING:
    from rich.console import Console

    from pipelines.alerts.case_reasons import ReasonCounts
    from pipelines.alerts.detecting import Detectable

FEWEST = 5
"""Below so many answers no interval is shown (method, section 4)."""


def print_reasons(screen: Console, of: str, found: ReasonCounts | None, titles: Mapping[str, str]) -> None:
    """Print how many of those who wrote why speak of each reason, with an interval where they are enough."""
    from symetrie.intervals import wilson

    if found is None:
        screen.print(f"{of}: no unhappy client.", style="bold", markup=False)
        return
    told = found.told_count
    unhappy = f"{found.unhappy_count:,} unhappy client{'s' if found.unhappy_count > 1 else ''}"
    screen.print(f"{of}: {unhappy}, {told:,} wrote why.", style="bold", markup=False)
    shown = table("reason", "clients", "share", "95 % interval", numbers=("clients", "share", "95 % interval"))
    for code, count in found.counts.items():
        low, high = (100 * float(each) for each in wilson(count, told))
        between = f"{low:.0f} to {high:.0f} %" if told >= FEWEST else "not enough"
        shown.add_row(titles.get(code, code), f"{count:,}", f"{100 * count / told:.0f} %", between)
    screen.print(shown)


def print_detectable(
    screen: Console, found: Sequence[Detectable], names: Mapping[str, str], days: int, limit: int
) -> None:
    """Print the smallest fall that four times of five is found within so many days."""
    screen.print(f"The smallest fall that is found within {days} days, four times of five:", style="bold", markup=False)
    shown = table("unit", "name", "measure", "answers a day", "points", numbers=("answers a day", "points"))
    for each in found[:limit]:
        points = "none: too few answers" if each.points is None else f"{each.points:.0f}"
        shown.add_row(
            each.unit_id, names.get(each.unit_id, each.unit_id), each.measure, f"{each.answers_a_day:.1f}", points
        )
    screen.print(shown)
    if len(found) > limit:
        screen.print(f"and {len(found) - limit:,} more: --unit, --limit {len(found)}", markup=False)
