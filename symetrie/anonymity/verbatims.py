"""Of which units the employees' own words may be read, and of which it may be said how many answered."""

from dataclasses import replace

import pandas as pd

from symetrie.anonymity.release import placed_inside, with_blocks
from symetrie.anonymity.rule import AnonymityRule


def showable_verbatims(
    respondents: pd.DataFrame,
    ancestors: pd.DataFrame,
    *,
    rule: AnonymityRule = AnonymityRule(),  # noqa: B008 - frozen
) -> pd.DataFrame:
    """Give the units under which the verbatims of each unit may be read (unit_id, shown_under).

    ``respondents``: unit_id and answer_count, those who answered at all; ``ancestors`` as for ``release``.
    Words are shown of ``verbatim_floor`` respondents together: those of a small unit only further up, where enough
    others stand beside them.

    >>> respondents = pd.DataFrame({"unit_id": ["a", "b", "c"], "answer_count": [3, 6, 8]})
    >>> ancestors = pd.DataFrame([("a", "a", 0), ("b", "b", 0), ("c", "c", 0), ("a", "r", 1), ("b", "r", 1),
    ...     ("c", "r", 1)], columns=["unit_id", "ancestor_id", "depth"])
    >>> list(showable_verbatims(respondents, ancestors).itertuples(index=False, name=None))
    [('a', 'r'), ('b', 'r'), ('c', 'c'), ('c', 'r')]
    """
    of_words = replace(rule, floor=rule.verbatim_floor, unanimity_floor=max(rule.unanimity_floor, rule.verbatim_floor))
    people = with_blocks(respondents.assign(side="", measure=""), ancestors, (), of_words)
    placed = placed_inside(people, ancestors, [])
    pairs = placed.loc[placed["is_inside"], ["unit_id", "ancestor_id"]].rename(columns={"ancestor_id": "shown_under"})
    return pairs.sort_values(["unit_id", "shown_under"], ignore_index=True)


def told_whole(respondents: pd.DataFrame, ancestors: pd.DataFrame, rule: AnonymityRule) -> list[str]:
    """Give the units of which it may be said how many answered: none that is too small can be worked out.

    >>> respondents = pd.DataFrame({"unit_id": ["a", "b", "c"], "answer_count": [3, 6, 8]})
    >>> ancestors = pd.DataFrame([("a", "a", 0), ("b", "b", 0), ("c", "c", 0), ("a", "r", 1), ("b", "r", 1),
    ...     ("c", "r", 1)], columns=["unit_id", "ancestor_id", "depth"])
    >>> told_whole(respondents, ancestors, AnonymityRule())
    ['c', 'r']
    """
    people = with_blocks(respondents.assign(side="", measure=""), ancestors, (), rule)
    placed = placed_inside(people, ancestors, [])
    is_whole = placed.groupby("ancestor_id")["is_inside"].all()
    return sorted(is_whole.index[is_whole])
