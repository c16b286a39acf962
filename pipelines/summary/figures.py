"""What a morning summary knows: counts and scores, in no language and no form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from symetrie.alerts.finding import Kind, Lane, Severity
from symetrie.alerts.states import State
from symetrie.verdicts import Counts, MorningAnswer


@dataclass(frozen=True, slots=True)
class SummaryUnit:
    """The unit that the summary speaks of; a site counts itself as its one site."""

    unit_id: str
    name: str
    kind: str
    site_count: int


@dataclass(frozen=True, slots=True)
class MeasureScore:
    """A measure over a window, as `mart.score` holds it; bounds are None below five answers."""

    measure: str
    window_days: int
    answer_count: int
    favourable_count: int
    unfavourable_count: int
    score: float | None
    low: float | None
    high: float | None
    sample_tier: str
    verdict: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """The morning answer less the 28 days just before its window; None where there is nothing to compare."""

    first: date
    last: date
    before: Counts
    before_score: float | None
    points: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class UnhappyClients:
    """Unhappy clients of the business date, and those who agreed to be contacted: the cases to correct."""

    client_count: int
    contactable_count: int
    asked_count: int  # whose source says whether they agreed


@dataclass(frozen=True, slots=True)
class Verbatim:
    """A client's words, redacted, with the mark they came with and the unit's local time."""

    text: str
    measure: str
    mark: int
    is_unhappy: bool
    can_contact: bool
    channel: str
    unit_id: str
    unit_name: str
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class ChildAnswer:
    """The morning answer of a unit below."""

    unit_id: str
    name: str
    kind: str
    answer: MorningAnswer


@dataclass(frozen=True, slots=True)
class Branch:
    """The units of one level below: how many there are, how many gave each answer, and which to look at first."""

    kind: str
    unit_count: int
    tally: Mapping[str, int]
    first: tuple[ChildAnswer, ...]


@dataclass(frozen=True, slots=True)
class SourceFreshness:
    """How late a source is at the business date; None where it has not answered for a long time, or never ran.

    Late is said in words; stale, beyond the days that the settings allow, is an alarm wherever it shows.
    """

    source: str
    newest_answer_on: date | None
    days_late: int | None
    last_run_status: str | None
    is_stale: bool = False


@dataclass(frozen=True, slots=True)
class Corrections:
    """Answers that came late, changed or left since the summary of the day `since`, and the earlier days they are of.

    `since` is None where the unit had no summary before; answers that came and went leave days without counts.
    """

    late_count: int = 0
    edited_count: int = 0
    withdrawn_count: int = 0
    days: tuple[date, ...] = ()
    since: date | None = None


NO_CORRECTIONS = Corrections()


@dataclass(frozen=True, slots=True)
class WatchedDimension:
    """The dimension to look at first in the mirror, by its quadrant: not solid on one side at least."""

    measure: str
    quadrant: str
    client_score: float
    employee_score: float


@dataclass(frozen=True, slots=True)
class MirrorGlance:
    """What the newest campaign of the teams says beside the clients: how many dimensions, and which to look at."""

    opens_on: date
    as_of: date
    compared_count: int
    solid_count: int
    watched: WatchedDimension | None


@dataclass(frozen=True, slots=True)
class CaseReason:
    """What an unhappy client complains of, and its name in each language."""

    code: str
    titles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class WaitingCase:
    """An unhappy client of the unit itself who waits for a call: the case by its mark and reasons, never its words."""

    alert_id: str
    severity: Severity
    opened_on: date
    deadline_on: date
    is_overdue: bool
    is_taken: bool  # somebody has acknowledged it
    measure: str | None
    mark: int | None
    is_complaint: bool
    channel: str
    reasons: tuple[CaseReason, ...]
    addresses: Mapping[str, str]  # where it can be read, by language; empty in a house without such pages


@dataclass(frozen=True, slots=True)
class WaitingUnit:
    """The clients who wait for a call from a unit just below, or from those below it."""

    unit_id: str
    name: str
    client_count: int
    overdue_count: int


@dataclass(frozen=True, slots=True)
class WaitingClients:
    """The clients of the perimeter who wait for a call; by name the unit's own, and the units just below."""

    client_count: int
    overdue_count: int  # past the deadline, and nobody has acknowledged them
    case_count: int  # the unit's own
    first_cases: tuple[WaitingCase, ...]
    unit_count: int  # units just below for which clients wait
    first_units: tuple[WaitingUnit, ...]


@dataclass(frozen=True, slots=True)
class StandingAlert:
    """A signal or news of a unit: what it is about, and the codes and numbers it stands on."""

    alert_id: str
    lane: Lane
    kind: Kind
    unit_id: str
    unit_name: str
    measure: str
    opened_on: date
    state: State
    severity: Severity
    size_points: float | None
    deadline_on: date
    evidence: Mapping[str, Any]
    addresses: Mapping[str, str]  # where it can be read, by language; empty in a house without such pages


@dataclass(frozen=True, slots=True)
class Movement:
    """An alert to show; of a unit below only the worst, beside how many others it has."""

    alert: StandingAlert
    others_count: int


@dataclass(frozen=True, slots=True)
class Movements:
    """Signals and news of the perimeter that stand, those that are over since yesterday, and signals of units above."""

    alert_count: int
    first: tuple[Movement, ...]
    recovered_count: int
    first_recovered: StandingAlert | None
    above_count: int
    first_above: StandingAlert | None  # of the nearest unit that has one


NOT_NAMED_WHERE_NONE = {"is_named_where_none": False}
"""Of a field that who has nothing of the kind never hears of, not even in JSON."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that one unit's summary shows for one business date."""

    business_date: date
    unit: SummaryUnit
    answer: MorningAnswer
    yesterday: Counts
    change: Change
    unhappy: UnhappyClients
    context_days: int
    nps: MeasureScore | None
    ces: MeasureScore | None
    dimensions: tuple[MeasureScore, ...]
    verbatims: tuple[Verbatim, ...]
    branches: tuple[Branch, ...]
    sources: tuple[SourceFreshness, ...]
    corrections: Corrections = NO_CORRECTIONS
    mirror: MirrorGlance | None = field(default=None, metadata=NOT_NAMED_WHERE_NONE)
    waiting: WaitingClients | None = field(default=None, metadata=NOT_NAMED_WHERE_NONE)
    movements: Movements | None = field(default=None, metadata=NOT_NAMED_WHERE_NONE)
