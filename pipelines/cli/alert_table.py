"""A list of alerts as a table, worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipelines.cli.screen import table
from pipelines.summary.telling.answer import capitalised
from symetrie.alerts.kinds import LANES

if TYPE_CHECKING:
    from rich.table import Table

    from pipelines.alerts.reading import AlertRow
    from pipelines.cli.alert_words import AlertSpeaker

SHOWN_DIGITS = 10
"""Of an id, so many are shown: forty bits tell a hundred thousand alerts apart."""

SEVERITIES = {1: "●○○", 2: "●●○", 3: "●●●"}
COLOURS = {1: "", 2: "yellow", 3: "red"}
LANE_COUNTS = {"case": ("case", "cases"), "signal": ("signal", "signals"), "news": ("absence", "absences")}


def alerts_table(rows: Sequence[AlertRow], speaker: AlertSpeaker) -> Table:
    """One row per alert."""
    from rich.text import Text

    shown = table("id", "", "unit", "what", "found on", "standing", whole=("id", "found on"))
    for row in rows:
        cells = (
            row.alert_id[:SHOWN_DIGITS],
            SEVERITIES[row.severity],
            speaker.unit(row.unit_id),
            capitalised(speaker.said(row)),
            str(row.opened_on),
            speaker.standing(row),
        )
        shown.add_row(
            *(Text(cell, style=COLOURS[row.severity] if place == 1 else "") for place, cell in enumerate(cells))
        )
    return shown


def count_line(rows: Sequence[AlertRow], speaker: AlertSpeaker) -> str:
    """How many there are of each lane, and up to when was looked."""
    if speaker.looked_on is None:
        return "No day has been looked at yet: symetrie run"
    counted = Counter(row.lane for row in rows)
    parts = [f"{counted[lane]:,} {LANE_COUNTS[lane][counted[lane] > 1]}" for lane in LANES if counted[lane]]
    found = f"{len(rows):,} alert{'s' if len(rows) > 1 else ''}: {', '.join(parts)}" if rows else "No alert"
    return f"{found}. Days are looked at up to {speaker.looked_on}."
