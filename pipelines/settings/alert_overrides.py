"""What holds instead for units of some kinds, or for some measures: which lanes are told, and how large a fall is."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from pipelines.settings.choices import one_of
from pipelines.settings.document import Document, KeyPath
from pipelines.settings.entry import Entry, Key
from pipelines.settings.errors import Problems
from pipelines.settings.network import Network
from symetrie.alerts.finding import Lane
from symetrie.measures import CLIENT_MEASURES

MEASURE_KEYS = tuple(measure.key for measure in CLIENT_MEASURES)
MeasureKey = Annotated[
    str, AfterValidator(one_of(MEASURE_KEYS, "measure")), Field(json_schema_extra={"enum": list(MEASURE_KEYS)})
]


class Override(Entry):
    """What holds for units of some kinds and some measures; what it leaves out stays as it is."""

    kinds: tuple[Key, ...] = Field(default=(), description="Kinds of units, as region and site; all where none stands.")
    measures: tuple[MeasureKey, ...] = Field(
        default=(), description="Measures, as nps and autonomy; all where none stands."
    )
    lanes: tuple[Lane, ...] | None = Field(
        default=None, description="Lanes that are told of them: case, signal, news; [] for none."
    )
    smallest_points: float | None = Field(
        default=None, gt=0, description="A fall is told when it is estimated at so many points or more."
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.lanes is None and self.smallest_points is None:
            raise ValueError("says nothing; add lanes or smallest_points, or take it out")
        if self.measures and set(self.lanes or ()) - {"signal"}:
            raise ValueError("has measures, which only signals have: its lanes can be [signal] or []")
        return self

    def fits(self, kind: str, measure: str) -> bool:
        """Tell whether it holds for a unit of a kind and a measure; "" is what has no measure, as a case."""
        return (not self.kinds or kind in self.kinds) and (not self.measures or measure in self.measures)


class AlertOverrides(Entry):
    """Which lanes are told of which units, and of which measures."""

    overrides: tuple[Override, ...] = Field(
        default=(), description="What holds instead for some kinds of units or some measures; the last that fits wins."
    )

    def is_told(self, lane: Lane, kind: str, measure: str = "") -> bool:
        """Tell whether a lane is told of units of a kind, for a measure where it has one."""
        said = [each.lanes for each in self.overrides if each.fits(kind, measure)]
        return lane in next((lanes for lanes in reversed(said) if lanes is not None), (lane,))

    def own_smallest_points(self, kind: str, measure: str) -> float | None:
        """Give the size from which a fall is told of units of a kind and a measure; None where none is set."""
        said = [each.smallest_points for each in self.overrides if each.fits(kind, measure)]
        return next((points for points in reversed(said) if points is not None), None)


def check_overrides(alerts: AlertOverrides, network: Network, document: Document, problems: Problems) -> None:
    """Note which overrides name a kind that no unit has."""
    known = sorted({unit.kind for unit in network.units})
    for index, override in enumerate(alerts.overrides):
        key: KeyPath = ("alerts", "overrides", index, "kinds")
        for kind in override.kinds:
            if kind not in known:
                problems.add_unknown(document.place(key), "kind of unit", kind, known)
