"""The client of one source: asks its server and no other, tries again what may heal, refuses what will not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import structlog
from requests.auth import HTTPBasicAuth
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

from pipelines.connections import Connection
from pipelines.errors import SymetrieError, Unreachable
from pipelines.sources.rest.auth import Auth
from pipelines.sources.rest.origin import connection_origin, shown
from pipelines.sources.rest.transport import OK, Received, Transport
from pipelines.sources.rest.waiting import NotYet, retry_after, wait_for

if TYPE_CHECKING:
    from pipelines.settings import RestSource

log = structlog.get_logger(__name__)

NO_CONTENT, UNAUTHORISED = (204, 205), 401
REDIRECTS, MAX_REDIRECTS = (301, 302, 303, 307, 308), 5
TRY_AGAIN = frozenset({408, 425, 429, *range(500, 600)})
HINTS = {
    401: "check the login and password of its connection, and `auth`",
    403: "these credentials may not read it: ask for the right, or name another connection",
    404: "nothing is there: check `path` and the host of its connection",
    410: "it is gone for good: check `path`",
    422: "its parameters were refused: check `params`, `window` and `pagination`",
}
USUAL_HINT = "check `path`, `params`, `window` and `pagination`"
Result = TypeVar("Result")


class Refused(SymetrieError):
    """An answer that asking again would not change."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Request:
    """What is asked for, with the words for it in errors and logs."""

    what: str
    url: str
    params: Mapping[str, str]


class Client:
    """Asks the server of a source's connection."""

    def __init__(self, source: RestSource, connection: Connection) -> None:
        self.source = source
        self.auth = Auth(source, connection, self._token_answer)
        with self.naming("it"):
            self.origin = connection_origin(connection)
            self.url = self.origin.joined(source.path)
        self.transport = Transport(source.http)

    def here(self, address: str) -> str:
        """The URL of a link that the server gave; a link to another server is refused."""
        with self.naming("the next page"):
            return self.origin.joined(address, onto=self.url)

    @property
    def location(self) -> str:
        """The address of the source, as people may see it."""
        return shown(self.url)

    def close(self) -> None:
        """Close the connections."""
        self.transport.close()

    def get(self, request: Request, read: Callable[[Received], Result]) -> Result:
        """Ask until an answer can be read whole."""
        retries = self.source.http.retries
        retrying = Retrying(
            stop=stop_after_attempt(retries + 1),
            wait=wait_for(self.source.http),
            retry=retry_if_exception_type(NotYet),
            before_sleep=lambda state: self._tell(request, state),
            reraise=True,
        )
        try:
            with self.naming(f"{request.what} of {shown(request.url)}"):
                return retrying(lambda: read(self._answer(request)))
        except NotYet as error:
            tries = f"{retries + 1} tries" if retries else "one try"
            raise Unreachable(
                f"source {self.source.name}: {request.what} of {shown(request.url)} could not be read in {tries}: "
                f"{error}; run again later, or ask whoever keeps that server"
            ) from None

    def _answer(self, request: Request) -> Received:
        """One try: an answer whose status says that it is one."""
        answer = self._followed(request)
        if answer.status == UNAUTHORISED and self.auth.renew():
            answer = self._followed(request)
        if answer.status in TRY_AGAIN:
            wait = retry_after(answer.headers.get("Retry-After"), datetime.now(UTC))
            raise NotYet(f"the server answered {answer.status}", wait)
        if answer.status != OK and answer.status not in NO_CONTENT:
            hint = HINTS.get(answer.status, USUAL_HINT)
            raise Refused(f"the server answered {answer.status}; {hint}", answer.status)
        return answer

    def _followed(self, request: Request) -> Received:
        """The answer after redirects within this server; no other server is asked anything."""
        url, params = request.url, request.params
        for _ in range(MAX_REDIRECTS):
            answer = self.transport.get(url, params, self.auth)
            target = answer.headers.get("Location")
            if answer.status not in REDIRECTS or target is None:
                return answer
            url, params = self.origin.joined(target, onto=answer.url), {}
        raise SymetrieError("it is redirected in a circle; check `path`")

    def _token_answer(self, form: Mapping[str, str], client: tuple[str, str]) -> Any:
        """What the server of tokens answers; it may be another one, since the settings name it."""
        url = str(self.source.token_url)
        url = url if "://" in url else self.origin.joined(url)
        answer = self.transport.post(url, form, HTTPBasicAuth(*(each.encode() for each in client)))
        if answer.status in TRY_AGAIN:
            raise NotYet(f"the server at token_url answered {answer.status}")
        if answer.status != OK:
            hint = "check the login and password of its connection, and `scope`"
            raise SymetrieError(f"the server at token_url answered {answer.status}; {hint}")
        try:
            return json.loads(answer.body)
        except ValueError:
            raise NotYet("the server at token_url answered no JSON") from None

    @contextmanager
    def naming(self, what: str) -> Iterator[None]:
        """Put the source and what was asked for before an error; no secret stands in it."""
        try:
            yield
        except Refused as error:
            raise Refused(self._line(what, error), error.status) from None
        except Unreachable:
            raise
        except SymetrieError as error:
            raise SymetrieError(self._line(what, error)) from None

    def _line(self, what: str, error: Exception) -> str:
        return f"source {self.source.name}: {what} cannot be read: {self.auth.hide(str(error))}"

    def _tell(self, request: Request, state: RetryCallState) -> None:
        reason = state.outcome.exception() if state.outcome else None
        seconds = state.next_action.sleep if state.next_action else 0
        log.warning(
            "page.retried", source=self.source.name, page=request.what, reason=str(reason), wait_seconds=seconds
        )
