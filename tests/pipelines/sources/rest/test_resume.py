"""A pull that is cut off goes on where it stood: nothing is asked twice, nothing is lost, nothing half is shown."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from pipelines.errors import Unreachable
from pipelines.landing import landed_pages

THREE_DAYS = datetime(2026, 11, 18, 11, tzinfo=UTC)  # the watermark: three days are asked for
CHILD = """
import json, sys
from datetime import UTC, date, datetime
from pathlib import Path
from pipelines.connections import Connection
from pipelines.settings import RestSource
from pipelines.sources.rest import asked_span, extract
given = json.loads(sys.argv[1])
source, day = RestSource(**given["source"]), date(2026, 11, 20)
span = asked_span(source.window, day, day, ["Europe/Paris"], datetime.fromisoformat(given["watermark"]))
connection = Connection("http", host="127.0.0.1", port=given["port"], schema="http", password="hunter2-and-more")
extract(source, span, home=Path(given["home"]), connections=lambda _: connection)
"""


@pytest.fixture
def three_days(rows):
    """Two rows on each of three days."""
    return [
        {**row, "id": f"d{day}-{n}", "at": f"2026-11-{day}T1{n}:00:00Z"}
        for day in (18, 19, 20)
        for n, row in enumerate(rows(5), start=1)
    ]


def asked(server) -> list[tuple[str, str | None]]:
    """First day and cursor of every request."""
    return [(heard.params["from"][:10], heard.params.get("cursor")) for heard in server.heard]


def ids(contents) -> list[str]:
    return [row["id"] for page in contents for row in page["items"]]


def fail_once(server, well, at: int):
    """The server breaks down at one request, and stays down until it is mended."""

    def handle(heard):
        return server.json({}, 500) if len(server.heard) >= at else well(heard)

    return handle


def test_slices_that_were_shown_are_not_asked_again_and_the_one_being_read_goes_on(
    server, windowed, pull, landed, three_days, honest
):
    """Slices of a day, pages of two: the breakdown comes on the second page of the second day."""
    well = honest(server, three_days)
    server.handler = fail_once(server, well, at=5)
    source = windowed({"slice_days": 1})
    with pytest.raises(Unreachable, match="page 2 of"):
        pull(source, watermark=THREE_DAYS)
    assert ids(landed()) == [f"d18-{n}" for n in range(1, 6)]
    server.handler, before = well, len(server.heard)
    pull(source, watermark=THREE_DAYS)
    assert asked(server)[before:] == [
        ("2026-11-19", "2"),
        ("2026-11-19", "4"),
        *(("2026-11-20", c) for c in (None, "2", "4")),
    ]
    assert ids(landed()) == [row["id"] for row in three_days]


def test_a_pull_that_came_to_its_end_asks_again_the_next_time(server, windowed, pull, three_days, honest):
    server.handler = honest(server, three_days)
    pull(windowed(), watermark=THREE_DAYS)
    count = len(server.heard)
    pull(windowed(), watermark=THREE_DAYS)
    assert len(server.heard) == 2 * count


@pytest.mark.parametrize("change", ["question", "window", "time"])
def test_another_question_begins_anew(change, server, windowed, pull, landed, three_days, honest):
    """Other parameters, another window, or six hours later: what was received then may not be true now."""
    well = honest(server, three_days)
    server.handler = fail_once(server, well, at=3)
    with time_machine.travel("2026-11-21T05:30:00+00:00", tick=False), pytest.raises(Unreachable):
        pull(windowed(), watermark=THREE_DAYS)
    server.handler, before = well, len(server.heard)
    later = timedelta(hours=7) if change == "time" else timedelta(minutes=5)
    watermark = THREE_DAYS - timedelta(days=1) if change == "window" else THREE_DAYS
    source = windowed(params={"lang": "fr"}) if change == "question" else windowed()
    with time_machine.travel(datetime(2026, 11, 21, 5, 30, tzinfo=UTC) + later, tick=False):
        pull(source, watermark=watermark)
    assert asked(server)[before][1] is None
    assert ids(landed()) == [row["id"] for row in three_days]


def test_a_cursor_that_has_expired_meanwhile_begins_its_slice_again(server, windowed, pull, landed, three_days, honest):
    well = honest(server, three_days)
    server.handler = fail_once(server, well, at=3)
    with pytest.raises(Unreachable):
        pull(windowed(), watermark=THREE_DAYS)
    server.first(server.json({"error": "expired"}, 410))
    server.handler = well
    pull(windowed(), watermark=THREE_DAYS)
    assert ids(landed()) == [row["id"] for row in three_days]


@pytest.mark.parametrize("damage", ["", "{", '{"fingerprint": 3}', "[]"])
def test_a_damaged_memory_of_the_pull_begins_anew(damage, home, server, windowed, pull, landed, three_days, honest):
    well = honest(server, three_days)
    server.handler = fail_once(server, well, at=3)
    with pytest.raises(Unreachable):
        pull(windowed(), watermark=THREE_DAYS)
    (home / "landing/answers/.pull/progress.json").write_text(damage)
    server.handler = well
    pull(windowed(), watermark=THREE_DAYS)
    assert ids(landed()) == [row["id"] for row in three_days]


def test_kill_9_in_mid_pull_then_a_clean_run_is_as_if_nothing_had_been(
    home, server, windowed, pull, landed, three_days, honest, tmp_path
):
    """The child dies while it waits for the second page of the second slice; its pages are private, as all are."""
    well, reached = honest(server, three_days), threading.Event()

    def handle(heard):
        if len(server.heard) < 5:
            return well(heard)
        reached.set()
        return server.raw(b"", stay=60)

    server.handler = handle
    source = windowed({"slice_days": 1}, http={"read_seconds": 30, "total_seconds": 30})
    given = {
        "source": source.model_dump(mode="json", exclude_unset=True), "watermark": THREE_DAYS.isoformat(),
        "port": server.port, "home": str(home),
    }  # fmt: skip
    child = subprocess.Popen([sys.executable, "-c", CHILD, json.dumps(given)])
    assert reached.wait(60)
    child.kill()
    child.wait()
    assert ids(landed()) == [f"d18-{n}" for n in range(1, 6)]
    assert all(file.stat().st_mode & 0o077 == 0 for file in (home / "landing").rglob("*"))
    server.handler, before = well, len(server.heard)
    pull(source, watermark=THREE_DAYS)
    assert asked(server)[before:][0] == ("2026-11-19", "2")
    assert ids(landed()) == [row["id"] for row in three_days]
    assert sum(page.pull.is_last for page in landed_pages(home, "answers")) == 3
    assert not (home / "landing/answers/.pull").exists()


@pytest.mark.parametrize("crash_at", range(3))
def test_a_crash_while_a_slice_is_shown_shows_the_rest_the_next_time(
    crash_at, home, server, windowed, pull, landed, three_days, honest, monkeypatch
):
    """The last page says that the slice is whole, and it comes last: until then nobody believes it."""
    import pipelines.landing as landing

    server.handler = honest(server, three_days, size=5)
    write, calls = landing.write_atomically, iter(range(100))

    def dying(path, text):
        if next(calls) == crash_at:
            raise KeyboardInterrupt
        write(path, text)

    monkeypatch.setattr(landing, "write_atomically", dying)
    with pytest.raises(KeyboardInterrupt):
        pull(windowed(), watermark=THREE_DAYS)
    monkeypatch.undo()
    count, shown = len(server.heard), landed_pages(home, "answers")
    assert [page.pull.is_last for page in shown] == [False] * crash_at
    pull(windowed(), watermark=THREE_DAYS)
    assert len(server.heard) == count
    assert ids(landed()) == [row["id"] for row in three_days]


def test_two_pulls_of_one_source_do_not_meet(home, server, windowed, pull, landed, three_days, honest):
    """The second waits until the first has come to its end."""
    server.handler = honest(server, three_days)
    errors: list[BaseException] = []

    def run() -> None:
        try:
            pull(windowed(), watermark=THREE_DAYS)
        except BaseException as error:  # noqa: BLE001
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    pulls = {page.pull.pull_id for page in landed_pages(home, "answers")}
    assert len(pulls) == 2
    assert sorted(ids(landed())) == sorted([row["id"] for row in three_days] * 2)
