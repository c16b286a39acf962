"""The line to PostgreSQL is cut before, inside and at a commit: one line, and no answer is lost or counted twice."""

from __future__ import annotations

import os
import select
import socket
import socketserver
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

pytestmark = [
    pytest.mark.torture,
    pytest.mark.parametrize("new_house", ["postgresql"], indirect=True),
]

CHUNK = 1 << 16
LOAD, SCORES, SUMMARIES = b"INTO core.client_response", b"DELETE FROM mart.score", b"mart.summary"


@dataclass
class Cut:
    """Cut the line once: where a client, having said `after`, says `at`; the server has done it then, or not heard."""

    after: bytes
    at: bytes = b"COMMIT"
    is_done: bool = False
    has_come: bool = False


class Line(socketserver.BaseRequestHandler):
    """What a client and the server say to each other, handed on until the cut."""

    def handle(self) -> None:
        """Return, and so hang up on both, where one of them leaves or the cut comes."""
        cut: Cut = self.server.cut  # type: ignore[attr-defined]
        heard = b""
        with socket.socket(socket.AF_UNIX) as server:
            server.connect(self.server.upstream)  # type: ignore[attr-defined]
            while True:
                speaking, *_ = select.select([self.request, server], [], [])
                said = speaking[0].recv(CHUNK)
                if not said:
                    return
                if speaking[0] is server:
                    self.request.sendall(said)
                    continue
                heard += said
                if not cut.has_come and cut.after in heard and cut.at in said:
                    cut.has_come = True
                    if cut.is_done:
                        server.sendall(said)
                        server.recv(CHUNK)  # done: but nobody will be told
                    return
                server.sendall(said)


def through(house: Any, cut: Cut) -> Callable[[], None]:
    """Let this process reach the database by a line that will be cut."""

    def reach() -> None:
        url = sa.make_url(house.url)
        proxy = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Line)
        proxy.daemon_threads = True
        proxy.cut, proxy.upstream = cut, str(Path(str(url.query["host"])) / ".s.PGSQL.5432")  # type: ignore[attr-defined]
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        port = proxy.server_address[1]
        os.environ["SYMETRIE_WAREHOUSE_URL"] = f"postgresql://postgres:s3cret@127.0.0.1:{port}/{url.database}"

    return reach


def test_a_database_that_is_not_there_is_one_line_without_the_password(
    new_house: Callable[[], Any], run_day: Any, one_line: Any, heals: Any
) -> None:
    house = new_house()
    line = one_line(run_day(house, url="postgresql://postgres:s3cret@127.0.0.1:1/symetrie?password=s3cret"))
    assert line.startswith("symetrie: warehouse postgresql+psycopg://postgres:***@127.0.0.1:1/symetrie: ")
    heals(house)


CUTS = {
    "inside the load": (Cut(LOAD, at=LOAD), "failed: warehouse ", 1),
    "before the commit of the load": (Cut(LOAD), "failed: warehouse ", 1),
    "after the commit of the load": (Cut(LOAD, is_done=True), "failed: warehouse ", 0),
    "before the commit of the scores": (Cut(SCORES), "symetrie: warehouse ", 0),
    "after the commit of the scores": (Cut(SCORES, is_done=True), "symetrie: warehouse ", 0),
}
"""When the line is cut, how the one line begins, and how many failures the ledger tells of."""


@pytest.mark.parametrize("moment", CUTS)
def test_a_run_whose_line_is_cut_ends_as_if_it_had_held(
    moment: str, new_house: Callable[[], Any], run_day: Any, one_line: Any, seen: Any, heals: Any
) -> None:
    """What was committed unheard is found done, by the ledger and by the next run; what was not is done anew."""
    cut, beginning, failures = CUTS[moment]
    house = new_house()
    assert one_line(run_day(house, before=through(house, cut))).startswith(beginning)
    assert len(seen(house)["failures"]) == failures
    heals(house)


@pytest.mark.parametrize("is_done", [False, True])
def test_summaries_whose_line_is_cut_at_the_commit_are_written_once(
    is_done: bool, new_house: Callable[[], Any], run_day: Any, write_summaries: Any, one_line: Any, seen: Any
) -> None:
    """One row a recipient, the same as where nothing happened."""
    struck, quiet = new_house(), new_house()
    for house in (struck, quiet):
        assert run_day(house).exit_code == 0
    ended = write_summaries(struck, before=through(struck, Cut(SUMMARIES, is_done=is_done)))
    assert one_line(ended).startswith("symetrie: warehouse ")
    for house in (struck, quiet):
        assert write_summaries(house).exit_code == 0
    assert seen(struck) == seen(quiet)


def test_a_session_that_the_server_ends_is_one_line(
    new_house: Callable[[], Any], run_day: Any, strike: Any, one_line: Any, seen: Any, heals: Any
) -> None:
    """A restart of the server, or an operator: in the middle of the publication."""
    house = new_house()

    def end_sessions() -> None:
        with psycopg.connect(house.url.replace("+psycopg", ""), autocommit=True) as operator:
            operator.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    line = one_line(run_day(house, before=strike("pipelines.publication.merge", end_sessions)))
    assert line.startswith("failed: warehouse ")
    [failure] = seen(house)["failures"]
    assert "terminating connection due to administrator command" in failure
    heals(house)
