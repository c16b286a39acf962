"""A house with alerts and channels, and real servers that say what a test wants."""

from __future__ import annotations

import json
import shutil
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope

from pipelines.alerts.reading import AlertRow
from pipelines.alerts.telling import tell
from pipelines.connections import Connection
from pipelines.delivery.standing import Standing
from pipelines.errors import SymetrieError
from pipelines.settings import Network, Settings, Unit
from pipelines.settings.alert_channels import AlertChannels, Channel, Posting
from pipelines.settings.delivery import Delivery
from pipelines.warehouse import Warehouse, open_warehouse
from pipelines.warehouse.network import synchronise_network
from pipelines.warehouse.tables import alert, alert_cause, alert_event, alert_looked, alert_notice, alert_outbox
from symetrie.alerts.finding import Cause
from symetrie.alerts.identity import alert_id, cause_id

FRIDAY = date(2026, 11, 20)
SATURDAY_AT_7 = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)  # in Paris
DAY = timedelta(days=1)

OK = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


def answer(status: str, body: str = "", *headers: str) -> str:
    """The bytes of an answer."""
    size = f"Content-Length: {len(body.encode())}"
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, size, "Connection: close", "", body])


@dataclass
class Request:
    """What was posted."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> dict[str, Any]:
        return json.loads(self.body)


@dataclass
class Hook:
    """A server on a socket: it reads a whole request, then answers by its script, or closes without a word."""

    script: Callable[[int], str | None] = lambda time: OK  # None: close after the body; "hang": say nothing
    taken: list[Request] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/services/T0SECRET/B0SECRET/hunter2hunter2?sig=s3cr3tsig"

    def serve(self, listener: socket.socket, ended: threading.Event) -> None:
        while not ended.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection, ended), daemon=True).start()

    def _answer(self, connection: socket.socket, ended: threading.Event) -> None:
        with connection:
            self.taken.append(_read(connection))
            said = self.script(len(self.taken))
            if said == "hang":
                ended.wait(5)
            elif said is not None:
                connection.sendall(said.encode())
            else:  # a reset, as of a proxy that dies
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _read(connection: socket.socket) -> Request:
    raw = b""
    while b"\r\n\r\n" not in raw:
        raw += connection.recv(65536)
    head, body = raw.split(b"\r\n\r\n", 1)
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65536)
    return Request(first.split()[1], headers, body)


@contextmanager
def listening(hook: Hook) -> Iterator[Hook]:
    """The server, on loopback for the length of a `with` block."""
    listener, ended = socket.create_server(("127.0.0.1", 0)), threading.Event()
    hook.port = listener.getsockname()[1]
    thread = threading.Thread(target=hook.serve, args=(listener, ended), daemon=True)
    thread.start()
    try:
        yield hook
    finally:
        ended.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


@pytest.fixture
def hook() -> Iterator[Callable[..., Hook]]:
    """Start servers that end with the test, each with its script."""
    with ExitStack() as stack:
        yield lambda script=None: stack.enter_context(listening(Hook(script) if script else Hook()))


@dataclass
class Postbox:
    """A mail server; what it says after a message, "close" to drop the connection instead."""

    after_data: Callable[[int], str] = lambda time: "250 OK"
    taken: list[EmailMessage] = field(default_factory=list)
    port: int = 0

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:  # noqa: N802
        self.taken.append(message_from_bytes(envelope.content, policy=default))
        said = self.after_data(len(self.taken))
        if said == "close":
            server.transport.close()
        return said


@pytest.fixture
def postbox() -> Iterator[Callable[..., Postbox]]:
    """Start mail servers that end with the test."""
    with ExitStack() as stack:

        def start(**script: Any) -> Postbox:
            box = Postbox(**script)
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                box.port = probe.getsockname()[1]
            controller = Controller(box, hostname="127.0.0.1", port=box.port, enable_SMTPUTF8=True)
            controller.start()
            stack.callback(controller.stop)
            return box

        yield start


UNITS = (
    Unit("maison", "network", "Maison Lumière", "Europe/Paris"),
    Unit("south", "region", "Sud-Est", "Europe/Paris", parent="maison"),
    Unit("lyon", "site", "Lyon Part-Dieu", "Europe/Paris", parent="south"),
    Unit("nice", "site", "Nice Masséna", "Europe/Paris", parent="south"),
    Unit("lille", "site", "Lille", "Europe/Paris", parent="maison"),
)


def make_row(**different: Any) -> AlertRow:
    """An alert as it stands: a fall of 12 points at Lyon that opened on Friday, unless a test says otherwise."""
    given = {"lane": "signal", "kind": "fall", "unit_id": "lyon", "measure": "consideration", "subject": ""} | different
    cause = Cause(*(given[name] for name in ("lane", "kind", "unit_id", "measure", "subject")))
    opened_on = given.get("opened_on", FRIDAY)
    usual = {
        "alert_id": alert_id(cause, opened_on),
        "cause_id": cause_id(cause),
        "opened_on": opened_on,
        "state": "open",
        "severity": 2,
        "size_points": -12.0 if cause.lane == "signal" else None,
        "evidence": {},
        "last_seen_on": FRIDAY,
        "recovered_on": None,
        "ended_on": None,
        "deadline_on": opened_on + DAY,
        "due_on": None,
        "escalated_to_unit_id": None,
        "snoozed_until": None,
    }
    return AlertRow(**usual | given)


def make_case(number: int = 1, **different: Any) -> AlertRow:
    """An unhappy client."""
    return make_row(
        **{"lane": "case", "kind": "unhappy_client", "measure": "", "subject": f"survey/r{number}"} | different
    )


@dataclass
class House:
    """A house of a few sites whose alerts a test writes itself, as the step of alerts would have."""

    warehouse: Warehouse
    url: str
    settings: Settings
    alerts: AlertChannels = AlertChannels()
    secrets: dict[str, Connection] = field(default_factory=dict)

    def channel(self, id_: str = "ops", *, to: str | None = None, **options: Any) -> House:
        """Add a channel; `to` is the address of its webhook, or of its mailbox."""
        kind = options.setdefault("kind", "slack")
        if kind == "email":
            options["to"] = to or f"{id_}@example.com"
        else:
            options["connection"] = id_
            self.secrets[id_] = Connection("http", password=to, extra={"signing_secret": "whsec_aHVudGVyMmh1bnRlcjI="})
        self.alerts = self.alerts.model_copy(update={"channels": (*self.alerts.channels, Channel(id=id_, **options))})
        return self

    def with_mail(self, box: Postbox) -> House:
        delivery = Delivery(connection="relay", sender="Symétrie <bonjour@symetrie.example>", security="none")
        self.settings = replace(self.settings, delivery=delivery)
        self.secrets["relay"] = Connection("smtp", "127.0.0.1", port=box.port)
        return self

    def shows(self, *rows: AlertRow, events: dict[str, dict[str, date]] | None = None) -> House:
        """Let alerts stand as given, in the place of all that stood."""
        with self.warehouse.publishing(refreshes_readers=False) as connection:
            connection.execute(sa.delete(alert))
            connection.execute(sa.delete(alert_event))
            connection.execute(sa.delete(alert_cause))
            for row in rows:
                self._write(connection, row, (events or {}).get(row.alert_id, {}))
        return self

    def _write(self, connection: sa.Connection, row: AlertRow, events: dict[str, date]) -> None:
        values = {name: getattr(row, name) for name in AlertRow.__dataclass_fields__}
        cause = {name: values[name] for name in alert_cause.columns.keys()}
        if not connection.scalar(sa.select(sa.func.count()).where(alert_cause.c.cause_id == row.cause_id)):
            connection.execute(sa.insert(alert_cause).values(**cause))
        kept = {name: values[name] for name in alert.columns.keys()} | {"evidence": json.dumps(dict(row.evidence))}
        connection.execute(sa.insert(alert).values(**kept))
        happened = {"opened": row.opened_on} | ({row.state: row.ended_on} if row.ended_on else {}) | events
        for number, (event, on_date) in enumerate(happened.items(), 1):
            connection.execute(
                sa.insert(alert_event).values(
                    alert_id=row.alert_id,
                    number=number,
                    on_date=on_date,
                    event=event,
                    to_state=row.state,
                    detail="{}",
                )
            )

    def looked(self, day: date = FRIDAY) -> House:
        """Let every finder have looked at a day."""
        with self.warehouse.publishing(refreshes_readers=False) as connection:
            for finder in ("cases", "signals", "news"):
                connection.execute(
                    sa.insert(alert_looked).values(
                        business_date=day, finder=finder, change_number=1, looked_at=datetime.now(UTC)
                    )
                )
        return self

    def tell(self, *, apart: bool = False, **options: Any) -> Standing:
        """Tell; by a sender of its own where a test has several at once."""

        def connections(named: str) -> Connection:
            if named not in self.secrets:
                raise SymetrieError(f"connection {named!r} is not known; set AIRFLOW_CONN_{named.upper()}")
            return self.secrets[named]

        if not apart:
            return tell(self.warehouse, self.settings, self.alerts, connections=connections, **options)
        with closing(open_warehouse(self.url, self.settings.home)) as warehouse:
            return tell(warehouse, self.settings, self.alerts, connections=connections, **options)

    def notices(self) -> list[tuple[str, str, date]]:
        """What is noted as told: channel, reason, business date."""
        with self.warehouse.reading() as connection:
            rows = connection.execute(sa.select(alert_notice).order_by(alert_notice.c.business_date)).all()
        return [(row.channel, row.reason, row.business_date) for row in rows]

    def messages(self) -> list[Any]:
        """The outbox."""
        with self.warehouse.reading() as connection:
            return list(connection.execute(sa.select(alert_outbox).order_by(alert_outbox.c.business_date)))


@pytest.fixture
def small_house(home: Path, duckdb_template: Path) -> Iterator[House]:
    """The house on the embedded engine alone; its messages wait for no finder."""
    shutil.copytree(duckdb_template, home, dirs_exist_ok=True)
    url = f"duckdb:///{home / 'warehouse.duckdb'}"
    opened = open_warehouse(url, home)
    yield make_house(opened, url, home)
    opened.close()


@pytest.fixture
def house(warehouse: Warehouse, warehouse_url: str, home: Path) -> House:
    """The house, once per engine."""
    return make_house(warehouse, warehouse_url, home)


def make_house(warehouse: Warehouse, url: str, home: Path) -> House:
    network = Network(UNITS)
    synchronise_network(warehouse, network)
    settings = Settings(
        path=home / "symetrie.yaml",
        home=home,
        warehouse_url=url,
        network=network,
        sources=(),
        questionnaires={},
        scales={},
    )
    made = House(warehouse, url, settings, AlertChannels(posting=Posting(timeout_seconds=0.4)))
    return made.looked()


@pytest.fixture
def saturday() -> Iterator[time_machine.Coordinates]:
    """Saturday, 07:00 in Paris, and the clock stands still."""
    with time_machine.travel(SATURDAY_AT_7, tick=False) as clock:
        yield clock


@pytest.fixture(scope="session")
def row() -> Callable[..., AlertRow]:
    """Alerts as they stand."""
    return make_row


@pytest.fixture(scope="session")
def case() -> Callable[..., AlertRow]:
    """Unhappy clients."""
    return make_case


@pytest.fixture
def say() -> Callable[..., str]:
    """Answers of a server."""
    return answer
