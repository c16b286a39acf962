"""What the page of a mirror knows: figures that may be shown and the reasons of those that may not, in no language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pipelines.summary.figures import SummaryUnit
from symetrie.anonymity import AnonymityRule
from symetrie.curves import Symmetry


@dataclass(frozen=True, slots=True)
class Campaign:
    """A publication of the employees' pulse, and the clients it is held against."""

    publication_id: str
    name: str
    opens_on: date
    closes_on: date
    dimension_count: int
    window_days: int
    rule: AnonymityRule


@dataclass(frozen=True, slots=True)
class Estimate:
    """A score and its 95 % interval, in percent or points."""

    score: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg of a dimension: its estimate or, where there is none, the reason why.

    ``missing`` is *too_few* or *would_tell* of what is hidden, *not_asked* of what the campaign left out, *few* of
    what has too few answers for an interval. ``precision_count`` says by how many answers the counts may be off.
    """

    estimate: Estimate | None
    answer_count: int | None = None
    precision_count: int = 0
    missing: str | None = None


@dataclass(frozen=True, slots=True)
class MirrorLine:
    """A dimension, or overall satisfaction, on its three legs; the quadrant is None where it cannot be said."""

    measure: str
    client: Leg
    employee: Leg
    perceived: Leg
    asymmetry: Estimate | None
    perception_gap: Estimate | None
    quadrant: str | None


@dataclass(frozen=True, slots=True)
class Participation:
    """How many answered, of how many invited where that is known."""

    response_count: int | None
    invited_count: int | None
    participation_pct: float | None
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """Where the unit stands on the label's criteria; the state is None where it cannot be said."""

    state: str | None
    mean_pct: float | None
    client_mean_pct: float | None
    employee_mean_pct: float | None
    binding_side: str | None
    binding_measure: str | None
    probability: float | None
    settings_version: str


@dataclass(frozen=True, slots=True)
class CurveSite:
    """A site with answers enough on both sides."""

    name: str
    client: Estimate
    engagement: Estimate


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A site, or several neighbours in the order of engagement; a single one has its name."""

    site_count: int
    name: str
    client: Estimate
    engagement: Estimate


@dataclass(frozen=True, slots=True)
class Curves:
    """The two curves of a unit: how they go together by lag, and the points they are drawn through."""

    client_measure: str
    by_lag: Mapping[int, Symmetry]
    points: tuple[CurvePoint, ...]


@dataclass(frozen=True, slots=True)
class OperatorScore:
    """What those who run a part of the unit score: *own*, or a partner."""

    operated_by: str
    answer_count: int
    precision_count: int
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class OperatorLine:
    """A measure of one side, of own teams first and then of partners."""

    side: str
    measure: str
    scores: tuple[OperatorScore, ...]


@dataclass(frozen=True, slots=True)
class SectorScore:
    """A score beside a benchmark of its sector that it may be held against: same scale, same version."""

    side: str
    measure: str
    estimate: Estimate
    sector: str
    benchmark: float
    year: int
    source: str


@dataclass(frozen=True, slots=True)
class Mirror:
    """Everything that one unit's page shows of one campaign."""

    unit: SummaryUnit
    has_units_below: bool
    campaign: Campaign
    participation: Participation | None
    overall: MirrorLine | None
    dimensions: tuple[MirrorLine, ...]
    label: LabelFigures | None = None
    curves: Curves | None = None
    operators: tuple[OperatorLine, ...] = ()
    sector: Sequence[SectorScore] = ()
