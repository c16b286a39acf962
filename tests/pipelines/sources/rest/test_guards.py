"""Servers ignore filters in silence: every row is looked at, and a stranger among them stops the pull."""

from __future__ import annotations

import pytest

from pipelines.errors import SymetrieError, Unreachable

ROW = {"shop": "lyon", "mark": 5}


def test_a_server_that_ignores_its_filter_is_told(server, windowed, pull, landed, rows):
    """It names the page, how many rows, the window and what to do; nothing of it is shown."""
    server.handler = lambda heard: server.json(
        {"items": [*rows(2), *({**ROW, "id": f"old{n}", "at": f"2026-10-0{n}T10:00:00Z"} for n in (2, 1, 3))]}
    )
    with pytest.raises(SymetrieError) as caught:
        pull(windowed())
    assert not isinstance(caught.value, Unreachable)
    assert str(caught.value) == (
        f"source answers: page 1 of {server.url}/v1/answers: 3 of its 5 rows lie outside of the asked window, "
        "2026-11-19T23:00:00Z to 2026-11-20T23:00:00Z, the first of them at 2026-10-01T10:00:00Z: the server ignores "
        "its filter; check `window` against the API's manual"
    )
    assert landed() == []


@pytest.mark.parametrize(
    ("at", "is_inside"),
    [
        ("2026-11-19T23:00:00Z", True),
        ("2026-11-19T22:59:59.999Z", False),
        ("2026-11-20T22:59:59.999999Z", True),
        ("2026-11-20T23:00:00Z", False),
        ("2026-11-21T00:30:00+02:00", True),
        ("2026-11-20T10:00:00", True),
        ("2026-11-20", True),
        (1795201200, True),
        (1795201200000, True),
        (1795201200.5, True),
        ("1795201200", True),
        (1700000000, False),
        (1700000000000, False),
        (None, True),
        ("yesterday", True),
        ("", True),
    ],
)
def test_the_window_is_without_its_end_and_any_spelling_of_a_moment_is_read(at, is_inside, server, windowed, pull):
    """What holds no moment cannot prove that a filter was ignored: it goes on to validation."""
    server.handler = lambda heard: server.json({"items": [{**ROW, "id": "1", "at": at}]})
    if is_inside:
        assert len(pull(windowed())) == 1
    else:
        with pytest.raises(SymetrieError, match="1 of its 1 rows lie outside"):
            pull(windowed())


@pytest.mark.parametrize(("at", "is_inside"), [("2026-11-20T23:00:00.900Z", True), ("2026-11-20T23:00:01Z", False)])
def test_a_source_that_gives_its_end_may_do_so_where_the_settings_say_it(at, is_inside, server, windowed, pull):
    server.handler = lambda heard: server.json({"items": [{**ROW, "id": "1", "at": at}]})
    asked = windowed({"inclusive_end": True})
    if is_inside:
        assert len(pull(asked)) == 1
    else:
        with pytest.raises(SymetrieError, match="1 of its 1 rows lie outside"):
            pull(asked)


def test_moments_without_a_zone_are_in_that_of_the_source(server, windowed, pull):
    """23.30 in Paris is inside of the day, 23.30 UTC would not be."""
    server.handler = lambda heard: server.json({"items": [{**ROW, "id": "1", "at": "2026-11-20 23:30:00"}]})
    assert len(pull(windowed(timezone="Europe/Paris"))) == 1
    with pytest.raises(SymetrieError, match="1 of its 1 rows lie outside"):
        pull(windowed())


def test_a_field_that_no_row_has_is_told(server, windowed, pull):
    """A misspelled name would switch the guard off."""
    server.handler = lambda heard: server.json({"items": [{"id": "1"}, {"id": "2"}]})
    with pytest.raises(SymetrieError, match=r"none of its 2 rows has the field updatedAt; check `window\.field`"):
        pull(windowed({"field": "updatedAt"}))


def test_a_field_may_be_a_json_path(server, windowed, pull):
    server.handler = lambda heard: server.json(
        {"items": [{"id": "1", "dates": [{"kind": "sent", "on": 1795201200}, {"kind": "seen", "on": 1700000000}]}]}
    )
    assert len(pull(windowed({"field": "$.dates[?(@.kind=='sent')].on"}))) == 1
    with pytest.raises(SymetrieError, match="1 of its 1 rows lie outside"):
        pull(windowed({"field": "$.dates[?(@.kind=='seen')].on"}))


def test_a_record_that_is_no_object_is_left_to_the_reader(server, windowed, pull, rows):
    server.handler = lambda heard: server.json({"items": [*rows(1), '{"id": "half', 3, None]})
    assert len(pull(windowed())) == 1


def test_a_guard_that_stops_a_pull_leaves_nothing_to_resume(server, windowed, pull, landed, rows, honest):
    """What mends the cause may change the pages before: they are asked for again."""
    well = honest(server, rows(4))
    stranger = {"items": [{**ROW, "id": "x", "at": "2020-01-01T00:00:00Z"}]}
    server.handler = lambda heard: server.json(stranger) if heard.params.get("cursor") else well(heard)
    with pytest.raises(SymetrieError, match=r"page 2 of .*: 1 of its 1 rows lie outside"):
        pull(windowed())
    server.handler = well
    pull(windowed())
    assert [len(page["items"]) for page in landed()] == [2, 2]
    assert [heard.params.get("cursor") for heard in server.heard] == [None, "2", None, "2"]
