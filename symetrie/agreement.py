"""Double evaluation: what agents thought at the end of a contact, held against what their clients answered."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from symetrie.intervals import Floats, wilson
from symetrie.paired import cohens_kappa, newcombe_paired
from symetrie.verdicts import ENOUGH_ANSWERS

_Estimate = tuple[Floats, Floats, Floats]  # the number, its low and high bound


@dataclass(frozen=True, slots=True)
class AgreementRule:
    """How the agent's estimate on 1 to 4 and the client's mark on 1 to 5 come onto one scale: favourable or not.

    An agent is *falsely confident* of a contact that they found favourable and of which the client's mark is
    ``client_unfavourable_to`` or less. Figures of two versions are not compared.
    """

    version: str
    agent_favourable_from: int = 3
    client_favourable_from: int = 4
    client_unfavourable_to: int = 2

    def __post_init__(self) -> None:
        if not 1 < self.agent_favourable_from <= 4:
            raise ValueError(f"agreement rule {self.version!r}: agent_favourable_from is one of 2, 3, 4")
        if not 1 <= self.client_unfavourable_to < self.client_favourable_from <= 5:
            raise ValueError(
                f"agreement rule {self.version!r}: take client_unfavourable_to below client_favourable_from, within 1-5"
            )


AGREEMENT_RULE = AgreementRule("agreement-1")  # the method's default, section 7


class Agreement(NamedTuple):
    """How agents and clients agree, one number per unit, nan where it is not said; shares are percent.

    Positive bias: agents find more contacts favourable than clients do.
    """

    matched_pct: Floats
    matched_low: Floats
    matched_high: Floats
    kappa: Floats
    kappa_low: Floats
    kappa_high: Floats
    bias_points: Floats
    bias_low: Floats
    bias_high: Floats
    false_confidence_pct: Floats
    false_confidence_low: Floats
    false_confidence_high: Floats


def agreement(
    both_favourable: npt.ArrayLike,
    agent_only: npt.ArrayLike,
    client_only: npt.ArrayLike,
    neither_favourable: npt.ArrayLike,
    falsely_confident: npt.ArrayLike,
) -> Agreement:
    """Judge the contacts of each unit, counted by who found them favourable, under one ``AgreementRule``.

    Shapes broadcast. ``falsely_confident`` counts those among ``agent_only`` of which the client was unhappy; its
    share is of all contacts that the agent found favourable. Intervals are at 95 %: Wilson's for shares, Fleiss, Cohen
    & Everitt's for kappa, Newcombe's paired one for the bias. Everything is nan below five contacts, and false
    confidence below five that the agent found favourable. Counts that cannot be are a ValueError.

    >>> found = agreement(20, 12, 2, 16, falsely_confident=8)
    >>> [round(float(number), 1) for number in (found.matched_pct, found.matched_low, found.matched_high)]
    [72.0, 58.3, 82.5]
    >>> [round(float(number), 1) for number in (found.bias_points, found.bias_low, found.bias_high)]
    [20.0, 5.6, 32.9]
    >>> round(float(found.kappa), 2), float(found.false_confidence_pct)
    (0.46, 25.0)
    """
    counts = (both_favourable, agent_only, client_only, neither_favourable, falsely_confident)
    arrays = np.broadcast_arrays(*(np.asarray(count, dtype=np.float64) for count in counts))
    both, agent, client, neither, false = arrays
    if not np.all(false <= agent):
        raise ValueError("more contacts of false confidence than the agent alone found favourable: count by one rule")
    contacts = both + agent + client + neither
    matched = _percent(both + neither, contacts)
    kappa = _shown(cohens_kappa(both, agent, client, neither), contacts)
    bias = _shown(_bias(both, agent, client, neither), contacts)
    return Agreement(*matched, *kappa, *bias, *_percent(false, both + agent))


def _bias(both: Floats, agent: Floats, client: Floats, neither: Floats) -> _Estimate:
    low, high = newcombe_paired(both, agent, client, neither)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (agent - client) / (both + agent + client + neither)
    return 100 * share, 100 * low, 100 * high


def _percent(part: npt.ArrayLike, whole: Floats) -> _Estimate:
    low, high = wilson(part, whole)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.asarray(part) / whole
    return _shown((100 * share, 100 * low, 100 * high), whole)


def _shown(estimate: _Estimate, contacts: Floats) -> _Estimate:
    """Leave out what rests on too few contacts."""
    number, low, high = (np.where(contacts < ENOUGH_ANSWERS, np.nan, each) for each in estimate)
    return number, low, high
