"""Connections: the credentials that a source names in the settings, resolved outside of them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from pipelines.errors import SymetrieError

ENVIRONMENT_PREFIX = "AIRFLOW_CONN_"
HIDDEN = "***"
# Keys of `extra` that may be shown; the value of any other key counts as a secret.
PLAIN_EXTRAS = frozenset({"endpoint_url", "region_name", "project", "key_file", "key_path", "host_key"})


@dataclass(frozen=True)
class Connection:
    """Where a service stands and how to enter it, with Airflow's names; its text shows no secret."""

    conn_type: str
    host: str | None = None
    login: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    port: int | None = None
    schema: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def storage_options(self, scheme: str) -> dict[str, Any]:
        """Options of the fsspec file system of a URL scheme; what the connection leaves out is left out."""
        if scheme not in _OPTIONS:
            raise SymetrieError(f"a connection cannot open {scheme}:// paths; use one of {', '.join(_OPTIONS)}")
        return {name: value for name, value in _OPTIONS[scheme](self).items() if value not in (None, "", {})}

    def hide_secrets(self, text: str) -> str:
        """The text of an error or a log line, without the secrets of this connection."""
        for secret in sorted(self._secrets(), key=len, reverse=True):
            text = text.replace(secret, HIDDEN)
        return text

    def _secrets(self) -> set[str]:
        hidden = {name: value for name, value in self.extra.items() if name not in PLAIN_EXTRAS}
        texts = {self.password or "", *(part for value in hidden.values() for part in _texts(value))}
        return {text for text in texts if len(text) > 2}  # a shorter one would only blank out the line


Connections = Callable[[str], Connection]


def environment_connections(connection_id: str) -> Connection:
    """The connection of that id, from the variable AIRFLOW_CONN_<ID>: a URI or JSON, as Airflow reads it."""
    variable = f"{ENVIRONMENT_PREFIX}{connection_id.upper()}"
    written = os.environ.get(variable)
    if not written:
        raise SymetrieError(f"connection {connection_id!r} is not known; set {variable} to its URI or JSON")
    try:
        return _from_json(written) if written.lstrip().startswith("{") else _from_uri(written)
    except ValueError:
        # Not chained: the parser's own words quote what it was given.
        raise SymetrieError(f"{variable} is neither a URI nor the JSON of a connection; write it again") from None


def hide_known_secrets(text: str) -> str:
    """The text without the secrets of any connection of the environment."""
    for variable, written in os.environ.items():
        if variable.startswith(ENVIRONMENT_PREFIX):
            try:
                text = environment_connections(variable.removeprefix(ENVIRONMENT_PREFIX)).hide_secrets(text)
            except SymetrieError:  # who asks for that connection is told; here it is all secret
                text = text.replace(written, HIDDEN) if written else text
    return text


def _from_json(written: str) -> Connection:
    given = json.loads(written)
    extra = given.get("extra") or {}
    return Connection(
        conn_type=str(given.get("conn_type", "")),
        host=given.get("host") or None,
        login=given.get("login") or None,
        password=given.get("password") or None,
        port=int(given["port"]) if given.get("port") else None,
        schema=given.get("schema") or None,
        extra=_mapping(json.loads(extra) if isinstance(extra, str) else extra),
    )


def _from_uri(written: str) -> Connection:
    uri = urlsplit(written)
    if not uri.scheme:
        raise ValueError("no scheme")
    asked = dict(parse_qsl(uri.query))
    extra = json.loads(asked["__extra__"]) if "__extra__" in asked else asked
    return Connection(
        conn_type=uri.scheme.replace("-", "_"),
        host=unquote(uri.hostname) if uri.hostname else None,
        login=unquote(uri.username) if uri.username else None,
        password=unquote(uri.password) if uri.password else None,
        port=uri.port,
        schema=unquote(uri.path.removeprefix("/")) or None,
        extra=_mapping(extra),
    )


def _mapping(extra: object) -> dict[str, Any]:
    if not isinstance(extra, dict):
        raise ValueError("extra is not a mapping")
    return extra


def _texts(value: object) -> list[str]:
    """Every text inside a value of `extra`, which may be a whole key file."""
    if isinstance(value, Mapping):
        return [text for inner in value.values() for text in _texts(inner)]
    return [value] if isinstance(value, str) else []


def _s3_options(connection: Connection) -> dict[str, Any]:
    region = connection.extra.get("region_name")
    return {
        "key": connection.login,
        "secret": connection.password,
        "token": connection.extra.get("aws_session_token"),
        "endpoint_url": connection.extra.get("endpoint_url"),
        "client_kwargs": {"region_name": region} if region else {},
    }


def _gcs_options(connection: Connection) -> dict[str, Any]:
    keys = connection.extra.get("keyfile_dict")
    return {
        "token": (json.loads(keys) if isinstance(keys, str) else keys) or connection.extra.get("key_path"),
        "project": connection.extra.get("project"),
        "endpoint_url": connection.extra.get("endpoint_url"),
    }


def _sftp_options(connection: Connection) -> dict[str, Any]:
    return {
        "host": connection.host,
        "port": connection.port,
        "username": connection.login,
        "password": connection.password,
        "key_filename": connection.extra.get("key_file"),
        "passphrase": connection.extra.get("private_key_passphrase"),
        "host_key": connection.extra.get("host_key"),
    }


_OPTIONS: Mapping[str, Callable[[Connection], dict[str, Any]]] = {
    "s3": _s3_options,
    "gs": _gcs_options,
    "gcs": _gcs_options,
    "sftp": _sftp_options,
    "ssh": _sftp_options,
}
