"""Connections from the environment, and what they never show."""

from __future__ import annotations

import json

import pytest

from pipelines.connections import Connection, environment_connections
from pipelines.errors import SymetrieError

SECRET = "s3cret/with+signs"


def test_a_uri_is_read_as_airflow_reads_it(monkeypatch):
    monkeypatch.setenv("AIRFLOW_CONN_DROPS", "aws://AKIA:s3cret%2Fwith%2Bsigns@/?region_name=eu-west-3")
    found = environment_connections("drops")
    assert (found.conn_type, found.login, found.password) == ("aws", "AKIA", SECRET)
    assert found.extra == {"region_name": "eu-west-3"}


def test_a_uri_may_carry_its_extra_as_json(monkeypatch):
    monkeypatch.setenv(
        "AIRFLOW_CONN_DROPS", "sftp://me:pw@files.example:2222/in?__extra__=%7B%22host_key%22%3A+%22AAAA%22%7D"
    )
    found = environment_connections("drops")
    assert (found.host, found.port, found.schema, found.extra) == ("files.example", 2222, "in", {"host_key": "AAAA"})


@pytest.mark.parametrize("extra", [{"endpoint_url": "http://x"}, json.dumps({"endpoint_url": "http://x"})])
def test_json_is_read_with_its_extra_nested_or_as_text(monkeypatch, extra):
    given = {"conn_type": "aws", "login": "AKIA", "password": SECRET, "port": "9000", "extra": extra}
    monkeypatch.setenv("AIRFLOW_CONN_DROPS", json.dumps(given))
    found = environment_connections("drops")
    assert (found.password, found.port, found.extra) == (SECRET, 9000, {"endpoint_url": "http://x"})


def test_an_unknown_connection_names_the_variable_to_set(monkeypatch):
    monkeypatch.delenv("AIRFLOW_CONN_DROPS", raising=False)
    with pytest.raises(
        SymetrieError, match="connection 'drops' is not known; set AIRFLOW_CONN_DROPS to its URI or JSON"
    ):
        environment_connections("drops")


@pytest.mark.parametrize(
    "written", [f'{{"password": "{SECRET}"', SECRET, f"sftp://me:{SECRET}@host:port/", f'{{"extra": "{SECRET}"}}']
)
def test_what_cannot_be_read_is_not_shown(monkeypatch, written):
    monkeypatch.setenv("AIRFLOW_CONN_DROPS", written)
    with pytest.raises(SymetrieError) as raised:
        environment_connections("drops")
    assert str(raised.value) == "AIRFLOW_CONN_DROPS is neither a URI nor the JSON of a connection; write it again"
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


def test_the_text_of_a_connection_shows_no_secret():
    connection = Connection("aws", login="AKIA", password=SECRET, extra={"aws_session_token": "t0ken"})
    assert repr(connection) == "Connection(conn_type='aws', host=None, port=None, schema=None)"


def test_secrets_are_hidden_in_any_text_also_those_deep_in_the_extra():
    connection = Connection(
        "gcp", password=SECRET, extra={"keyfile_dict": {"private_key": "-----KEY"}, "project": "shops"}
    )
    shown = connection.hide_secrets(f"shops refused {SECRET} and -----KEY")
    assert shown == "shops refused *** and ***"


def test_options_of_s3():
    connection = Connection(
        "aws", login="AKIA", password="pw", extra={"region_name": "eu-west-3", "endpoint_url": "http://x"}
    )
    assert connection.storage_options("s3") == {
        "key": "AKIA", "secret": "pw", "endpoint_url": "http://x", "client_kwargs": {"region_name": "eu-west-3"},
    }  # fmt: skip


@pytest.mark.parametrize("keys", [{"type": "service_account"}, '{"type": "service_account"}'])
def test_options_of_gcs(keys):
    """Only the mapping is tested: there is no server of Google's to talk to here."""
    connection = Connection("google_cloud_platform", extra={"keyfile_dict": keys, "project": "shops"})
    assert connection.storage_options("gs") == {"token": {"type": "service_account"}, "project": "shops"}
    assert Connection("gcp", extra={"key_path": "/run/key.json"}).storage_options("gcs") == {"token": "/run/key.json"}


def test_options_of_sftp():
    connection = Connection(
        "sftp", host="files", port=22, login="me", password="pw", extra={"key_file": "/id", "host_key": "A"}
    )
    assert connection.storage_options("sftp") == {
        "host": "files", "port": 22, "username": "me", "password": "pw", "key_filename": "/id", "host_key": "A",
    }  # fmt: skip


def test_what_is_left_out_is_left_to_the_library():
    assert Connection("aws").storage_options("s3") == {}


def test_an_unknown_kind_of_path_is_named():
    with pytest.raises(SymetrieError, match="a connection cannot open ftp:// paths; use one of s3, gs, gcs, sftp, ssh"):
        Connection("ftp").storage_options("ftp")
