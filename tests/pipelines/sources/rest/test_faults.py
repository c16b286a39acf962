"""Whatever befalls an exchange, the pull heals by itself or stops with one line; nothing half read is ever visible."""

from __future__ import annotations

import gzip
import json
import socket

import pytest

from pipelines.connections import Connection
from pipelines.errors import SymetrieError, Unreachable

LIST = [{"id": "1", "shop": "lyon", "at": "2026-11-20T12:00:00Z"}]
BODY = json.dumps(LIST).encode()
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
WHOLE = HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY


def faults(server):
    """One behaviour per fault, and what the line says of it."""
    return {
        "reset before headers": (server.raw(b"", reset=True), "the connection failed (Connection reset by peer)"),
        "closed before headers": (server.raw(b""), "the connection failed"),
        "reset in mid-body": (server.raw(WHOLE[:-5], reset=True), "it broke off in the middle"),
        "truncated, with a length": (server.raw(WHOLE[:-5]), "it broke off in the middle"),
        "truncated, without a length": (server.raw(HEAD + b"\r\n" + BODY[:-5]), "it is not JSON, or was cut off"),
        "truncated, in chunks": (
            server.raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n" + BODY[:5] + b"\r\n"),
            "it broke off in the middle",
        ),
        "hang": (server.raw(b"", stay=5), "it was silent for 0.5 seconds"),
        "hang in mid-body": (server.raw(WHOLE[:-5], stay=5), "it was silent for 0.5 seconds"),
        "slow-loris in the body": (server.dripping(WHOLE, 0.05), "it took longer than 1.2 seconds"),
        "slow-loris in the headers": (
            server.dripping(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 99, 0.05),
            "it took longer than 1.2 seconds",
        ),
        "500": (server.json({}, 500), "the server answered 500"),
        "503": (server.json({}, 503), "the server answered 503"),
        "408": (server.json({}, 408), "the server answered 408"),
        "429": (server.json({}, 429), "the server answered 429"),
        "a web page": (
            server.bytes(b"<!doctype html><p>Maintenance", content_type="text/html"),
            "it is a web page instead of JSON",
        ),
        "nothing at all": (server.bytes(b""), "it is empty"),
        "gzip that is none": (
            server.bytes(b"\x1f\x8bnot gzip", content_encoding="gzip"),
            "its compression was damaged",
        ),
        "gzip with a wrong byte": (
            server.bytes(gzip.compress(BODY)[:-6] + b"\0\0\0\0\0\0", content_encoding="gzip"),
            "its compression was damaged",
        ),
        "gzip cut short": (server.bytes(gzip.compress(BODY)[:-20], content_encoding="gzip"), "it "),
        "no HTTP": (server.raw(b"SSH-2.0-OpenSSH_9.2\r\n"), "the connection failed"),
    }


FAULTS = list(faults(type("Any", (), {"__getattr__": lambda self, name: lambda *a, **k: None})()))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_that_passes_is_not_noticed(fault, server, source, pull, landed):
    """The second try finds the server well."""
    server.first(faults(server)[fault][0])
    server.handler = lambda heard: server.json(LIST)
    pull(source())
    assert landed() == [LIST]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_that_stays_is_told_in_one_line_without_a_secret(fault, server, source, pull, landed):
    """It names the source, the page, what happened and what to do; time may heal it, so a scheduler tries again."""
    behaviour, words = faults(server)[fault]
    server.handler = lambda heard: behaviour
    with pytest.raises(Unreachable) as caught:
        pull(source(params={"survey": "s-secret-in-query"}))
    line = str(caught.value)
    assert line.startswith(f"source answers: page 1 of {server.url}/v1/answers could not be read in 2 tries: {words}")
    assert line.endswith("; run again later, or ask whoever keeps that server")
    assert "hunter2" not in line
    assert "secret-in-query" not in line
    assert "\n" not in line
    assert landed() == []


@pytest.fixture
def nobody() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_a_refused_connection_is_told(source, pull, nobody):
    connection = Connection("http", host="127.0.0.1", port=nobody, schema="http", password="hunter2-and-more")
    with pytest.raises(Unreachable, match=r"in 2 tries: the connection failed \(Connection refused\)"):
        pull(source(), connection=connection)


def test_a_host_without_an_address_is_told(source, pull):
    nowhere = Connection("http", host="no-such-host.invalid", password="hunter2-and-more")
    with pytest.raises(Unreachable, match=r"page 1 of https://no-such-host.invalid/v1/answers could not be read"):
        pull(source(), connection=nowhere)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "the server answered 400; check `path`, `params`, `window` and `pagination`"),
        (401, "the server answered 401; check the login and password of its connection, and `auth`"),
        (403, "the server answered 403; these credentials may not read it"),
        (404, "the server answered 404; nothing is there: check `path`"),
        (422, "the server answered 422; its parameters were refused"),
    ],
)
def test_what_time_does_not_heal_is_asked_once(status, words, server, source, pull):
    server.handler = lambda heard: server.json({"error": "hunter2-and-more"}, status)
    with pytest.raises(SymetrieError, match=words) as caught:
        pull(source())
    assert not isinstance(caught.value, Unreachable)
    assert str(caught.value).startswith(f"source answers: page 1 of {server.url}/v1/answers cannot be read: ")
    assert "hunter2" not in str(caught.value)
    assert len(server.heard) == 1


def test_no_content_is_an_empty_page(server, source, pull, landed):
    server.handler = lambda heard: server.raw(b"HTTP/1.1 204 No Content\r\n\r\n")
    [page] = pull(source())
    assert page.size_bytes == 0
    assert landed() == [None]


def test_a_page_that_is_too_large_is_refused_before_it_fills_the_memory(server, source, pull):
    """The bound counts what comes out of the compression: these 100 kB hold 100 MB."""
    bomb = gzip.compress(b"[" + b" " * 100_000_000 + b"]")
    assert len(bomb) < 100_000
    server.handler = lambda heard: server.bytes(bomb, content_encoding="gzip")
    with pytest.raises(SymetrieError, match="it is larger than 1,000,000 bytes; ask for smaller pages") as caught:
        pull(source(http={"max_body_bytes": 1_000_000, "total_seconds": 10}))
    assert not isinstance(caught.value, Unreachable)


def test_a_large_page_within_the_bound_is_read(server, source, pull, landed):
    large = [{**LIST[0], "id": str(n), "verbatim": "x" * 1000} for n in range(5000)]
    server.handler = lambda heard: server.bytes(gzip.compress(json.dumps(large).encode(), 1), content_encoding="gzip")
    pull(source(http={"total_seconds": 10}))
    assert landed() == [large]


@pytest.mark.parametrize(
    ("body", "declared"),
    [
        ('[{"id": "1", "verbatim": "été €"}]'.encode(), "application/json; charset=iso-8859-1"),
        ('[{"id": "1", "verbatim": "été €"}]'.encode("cp1252"), "application/json; charset=utf-8"),
        ('[{"id": "1", "verbatim": "été €"}]'.encode("utf-16"), "application/json"),
        ('[{"id": "1", "verbatim": "été €"}]'.encode("utf-8-sig"), "text/plain"),
    ],
    ids=["utf-8 called latin-1", "cp1252 called utf-8", "utf-16 with a mark", "utf-8 with a mark"],
)
def test_a_wrong_charset_spoils_no_letter(body, declared, server, source, read_landed):
    """The bytes are believed, not the header; they land as they came."""
    server.handler = lambda heard: server.bytes(body, content_type=declared)
    batch = read_landed(source())
    assert batch.payloads([1]).payload[0] == '{"id":"1","verbatim":"été €"}'


def test_identifiers_beyond_2_to_the_53_keep_every_digit(server, source, read_landed):
    ids = [9007199254740993, 12345678901234567890123]
    server.handler = lambda heard: server.json([{"id": id_, "shop": 1, "at": 0} for id_ in ids])
    batch = read_landed(source())
    found = batch.connection.execute("SELECT response_id FROM answer_text ORDER BY row_number").fetchall()
    assert found == [("9007199254740993",), ("12345678901234567890123",)]


def test_nan_and_infinity_are_no_marks_and_are_kept(server, source, read_landed):
    """JSON has no such numbers, but Python writes them."""
    server.handler = lambda heard: server.json('[{"id": "1", "shop": 1, "at": 0, "overall": NaN, "x": Infinity}]')
    batch = read_landed(source())
    assert batch.connection.execute("SELECT mark_overall FROM answer_text").fetchall() == [(None,)]
    assert "Infinity" in batch.payloads([1]).payload[0]


def test_a_key_that_stands_twice_beside_the_records_is_refused(server, source, pull):
    """Only one of the two lists would be read."""
    server.handler = lambda heard: server.json('{"data": {"items": [{"id": "1"}], "items": [{"id": "2"}]}}')
    with pytest.raises(SymetrieError, match=r"page 1 of .* it has the same key twice beside its records"):
        pull(source(records="data.items"))


def test_a_key_that_stands_twice_in_a_record_is_kept(server, source, read_landed):
    """As in a file: the first is read, and both stand in the landing."""
    server.handler = lambda heard: server.json('[{"id": "1", "id": "2", "shop": 1, "at": 0}]')
    batch = read_landed(source())
    assert batch.connection.execute("SELECT response_id FROM answer_text").fetchall() == [("1",)]
    assert batch.payloads([1]).payload[0] == '{"id":"1","id":"2","shop":1,"at":0}'


@pytest.mark.parametrize("body", [{"error": "no such survey"}, {"items": {"id": 1}}, 3, "none"])
def test_json_without_the_list_is_told(body, server, source, pull):
    server.handler = lambda heard: server.json(json.dumps(body))
    with pytest.raises(SymetrieError, match=r"page 1 of .* it holds no list of records at items; check `records`"):
        pull(source(records="items"))


def test_a_list_that_is_null_is_empty(server, source, pull, landed):
    server.handler = lambda heard: server.json({"items": None})
    assert len(pull(source(records="items"))) == 1


@pytest.mark.parametrize("key", ["hunter2\nX-Other: 1", "hunter2’s"])
def test_a_key_that_no_header_can_carry_is_told_without_it(key, server, source, pull):
    bad = Connection("http", host="127.0.0.1", port=server.port, schema="http", password=key)
    with pytest.raises(SymetrieError, match="a credential holds a character that no header may") as caught:
        pull(source(), connection=bad)
    assert "hunter2" not in str(caught.value)
    assert server.heard == []
