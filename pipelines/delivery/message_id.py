"""The Message-ID: the same however often a message is sent, so that a mailbox shows it once."""

from __future__ import annotations

import hashlib
from datetime import date

EMAIL = "email"
HASH_CHARACTERS = 32


def message_id(business_date: date, recipient_id: str, unit_id: str, channel: str, domain: str) -> str:
    """The Message-ID of a day, a recipient, a unit and a channel.

    >>> message_id(date(2026, 11, 20), "claire", "lyon-1", EMAIL, "example.com")
    '<797919641b4e6f3e41f927911b63c3c1@example.com>'
    """
    told = f"{business_date}\0{recipient_id}\0{unit_id}\0{channel}"
    return f"<{hashlib.sha256(told.encode()).hexdigest()[:HASH_CHARACTERS]}@{domain}>"
