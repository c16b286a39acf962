"""How the credentials of a connection are shown to its server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from requests.auth import HTTPBasicAuth

from pipelines.connections import HIDDEN, Connection
from pipelines.errors import SymetrieError

if TYPE_CHECKING:
    from requests import PreparedRequest

    from pipelines.settings import RestSource

FetchToken = Callable[[Mapping[str, str], tuple[str, str]], Any]
"""Sends a form to the server of tokens with the client's id and secret; gives the JSON of its answer."""


class Auth:
    """Signs every request; requests then looks for no credentials of its own, as in a .netrc."""

    def __init__(self, source: RestSource, connection: Connection, fetch_token: FetchToken) -> None:
        self.source, self.connection, self.fetch_token = source, connection, fetch_token
        self._token: str | None = None

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Put the credentials on a request."""
        kind = self.source.auth
        if kind == "bearer":
            request.headers["Authorization"] = f"Bearer {_sendable(self._password())}"
        elif kind == "oauth2":
            request.headers["Authorization"] = f"Bearer {_sendable(self._known_token())}"
        elif kind == "header":
            request.headers[str(self.source.key_header)] = _sendable(self._password())
        elif kind == "basic":
            login = self.connection.login or ""
            HTTPBasicAuth(login.encode(), self._password().encode())(request)
        return request

    def renew(self) -> bool:
        """Forget a token that was refused; False where there was none, and another try would be the same."""
        had_one, self._token = self._token is not None, None
        return had_one

    def hide(self, text: str) -> str:
        """The text without the secrets of the connection and without the token."""
        return self.connection.hide_secrets(text.replace(self._token, HIDDEN) if self._token else text)

    def _known_token(self) -> str:
        """The OAuth2 token: asked for once, then kept in memory."""
        if self._token is None:
            form = {"grant_type": "client_credentials"} | ({"scope": self.source.scope} if self.source.scope else {})
            answer = self.fetch_token(form, (self.connection.login or "", self._password()))
            token = answer.get("access_token") if isinstance(answer, dict) else None
            if not isinstance(token, str) or not token:
                raise SymetrieError("the server at token_url gave no access_token; check it with whoever keeps it")
            self._token = token
        return self._token

    def _password(self) -> str:
        if not self.connection.password:
            raise SymetrieError(f"connection {self.source.connection!r} has no password; put the key there")
        return self.connection.password


def _sendable(credential: str) -> str:
    """The credential, if a header can carry it; the library's own words would quote it."""
    if not (credential.isascii() and credential.isprintable()):
        raise SymetrieError("a credential holds a character that no header may; write the connection again")
    return credential
