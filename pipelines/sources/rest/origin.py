"""Where a connection's server is: the only place that its credentials and requests ever go."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from pipelines.connections import Connection
from pipelines.errors import SymetrieError

PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Origin:
    """Scheme, host and port of a server."""

    scheme: str
    host: str
    port: int

    @property
    def url(self) -> str:
        """The address without a path; the usual port is left out."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if PORTS[self.scheme] == self.port else f":{self.port}")

    def joined(self, address: str, onto: str = "") -> str:
        """The URL of a path on this server, or an address that stays on it; anywhere else is refused."""
        try:
            url = urljoin(onto or self.url, address)
            parts = urlsplit(url)
        except ValueError:
            raise SymetrieError("it leads to an address that is none; ask whoever keeps that server") from None
        if origin_of(url) != self or parts.username is not None or parts.password is not None:
            raise SymetrieError(
                f"it leads to {parts.scheme}://{parts.netloc.rpartition('@')[2]}, which is not {self.url}; "
                "credentials go to no other server: if that one is right, name it in the connection"
            )
        return url


def origin_of(url: str) -> Origin | None:
    """The origin of a URL; None where it has none that we would ask."""
    try:
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            return None
        return Origin(parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme])
    except ValueError:
        return None


def connection_origin(connection: Connection) -> Origin:
    """The server of a connection, in Airflow's fields; the schema is http or https, by default https."""
    host = connection.host or ""
    if "://" not in host:
        scheme = connection.schema if connection.schema in PORTS else "https"
        is_ipv6 = host.count(":") > 1 and not host.startswith("[")
        host = f"{scheme}://[{host}]" if is_ipv6 else f"{scheme}://{host}"
    found = origin_of(host)
    if found is None or urlsplit(host).path.strip("/"):
        raise SymetrieError(
            "its connection names no server; give it a host, as api.example.com, and http or https as schema"
        )
    return Origin(found.scheme, found.host, connection.port or found.port)


def shown(url: str) -> str:
    """A URL as people may see it: without credentials and without its query, which may hold secrets."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
