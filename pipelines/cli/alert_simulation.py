"""What a simulation of signals looks like: a bar per week, beside that of the settings in force."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pipelines.cli.screen import table
from symetrie.signals.watch import LEARNING_DAYS

if TYPE_CHECKING:
    from rich.console import Console

    from pipelines.alerts.simulating import Simulated

WIDEST = 40
SHOWN_UNITS = 5


def print_simulation(screen: Console, asked: Simulated, current: Simulated | None) -> None:
    """Print how many alerts would have opened, week by week, and where."""
    screen.print(_headline(asked, current), style="bold", markup=False)
    if asked.history_days < LEARNING_DAYS:
        known = f"Before these days there are {asked.history_days} days of history"
        screen.print(f"{known}: signals begin after {LEARNING_DAYS}.", markup=False)
    weeks, now = asked.per_week(), current.per_week() if current else {}
    most = max([*weeks.values(), *now.values(), 1])
    headers = ("week of", "as asked", "", *(("as set", "") if current else ()))
    shown = table(*headers, numbers=("as asked", "as set"))
    for week, count in weeks.items():
        beside = (f"{now[week]:,}", _bar(now[week], most)) if current else ()
        shown.add_row(str(week), f"{count:,}", _bar(count, most), *beside)
    screen.print(shown)
    units = Counter(fall.cause.unit_id for fall in asked.falls).most_common(SHOWN_UNITS)
    if units:
        listed = ", ".join(f"{unit} ({count})" for unit, count in units)
        screen.print(f"Most often: {listed}", markup=False)


def _headline(asked: Simulated, current: Simulated | None) -> str:
    falls = f"{_falls(asked)} and {len(asked.recoveries):,} recover{'y' if len(asked.recoveries) == 1 else 'ies'}"
    beside = f"; under the settings in force {_falls(current)}" if current else ""
    return f"{asked.first} to {asked.last}: {falls} would have been told{beside}."


def _falls(simulated: Simulated) -> str:
    return f"{len(simulated.falls):,} fall{'' if len(simulated.falls) == 1 else 's'}"


def _bar(count: int, most: int) -> str:
    return "█" * round(WIDEST * count / most) or ("▏" if count else "")
