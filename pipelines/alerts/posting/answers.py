"""What the answer of a webhook means for a message; a status of 200 alone says little.

Slack answers 200 and `ok`, else 400, 403, 404 or 410 with a code such as `invalid_payload`. Workflows of Teams answer
202 and nothing. The older connectors of Teams answer 200 whatever befell the message: `1` when it was taken, else
`Webhook message delivery failed with error: … HTTP error 429 …`. A proxy on the way may answer 200 with a page.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pipelines.delivery.leasing import ACCEPTED, POSTPONED, REFUSED, Answer
from pipelines.sources.rest.waiting import retry_after
from pipelines.summary.cleaning import shorten

if TYPE_CHECKING:
    from pipelines.alerts.posting.address import WebhookAddress
    from pipelines.alerts.posting.request import Posted
    from pipelines.settings.alert_channels import ChannelKind

FOR_NOW = frozenset({408, 425, 429})
"""Those of the 4xx that another try may mend: a time-out, too early, too many."""

SLACK_CODE = re.compile(r"[a-z][a-z_]{1,60}")
SLACK_FOR_NOW = frozenset({"rate_limited", "ratelimited", "rollup_error", "internal_error", "service_unavailable"})
HTTP_ERROR = re.compile(r"HTTP error (\d{3})")
PLAIN_PROBLEM = re.compile(r"\W*(error|fail)|HTTP error \d{3}|delivery failed", re.IGNORECASE)

LONGEST_WORDS = 160


def judged(kind: ChannelKind, address: WebhookAddress, posted: Posted, now: datetime | None = None) -> Answer:
    """What an answer means: accepted, refused for ever, or postponed, for as long as the server asks."""
    wait = retry_after(posted.retry_after, now or datetime.now(UTC))
    if 200 <= posted.status < 300:
        problem = _problem(kind, posted.body.strip())
        if problem is None:
            return Answer(ACCEPTED)
        verdict, said = problem
        return Answer(verdict, _words(address, posted.status, f"but {said}"), wait)
    if 300 <= posted.status < 400:
        return Answer(POSTPONED, _words(address, posted.status, _leads_to(posted.location)), wait)
    return Answer(verdict_of(posted.status), _words(address, posted.status, _said(posted.body.strip())), wait)


def verdict_of(status: int) -> str:
    """4xx is for ever, but for those that another try may mend; all else is for now.

    >>> verdict_of(404), verdict_of(429), verdict_of(503)
    ('refused', 'postponed', 'postponed')
    """
    return REFUSED if 400 <= status < 500 and status not in FOR_NOW else POSTPONED


def _problem(kind: ChannelKind, body: str) -> tuple[str, str] | None:
    """What a body says that came with a status of success, where it speaks of none."""
    document = _document(body)
    if kind == "slack":
        if body == "ok" or (document is not None and (document.get("ok") is True or document.get("success") is True)):
            return None
        is_code = SLACK_CODE.fullmatch(body) is not None
        return (REFUSED if is_code and body not in SLACK_FOR_NOW else POSTPONED), _said(body) or "nothing of `ok`"
    if body in ("", "1"):
        return None
    if found := HTTP_ERROR.search(body):
        return verdict_of(int(found[1])), _said(body)
    if body.startswith("<") or PLAIN_PROBLEM.match(body) or (document is not None and _tells_of_error(document)):
        return POSTPONED, _said(body)
    return None


def _document(body: str) -> dict[str, Any] | None:
    try:
        document = json.loads(body)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def _tells_of_error(document: dict[str, Any]) -> bool:
    status = next((document[key] for key in ("status", "statusCode", "code") if key in document), None)
    is_bad = status in ("error", "fail", "failed", "failure") or (isinstance(status, int) and status >= 400)
    return bool(document.get("error") or document.get("errors")) or False in _flags(document) or is_bad


def _flags(document: dict[str, Any]) -> list[bool]:
    return [document[key] for key in ("ok", "success") if isinstance(document.get(key), bool)]


def _said(body: str) -> str:
    """What a body says, as far as it may be kept: a server that repeats the message would repeat a client's words."""
    if body.startswith("<"):
        return "an HTML page"
    document = _document(body)
    if document is not None:
        error = document.get("error") or document.get("message") or document.get("errors") or "a JSON document"
        error = error.get("message") or error.get("code") if isinstance(error, dict) else error
        body = error if isinstance(error, str) else "a JSON document"
    elif body.startswith(("{", "[")):  # cut off: what it says cannot be told from what was sent
        return "a JSON document"
    first = body.splitlines()[0] if body else ""
    return shorten(first, LONGEST_WORDS)


def _leads_to(location: str | None) -> str:
    host = urlsplit(location or "").hostname or "the same server"
    return f"a redirect to {host}, which is not followed; put the right address into the connection"


def _words(address: WebhookAddress, status: int, said: str) -> str:
    return address.hide(f"{address.where} answers {status} {said}".strip())
