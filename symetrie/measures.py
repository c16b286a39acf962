"""What clients and employees are asked, and which canonical marks count as favourable or unfavourable."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from symetrie.dimensions import DIMENSIONS

Side = Literal["client", "employee", "perceived"]
MeasureKind = Literal["top_two_box", "nps"]


@dataclass(frozen=True, slots=True)
class Measure:
    """What is scored on one side, on its canonical range of marks.

    ``side`` says whose it is: what a *client* feels, what an *employee* lives, or what is *perceived*,
    that is what employees think that their clients feel.
    ``kind`` says how its score is made: *top_two_box* is the percent of favourable answers, *nps* the points
    of promoters less detractors.
    """

    side: Side
    key: str
    kind: MeasureKind
    column: str
    lowest: int
    highest: int
    favourable_from: int
    unfavourable_to: int
    is_judged: bool  # whether "solid above 55 %" is said of it
    labels: Mapping[str, str]

    @property
    def onto(self) -> str:
        """The canonical range that a scale must reach to answer this measure, such as ``1-5``."""
        return f"{self.lowest}-{self.highest}"

    def label(self, locale: str) -> str:
        """Name the measure in ``fr`` or ``en``; any other locale is a KeyError."""
        return self.labels[locale]


def _satisfaction(side: Side, key: str, column: str, labels: Mapping[str, str]) -> Measure:
    """Make a measure on 1 to 5, favourable from 4: overall satisfaction or a dimension."""
    return Measure(side, key, "top_two_box", column, 1, 5, 4, 2, is_judged=True, labels=labels)


def _dimensions(side: Side, prefix: str) -> tuple[Measure, ...]:
    """Make the eleven of a side, in the order of their source."""
    return tuple(_satisfaction(side, each.key, prefix + each.key, each.labels) for each in DIMENSIONS)


def _labels(french: str, english: str) -> Mapping[str, str]:
    return MappingProxyType({"fr": french, "en": english})


_OVERALL_LABELS = _labels("La satisfaction globale", "Overall satisfaction")

OVERALL = _satisfaction("client", "overall", "overall", _OVERALL_LABELS)

# Promoters give 9 or 10, detractors 0 to 6 (Reichheld 2003).
NPS = Measure(
    "client", "nps", "nps", "nps", 0, 10, 9, 6, is_judged=False,
    labels=_labels("La recommandation (NPS)", "Recommendation (NPS)"),
)  # fmt: skip

# Agreement with "they made it easy" on 1 to 7 (Dixon 2013, CES 2.0): high is good.
CES = Measure(
    "client", "ces", "top_two_box", "ces", 1, 7, 5, 3, is_judged=False,
    labels=_labels("La facilité (CES)", "Ease (CES)"),
)  # fmt: skip

# The NPS asked of employees, about working there.
ENPS = Measure(
    "employee", "enps", "nps", "enps", 0, 10, 9, 6, is_judged=False,
    labels=_labels("La recommandation de l'employeur (eNPS)", "Recommendation as an employer (eNPS)"),
)  # fmt: skip

# One mark per respondent, the mean of the engagement items that they answered, so that each one counts once and
# intervals hold (method, section 4). Unlike other marks it need not be whole.
ENGAGEMENT = Measure(
    "employee", "engagement", "top_two_box", "engagement_mean", 1, 5, 4, 2, is_judged=False,
    labels=_labels("L'engagement", "Engagement"),
)  # fmt: skip

CLIENT_MEASURES: tuple[Measure, ...] = (OVERALL, NPS, CES, *_dimensions("client", "dim_"))

EMPLOYEE_MEASURES: tuple[Measure, ...] = (ENPS, ENGAGEMENT, *_dimensions("employee", "own_"))

PERCEIVED_MEASURES: tuple[Measure, ...] = (
    _satisfaction("perceived", "overall", "perceived_overall", _OVERALL_LABELS),
    *_dimensions("perceived", "perceived_"),
)

_BY_SIDE: Mapping[str, Mapping[str, Measure]] = {
    "client": {each.key: each for each in CLIENT_MEASURES},
    "employee": {each.key: each for each in EMPLOYEE_MEASURES},
    "perceived": {each.key: each for each in PERCEIVED_MEASURES},
}


def measure(side: str, key: str) -> Measure:
    """Find a measure by its side and its key; an unknown one is a LookupError naming the known ones.

    >>> measure("employee", "trust").column, measure("perceived", "trust").column
    ('own_trust', 'perceived_trust')
    """
    if side not in _BY_SIDE:
        raise LookupError(f"no side is called {side!r}; use one of {', '.join(_BY_SIDE)}")
    if key not in _BY_SIDE[side]:
        raise LookupError(f"no {side} measure is called {key!r}; use one of {', '.join(_BY_SIDE[side])}")
    return _BY_SIDE[side][key]


def client_measure(key: str) -> Measure:
    """Find a client measure by its key.

    >>> client_measure("trust").column
    'dim_trust'
    """
    return measure("client", key)
