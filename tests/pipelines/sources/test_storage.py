"""Files on servers: S3 and SFTP on loopback. GCS shares all but its options, which have a test beside connections."""

from __future__ import annotations

import gzip
import logging
import time
import traceback

import pytest

from pipelines.connections import Connection
from pipelines.errors import SymetrieError
from pipelines.sources.files import extract

USER, PASSWORD = "sender", "hunter2-and-more"
DATA = b"response_id;unit_id;submitted_at\n1;A;2026-11-20\n"


@pytest.fixture
def to_s3(s3):
    """The connection of the S3 server."""
    return Connection("aws", login=USER, password=PASSWORD, extra={"endpoint_url": s3, "region_name": "us-east-1"})


@pytest.fixture
def upload(s3):
    """Puts an object into the bucket."""
    import boto3

    client = boto3.client(
        "s3", endpoint_url=s3, region_name="us-east-1", aws_access_key_id=USER, aws_secret_access_key=PASSWORD
    )
    yield lambda key, data=DATA: client.put_object(Bucket="feedback", Key=key, Body=data)
    client.close()


def to_sftp(server, **different) -> Connection:
    given = {
        "conn_type": "sftp", "host": "127.0.0.1", "port": server.port, "login": USER, "password": PASSWORD,
        "extra": {"host_key": server.host_key},
    }  # fmt: skip
    return Connection(**given | different)


def test_objects_of_a_bucket_land(home, source, nothing_known, upload, to_s3):
    upload("shops/one.csv")
    upload("shops/one.csv.done", b"")
    upload("shops/two.csv", DATA + b"2;A;2026-11-20\n")
    upload("other/three.csv")
    for path in ("s3://feedback/shops/*.csv", "s3://feedback/shops", "s3://feedback/shops/"):
        pages = extract(
            source(path=path, connection="drops"), home=home, known=nothing_known, connections=lambda _: to_s3
        )
        assert [(page.name, page.location) for page in pages] == [
            ("one.csv", "s3://feedback/shops/one.csv"),
            ("two.csv", "s3://feedback/shops/two.csv"),
        ]
    assert gzip.decompress(pages[0].path.read_bytes()) == DATA


def test_an_object_that_changes_while_we_look_waits(home, source, nothing_known, upload, to_s3, monkeypatch):
    """Listings are not remembered between the two looks."""
    upload("shops/one.csv")
    monkeypatch.setattr(time, "sleep", lambda seconds: upload("shops/one.csv", DATA * 2))
    shops = source(path="s3://feedback/shops/*.csv", connection="drops")
    assert extract(shops, home=home, known=nothing_known, connections=lambda _: to_s3) == []


def test_a_prefix_without_objects_brings_nothing_and_a_missing_bucket_is_named(home, source, nothing_known, to_s3):
    def pages(path):
        return extract(source(path=path, connection="x"), home=home, known=nothing_known, connections=lambda _: to_s3)

    assert pages("s3://feedback/not/yet/*.csv") == []
    assert pages("s3://feedback/not/yet") == []
    with pytest.raises(SymetrieError, match=r"source shops: there is no s3://elsewhere; create it or mend `path`"):
        pages("s3://elsewhere/shops")


def test_files_of_an_sftp_server_land(home, source, nothing_known, sftp):
    (sftp.root / "out").mkdir()
    (sftp.root / "out" / "one_20261120T063000Z.csv").write_bytes(DATA)
    (sftp.root / "out" / "one_20261120T063000Z.csv.manifest.json").write_text('{"rows": 1}')
    (sftp.root / "out" / "two.csv").write_bytes(DATA * 2)
    for path in ("sftp://127.0.0.1/out/*.csv", "sftp://127.0.0.1/out"):
        pages = extract(
            source(path=path, connection="x"), home=home, known=nothing_known, connections=lambda _: to_sftp(sftp)
        )
        assert [(page.name, page.location) for page in pages] == [
            ("one_20261120T063000Z.csv", "sftp://127.0.0.1/out/one_20261120T063000Z.csv"),
            ("two.csv", "sftp://127.0.0.1/out/two.csv"),
        ]
    assert pages[0].version_at.isoformat() == "2026-11-20T06:30:00+00:00"
    assert pages[1].modified_at.timestamp() == int((sftp.root / "out" / "two.csv").stat().st_mtime)


def test_a_server_with_another_host_key_is_refused_before_it_hears_the_password(home, source, nothing_known, sftp):
    connection = to_sftp(sftp, extra={"host_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA"})
    shops = source(path="sftp://127.0.0.1/out", connection="x")
    with pytest.raises(SymetrieError, match="shows another host key than the connection's host_key"):
        extract(shops, home=home, known=nothing_known, connections=lambda _: connection)
    assert sftp.passwords_heard == []


def test_an_unchecked_host_is_said_in_the_log(home, source, nothing_known, sftp, caplog):
    shops = source(path="sftp://127.0.0.1/", connection="x")
    with caplog.at_level(logging.WARNING, "pipelines"):
        extract(shops, home=home, known=nothing_known, connections=lambda _: to_sftp(sftp, extra={}))
    assert "sftp.host_unchecked host=127.0.0.1" in caplog.text


def test_no_error_shows_a_credential(home, source, nothing_known, sftp, caplog, monkeypatch):
    """Wrong passwords, dead hosts, paths with a password in them: the whole traceback is looked at."""
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setattr("s3fs.S3FileSystem.retries", 1)
    bad = "wr0ng-p4ssword"
    attempts = [
        ("sftp://127.0.0.1/out", to_sftp(sftp, password=bad)),
        ("sftp://127.0.0.1/out", to_sftp(sftp, port=1, password=bad)),
        ("s3://feedback/x", Connection("aws", login="me", password=bad, extra={"endpoint_url": "http://127.0.0.1:1"})),
        ("s3://feedback/x", Connection("aws", login="me", password=bad, extra={"endpoint_url": f"::{bad}"})),
        (f"sftp://me:{bad}@127.0.0.1/out", to_sftp(sftp)),
        ("gs://feedback/x", Connection("gcp", extra={"keyfile_dict": {"type": "service_account", "private_key": bad}})),
        ("ftp://127.0.0.1/out", Connection("ftp", password=bad)),
    ]
    for path, connection in attempts:
        with pytest.raises(SymetrieError) as raised:
            extract(
                source(path=path, connection="x"), home=home, known=nothing_known,
                connections=lambda _, connection=connection: connection,
            )  # fmt: skip
        assert bad not in "".join(traceback.format_exception(raised.value))
        assert str(raised.value).startswith("source shops: ")
        assert "\n" not in str(raised.value)
    assert bad not in caplog.text
