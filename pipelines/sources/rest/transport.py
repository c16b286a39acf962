"""One exchange with a server, bounded in time, size and rate; what may heal is told apart from what will not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import requests
from requests_ratelimiter import LimiterAdapter

from pipelines.errors import SymetrieError
from pipelines.sources.rest.in_time import in_time
from pipelines.sources.rest.waiting import NotYet

if TYPE_CHECKING:
    from pipelines.settings.rest_source import Http

OK = 200
CHUNK_BYTES = 1 << 16
Sign = Callable[[requests.PreparedRequest], requests.PreparedRequest]


@dataclass(frozen=True)
class Received:
    """An answer, its body whole and decompressed; empty where the status says that nothing was found."""

    url: str
    status: int
    headers: Mapping[str, str]
    links: Mapping[str, str]
    body: bytes


class Transport:
    """The connections to the server of one source."""

    def __init__(self, http: Http) -> None:
        self.http = http
        self.session = requests.Session()
        self.session.headers.update({"Accept": "application/json", "User-Agent": "symetrie"})
        if http.requests_per_second or http.requests_per_minute:
            for scheme in ("http://", "https://"):
                self.session.mount(scheme, _limiter(http))

    def close(self) -> None:
        """Close the connections."""
        self.session.close()

    def get(self, url: str, params: Mapping[str, str], sign: Sign) -> Received:
        """Ask for a page; a redirect is an answer as any other."""
        return self._bounded(requests.Request("GET", url, params=dict(params), auth=sign))

    def post(self, url: str, form: Mapping[str, str], sign: Sign) -> Received:
        """Send a form."""
        return self._bounded(requests.Request("POST", url, data=dict(form), auth=sign))

    def _bounded(self, request: requests.Request) -> Received:
        seconds = self.http.total_seconds + _longest_turn(self.http)
        try:
            return in_time(seconds, lambda: self._received(request))
        except TimeoutError:
            raise NotYet(f"it took longer than {seconds:g} seconds") from None

    def _received(self, request: requests.Request) -> Received:
        try:
            prepared = self.session.prepare_request(request)
            settings = self.session.merge_environment_settings(str(prepared.url), {}, True, None, None)
            timeout = (self.http.connect_seconds, self.http.read_seconds)
            with closing(self.session.send(prepared, timeout=timeout, allow_redirects=False, **settings)) as response:
                links = {name: link["url"] for name, link in response.links.items() if "url" in link}
                body = self._body(response) if response.status_code == OK else b""
                return Received(response.url, response.status_code, response.headers, links, body)
        except requests.exceptions.SSLError:
            raise SymetrieError(
                "its certificate is not trusted; mend the server's, or the machine's authorities"
            ) from None
        except (requests.RequestException, OSError) as error:
            raise NotYet(self._words(error)) from None

    def _body(self, response: requests.Response) -> bytes:
        """The body, up to its bound: a few kilobytes of gzip may hold gigabytes."""
        pieces, size = [], 0
        for piece in response.iter_content(CHUNK_BYTES):
            pieces.append(piece)
            size += len(piece)
            if size > self.http.max_body_bytes:
                raise SymetrieError(
                    f"it is larger than {self.http.max_body_bytes:,} bytes; ask for smaller pages (pagination.size), "
                    "or raise http.max_body_bytes"
                )
        return b"".join(pieces)

    def _words(self, error: Exception) -> str:
        """What befell the exchange; the library's own words would quote the address, secrets included."""
        kinds = requests.exceptions
        if isinstance(error, kinds.ConnectTimeout):
            return f"no connection stood within {self.http.connect_seconds:g} seconds"
        if isinstance(error, kinds.ReadTimeout) or "timed out" in str(error):
            return f"it was silent for {self.http.read_seconds:g} seconds"
        if isinstance(error, kinds.ContentDecodingError):
            return "its compression was damaged"
        if isinstance(error, kinds.ChunkedEncodingError):
            return "it broke off in the middle"
        return f"the connection failed ({_system_words(error)})"


def _limiter(http: Http) -> LimiterAdapter:
    per_second, per_minute = http.requests_per_second or 0, http.requests_per_minute or 0
    # Its own waits after a 429 would come on top of those that the server asks for.
    return LimiterAdapter(per_second=per_second, per_minute=per_minute, limit_statuses=())


def _longest_turn(http: Http) -> float:
    """Seconds that a request may wait for its turn under the rate limits."""
    if http.requests_per_minute:
        return 60 * max(1, 1 / http.requests_per_minute)
    return max(1, 1 / http.requests_per_second) if http.requests_per_second else 0


def _system_words(error: BaseException) -> str:
    """What the operating system says of a failed connection, somewhere inside of the library's errors."""
    seen: list[object] = [error]
    while seen:
        cause = seen.pop()
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
        if isinstance(cause, BaseException):
            seen += [*cause.args, getattr(cause, "reason", None), cause.__cause__, cause.__context__]
    return type(error).__name__
