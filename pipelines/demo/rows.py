"""The record of an answer before it has words: one numpy record per row, so that millions move as one block."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.demo.phrases import PHRASES
from symetrie.measures import CLIENT_MEASURES

MEASURES = tuple(measure.key for measure in CLIENT_MEASURES)

# Marks below zero are no marks.
BLANK, DONT_KNOW = -1, -2

# What a row is to whoever loads the files in their order.
NEW, EDIT, REPEAT, SECOND_TWIN, REFUSED = range(5)

Rows = NDArray[np.void]

ROW = np.dtype(
    [
        ("day", "datetime64[D]"),  # the business date
        ("submitted", "datetime64[s]"),  # local
        ("visited", "datetime64[D]"),
        ("updated", "datetime64[s]"),  # UTC; NaT when never edited
        ("site", np.int32),  # position in the network
        ("number", np.int32),  # within its cohort
        *((name, np.int8) for name in ("cohort", "fate", "delay", "spoil", "role", "channel", "mood")),
        *((name, np.bool_) for name in ("can_contact", "writes", "is_english")),
        *((key, np.int8) for key in MEASURES),
        *((name, np.int16) for name in PHRASES),  # positions of phrases, -1 for none
    ]
)


def new_rows(count: int) -> Rows:
    """Give rows with nothing in them: no mark, no phrase, never edited, nothing spoiled."""
    rows: Rows = np.zeros(count, ROW)
    for name in (*MEASURES, *PHRASES, "spoil"):
        rows[name] = -1
    rows["updated"] = np.datetime64("NaT")
    return rows


def with_role(rows: Rows, role: int) -> Rows:
    """Give a copy of rows in another role."""
    copied = rows.copy()
    copied["role"] = role
    return copied


def fill(rows: Rows, columns: dict[str, Any]) -> None:
    """Set several columns."""
    for name, values in columns.items():
        rows[name] = values
