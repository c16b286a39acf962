"""What names a cause and an alert for ever: short hashes, the same on every machine and in every replay."""

from datetime import date
from hashlib import sha256

from symetrie.alerts.finding import Cause

ID_DIGITS = 16  # of 64 bits: two of a million alerts share one with a chance of 3 in a hundred million


def cause_id(cause: Cause) -> str:
    """Name a cause.

    >>> cause_id(Cause("signal", "fall", "lyon-1", "overall"))
    '861a121ffcdece63'
    """
    return _short_hash(cause.lane, cause.kind, cause.unit_id, cause.measure, cause.subject)


def alert_id(cause: Cause, opened_on: date) -> str:
    """Name the alert of a cause that opened on a business date.

    >>> alert_id(Cause("signal", "fall", "lyon-1", "overall"), date(2026, 11, 20))
    'e4c4c2c6a0fa202a'
    """
    return _short_hash(cause.lane, cause.kind, cause.unit_id, cause.measure, cause.subject, opened_on.isoformat())


def _short_hash(*parts: str) -> str:
    return sha256("\x1f".join(parts).encode()).hexdigest()[:ID_DIGITS]
