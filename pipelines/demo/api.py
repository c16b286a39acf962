"""The survey of the web as its provider would serve it: a small HTTP API on loopback, over the files of the demo."""

from __future__ import annotations

import json
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from pipelines.demo.sources import ENQUETE_WEB

CONNECTION = "AIRFLOW_CONN_DEMO_SURVEY"
PATH, USUAL_LIMIT, MOST = "/v1/answers", 100, 1000
# The provider records the answers of a business day from noon on, ten a second.
FIRST_RECORDED, STEP = time(12, tzinfo=UTC), timedelta(milliseconds=100)
DAY = timedelta(days=1)

Row = tuple[datetime, str]
"""When the provider recorded an answer, and the answer as JSON."""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve the demo in a folder, and tell its connection through the environment; gives that connection."""
    token = secrets.token_urlsafe(24)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(folder / "drops" / ENQUETE_WEB.name, token))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    connection = json.dumps(
        {"conn_type": "http", "schema": "http", "host": "127.0.0.1", "port": server.server_port, "password": token}
    )
    former = os.environ.get(CONNECTION)
    os.environ[CONNECTION] = connection
    try:
        yield connection
    finally:
        os.environ.pop(CONNECTION)
        if former is not None:
            os.environ[CONNECTION] = former
        server.shutdown()
        server.server_close()


def _handler(drops: Path, token: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            if not secrets.compare_digest(self.headers.get("Authorization", ""), f"Bearer {token}"):
                self._answer(401, '{"error": "unauthorised"}')
            elif url.path != PATH:
                self._answer(404, '{"error": "not found"}')
            else:
                self._answer_page({name: values[0] for name, values in parse_qs(url.query).items()})

        def _answer_page(self, asked: dict[str, str]) -> None:
            try:
                page = _page(drops, **asked)
            except (KeyError, ValueError, TypeError):
                self._answer(400, '{"error": "bad parameters"}')
            else:
                self._answer(200, page)

        def _answer(self, status: int, text: str) -> None:
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing: the client logs what it asks."""

    return Handler


def _page(drops: Path, *, to: str, cursor: str = "0", limit: str = str(USUAL_LIMIT), **others: str) -> str:
    """One page of the answers recorded in a window without its end."""
    first, last = _moment(others["from"]), _moment(to)
    found = [row for row in _rows(drops, first, last) if first <= row[0] < last]
    begin, end = int(cursor), int(cursor) + min(int(limit), MOST)
    following = json.dumps(str(end) if end < len(found) else None)
    answers = ",".join(answer for _, answer in found[begin:end])
    return f'{{"answers":[{answers}],"next_cursor":{following},"total":{len(found)}}}'


def _rows(drops: Path, start: datetime, end: datetime) -> Iterator[Row]:
    day = start.date()
    while day <= end.date():
        file = drops / f"{ENQUETE_WEB.name}_{day + DAY}.{ENQUETE_WEB.suffix}"
        if file.exists():
            yield from _recorded(file, day)
        day += DAY


@lru_cache(maxsize=64)
def _recorded(file: Path, day: date) -> list[Row]:
    """The answers of a file, each with the moment it was recorded; one that is cut short is served as a text."""
    noon, rows = datetime.combine(day, FIRST_RECORDED), []
    for position, line in enumerate(file.read_text("utf-8").split("\n")[:-1]):
        recorded_at = noon + position * STEP
        is_whole = line.endswith("}}")
        dated = f'{{"recorded_at":"{recorded_at.isoformat(timespec="milliseconds")}",{line[1:]}'
        rows.append((recorded_at, dated if is_whole else json.dumps(line)))
    return rows


def _moment(written: str) -> datetime:
    return datetime.strptime(written, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
