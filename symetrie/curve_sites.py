"""The sites that stand on the two curves: which have answers enough, with which counts, of which periods."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from symetrie.anonymity.rule import FLOOR
from symetrie.counts import numbers
from symetrie.intervals import Floats
from symetrie.measures import MeasureKind
from symetrie.verdicts import SAMPLE_TIERS

# Answers a site must have on each side: an adequate sample of clients, the anonymity floor of employees.
CLIENT_MINIMUM = SAMPLE_TIERS["adequate"]
EMPLOYEE_MINIMUM = FLOOR

LAGS = (0, 1)  # periods by which employees are read before clients


class SideCounts(NamedTuple):
    """The counts of every site on one side, as ``score`` takes them."""

    kind: MeasureKind
    favourable: Floats
    unfavourable: Floats
    answered: Floats


def sites_above(sites: pd.DataFrame, client_minimum: int, employee_minimum: int) -> pd.DataFrame:
    """Keep the sites with both minimum counts; a missing count is none, a site given twice is a ValueError."""
    clients, employees = numbers(sites["client_count"]), numbers(sites["employee_count"])
    above = sites[(clients >= client_minimum) & (employees >= employee_minimum)]
    _refuse_repeated(above, ["unit_id"])
    return above


def side_counts(sites: pd.DataFrame, side: str, kind: MeasureKind) -> SideCounts:
    """Read the counts of one side, and refuse a part that is larger than its whole."""
    answered, favourable = numbers(sites[f"{side}_count"]), numbers(sites[f"{side}_favourable"])
    unfavourable = numbers(sites[f"{side}_unfavourable"]) if kind == "nps" else np.zeros_like(answered)
    can_be = (favourable >= 0) & (unfavourable >= 0) & (favourable + unfavourable <= answered)
    if not can_be.all():
        unit_id = sites["unit_id"].iloc[int(can_be.argmin())]
        raise ValueError(
            f"{(~can_be).sum()} sites have {side} counts that cannot be, the first {unit_id!r}: recompute the counts"
        )
    return SideCounts(kind, favourable, unfavourable, answered)


def pair_periods(clients: pd.DataFrame, employees: pd.DataFrame, lag: int) -> pd.DataFrame:
    """Set the clients of each period beside the employees of the same site ``lag`` periods earlier.

    Both frames are long, a row per unit_id and period, with other columns of different names; periods are integers
    in a row or pandas periods, so that a period without answers is a gap and not skipped over. Rows that find no
    partner drop out. A row given twice, or a negative lag, is a ValueError.

    >>> clients = pd.DataFrame({"unit_id": "lyon-1", "period": [1, 2, 3], "client_count": [40, 50, 60]})
    >>> employees = pd.DataFrame({"unit_id": "lyon-1", "period": [1, 3], "employee_count": [7, 9]})
    >>> pair_periods(clients, employees, lag=1).to_dict("records")
    [{'unit_id': 'lyon-1', 'period': 2, 'client_count': 50, 'employee_count': 7}]
    """
    if lag < 0:
        raise ValueError(f"a lag of {lag} periods reads employees after their clients; take 0 or more")
    key = ["unit_id", "period"]
    for frame in (clients, employees):
        _refuse_repeated(frame, key)
    return clients.merge(employees.assign(period=employees["period"] + lag), on=key)


def _refuse_repeated(frame: pd.DataFrame, key: Sequence[str]) -> None:
    repeated = frame.duplicated([*key])
    if repeated.any():
        unit_id = frame["unit_id"][repeated].iloc[0]
        raise ValueError(f"site {unit_id!r} is given twice: hand in one row for each {' and '.join(key)}")
