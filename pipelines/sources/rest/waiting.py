"""How long to wait before a request is sent again: what the server asks for, capped, else twice as long each time."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenacity import RetryCallState

    from pipelines.settings.rest_source import Http

LONGEST_OWN_WAIT_SECONDS = 60.0


class NotYet(Exception):
    """An answer, or the lack of one, that another try may mend; `retry_after` is what the server asks for."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


def retry_after(written: str | None, now: datetime) -> float | None:
    """Seconds of a Retry-After header, in seconds or as an HTTP date; None where it says nothing usable.

    >>> [retry_after(each, datetime(2026, 11, 20, tzinfo=UTC)) for each in ("120", "-1", "soon")]
    [120.0, None, None]
    >>> retry_after("Fri, 20 Nov 2026 00:01:00 GMT", datetime(2026, 11, 20, tzinfo=UTC))
    60.0
    """
    text = (written or "").strip()
    if re.fullmatch(r"[0-9]{1,300}", text):
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    seconds = (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds()
    return seconds if seconds > 0 else None


def wait_for(http: Http, chance: Callable[[], float] = random.random) -> Callable[[RetryCallState], float]:
    """The waits of a client; a little chance keeps many of them from coming back at one moment."""

    def seconds(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, NotYet) else None
        if asked is not None:
            return min(asked, http.max_retry_after_seconds)
        doubled = min(http.retry_wait_seconds * 2.0 ** min(state.attempt_number - 1, 20), LONGEST_OWN_WAIT_SECONDS)
        return doubled * (1 + chance() / 4)

    return seconds
