"""Employees asked through an API: what is received stays in memory, also where a pull is cut off and begins anew."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from pipelines.connections import Connection
from pipelines.run import run_days
from pipelines.settings import Settings
from pipelines.steps import opened
from pipelines.warehouse.tables import employee_response
from tests.pipelines.pulse.house import LAST, PLANTED, House

pytestmark = pytest.mark.parametrize("warehouse_url", ["duckdb"], indirect=True)
FILES = "    path: drops/pouls/*\n    questionnaire: short-1\n    settle_seconds: 0\n"
API = """\
    kind: rest
    connection: pulse_api
    path: /v1/answers
    auth: bearer
    records: items
    pagination: {kind: cursor, parameter: cursor, next: next}
    window: {start: from, end: to, field: Date, since: 2026-10-01}
    questionnaire: short-1
"""


def record(number: int) -> dict[str, object]:
    marks = {f"Q{place}": 4 for place in range(1, 7)}
    names = {"Nom": "Kowalczyk", "E-mail": "b.kowalczyk@example.com", "Identifiant": f"bkowalczyk7{number}"}
    at = datetime(2026, 10, 5, 8, 42, number, tzinfo=UTC).isoformat()
    return {"id": number, "Magasin": "lyon", "Date": at, "Lien": "manager", "Commentaire": ""} | marks | names


@pytest.fixture
def asked(house: House, httpserver: HTTPServer) -> tuple[Settings, dict[str, int]]:
    """The house, whose source is an API that breaks off after its first page, the first time."""
    settings, calls = house(replace={FILES: API}), {"pages": 0}

    def serve(request: Request) -> Response:
        calls["pages"] += 1
        cursor = int(request.args.get("cursor", 0))
        if cursor and calls["pages"] == 2:
            return Response("no", status=403)
        following = None if cursor else "5"
        items = [record(number) for number in range(cursor, cursor + 5)]
        return Response(json.dumps({"items": items, "next": following}), content_type="application/json")

    httpserver.expect_request("/v1/answers").respond_with_handler(serve)
    return settings, calls


def test_pages_of_an_api_land_without_the_person_however_often_they_are_asked_for(
    asked: tuple[Settings, dict[str, int]], httpserver: HTTPServer, home: Path
) -> None:
    settings, calls = asked
    connection = Connection("http", "127.0.0.1", None, "a-token", httpserver.port, "http", {})
    first = run_days(settings, LAST, sources=["pouls"], connections=lambda _: connection)
    assert "403" in first.failures["pouls"]
    report = run_days(settings, LAST, sources=["pouls"], connections=lambda _: connection)
    assert (report.failures, report.counts["pouls"]["loaded"], calls["pages"]) == ({}, 10, 4)
    with opened(settings) as warehouse, warehouse.reading() as reading:
        assert reading.scalar(sa.select(sa.func.count()).select_from(employee_response)) == 10
    written = [file.read_bytes() for file in home.rglob("*") if file.is_file()]
    plain = b"".join(gzip.decompress(each) if each.startswith(b"\x1f\x8b") else each for each in written)
    for name in PLANTED:
        assert name.encode() not in plain
    assert b"08:42" not in plain
