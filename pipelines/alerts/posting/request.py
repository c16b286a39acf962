"""One request to a webhook, bounded in time and in what is read of its answer."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.sources.rest.in_time import in_time

if TYPE_CHECKING:
    import requests

    from pipelines.alerts.posting.address import WebhookAddress

READ_BYTES = 4096
"""An answer is a word or a line; of an error page its beginning is enough."""


class NoAnswer(Exception):
    """A request that nothing came back from; whether the message was taken is not known."""


@dataclass(frozen=True)
class Posted:
    """What came back: the status, where a redirect leads, what is asked in Retry-After, and how the body begins."""

    status: int
    body: str
    location: str | None = None
    retry_after: str | None = None


def post(address: WebhookAddress, body: bytes, headers: Mapping[str, str], timeout_seconds: float) -> Posted:
    """Post JSON, once; a redirect is an answer as any other and is not followed.

    Raises NoAnswer, in words that name no address.
    """
    try:
        return in_time(timeout_seconds, lambda: _posted(address.url, body, headers, timeout_seconds))
    except TimeoutError:
        raise NoAnswer(f"no answer within {timeout_seconds:g} seconds, the message taken or not") from None


def _posted(url: str, body: bytes, headers: Mapping[str, str], timeout_seconds: float) -> Posted:
    import requests

    asked = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "symetrie", **headers}
    try:
        with (
            requests.Session() as session,
            closing(
                session.post(
                    url,
                    data=body,
                    headers=asked,
                    timeout=timeout_seconds,
                    allow_redirects=False,
                    stream=True,
                    auth=_as_it_is,
                )
            ) as response,
        ):
            read = next(response.iter_content(READ_BYTES), b"")
            told = response.headers
            return Posted(
                response.status_code, read.decode("utf-8", "replace"), told.get("Location"), told.get("Retry-After")
            )
    except requests.exceptions.SSLError:
        raise NoAnswer("its certificate is not trusted; mend the server's, or the machine's authorities") from None
    except (requests.RequestException, OSError) as error:
        raise NoAnswer(_words(error, timeout_seconds)) from None


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """No login from the machine's .netrc: the address says all."""
    return request


def _words(error: Exception, timeout_seconds: float) -> str:
    """What befell the request; the library's own words would quote the address."""
    import requests

    kinds = requests.exceptions
    if isinstance(error, kinds.ConnectTimeout):
        return f"no connection within {timeout_seconds:g} seconds"
    if isinstance(error, kinds.Timeout):
        return f"no answer within {timeout_seconds:g} seconds, the message taken or not"
    if isinstance(error, kinds.ProxyError):
        return "the proxy of this machine does not let it through"
    if "NewConnectionError" in repr(error) or "NameResolutionError" in repr(error):
        return "it cannot be reached"
    return "the connection was lost, the message taken or not"
