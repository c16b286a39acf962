"""The mail: once each, at least; nobody's trouble is anybody else's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from pipelines.delivery.outbox import settle
from pipelines.errors import SymetrieError, Unreachable
from pipelines.warehouse.tables import outbox

MINUTES = timedelta(minutes=1)


def test_nothing_leaves_before_the_hour(small_house, serve, saturday):
    """A minute to seven: Friday's answer is not due, Thursday's was."""
    small_house.people(claire="lille")
    box = serve()
    saturday.shift(-MINUTES)
    assert small_house.deliver(box).sent_count == 1
    saturday.shift(MINUTES)
    assert small_house.deliver(box).sent_count == 1
    with small_house.warehouse.reading() as connection:
        days = connection.scalars(sa.select(outbox.c.business_date).order_by(outbox.c.business_date)).all()
    assert days == [date(2026, 11, 19), date(2026, 11, 20)]


def test_now_waits_for_no_hour(small_house, serve, saturday):
    small_house.people(claire="lille")
    box = serve()
    saturday.shift(-60 * MINUTES)
    assert small_house.deliver(box, business_date=date(2026, 11, 20)).sent_count == 0
    assert small_house.deliver(box, business_date=date(2026, 11, 20), at_once=True).sent_count == 1


def test_the_house_gives_up_in_the_end(small_house, serve, saturday):
    """After 24 hours, with the last words of the server."""
    small_house.people(bob="lille")
    box = serve()
    box.at_rcpt = lambda address, time: "450 4.2.0 Greylisted"
    small_house.deliver(box)
    saturday.shift(timedelta(hours=23, minutes=50))
    (dead,) = small_house.deliver(box).dead
    assert dead.words == "given up after 2 tries: 450 4.2.0 Greylisted"


def test_a_connection_closed_in_between_is_opened_again(small_house, serve, saturday):
    """A server that ends every connection after two messages: nobody waits for that."""
    small_house.people(**{f"p{number}": "lille" for number in range(5)})
    box = serve()
    box.at_mail = lambda sender, message: "421 4.7.0 Too many messages" if message > 2 else "250 OK"
    assert small_house.deliver(box).sent_count == 5
    assert box.connections == 3


@pytest.mark.parametrize("point", ["at_mail", "at_rcpt", "at_data"])
def test_421_closes_the_connection_and_the_others_go_on(small_house, serve, saturday, point):
    small_house.people(ann="lille", bob="lille", cleo="lille")
    box = serve()
    refused = []

    def once(about, number):
        if refused:
            return "250 OK"
        refused.append(about)
        return "421 4.3.2 Closing"

    setattr(box, point, once)
    assert small_house.deliver(box).sent_count == 2
    saturday.shift(5 * MINUTES)
    assert small_house.deliver(box).sent_count == 1
    assert len(box.ids) == len(set(box.ids)) == 3


def test_a_connection_dropped_after_the_message_is_sent_again_under_the_same_id(small_house, serve, saturday):
    """Nobody knows whether it was taken: at least once."""
    small_house.people(ann="lille", bob="lille")
    box = serve()
    box.after_data = lambda address, time: "close" if "ann" in address and time == 1 else "250 OK"
    standing = small_house.deliver(box)
    assert standing.sent_count == 1
    assert "taken or not" in standing.waiting[0].words
    saturday.shift(5 * MINUTES)
    assert small_house.deliver(box).sent_count == 1
    assert sorted(box.to) == ["ann@example.com", "ann@example.com", "bob@example.com"]
    assert len(set(box.ids)) == 2


def test_a_server_that_is_down_kills_nothing_and_the_mail_leaves_when_it_is_back(small_house, run_server, saturday):
    small_house.people(ann="lille", bob="lille")
    with run_server() as box:
        small_house.port = box.port
    with pytest.raises(Unreachable, match=r"mail server 127\.0\.0\.1:\d+ cannot be reached: .*refused"):
        small_house.deliver()
    mails = small_house.mails()
    assert {(mail.status, mail.attempt_count) for mail in mails.values()} == {("waiting", 0)}
    assert "cannot be reached" in mails["ann"].last_error
    with run_server(box, port=small_house.port):
        assert small_house.deliver(box).sent_count == 2


def test_a_sender_that_is_refused_kills_nobody_s_mail(small_house, serve, saturday):
    """It concerns every mail: one line says so, and all of them wait."""
    small_house.people(ann="lille", bob="lille")
    box = serve()
    box.at_mail = lambda sender, message: "550 5.7.1 Not your address"
    with pytest.raises(SymetrieError, match=r"lets bonjour@symetrie\.example send nothing: 550 5\.7\.1"):
        small_house.deliver(box)
    assert {mail.status for mail in small_house.mails().values()} == {"waiting"}


def test_a_dead_letter_leaves_when_its_address_is_mended_and_it_is_asked_for(small_house, serve, saturday):
    small_house.people(ann="lille")
    box = serve()
    box.at_rcpt = lambda address, time: "550 Unknown" if address == "ann@example.com" else "250 OK"
    small_house.deliver(box)
    (ann,) = small_house.settings.recipients
    mended = ann.model_copy(update={"email": "anne@example.com"})
    small_house.settings = replace(small_house.settings, recipients=(mended,))
    assert small_house.deliver(box).sent_count == 0
    assert small_house.deliver(box, resend=True).is_well
    assert box.to == ["anne@example.com"]


def test_a_sender_with_another_domain_does_not_send_twice(small_house, serve, saturday):
    """The Message-ID carries the sender's domain; what is sent once is sent, whatever its name."""
    small_house.people(ann="lille")
    box = serve()
    small_house.deliver(box)
    small_house.with_delivery(sender="hello@elsewhere.example")
    assert small_house.deliver(box).sent_count == 0


def test_a_message_that_cannot_be_made_stops_none_of_the_others(small_house, serve, saturday):
    small_house.people(ann="lille", bob="lille")
    ann, bob = small_house.settings.recipients
    odd = ann.model_copy(update={"email": f"ann@{'a' * 64}.example"})
    small_house.settings = replace(small_house.settings, recipients=(odd, bob))
    box = serve()
    (dead,) = small_house.deliver(box).dead
    assert "no mail can be made of it" in dead.words
    assert box.to == ["bob@example.com"]


def test_without_a_block_of_settings_nothing_is_mailed_and_that_is_said(small_house, saturday):
    small_house.settings = replace(small_house.settings, delivery=None)
    with pytest.raises(SymetrieError, match=r"nothing is mailed: symetrie\.yaml has no block `delivery`"):
        small_house.deliver()


def test_a_morning_that_is_late_is_told(small_house, serve, saturday):
    """Waiting is no trouble for an hour; then it is, and so is what was never queued."""
    small_house.people(ann="lille")
    box = serve()
    box.at_rcpt = lambda address, time: "450 Later"
    assert small_house.deliver(box).is_well
    saturday.shift(60 * MINUTES)
    (late,) = small_house.deliver(box).late
    assert (late.recipient_id, late.words) == ("ann", "450 Later")


def test_a_dead_letter_is_forgotten_once_a_later_mail_has_arrived(small_house, serve, saturday):
    small_house.people(ann="lille")
    box = serve()
    box.at_rcpt = lambda address, time: "550 Unknown" if time == 1 else "250 OK"
    assert len(small_house.deliver(box).dead) == 1
    saturday.shift(timedelta(days=1))
    assert small_house.deliver(box).dead == ()


def test_a_dead_letter_of_a_unit_that_somebody_has_left_is_history(small_house, serve, saturday):
    """Nothing can send it again and no later mail outruns it; who is still there is told as before."""
    small_house.people(ann="lille", bob="lille")
    box = serve()
    box.at_rcpt = lambda address, time: "550 Unknown"
    assert len(small_house.deliver(box).dead) == 2
    small_house.people(ann="midway", bob="lille")
    box.at_rcpt = lambda address, time: "250 OK"
    assert [each.recipient_id for each in small_house.deliver(box).dead] == ["bob"]
    small_house.people(ann="lille", bob="lille")
    assert len(small_house.deliver(box).dead) == 2


@pytest.mark.parametrize(("seconds", "sizes"), [(0, [10, 10, 5]), (20, [3] * 8 + [1]), (90, [1] * 25)])
def test_a_fast_server_s_mails_are_settled_ten_at_once_and_a_slow_one_s_sooner(
    small_house, serve, saturday, monkeypatch, seconds, sizes
):
    small_house.people(**{f"p{number}": "lille" for number in range(25)})
    box, settled = serve(), []

    def takes_its_time(address, time):
        saturday.shift(timedelta(seconds=seconds))
        return "250 OK"

    def noted(warehouse, some):
        settled.append(len(some))
        settle(warehouse, some)

    box.at_data = takes_its_time
    monkeypatch.setattr("pipelines.delivery.delivering.settle", noted)
    assert small_house.deliver(box).sent_count == 25
    assert settled == sizes


def test_a_unit_that_is_not_open_yet_owes_no_mail(small_house, serve, saturday):
    small_house.people(zoe="brest")
    standing = small_house.deliver(serve())
    assert (standing.sent_count, standing.is_well) == (0, True)
    assert small_house.mails() == {}


def test_many_mails_go_through_one_connection_and_say_how_far_they_are(small_house, serve, saturday):
    """More than one claim holds, each person once."""
    small_house.people(**{f"p{number}": "lille" for number in range(210)})
    box = serve()
    told: list[tuple[int, int]] = []
    small_house.deliver(box, on_progress=lambda done, total: told.append((done, total)))
    assert len(set(box.ids)) == len(box.ids) == 210
    assert box.connections == 1
    assert told == sorted(told)
    assert told[-1] == (210, 210)
