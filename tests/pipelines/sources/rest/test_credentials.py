"""Credentials are shown as the API wants them, to its own server, and to no other one, ever."""

from __future__ import annotations

import base64
import json
from urllib.parse import parse_qs

import pytest

from pipelines.connections import Connection
from pipelines.errors import SymetrieError, Unreachable
from pipelines.sources.rest.origin import connection_origin

KEY = "hunter2-and-more"
ROWS = [{"id": "1"}]


@pytest.fixture
def other(make_server):
    """Another server, which would love to hear the key."""
    server = make_server()
    server.handler = lambda heard: server.json(ROWS)
    return server


def basic(login: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{login}:{password}".encode()).decode()


@pytest.mark.parametrize(
    ("settings", "header", "value"),
    [
        ({"auth": "bearer"}, "authorization", f"Bearer {KEY}"),
        ({"auth": "basic"}, "authorization", basic("me", KEY)),
        ({"auth": "header", "key_header": "X-API-Key"}, "x-api-key", KEY),
    ],
)
def test_the_key_is_shown_as_the_settings_say(settings, header, value, server, source, pull):
    server.handler = lambda heard: server.json(ROWS)
    pull(source(**settings))
    assert server.heard[0].headers[header] == value


def test_without_auth_nothing_is_shown_not_even_what_netrc_holds(server, source, pull, tmp_path, monkeypatch):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password hunter2-and-more\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    server.handler = lambda heard: server.json(ROWS)
    pull(source(auth="none"))
    assert "authorization" not in server.heard[0].headers


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_another_server_is_not_followed(status, server, other, source, pull, landed):
    """One on the same machine, behind another port, is another server."""
    server.handler = lambda heard: server.json({}, status, Location=f"{other.url}/v1/answers?key=s3cret")
    with pytest.raises(
        SymetrieError, match=f"it leads to {other.url}, which is not {server.url}; credentials"
    ) as caught:
        pull(source())
    assert not isinstance(caught.value, Unreachable)
    assert "s3cret" not in str(caught.value)
    assert other.heard == []
    assert landed() == []


def test_a_redirect_within_the_server_is_followed_with_its_own_query(server, source, pull, landed):
    server.first(server.json({}, 307, Location="/v2/answers?survey=9"))
    server.handler = lambda heard: server.json(ROWS)
    pull(source(params={"survey": "8"}))
    assert [(heard.path, heard.params, heard.headers["authorization"]) for heard in server.heard] == [
        ("/v1/answers", {"survey": "8"}, f"Bearer {KEY}"),
        ("/v2/answers", {"survey": "9"}, f"Bearer {KEY}"),
    ]


def test_a_circle_of_redirects_is_told(server, source, pull):
    server.handler = lambda heard: server.json({}, 302, Location="/v1/answers")
    with pytest.raises(SymetrieError, match="it is redirected in a circle; check `path`"):
        pull(source())


@pytest.mark.parametrize(
    "link",
    [
        "{other}/v1/answers?page=2",
        "//{other_host}/v1/answers?page=2",
        "http://{host}@{other_host}/v1/answers?page=2",
        "http://me:{key}@{host}/v1/answers?page=2",
        "https://{host}/v1/answers?page=2",
        "ftp://{host}/v1/answers",
        "http://[broken/",
    ],
)
def test_a_next_link_to_anywhere_else_is_refused(link, server, other, source, pull, landed):
    hosts = {"host": f"127.0.0.1:{server.port}", "other_host": f"127.0.0.1:{other.port}", "other": other.url}
    address = link.format(**hosts, key="s3cret")
    server.handler = lambda heard: server.json({"items": ROWS, "next": address})
    with pytest.raises(SymetrieError, match="source answers: the next page cannot be read: it leads to") as caught:
        pull(source(records="items", pagination={"kind": "next_link", "next": "next"}))
    assert "s3cret" not in str(caught.value)
    assert other.heard == []
    assert len(server.heard) == 1
    assert landed() == []


def test_a_token_is_fetched_once_and_again_when_it_is_refused(server, source, pull, landed):
    """Its server may be another one, since the settings name it."""
    tokens = iter(["first-token", "second-token"])
    good = "second-token"

    def handle(heard):
        if heard.path == "/oauth/token":
            return server.json({"access_token": next(tokens), "token_type": "bearer", "expires_in": 3600})
        shown = heard.headers["authorization"]
        return server.json(ROWS) if shown == f"Bearer {good}" else server.json({}, 401)

    server.handler = handle
    pull(source(auth="oauth2", token_url="/oauth/token", scope="answers:read"))
    asked = [heard for heard in server.heard if heard.path == "/oauth/token"]
    assert [(heard.method, heard.headers["authorization"], parse_qs(heard.body)) for heard in asked] == [
        ("POST", basic("me", KEY), {"grant_type": ["client_credentials"], "scope": ["answers:read"]})
    ] * 2
    assert landed() == [ROWS]


def test_a_token_that_stays_refused_is_not_asked_for_without_end(server, source, pull):
    server.handler = lambda heard: (
        server.json({"access_token": "a-token-1"}) if heard.path == "/t" else server.json({}, 401)
    )
    with pytest.raises(SymetrieError, match="the server answered 401; check the login and password") as caught:
        pull(source(auth="oauth2", token_url="/t"))
    assert "a-token-1" not in str(caught.value)
    assert [heard.path for heard in server.heard] == ["/t", "/v1/answers", "/t", "/v1/answers"]


@pytest.mark.parametrize(
    ("status", "body", "error", "words"),
    [
        (401, {}, SymetrieError, "the server at token_url answered 401; check the login and password"),
        (200, {"error": "x"}, SymetrieError, "the server at token_url gave no access_token"),
        (200, ["x"], SymetrieError, "the server at token_url gave no access_token"),
        (503, {}, Unreachable, "could not be read in 2 tries: the server at token_url answered 503"),
        (200, "<html>", Unreachable, "could not be read in 2 tries: the server at token_url answered no JSON"),
        (307, {}, SymetrieError, "the server at token_url answered 307"),
    ],
)
def test_a_token_that_cannot_be_had_is_told(status, body, error, words, server, other, source, pull):
    server.handler = lambda heard: server.json(
        body if isinstance(body, str) else json.dumps(body), status, Location=f"{other.url}/t"
    )
    with pytest.raises(error, match=words) as caught:
        pull(source(auth="oauth2", token_url="/t"))
    assert "hunter2" not in str(caught.value)
    assert other.heard == []


@pytest.mark.parametrize(
    ("host", "words"),
    [
        (None, "its connection names no server"),
        ("http://", "its connection names no server"),
        ("https://a.test/v2", "no server"),
    ],
)
def test_a_connection_without_a_server_is_told(host, words, source, pull):
    with pytest.raises(SymetrieError, match=f"source answers: .*{words}"):
        pull(source(), connection=Connection("http", host=host, password=KEY))


@pytest.mark.parametrize(
    ("fields", "url"),
    [
        ({"host": "api.test"}, "https://api.test"),
        ({"host": "api.test", "schema": "http"}, "http://api.test"),
        ({"host": "http://api.test:8080"}, "http://api.test:8080"),
        ({"host": "api.test", "schema": "public", "port": 8443}, "https://api.test:8443"),
        ({"host": "::1", "port": 8443}, "https://[::1]:8443"),
        ({"host": "https://api.test/", "port": 443}, "https://api.test"),
    ],
)
def test_a_connection_has_airflows_fields_and_is_encrypted_unless_it_says_otherwise(fields, url):
    assert connection_origin(Connection("http", **fields)).url == url


def test_a_connection_without_a_key_is_told(server, source, pull):
    connection = Connection("http", host=f"http://127.0.0.1:{server.port}")
    with pytest.raises(SymetrieError, match=r"source answers: .* connection 'api' has no password; put the key there"):
        pull(source(), connection=connection)
    assert server.heard == []


def test_what_lands_and_what_is_logged_hold_no_secret(server, source, pull, home, capfd):
    """The address in a manifest is without credentials and without its query."""
    server.first(server.json({}, 503))
    server.handler = lambda heard: server.json(ROWS)
    [page] = pull(source(params={"survey": "s3cret"}))
    assert page.location == f"{server.url}/v1/answers"
    written = "".join(file.read_text(errors="replace") for file in home.rglob("*") if file.is_file())
    assert "s3cret" not in written + "".join(capfd.readouterr())
    assert KEY not in written
