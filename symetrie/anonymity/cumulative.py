"""Publications of one campaign, one upon the other: what was told stays told, and new answers are told apart."""

import numpy as np
import pandas as pd

from symetrie.anonymity.blocks import COVERAGE
from symetrie.anonymity.release import KEY, TOO_FEW, WOULD_TELL, is_close
from symetrie.anonymity.rule import AnonymityRule

SUMMED = (
    "total_count", "answer_count", "favourable_low", "favourable_high", "unfavourable_low", "unfavourable_high",
)  # fmt: skip


def added_up(earlier: pd.DataFrame, new: pd.DataFrame, rule: AnonymityRule) -> pd.DataFrame:
    """Add what may be told of new answers to what was told of the earlier ones, figure by figure.

    Both are as ``release`` gives them: of the earlier ones, the figures of the last publication. People of the new
    answers are others than those of the earlier ones, so sums of what is told of both tell no more than each does.
    A figure that was shown stays; a hidden one is shown once it stands on nearly all of its answers.

    >>> key = {"unit_id": "a", "cut": "", "cut_value": "", "side": "employee", "measure": "trust"}
    >>> first = {"total_count": 8, "answer_count": 8, "favourable_low": 5, "favourable_high": 5}
    >>> late = {"total_count": 2, "answer_count": 0, "favourable_low": None, "favourable_high": None}
    >>> none = {"unfavourable_low": None, "unfavourable_high": None}
    >>> frames = [pd.DataFrame([key | counts | none | {"hidden_reason": reason}])
    ...           for counts, reason in ((first, None), (late, "too_few"))]
    >>> cell = added_up(*frames, AnonymityRule()).iloc[0]
    >>> int(cell["total_count"]), int(cell["answer_count"]), pd.isna(cell["hidden_reason"])
    (10, 8, True)
    """
    if earlier.empty:
        return new
    numbers = [frame[[*KEY, *SUMMED]].astype(dict.fromkeys(SUMMED, "float64")) for frame in (earlier, new)]
    cells = pd.concat(numbers).groupby(KEY, as_index=False, dropna=False)[[*SUMMED]].sum(min_count=1)
    was_shown = earlier.loc[earlier["hidden_reason"].isna(), KEY].assign(was_shown=True)
    cells = cells.merge(was_shown, on=KEY, how="left")
    is_few = cells["total_count"] < rule.floor
    is_told = ~is_few & (cells["answer_count"] >= COVERAGE * cells["total_count"]) & is_close(cells)
    reasons = pd.Series(np.where(is_few, TOO_FEW, WOULD_TELL), index=cells.index, dtype="str")
    return cells.assign(hidden_reason=reasons.mask(is_told | cells["was_shown"].notna())).drop(columns="was_shown")
