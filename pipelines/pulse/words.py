"""Employees' own words, where enough of them answered together; in the order of a hash, so that none is the last."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import pandas as pd

from symetrie.anonymity import showable_verbatims

if TYPE_CHECKING:
    from pipelines.warehouse.employee_counts import People
    from symetrie.anonymity import AnonymityRule


def told_words(people: People, earlier: pd.DataFrame, rule: AnonymityRule) -> pd.DataFrame:
    """Give the words that may be read, by the unit under which they may (unit_id, position, verbatim)."""
    allowed = showable_verbatims(people.respondents, people.ancestors, rule=rule)
    new = people.words.merge(allowed, on="unit_id")[["shown_under", "verbatim"]]
    words = pd.concat([earlier, new.rename(columns={"shown_under": "unit_id"})], ignore_index=True)
    order = (words["unit_id"] + "\0" + words["verbatim"]).map(lambda text: sha256(text.encode()).hexdigest())
    words = words.assign(order=order).sort_values(["unit_id", "order"], ignore_index=True)
    return words.assign(position=words.groupby("unit_id").cumcount() + 1)[["unit_id", "position", "verbatim"]]
