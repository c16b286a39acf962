"""Real servers on loopback for files to be dropped on: S3 by moto, SFTP by paramiko."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import paramiko
import pytest

from pipelines.settings import FilesSource
from pipelines.warehouse.past import ReceivedFiles

USER, PASSWORD = "sender", "hunter2-and-more"


@pytest.fixture
def nothing_known() -> ReceivedFiles:
    """A source from which nothing has come yet."""
    return ReceivedFiles({}, frozenset())


@pytest.fixture
def source(tmp_path: Path) -> Callable[..., FilesSource]:
    """A source of the files in `drops`, that need not settle."""

    def make(**different: Any) -> FilesSource:
        given = {"name": "shops", "path": str(tmp_path / "drops"), "questionnaire": "eleven-2024", "settle_seconds": 0}
        return FilesSource(**given | different)

    return make


@pytest.fixture
def drops(tmp_path: Path) -> Path:
    """The folder where files are dropped."""
    folder = tmp_path / "drops"
    folder.mkdir()
    return folder


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of an S3 server with a bucket `feedback`."""
    import boto3
    import requests
    from moto.server import ThreadedMotoServer

    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    server = ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    requests.post(f"{address}/moto-api/reset", timeout=10)  # what another test left in this process
    client = boto3.client(
        "s3", endpoint_url=address, region_name="us-east-1", aws_access_key_id=USER, aws_secret_access_key=PASSWORD
    )
    client.create_bucket(Bucket="feedback")
    client.close()
    yield address
    server.stop()


@dataclass(frozen=True)
class SftpServer:
    """Where the server listens, its key, and the folder that it shows as its root."""

    port: int
    host_key: str
    root: Path
    passwords_heard: list[str]


@pytest.fixture
def sftp(tmp_path: Path) -> Iterator[SftpServer]:
    """An SFTP server of one user."""
    root = tmp_path / "sftp"
    root.mkdir()
    key = paramiko.ECDSAKey.generate()
    listener = socket.create_server(("127.0.0.1", 0))
    transports: list[paramiko.Transport] = []
    heard: list[str] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:  # closed at the end of the test
                return
            transport = paramiko.Transport(connection)
            transports.append(transport)
            transport.add_server_key(key)
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer, _Folder, root)
            transport.start_server(server=_Door(heard), event=threading.Event())

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield SftpServer(listener.getsockname()[1], f"{key.get_name()} {key.get_base64()}", root, heard)
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    for transport in transports:
        transport.close()
    thread.join(5)


class _Door(paramiko.ServerInterface):
    def __init__(self, heard: list[str]) -> None:
        self.heard = heard

    def check_auth_password(self, username: str, password: str) -> int:
        self.heard.append(password)
        known = (username, password) == (USER, PASSWORD)
        return paramiko.AUTH_SUCCESSFUL if known else paramiko.AUTH_FAILED

    def get_allowed_auths(self, username: str) -> str:
        return "password"

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED


class _Folder(paramiko.SFTPServerInterface):
    def __init__(self, server: paramiko.ServerInterface, root: Path) -> None:
        self.root = root

    def _real(self, path: str) -> Path:
        return self.root / path.lstrip("/")

    def list_folder(self, path: str) -> Any:
        try:
            return [paramiko.SFTPAttributes.from_stat(each.stat(), each.name) for each in self._real(path).iterdir()]
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0)

    def stat(self, path: str) -> Any:
        try:
            return paramiko.SFTPAttributes.from_stat(self._real(path).stat())
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0)

    lstat = stat

    def open(self, path: str, flags: int, attr: paramiko.SFTPAttributes) -> Any:
        try:
            file = os.fdopen(os.open(self._real(path), os.O_RDONLY), "rb")
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0)
        handle = paramiko.SFTPHandle(flags)
        handle.readfile = file
        return handle
