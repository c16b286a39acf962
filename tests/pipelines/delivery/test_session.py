"""What the server's answers mean for one message, and what keeps a session from being opened."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from time import sleep

import pytest

from pipelines.connections import Connection
from pipelines.delivery.leasing import ACCEPTED, POSTPONED, REFUSED
from pipelines.delivery.session import Session
from pipelines.errors import SymetrieError, Unreachable
from pipelines.settings.delivery import Delivery


@pytest.fixture
def message():
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "bonjour@symetrie.example", "ann@example.com", "Oui"
    made["Date"] = datetime(2026, 11, 21, 6, tzinfo=UTC)
    made.set_content("Oui, vos clients étaient contents hier.")
    return made


@pytest.fixture
def session_with():
    """Open sessions with a server, by the settings that a test gives."""
    opened: list[Session] = []

    def start(port: int, *, security: str = "none", login=None, password=None, host="127.0.0.1", **options) -> Session:
        delivery = Delivery(connection="relay", sender="Symétrie <a@b.example>", security=security, **options)
        opened.append(Session(Connection("smtp", host, login=login, password=password, port=port), delivery))
        return opened[-1]

    yield start
    for session in opened:
        session.close()


@pytest.mark.parametrize("point", ["at_rcpt", "at_data"])
@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("421 4.3.2 Closing", POSTPONED),
        ("450 4.2.0 Greylisted", POSTPONED),
        ("451 4.3.0 Try later", POSTPONED),
        ("452 4.2.2 Mailbox full", POSTPONED),
        ("550 5.1.1 Nobody here", REFUSED),
        ("552 5.3.4 Too big", REFUSED),
        ("554 5.7.1 Looks like spam", REFUSED),
    ],
)
def test_4xx_is_for_now_and_5xx_for_ever(serve, session_with, message, point, said, verdict):
    """And the next message is taken all the same."""
    box = serve()
    setattr(box, point, lambda address, time: said if "ann" in address else "250 OK")
    session = session_with(box.port)
    answer = session.send(message, "ann@example.com")
    assert (answer.verdict, answer.words) == (verdict, said)
    assert session.send(message, "bob@example.com").verdict == ACCEPTED


def test_a_thousand_messages_go_through_one_connection(serve, session_with, message):
    box = serve()
    session = session_with(box.port)
    answers = {session.send(message, f"p{number}@example.com").verdict for number in range(1000)}
    assert answers == {ACCEPTED}
    assert len(set(box.to)) == 1000
    assert box.connections == 1


@pytest.mark.parametrize("said", ["450 4.1.8 Later", "451 4.3.0 Later", "421 Busy", "552 5.3.4 Too big"])
def test_a_sender_is_postponed_or_the_message_too_big(serve, session_with, message, said):
    box = serve()
    box.at_mail = lambda sender, number: said
    expected = REFUSED if said.startswith("552") else POSTPONED
    assert session_with(box.port).send(message, "ann@example.com").verdict == expected


@pytest.mark.parametrize("point", ["at_mail", "at_rcpt"])
def test_a_server_that_wants_a_login_first_says_so(serve, session_with, message, point):
    box = serve()
    setattr(box, point, lambda about, number: "530 5.7.0 Authentication required")
    with pytest.raises(SymetrieError, match=r"530 5\.7\.0 Authentication required; check delivery\.sender"):
        session_with(box.port).send(message, "ann@example.com")


@pytest.mark.parametrize("point", ["at_mail", "at_rcpt", "at_data", "after_data"])
def test_a_dropped_connection_leaves_the_message_to_the_next_try(serve, session_with, message, point):
    box = serve()
    setattr(box, point, lambda about, number: "close")
    answer = session_with(box.port).send(message, "ann@example.com")
    assert (answer.verdict, "taken or not" in answer.words) == (POSTPONED, True)


def test_a_server_that_hangs_is_left_in_time(serve, session_with, message, hanging_port):
    """Before its greeting; nothing was said, so everything waits."""
    with pytest.raises(Unreachable, match="timed out"):
        session_with(hanging_port, timeout_seconds=0.2).send(message, "ann@example.com")


@pytest.mark.parametrize(("point", "verdict"), [("at_mail", POSTPONED), ("at_rcpt", POSTPONED), ("at_data", ACCEPTED)])
def test_only_the_answer_to_a_message_is_waited_for_so_patiently(serve, session_with, message, point, verdict):
    """Whoever leaves earlier sends it twice; whoever waits so long for everything holds its claim for hours."""
    box = serve()

    def takes_its_time(about, number):
        sleep(1.5)
        return "250 OK"

    setattr(box, point, takes_its_time)
    assert session_with(box.port, timeout_seconds=0.75).send(message, "ann@example.com").verdict == verdict


def test_nobody_listening_is_one_line(session_with, message, closed_port):
    with pytest.raises(Unreachable, match=rf"mail server 127\.0\.0\.1:{closed_port} cannot be reached: .*refused"):
        session_with(closed_port).send(message, "ann@example.com")


def test_an_unknown_host_is_one_line(session_with, message):
    with pytest.raises(Unreachable, match=r"mail server nowhere\.invalid:25 cannot be reached"):
        session_with(25, host="nowhere.invalid").send(message, "ann@example.com")


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mails_travel_encrypted_and_logged_in(serve, session_with, message, security, tls, trusted, let_in):
    options = {"tls_context": tls, "require_starttls": True} if security == "starttls" else {"ssl_context": tls}
    box = serve(
        authenticator=let_in("ann", "s3cret"), auth_required=True, auth_require_tls=security == "starttls", **options
    )
    session = session_with(box.port, security=security, login="ann", password="s3cret", host="localhost")
    assert session.send(message, "ann@example.com").verdict == ACCEPTED


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_vouches_for_is_refused(serve, session_with, message, security, tls):
    box = serve(**({"tls_context": tls} if security == "starttls" else {"ssl_context": tls}))
    with pytest.raises(SymetrieError, match=r"TLS failed: .*self-signed certificate.*SSL_CERT_FILE"):
        session_with(box.port, security=security).send(message, "ann@example.com")
    assert box.taken == []


def test_a_server_without_encryption_is_left_before_anything_is_said(serve, session_with, message):
    box = serve()
    with pytest.raises(SymetrieError, match="STARTTLS extension not supported by server"):
        session_with(box.port, security="starttls", login="ann", password="s3cret").send(message, "ann@example.com")


def test_tls_on_a_port_that_speaks_plainly_is_one_line(serve, session_with, message):
    box = serve()
    with pytest.raises(SymetrieError, match="TLS failed"):
        session_with(box.port, security="tls").send(message, "ann@example.com")


def test_a_wrong_password_is_one_line_that_does_not_say_it(serve, session_with, message, tls, trusted, let_in):
    box = serve(tls_context=tls, authenticator=let_in("ann", "right"), auth_required=True)
    session = session_with(box.port, security="starttls", login="ann", password="opensesame")
    with pytest.raises(SymetrieError, match=r"refuses the login: 535 .*check connection 'relay'") as caught:
        session.send(message, "ann@example.com")
    assert not isinstance(caught.value, Unreachable)
    assert "opensesame" not in str(caught.value)


def test_a_password_never_travels_in_clear(session_with, message, closed_port):
    with pytest.raises(SymetrieError, match="would send the password in clear"):
        session_with(closed_port, login="ann", password="s3cret").send(message, "ann@example.com")


def test_an_address_outside_ascii_needs_a_server_that_takes_it(serve, session_with, message):
    able, unable = serve(), serve(enable_SMTPUTF8=False)
    assert session_with(able.port).send(message, "zoé@example.com").verdict == ACCEPTED
    assert able.to == ["zoé@example.com"]
    answer = session_with(unable.port).send(message, "zoé@example.com")
    assert (answer.verdict, "SMTPUTF8" in answer.words) == (REFUSED, True)


def test_a_domain_outside_ascii_is_spelt_as_servers_spell_it(serve, session_with, message):
    box = serve(enable_SMTPUTF8=False)
    assert session_with(box.port).send(message, "zoe@crème.example").verdict == ACCEPTED
    assert box.to == ["zoe@xn--crme-6oa.example"]


@pytest.fixture
def closed_port(run_server) -> int:
    with run_server() as box:
        return box.port


@pytest.fixture
def hanging_port() -> Iterator[int]:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]
