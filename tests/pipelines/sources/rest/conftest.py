"""A server on a raw socket that keeps to the rules or breaks any of them, and a source that asks it."""

from __future__ import annotations

import gzip
import json
import os
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from pipelines.connections import Connection
from pipelines.landing import LandedPage, landed_pages
from pipelines.pages import RawBatch, read_pages
from pipelines.settings import RestSource, Settings, load_settings
from pipelines.sources.rest import asked_span, extract
from symetrie.questionnaires import questionnaire

DAY = date(2026, 11, 20)
KEY = "hunter2-and-more"
HOUSE = """\
network:
  units:
    - {{id: shops, kind: network, name: Shops, timezone: Europe/Paris}}
    - {{id: lyon, kind: site, name: Lyon, parent: shops}}
questionnaires:
  test-1:
    overall: {{field: "{mark}", scale: one_to_five}}
thresholds: {thresholds}
sources:
  - name: survey
    kind: rest
    connection: survey_api
    path: /v1/answers
    auth: bearer
    questionnaire: test-1
    records: $.items
    pagination: {{kind: cursor, parameter: cursor, next: $.next}}
{source}"""


@dataclass(frozen=True)
class Heard:
    """A request as the server heard it."""

    method: str
    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    body: str


Behaviour = Callable[[socket.socket, Heard], None]
Handler = Callable[[Heard], Behaviour]


@dataclass
class Server:
    """Answers each request by the next behaviour that was queued, else by its handler."""

    listener: socket.socket
    heard: list[Heard] = field(default_factory=list)
    queue: list[Behaviour] = field(default_factory=list)
    handler: Handler | None = None
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def first(self, *behaviours: Behaviour) -> None:
        """Do these, one per request, before the handler is asked."""
        self.queue.extend(behaviours)

    def json(self, content: object, status: int = 200, **headers: str) -> Behaviour:
        """Answer with JSON."""
        text = content if isinstance(content, str) else json.dumps(content)
        return self.bytes(text.encode(), status, **{"content_type": "application/json"} | headers)

    def bytes(self, body: bytes, status: int = 200, **headers: str) -> Behaviour:
        """Answer with a body of the right length, and say that the connection ends: a client might reuse it else."""
        lines = [f"HTTP/1.1 {status} Word", f"Content-Length: {len(body)}", "Connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        return self.raw("\r\n".join([*lines, "", ""]).encode() + body)

    def raw(self, answer: bytes, *, reset: bool = False, stay: float = 0) -> Behaviour:
        """Send these bytes, then close; or reset the connection; or stay silent for a while first."""

        def behave(connection: socket.socket, heard: Heard) -> None:
            connection.sendall(answer)
            self.over.wait(stay)
            if reset:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

        return behave

    def dripping(self, answer: bytes, seconds: float) -> Behaviour:
        """Send one byte at a time."""

        def behave(connection: socket.socket, heard: Heard) -> None:
            for byte in answer:
                if self.over.wait(seconds):
                    return
                connection.sendall(bytes([byte]))

        return behave

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:  # closed at the end of the test
                return
            threading.Thread(target=self._converse, args=(connection,), daemon=True).start()

    def _converse(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            heard = _read_request(connection)
            if heard is None:
                return
            self.heard.append(heard)
            behave = self.queue.pop(0) if self.queue else self.handler(heard) if self.handler else self.json([])
            behave(connection, heard)


def _read_request(connection: socket.socket) -> Heard | None:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return None
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65536)
    method, target, _ = first.split(" ")
    url = urlsplit(target)
    params = {name: values[0] for name, values in parse_qs(url.query, keep_blank_values=True).items()}
    return Heard(method, url.path, params, headers, body.decode())


@pytest.fixture
def configure(tmp_path: Path, home: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Settings]:
    """Write the settings of a house whose source asks the server; `source` is what else is said of it."""
    monkeypatch.setenv("AIRFLOW_CONN_SURVEY_API", f"http://:{KEY}@127.0.0.1:{server.port}/http")

    def write(source: str, *, url: str | None = None, mark: str = "mark", thresholds: str = "{}") -> Settings:
        file = tmp_path / "symetrie.yaml"
        file.write_text(HOUSE.format(source=source, mark=mark, thresholds=thresholds), encoding="utf-8")
        where = {"SYMETRIE_WAREHOUSE_URL": url} if url else {}
        return load_settings(file, os.environ | {"SYMETRIE_HOME": str(home)} | where)

    return write


@pytest.fixture
def make_server() -> Iterator[Callable[[], Server]]:
    """Starts servers; all of them are gone at the end of the test."""
    servers: list[Server] = []

    def start() -> Server:
        server = Server(socket.create_server(("127.0.0.1", 0)))
        servers.append(server)
        threading.Thread(target=server.serve, daemon=True).start()
        return server

    yield start
    for server in servers:
        server.over.set()
        with suppress(OSError):
            server.listener.shutdown(socket.SHUT_RDWR)
        server.listener.close()


@pytest.fixture
def server(make_server: Callable[[], Server]) -> Server:
    """The server of the source."""
    return make_server()


@pytest.fixture
def source() -> Callable[..., RestSource]:
    """A source that waits for nothing and tries twice."""

    def make(**different: Any) -> RestSource:
        http = {"connect_seconds": 1, "read_seconds": 0.5, "total_seconds": 1.2, "retries": 1, "retry_wait_seconds": 0}
        given = {
            "name": "answers", "kind": "rest", "path": "/v1/answers", "connection": "api",
            "questionnaire": "overall-only-1", "auth": "bearer",
            "fields": {"response_id": "id", "unit_id": "shop", "submitted_at": "at"},
        }  # fmt: skip
        return RestSource(**given | different | {"http": http | different.get("http", {})})

    return make


@pytest.fixture
def connection(server: Server) -> Connection:
    """The connection to the server."""
    return Connection("http", host="127.0.0.1", port=server.port, schema="http", login="me", password=KEY)


@pytest.fixture
def pull(home: Path, connection: Connection) -> Callable[..., list[LandedPage]]:
    """Pull a business date of Paris; gives every page that is visible then."""

    def pulling(
        source: RestSource,
        day: date = DAY,
        watermark: datetime | None = None,
        connection: Connection = connection,
    ) -> list[LandedPage]:
        span = asked_span(source.window, day, day, ["Europe/Paris"], watermark)
        extract(source, span, home=home, connections=lambda _: connection)
        return landed_pages(home, source.name)

    return pulling


@pytest.fixture
def read_landed(pull: Callable[..., list[LandedPage]]) -> Callable[..., RawBatch]:
    """Pull, and read what is visible then."""

    def reading(source: RestSource) -> RawBatch:
        return read_pages(pull(source), source, questionnaire(source.questionnaire))

    return reading


@pytest.fixture
def landed(home: Path) -> Callable[[], list[Any]]:
    """The content of every visible page, in the order they were received."""

    def contents() -> list[Any]:
        pages = sorted(landed_pages(home, "answers"), key=lambda page: page.name)
        return [json.loads(gzip.decompress(page.path.read_bytes()) or b"null") for page in pages]

    return contents


@pytest.fixture
def rows() -> Callable[..., list[dict[str, Any]]]:
    """Answers of 20 November 2026, one a minute from noon on."""

    def make(count: int, start: datetime = datetime(2026, 11, 20, 12, tzinfo=UTC)) -> list[dict[str, Any]]:
        return [
            {"id": f"r{n:04d}", "shop": "lyon", "mark": 5, "at": f"{start.replace(minute=n % 60):%Y-%m-%dT%H:%M:%SZ}"}
            for n in range(count)
        ]

    return make


@pytest.fixture
def honest() -> Callable[..., Handler]:
    """A handler that keeps to its window and gives pages of two by a cursor."""

    def make(server: Server, rows: list[dict[str, Any]], size: int = 2) -> Handler:
        def handle(heard: Heard) -> Behaviour:
            start, end = heard.params["from"], heard.params["to"]
            found = [row for row in rows if start <= row["at"] < end]
            begin = int(heard.params.get("cursor", 0))
            following = begin + size
            more = str(following) if following < len(found) else None
            return server.json({"items": found[begin:following], "next": more, "total": len(found)})

        return handle

    return make


@pytest.fixture
def windowed(source: Callable[..., RestSource]) -> Callable[..., RestSource]:
    """A source that asks the honest server."""

    def make(window: Mapping[str, Any] | None = None, **different: Any) -> RestSource:
        usual = {"start": "from", "end": "to", "field": "at", "reread_days": 0}
        given = {
            "records": "items",
            "pagination": {"kind": "cursor", "parameter": "cursor", "next": "next"},
            "window": usual | dict(window or {}),
        }
        return source(**given | different)

    return make
