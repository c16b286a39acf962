"""When a measure has really moved: how large a fall must be, and how often a signal may be false."""

from pydantic import Field, ValidationError

from pipelines.errors import SymetrieError
from pipelines.settings.entry import Entry
from symetrie.signals.deciding import SMALLEST_POINTS
from symetrie.signals.discovery import Tolerance


class AlertSignals(Entry):
    """Signals: measures of units that have really moved."""

    smallest_points: float = Field(
        default=SMALLEST_POINTS, gt=0, description="A fall is told when it is estimated at so many points or more."
    )
    false_share_pct: float = Field(
        default=100 * Tolerance().false_share,
        gt=0,
        le=50,
        description="Of the new signals of a year, at most about so many percent may be false.",
    )
    most_false_per_unit_year: float = Field(
        default=Tolerance().most_per_unit_year,
        gt=0,
        le=1,
        description="However many true signals there are, a unit has no more false ones a year, over all measures.",
    )

    @property
    def tolerance(self) -> Tolerance:
        """The same for the watch."""
        return Tolerance(self.false_share_pct / 100, self.most_false_per_unit_year)


def asked_instead(rules: AlertSignals, **asked: float | None) -> AlertSignals:
    """Give the same rules with what somebody asks for instead, checked as if it stood in the settings."""
    given = {name: value for name, value in asked.items() if value is not None}
    try:
        return AlertSignals(**rules.model_dump() | given)
    except ValidationError as error:
        wrong = error.errors()[0]
        option = "--" + str(wrong["loc"][0]).replace("_", "-")
        raise SymetrieError(f"{option}: {wrong['input']} is not possible; {wrong['msg'].lower()}") from error
