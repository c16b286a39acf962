"""What clients are asked, and which canonical marks count as favourable or unfavourable."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from symetrie.dimensions import DIMENSIONS

MeasureKind = Literal["top_two_box", "nps"]


@dataclass(frozen=True, slots=True)
class Measure:
    """A question put to clients, on its canonical range of marks.

    ``kind`` says how its score is made: *top_two_box* is the percent of favourable answers,
    *nps* the points of promoters less detractors.
    """

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


def _satisfaction(key: str, column: str, labels: Mapping[str, str]) -> Measure:
    """Make a measure on 1 to 5, favourable from 4: overall satisfaction or a dimension."""
    return Measure(key, "top_two_box", column, 1, 5, 4, 2, is_judged=True, labels=labels)


def _labels(french: str, english: str) -> Mapping[str, str]:
    return MappingProxyType({"fr": french, "en": english})


OVERALL = _satisfaction("overall", "overall", _labels("La satisfaction globale", "Overall satisfaction"))

# Promoters give 9 or 10, detractors 0 to 6 (Reichheld 2003).
NPS = Measure(
    "nps", "nps", "nps", 0, 10, 9, 6, is_judged=False,
    labels=_labels("La recommandation (NPS)", "Recommendation (NPS)"),
)  # fmt: skip

# Agreement with "they made it easy" on 1 to 7 (Dixon 2013, CES 2.0): high is good.
CES = Measure(
    "ces", "top_two_box", "ces", 1, 7, 5, 3, is_judged=False,
    labels=_labels("La facilité (CES)", "Ease (CES)"),
)  # fmt: skip

CLIENT_MEASURES: tuple[Measure, ...] = (
    OVERALL,
    NPS,
    CES,
    *(_satisfaction(each.key, f"dim_{each.key}", each.labels) for each in DIMENSIONS),
)

_BY_KEY = {measure.key: measure for measure in CLIENT_MEASURES}


def client_measure(key: str) -> Measure:
    """Find a client measure by its key.

    >>> client_measure("trust").column
    'dim_trust'
    """
    if key not in _BY_KEY:
        raise LookupError(f"no client measure is called {key!r}; use one of {', '.join(_BY_KEY)}")
    return _BY_KEY[key]
