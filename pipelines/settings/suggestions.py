"""A hint for a name that nearly exists."""

from collections.abc import Iterable
from difflib import get_close_matches

LISTED_NAMES = 15


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Give the end of an error line: the nearest known name, or nothing when none is near.

    >>> did_you_mean("Europe/Pari", ["Europe/Paris", "Europe/London"])
    "; did you mean 'Europe/Paris'?"
    """
    by_fold = {candidate.casefold(): candidate for candidate in known}
    nearest = get_close_matches(name.casefold(), by_fold, n=1)
    return f"; did you mean {by_fold[nearest[0]]!r}?" if nearest else ""


def pick_from(name: str, known: Iterable[str]) -> str:
    """Give the end of an error line: the nearest known name, or the known names.

    >>> pick_from("cvs", ["csv", "json"])
    "; did you mean 'csv'?"
    >>> pick_from("pdf", ["csv", "json"])
    '; known: csv, json'
    """
    names = sorted(set(known))
    return did_you_mean(name, names) or f"; known: {listed(names)}"


def listed(names: Iterable[str]) -> str:
    """Write names for an error line, the first fifteen of them."""
    ordered = list(names)
    more = len(ordered) - LISTED_NAMES
    shown = ", ".join(ordered[:LISTED_NAMES]) or "none"
    return f"{shown} and {more} more" if more > 0 else shown
