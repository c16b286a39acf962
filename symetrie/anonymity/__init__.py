"""What of the employees' answers may be shown: the one function that decides it, and the rule it goes by."""

from symetrie.anonymity.release import HIDDEN_REASONS, TOO_FEW, WOULD_TELL, hidden_reason, release
from symetrie.anonymity.rule import AnonymityRule
from symetrie.anonymity.verbatims import showable_verbatims, told_whole

__all__ = [
    "HIDDEN_REASONS",
    "TOO_FEW",
    "WOULD_TELL",
    "AnonymityRule",
    "hidden_reason",
    "release",
    "showable_verbatims",
    "told_whole",
]
