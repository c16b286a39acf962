"""What becomes of a batch that the gate has stopped, when nobody decides."""

from typing import Literal

from pydantic import Field

from pipelines.settings.entry import Entry

Verdict = Literal["release", "discard", "keep_held"]

LONGEST_WAIT_MINUTES = 20 * 60
"""A run of Airflow that waited longer would stand in the way of the next morning's."""


class Gate(Entry):
    """How long a held batch waits for an operator, and what happens then."""

    default: Verdict = Field(
        default="keep_held", description="What happens to a held batch that nobody has decided about in time."
    )
    wait_minutes: float = Field(
        default=60,
        gt=0,
        le=LONGEST_WAIT_MINUTES,
        description="How long a held batch waits for an operator before the default applies.",
    )
