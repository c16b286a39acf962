"""What the server asks for in Retry-After is honoured, capped, and ignored where it makes no sense."""

from __future__ import annotations

import types
from datetime import UTC, datetime

import pytest

from pipelines.settings.rest_source import Http
from pipelines.sources.rest.waiting import NotYet, retry_after, wait_for

NOW = datetime(2026, 11, 20, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("0", 0),
        ("7", 7),
        (" 120 ", 120),
        ("99999999999999999999999", 1e23),
        ("-5", None),
        ("1.5e3", None),
        ("soon", None),
        ("٣", None),
        ("Fri, 20 Nov 2026 05:31:00 GMT", 60),
        ("Friday, 20-Nov-26 05:31:00 GMT", 60),
        ("Fri, 20 Nov 2026 06:31:00 +0100", 60),
        ("Fri, 20 Nov 2026 05:30:01 GMT", 1),
        ("Fri, 20 Nov 2026 05:30:00 GMT", None),
        ("Fri, 20 Nov 2026 05:29:00 GMT", None),
        ("Fri, 31 Feb 2026 05:29:00 GMT", None),
        ("Thu, 01 Jan 9999 00:00:00 GMT", 251_575_612_200),
    ],
)
def test_retry_after_is_seconds_or_a_date(header, seconds):
    assert retry_after(header, NOW) == seconds


@pytest.mark.parametrize(
    ("asked", "attempt", "waited"),
    [(None, 1, 1), (None, 2, 2), (None, 5, 16), (None, 60, 60), (7.0, 3, 7), (1e23, 1, 300), (0.0, 4, 0)],
)
def test_the_wait_is_what_is_asked_for_within_a_bound_else_doubled(asked, attempt, waited):
    outcome = types.SimpleNamespace(exception=lambda: NotYet("429", asked))
    state = types.SimpleNamespace(outcome=outcome, attempt_number=attempt)
    assert wait_for(Http(), chance=lambda: 0)(state) == waited


def test_chance_adds_up_to_a_quarter_to_a_wait_of_our_own_and_nothing_to_the_servers():
    for asked, waited in ((None, 5), (4.0, 4)):
        outcome = types.SimpleNamespace(exception=lambda asked=asked: NotYet("429", asked))
        state = types.SimpleNamespace(outcome=outcome, attempt_number=3)
        assert wait_for(Http(), chance=lambda: 1)(state) == waited


@pytest.mark.parametrize(
    "header",
    [None, "0", "-3", "never", "99999999999", "Fri, 20 Nov 2020 05:31:00 GMT", "Thu, 01 Jan 9999 00:00:00 GMT"],
)
def test_too_many_requests_are_asked_again_whatever_the_header_says(header, server, source, pull, landed):
    """An absurd wait is cut to the longest one that the settings allow."""
    headers = {} if header is None else {"Retry_After": header}
    server.first(server.json({}, 429, **headers))
    server.handler = lambda heard: server.json([{"id": "1"}])
    pull(source(http={"max_retry_after_seconds": 0.01}))
    assert landed() == [[{"id": "1"}]]
    assert len(server.heard) == 2


def test_requests_keep_to_the_rate(server, source, pull, landed):
    """Five requests at ten a second: measured on the server, with room for a slow machine."""
    pages = {"": "1", "1": "2", "2": "3", "3": "4", "4": None}
    server.handler = lambda heard: server.json(
        {"items": [{"id": heard.params.get("c", "0")}], "next": pages[heard.params.get("c", "")]}
    )
    paged = {"kind": "cursor", "parameter": "c", "next": "next"}
    pull(source(records="items", pagination=paged, http={"requests_per_second": 10}))
    assert len(landed()) == 5
