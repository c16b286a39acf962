"""Real servers that refuse, delay, lie, drop and redirect: each message is delivered or listed, none is lost."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from pipelines.connections import Connection

MINUTES = timedelta(minutes=1)
DAY = timedelta(days=1)
FRIDAY = date(2026, 11, 20)


def test_a_channel_is_told_once_however_often_the_step_runs(house, hook, saturday, row):
    """Nor when the day is replayed, nor a quarter of an hour later."""
    server = hook()
    house.channel(to=server.url).shows(row())
    assert house.tell().sent_count == 1
    house.shows(row())
    saturday.shift(15 * MINUTES)
    assert house.tell().sent_count == house.tell(business_date=FRIDAY).sent_count == 0
    (posted,) = server.taken
    assert posted.document["text"].startswith("Lyon Part-Dieu\u00a0: la considération en baisse de 12 points depuis")
    assert house.notices() == [("ops", "opened", FRIDAY)]
    (message,) = house.messages()
    assert (message.status, message.due_at) == ("sent", datetime(2026, 11, 21, 6, tzinfo=UTC))


NO_CONTENT = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"


def test_over_a_day_each_message_is_delivered_or_listed_as_undelivered(small_house, hook, saturday, row, say):
    """Whatever the servers do: refuse, lie, hang, drop, redirect, and come back after a while or never."""
    ok, heals = say("200 OK", "ok"), lambda bad: lambda time: bad if time < 3 else say("200 OK", "ok")
    scripts = {
        "ok": lambda time: ok,
        "dropping": heals(None),
        "hanging": heals("hang"),
        "failing": heals(say("500 Server Error", "rollup_error")),
        "busy": heals(say("429 Too Many Requests", "rate_limited", "Retry-After: 30")),
        "proxy": heals(say("200 OK", "<html>Log in first</html>")),
        "redirecting": heals(say("302 Found", "", "Location: https://login.example.com/T0SECRET")),
        "lying": lambda time: say("200 OK", "invalid_payload"),
        "gone": lambda time: say("410 Gone", "channel_is_archived"),
        "never": lambda time: say("503 Unavailable"),
    }
    servers = {name: hook(script) for name, script in scripts.items()}
    for name, server in servers.items():
        small_house.channel(name, to=server.url)
    small_house.shows(row())
    standing, sent = small_house.tell(), 1
    assert (standing.sent_count, len(standing.waiting), len(standing.dead)) == (1, 7, 2)
    for hours in (0.1, 0.5, 0.5, 23, 1):
        saturday.shift(timedelta(hours=hours))
        standing = small_house.tell()
        sent += standing.sent_count
    assert sent == 7
    assert {each.recipient_id: each.words for each in standing.dead} == {
        "lying": "127.0.0.1 answers 200 but invalid_payload",
        "gone": "127.0.0.1 answers 410 channel_is_archived",
        "never": "given up after 5 tries: 127.0.0.1 answers 503",
    }
    assert standing.waiting == ()
    assert {name: len(server.taken) for name, server in servers.items()} == {
        "ok": 1, "dropping": 3, "hanging": 3, "failing": 3, "busy": 3, "proxy": 3, "redirecting": 3,
        "lying": 1, "gone": 1, "never": 5,
    }  # fmt: skip
    assert len(small_house.notices()) == 10


def test_the_channel_says_when_to_come_back(small_house, hook, saturday, row, say):
    server = hook(
        lambda time: say("429 Too Many Requests", "", "Retry-After: 1500") if time == 1 else say("200 OK", "ok")
    )
    small_house.channel(to=server.url).shows(row()).tell()
    saturday.shift(24 * MINUTES)
    assert small_house.tell().sent_count == 0
    saturday.shift(MINUTES)
    assert small_house.tell().sent_count == 1


def test_who_asks_for_a_year_is_asked_once_more_before_the_house_gives_up(small_house, hook, saturday, row, say):
    server = hook(lambda time: say("429 Too Many Requests", "", "Retry-After: 31536000"))
    small_house.channel(to=server.url).shows(row()).tell()
    saturday.shift(23 * 60 * MINUTES)
    assert (small_house.tell().dead, len(server.taken)) == ((), 1)
    saturday.shift(60 * MINUTES)
    (dead,) = small_house.tell().dead
    assert (dead.words, len(server.taken)) == ("given up after 2 tries: 127.0.0.1 answers 429", 2)


def test_a_message_that_was_perhaps_taken_goes_again_under_the_same_identifier(small_house, hook, saturday, row):
    server = hook(lambda time: None if time == 1 else NO_CONTENT)
    (waiting,) = small_house.channel(kind="webhook", to=server.url).shows(row()).tell().waiting
    assert waiting.words == "127.0.0.1: the connection was lost, the message taken or not"
    saturday.shift(5 * MINUTES)
    assert small_house.tell().sent_count == 1
    first, second = (request.headers["idempotency-key"] for request in server.taken)
    assert first == second


def test_a_server_that_is_not_there_is_tried_for_a_day_and_then_listed_until_it_is_sent_again(
    small_house, hook, saturday, row
):
    with_server = hook()
    small_house.channel(to="http://127.0.0.1:1/services/T0SECRET").shows(row())
    (waiting,) = small_house.tell().waiting
    assert waiting.words == "127.0.0.1: it cannot be reached"
    saturday.shift(61 * MINUTES)
    assert [late.recipient_id for late in small_house.tell().late] == ["ops"]
    saturday.shift(DAY)
    (dead,) = small_house.tell().dead
    assert dead.words.startswith("given up after 3 tries: 127.0.0.1: it cannot be reached")
    small_house.secrets["ops"] = Connection("http", password=with_server.url)
    saturday.shift(DAY)
    assert len(small_house.tell().dead) == 1
    assert small_house.tell(business_date=FRIDAY, resend=True).dead == ()
    assert len(with_server.taken) == 1


def test_a_redirect_is_not_followed_and_names_only_the_host(small_house, hook, saturday, row, say):
    other = hook()
    server = hook(lambda time: say("307 Temporary Redirect", "", f"Location: {other.url}"))
    (waiting,) = small_house.channel(to=server.url).shows(row()).tell().waiting
    assert other.taken == []
    assert waiting.words == (
        "127.0.0.1 answers 307 a redirect to 127.0.0.1, which is not followed; "
        "put the right address into the connection"
    )


def test_the_address_of_a_webhook_is_shown_nowhere(small_house, hook, saturday, row, say, caplog):
    """Though the server repeats it in its error."""
    caplog.set_level("DEBUG", logger="pipelines")
    server = hook(lambda time: say("404 Not Found", f"no such path {server.taken[-1].path} at {server.url}"))
    standing = small_house.channel(to=server.url).shows(row()).tell()
    shown = f"{standing} {small_house.messages()} {caplog.text}"
    assert "no such path ***" in shown
    for secret in ("T0SECRET", "B0SECRET", "hunter2", "s3cr3tsig"):
        assert secret not in shown


def test_a_channel_that_suffers_stops_none_of_the_others(small_house, hook, saturday, row, say):
    """A refusal, a connection that is not known, an address that is none, a proxy that hangs."""
    good = hook()
    small_house.channel("dead", to=hook(lambda time: say("404 Not Found")).url)
    small_house.channel("unknown", to="x")
    del small_house.secrets["unknown"]
    small_house.channel("none", to="hooks.example.com/T0SECRET")
    small_house.channel("plain", to="http://hooks.example.com/T0SECRET")
    small_house.channel("slow", to=hook(lambda time: "hang").url)
    small_house.channel("teams", kind="teams", to=good.url).channel("good", to=good.url)
    standing = small_house.shows(row()).tell()
    assert (standing.sent_count, len(good.taken)) == (2, 2)
    assert [each.recipient_id for each in standing.dead] == ["dead"]
    assert {each.recipient_id: each.words for each in standing.waiting} == {
        "unknown": "connection 'unknown' is not known; set AIRFLOW_CONN_UNKNOWN",
        "none": "channel none: connection 'none' holds no address of a webhook; give it whole, https://…, as the"
        " connection's password",
        "plain": "channel plain: the address in connection 'plain' is not encrypted; write https:// as the service"
        " gave it",
        "slow": "127.0.0.1: no answer within 0.4 seconds, the message taken or not",
    }


def test_a_webhook_is_signed_as_standard_webhooks_are(small_house, hook, saturday, row):
    server = hook(lambda time: NO_CONTENT)
    small_house.channel(kind="webhook", to=server.url).shows(row()).tell()
    (request,) = server.taken
    signed = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.".encode() + request.body
    expected = base64.b64encode(hmac.new(b"hunter2hunter2", signed, hashlib.sha256).digest()).decode()
    assert request.headers["webhook-signature"] == f"v1,{expected}"
    assert request.headers["webhook-timestamp"] == "1795240800"
    assert request.document["message_id"] == request.headers["idempotency-key"] == request.headers["webhook-id"]


def test_a_mail_server_that_drops_after_the_data_has_the_mail_again_under_the_same_id(
    small_house, postbox, saturday, row
):
    box = postbox(after_data=lambda time: "close" if time == 1 else "250 OK")
    small_house.with_mail(box).channel(kind="email").shows(row())
    (waiting,) = small_house.tell().waiting
    assert waiting.words.startswith("connection lost, the message taken or not")
    saturday.shift(5 * MINUTES)
    assert small_house.tell().sent_count == 1
    first, second = box.taken
    assert first["Message-ID"] == second["Message-ID"]
    assert second["Subject"].startswith("Lyon Part-Dieu : la considération en baisse de 12 points")
    assert second["To"] == "ops@example.com"


def test_a_mail_server_that_is_not_there_keeps_no_webhook_waiting(small_house, hook, postbox, saturday, row):
    box, server = postbox(), hook()
    small_house.with_mail(box).channel("mail", kind="email").channel("slack", to=server.url).shows(row())
    small_house.secrets["relay"] = Connection("smtp", "127.0.0.1", port=1)
    standing = small_house.tell()
    assert (standing.sent_count, [each.recipient_id for each in standing.waiting]) == (1, ["mail"])


def test_two_senders_at_once_tell_each_channel_once(house, hook, saturday, row):
    from concurrent.futures import ThreadPoolExecutor

    server = hook()
    for number in range(6):
        house.channel(f"ops-{number}", to=server.url)
    house.shows(row())
    with ThreadPoolExecutor() as pool:
        senders = [pool.submit(house.tell, apart=True) for _ in range(2)]
    assert sum(sender.result().sent_count for sender in senders) == 6
    assert len(server.taken) == 6
    assert len(house.notices()) == 6


def test_what_a_dead_sender_had_claimed_is_taken_again_when_its_lease_is_over(house, hook, saturday, row, monkeypatch):
    server = hook()
    house.channel(to=server.url).shows(row())

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr("pipelines.alerts.telling.delivering.settle_in", killed)
        with pytest.raises(KeyboardInterrupt):
            house.tell()
    for minutes, sent in ((10, 0), (1, 1)):
        saturday.shift(minutes * MINUTES)
        assert house.tell().sent_count == sent
    assert len(server.taken) == 2  # at least once: the first had arrived


def test_a_message_that_cannot_be_made_stops_none_of_the_others(small_house, hook, saturday, row, monkeypatch):
    from pipelines.alerts.telling import delivering

    server, make = hook(), delivering.rendered

    def fails_once(telling, channel, locale):
        if channel.id == "bad":
            raise KeyError("what a client said")
        return make(telling, channel, locale)

    monkeypatch.setattr(delivering, "rendered", fails_once)
    standing = small_house.channel("bad", to=server.url).channel("good", to=server.url).shows(row()).tell()
    assert standing.sent_count == 1
    assert standing.waiting[0].words == "the message cannot be made (KeyError); this is a defect of symetrie"


def test_a_channel_that_the_settings_no_longer_know_is_told_nothing(small_house, hook, saturday, row, say):
    server = hook(lambda time: say("500 Error"))
    small_house.channel(to=server.url).shows(row()).tell()
    small_house.alerts = small_house.alerts.model_copy(update={"channels": ()})
    saturday.shift(5 * MINUTES)
    assert (small_house.tell().waiting, small_house.messages(), len(server.taken)) == ((), [], 1)


def test_what_was_erased_before_it_could_be_told_leaves_no_message(small_house, hook, saturday, row, say):
    server = hook(lambda time: say("500 Error"))
    small_house.channel(to=server.url).shows(row()).tell()
    small_house.shows()
    saturday.shift(5 * MINUTES)
    assert (small_house.tell().waiting, small_house.messages(), len(server.taken)) == ((), [], 1)


def test_what_is_sent_later_reads_as_it_stands_then(small_house, hook, saturday, row, say):
    server = hook(lambda time: say("500 Error") if time == 1 else say("200 OK", "ok"))
    small_house.channel(to=server.url).shows(row()).tell()
    small_house.shows(replace(row(), size_points=-15.0))
    saturday.shift(5 * MINUTES)
    small_house.tell()
    assert "15 points" in server.taken[1].document["text"]
