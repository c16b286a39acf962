"""What the answers of webhooks mean: a status of 200 alone says little."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipelines.alerts.posting.address import WebhookAddress
from pipelines.alerts.posting.answers import judged
from pipelines.alerts.posting.request import Posted
from pipelines.connections import Connection
from pipelines.delivery.leasing import ACCEPTED, POSTPONED, REFUSED

URL = "https://hooks.example.com/services/T0SECRET/B0SECRET/hunter2hunter2?sig=s3cr3t%2Fsig"
ADDRESS = WebhookAddress(URL, Connection("http", password=URL))
TEAMS = "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error {} with ContextId x"


@pytest.mark.parametrize(
    ("kind", "status", "body", "verdict"),
    [
        ("slack", 200, "ok", ACCEPTED),
        ("slack", 200, '{"ok": true}', ACCEPTED),
        ("slack", 200, '{"ok": false, "error": "invalid_blocks"}', POSTPONED),
        ("slack", 200, "invalid_payload", REFUSED),
        ("slack", 200, "rate_limited", POSTPONED),
        ("slack", 200, "", POSTPONED),
        ("slack", 200, "<html>Log in first</html>", POSTPONED),
        ("slack", 400, "invalid_payload", REFUSED),
        ("slack", 403, "action_prohibited", REFUSED),
        ("slack", 404, "no_service", REFUSED),
        ("slack", 410, "channel_is_archived", REFUSED),
        ("slack", 500, "rollup_error", POSTPONED),
        ("teams", 202, "", ACCEPTED),
        ("teams", 200, "1", ACCEPTED),
        ("teams", 200, TEAMS.format(413), REFUSED),
        ("teams", 200, TEAMS.format(429), POSTPONED),
        ("teams", 200, TEAMS.format(500), POSTPONED),
        ("teams", 200, '{"error": {"code": "WorkflowTriggerIsNotEnabled"}}', POSTPONED),
        ("teams", 400, '{"error": {"code": "TriggerInputSchemaMismatch"}}', REFUSED),
        ("webhook", 204, "", ACCEPTED),
        ("webhook", 201, '{"id": 7, "error": null}', ACCEPTED),
        ("webhook", 200, "thanks", ACCEPTED),
        ("webhook", 200, '{"success": false}', POSTPONED),
        ("webhook", 200, '{"status": 503}', POSTPONED),
        ("webhook", 200, "Error: cannot connect to the queue", POSTPONED),
        ("webhook", 200, "<!doctype html>", POSTPONED),
        ("webhook", 408, "", POSTPONED),
        ("webhook", 425, "", POSTPONED),
        ("webhook", 429, "", POSTPONED),
        ("webhook", 302, "", POSTPONED),
        ("webhook", 502, "", POSTPONED),
    ],
)
def test_an_answer_is_judged_by_its_body_as_well(kind, status, body, verdict):
    assert judged(kind, ADDRESS, Posted(status, body)).verdict == verdict


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"error": {"code": "TriggerInputSchemaMismatch", "message": "no card"}}', "no card"),
        ('{"received": {"words": "what a client said"}}', "a JSON document"),
        ("<html><h1>what a client said</h1></html>", "an HTML page"),
        ("one\ntwo", "one"),
        (f"no {URL} here, nor /services/T0SECRET/B0SECRET/hunter2hunter2, nor T0SECRET, nor s3cr3t/sig", "no ***"),
    ],
)
def test_what_a_server_says_is_kept_without_addresses_and_without_what_it_repeats(body, said):
    words = judged("webhook", ADDRESS, Posted(400, body)).words
    assert words.startswith(f"hooks.example.com answers 400 {said}")
    assert not any(secret in words for secret in ("T0SECRET", "hunter2", "s3cr3t", "client"))


def test_it_says_how_long_the_server_asks_to_wait():
    now = datetime(2026, 11, 21, 6, tzinfo=UTC)
    asked = Posted(429, "", retry_after="Sat, 21 Nov 2026 06:02:00 GMT")
    assert judged("slack", ADDRESS, asked, now).retry_after_seconds == 120
    assert judged("slack", ADDRESS, Posted(503, "", retry_after="30"), now).retry_after_seconds == 30
    assert judged("slack", ADDRESS, Posted(503, ""), now).retry_after_seconds is None
