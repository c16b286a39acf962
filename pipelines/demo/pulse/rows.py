"""The record of an employee's answer before it has words, and what may spoil it."""

import numpy as np

from pipelines.demo.pulse.questions import QUESTIONS
from pipelines.demo.rows import Rows

RELATIONS = {
    "Mon responsable": 0.42,
    "Mes collègues": 0.38,
    "Nos fournisseurs": 0.07,
    "Nos partenaires": 0.09,
    "": 0.04,
}
UNKNOWN_RELATION = "Mon voisin de palier"

# What spoils a row, with the reason code it is refused with; None when it is accepted as it is.
REASONS: dict[str, str | None] = {
    "unknown_unit": "unknown_unit",
    "missing_login": "missing_respondent",
    "mark_seven": "answer_outside_scale",
    "broken_line": "broken_line",
    "late": "after_closing",
    "unknown_relation": None,
}
SPOILS = tuple(REASONS)
ON_A_ROW_OF_THEIR_OWN = SPOILS[:4]  # beside what the same person may have answered well
REFUSED = [SPOILS.index(kind) for kind, reason in REASONS.items() if reason]
NOTHING = -1
MARK_OFF_SCALE = 7

ROW = np.dtype(
    [
        ("submitted", "datetime64[s]"),  # local, to the minute
        ("person", np.int32),
        ("unit", np.int32),  # position among the units of the teams
        ("relation", np.int8),
        ("spoil", np.int8),
        ("comment", np.int16),  # positions of phrases, -1 for none
        ("closing", np.int16),
        ("leaves_address", np.bool_),
        *((key, np.int8) for key in QUESTIONS),
    ]
)


def counted(rows: Rows) -> Rows:
    """Keep of the rows of a campaign, in the order of their time, the last one of each person that is not refused."""
    accepted = rows[~np.isin(rows["spoil"], REFUSED)]
    _, from_the_end = np.unique(accepted["person"][::-1], return_index=True)
    return accepted[len(accepted) - 1 - np.sort(from_the_end)[::-1]]
