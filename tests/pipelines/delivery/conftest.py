"""Real SMTP servers that say what a test wants, and a small house whose people are to have mail."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pipelines.connections import Connection
from pipelines.delivery import Standing, deliver
from pipelines.settings import Network, Recipient, Settings, Unit
from pipelines.settings.delivery import Delivery
from pipelines.warehouse import Warehouse, open_warehouse
from pipelines.warehouse.network import synchronise_network
from pipelines.warehouse.tables import outbox

FRIDAY = date(2026, 11, 20)
SATURDAY_AT_7 = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)  # in Paris

OK, CLOSE = "250 OK", "close"

Script = Callable[[str, int], str]
"""What the server answers to an address when it hears of it for the n-th time; "close" drops the connection."""


@dataclass
class Postbox:
    """What a server was told, and what it says at each point of a session; nothing else than OK by default."""

    at_mail: Script = lambda sender, message: OK
    at_rcpt: Script = lambda address, time: OK
    at_data: Script = lambda address, time: OK
    after_data: Script = lambda address, time: OK
    taken: list[EmailMessage] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    connections: int = 0
    messages_of_connection: list[int] = field(default_factory=list)
    calls: dict[tuple[str, str], int] = field(default_factory=dict)
    port: int = 0

    @property
    def ids(self) -> list[str]:
        """The Message-IDs of what was taken, in order."""
        return [message["Message-ID"] for message in self.taken]

    def nth(self, point: str, address: str) -> int:
        self.calls[point, address] = self.calls.get((point, address), 0) + 1
        return self.calls[point, address]

    async def handle_EHLO(self, server: SMTP, session: Any, envelope: Envelope, hostname: str, responses: Any) -> Any:  # noqa: N802
        session.host_name = hostname
        if not getattr(session, "is_counted", False):
            session.is_counted = True
            self.connections += 1
            self.messages_of_connection.append(0)
        return responses

    async def handle_MAIL(self, server: SMTP, session: Any, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        self.messages_of_connection[-1] += 1
        said = self._said(server, self.at_mail(address, self.messages_of_connection[-1]))
        envelope.mail_from = address
        return said

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        said = self._said(server, self.at_rcpt(address, self.nth("rcpt", address)))
        if said == OK:
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:  # noqa: N802
        (address,) = envelope.rcpt_tos
        said = self._said(server, self.at_data(address, self.nth("data", address)))
        if said != OK:
            return said
        assert isinstance(envelope.content, bytes)
        self.taken.append(message_from_bytes(envelope.content, policy=default))
        self.to.append(address)
        return self._said(server, self.after_data(address, self.calls["data", address]))

    def _said(self, server: SMTP, answer: str) -> str:
        if answer == CLOSE or answer.startswith("421"):
            if answer != CLOSE:
                server.transport.write(f"{answer}\r\n".encode())
            server.transport.close()
        return answer


@contextmanager
def running(postbox: Postbox | None = None, port: int = 0, **options: Any) -> Iterator[Postbox]:
    """The server, listening on loopback for the length of a `with` block."""
    postbox = postbox or Postbox()
    postbox.port = port or free_port()
    controller = Controller(postbox, hostname="127.0.0.1", port=postbox.port, **({"enable_SMTPUTF8": True} | options))
    controller.start()
    try:
        yield postbox
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def serve() -> Iterator[Callable[..., Postbox]]:
    """Start servers that end with the test."""
    with ExitStack() as stack:
        yield lambda postbox=None, **options: stack.enter_context(running(postbox, **options))


@pytest.fixture
def run_server() -> Callable[..., Any]:
    """A server for the length of a `with` block, on a port of the test's choice."""
    return running


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-made certificate of localhost with its key, in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = tmp_path_factory.mktemp("tls") / "localhost.pem"
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    """What a server encrypts with."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The house trusts its own certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


def only(login: str, password: str) -> Callable[..., AuthResult]:
    """Let in nobody else."""

    def check(server: Any, session: Any, envelope: Any, mechanism: str, given: LoginPassword) -> AuthResult:
        return AuthResult(success=(given.login, given.password) == (login.encode(), password.encode()), handled=False)

    return check


@pytest.fixture
def let_in() -> Callable[[str, str], Callable[..., AuthResult]]:
    return only


UNITS = (
    Unit("maison", "network", "Maison Lumière", "Europe/Paris"),
    Unit("lille", "site", "Lille", "Europe/Paris", parent="maison"),
    Unit("kiritimati", "site", "Kiritimati", "Pacific/Kiritimati", parent="maison"),
    Unit("midway", "site", "Midway", "Pacific/Midway", parent="maison"),
    Unit("baker", "site", "Baker", "Etc/GMT+12", parent="maison"),
    Unit("kathmandu", "site", "Kathmandu", "Asia/Kathmandu", parent="maison"),
    Unit("brest", "site", "Brest", "Europe/Paris", parent="maison", valid_from=date(2027, 1, 1)),
)


@dataclass
class House:
    """A house of a few sites; nobody answered anything, which is told all the same."""

    warehouse: Warehouse
    url: str
    settings: Settings
    port: int = 0
    connection: dict[str, Any] = field(default_factory=dict)

    def people(self, **units: str) -> House:
        """Give the house recipients, by name and unit."""
        recipients = tuple(
            Recipient(id=name, name=name.title(), unit=unit, email=f"{name}@example.com")
            for name, unit in units.items()
        )
        self.settings = replace(self.settings, recipients=recipients)
        return self

    def with_delivery(self, **options: Any) -> House:
        assert self.settings.delivery
        self.settings = replace(self.settings, delivery=self.settings.delivery.model_copy(update=options))
        return self

    def deliver(self, postbox: Postbox | None = None, **options: Any) -> Standing:
        """Deliver through a server, by a sender of its own."""
        port = postbox.port if postbox else self.port
        server = Connection("smtp", "127.0.0.1", port=port, **self.connection)
        warehouse = open_warehouse(self.url, self.settings.home)
        try:
            return deliver(warehouse, self.settings, connections=lambda named: server, **options)
        finally:
            warehouse.close()

    def mails(self) -> dict[str, Any]:
        """The outbox, by recipient."""
        with self.warehouse.reading() as connection:
            rows = connection.execute(sa.select(outbox).order_by(outbox.c.business_date)).all()
        return {row.recipient_id: row for row in rows}


@pytest.fixture
def house(warehouse: Warehouse, warehouse_url: str, home: Path) -> House:
    """The house, once per engine."""
    return _house(warehouse, warehouse_url, home)


@pytest.fixture
def small_house(home: Path) -> Iterator[House]:
    """The house on the embedded engine alone."""
    url = f"duckdb:///{home / 'warehouse.duckdb'}"
    opened = open_warehouse(url, home)
    yield _house(opened, url, home)
    opened.close()


def _house(warehouse: Warehouse, url: str, home: Path) -> House:
    network = Network(UNITS)
    synchronise_network(warehouse, network)
    delivery = Delivery(connection="smtp_default", sender="Symétrie <bonjour@symetrie.example>", security="none")
    settings = Settings(
        path=home / "symetrie.yaml",
        home=home,
        warehouse_url=url,
        network=network,
        sources=(),
        questionnaires={},
        scales={},
        delivery=delivery,
    )
    return House(warehouse, url, settings)


@pytest.fixture
def saturday() -> Iterator[time_machine.Coordinates]:
    """Saturday, 07:00 in Paris, and the clock stands still."""
    with time_machine.travel(SATURDAY_AT_7, tick=False) as clock:
        yield clock
