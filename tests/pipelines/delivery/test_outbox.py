"""The outbox on both engines: what waits, what was sent and what is dead, for one sender or several."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from pipelines.delivery.connecting import longest_message
from pipelines.delivery.leasing import Settled
from pipelines.delivery.outbox import claim, give_back, lease, settle
from pipelines.settings.delivery import Delivery
from pipelines.warehouse.tables import summary

MINUTES = timedelta(minutes=1)
LEASE = lease(longest_message(Delivery(connection="relay", sender="a@b.example")))


def change_the_summary_of(house, recipient, text):
    with house.warehouse.publishing() as connection:
        connection.execute(
            sa.update(summary)
            .where(summary.c.recipient_id == recipient)
            .values(body_text=text, body_html=f"<p>{text}</p>", content_hash=text)
        )


def test_everyone_has_the_summary_of_their_unit_once(house, serve, saturday):
    """Delivering again, and again a quarter of an hour later, sends nothing more."""
    house.people(claire="lille", john="maison")
    box = serve()
    assert house.deliver(box).sent_count == 2
    saturday.shift(15 * MINUTES)
    assert house.deliver(box).sent_count == 0

    assert sorted(box.to) == ["claire@example.com", "john@example.com"]
    assert len(set(box.ids)) == 2
    mails = house.mails()
    assert {mail.status for mail in mails.values()} == {"sent"}
    assert mails["claire"].sent_at == mails["claire"].due_at == datetime(2026, 11, 21, 6, tzinfo=UTC)
    assert mails["claire"].business_date == date(2026, 11, 20)


def test_a_refusal_for_ever_is_a_dead_letter_and_the_others_have_their_mail(house, serve, saturday):
    """5xx at the address, 552 at the content: dead, in the server's own words."""
    house.people(ann="lille", bob="lille", cleo="lille", dan="lille")
    box = serve()
    box.at_rcpt = lambda address, time: "550 5.1.1 <bob@example.com>: nobody here" if "bob" in address else "250 OK"
    box.at_data = lambda address, time: "552 5.3.4 Message too big" if "cleo" in address else "250 OK"

    standing = house.deliver(box)

    assert sorted(box.to) == ["ann@example.com", "dan@example.com"]
    assert standing.sent_count == 2
    assert {each.recipient_id: each.words for each in standing.dead} == {
        "bob": "550 5.1.1 <bob@example.com>: nobody here",
        "cleo": "552 5.3.4 Message too big",
    }
    assert not standing.is_well
    assert box.connections == 1
    assert house.deliver(box).sent_count == 0


def test_a_refusal_for_now_is_tried_again_later_and_later(house, serve, saturday):
    """Not before five minutes, then fifteen; sent at the third try, under the same Message-ID."""
    house.people(ann="lille", bob="lille")
    box = serve()
    box.at_rcpt = lambda address, time: "450 4.2.0 Greylisted" if "bob" in address and time < 3 else "250 OK"
    standing = house.deliver(box)
    assert (standing.sent_count, standing.is_well) == (1, True)
    assert [each.words for each in standing.waiting] == ["450 4.2.0 Greylisted"]
    first = house.mails()["bob"].message_id
    for minutes, sent in ((4, 0), (1, 0), (14, 0), (1, 1)):
        saturday.shift(minutes * MINUTES)
        assert house.deliver(box).sent_count == sent
    assert box.ids.count(first) == 1
    assert house.mails()["bob"].attempt_count == 3


def test_what_changed_before_it_is_sent_goes_as_it_reads_now(house, serve, saturday):
    house.people(ann="lille")
    box = serve()
    box.at_rcpt = lambda address, time: "450 Later" if time == 1 else "250 OK"
    house.deliver(box)
    change_the_summary_of(house, "ann", "corrected")
    saturday.shift(5 * MINUTES)
    house.deliver(box)
    assert box.taken[0].get_body(("plain",)).get_content().strip() == "corrected"
    assert house.mails()["ann"].content_hash == "corrected"


def test_what_changed_after_it_was_sent_is_sent_again_only_when_asked(house, serve, saturday):
    house.people(ann="lille", bob="lille")
    box = serve()
    house.deliver(box)
    change_the_summary_of(house, "ann", "corrected")
    assert house.deliver(box).sent_count == 0
    assert house.mails()["ann"].content_hash != "corrected"

    assert house.deliver(box, resend=True, recipient_ids=["ann"]).sent_count == 1
    assert box.to.count("ann@example.com") == 2
    assert len(set(box.ids)) == 2
    assert house.mails()["ann"].content_hash == "corrected"


def test_two_senders_at_once_send_each_mail_once(house, serve, saturday):
    house.people(**{f"p{number}": "lille" for number in range(120)})
    box = serve()
    with ThreadPoolExecutor() as pool:
        senders = [pool.submit(house.deliver, box) for _ in range(2)]
    assert sum(sender.result().sent_count for sender in senders) == 120
    assert len(box.ids) == len(set(box.ids)) == 120
    assert box.connections == 2


def test_what_a_dead_sender_had_claimed_is_taken_again_when_its_lease_is_over(house, serve, saturday):
    house.people(ann="lille")
    box = serve()
    box.at_rcpt = lambda address, time: "450 Later" if time == 1 else "250 OK"
    house.deliver(box)
    saturday.shift(5 * MINUTES)
    assert len(claim(house.warehouse, LEASE)) == 1  # and never heard of again
    for minutes, sent in ((44, 0), (2, 1)):
        saturday.shift(minutes * MINUTES)
        assert house.deliver(box).sent_count == sent


@pytest.mark.parametrize("minutes", [4, 9, 30])
def test_two_senders_send_each_mail_once_however_slow_the_server_is(house, serve, saturday, minutes):
    """Another sender looks while each message is on its way, the longest one that is waited for included."""
    people = [f"p{number}" for number in range(10)]
    house.people(**dict.fromkeys(people, "lille"))
    slow, other = serve(), serve()

    def takes_its_time(address, time):
        saturday.shift(minutes * MINUTES)
        house.deliver(other)
        return "250 OK"

    slow.at_data = takes_its_time
    assert house.deliver(slow).sent_count == 10
    assert sorted(slow.to + other.to) == sorted(f"{name}@example.com" for name in people)


def test_who_lost_a_claim_changes_nothing_of_what_the_other_sender_noted(house, serve, saturday):
    """A machine that slept with a message on its way: sent twice, noted once."""
    house.people(ann="lille")
    box = serve()
    box.at_rcpt = lambda address, time: "450 Later"
    house.deliver(box)
    saturday.shift(5 * MINUTES)
    [lost] = claim(house.warehouse, LEASE)
    saturday.shift(LEASE + MINUTES)
    [own] = claim(house.warehouse, LEASE)
    sent_at = datetime.now(UTC)
    settle(house.warehouse, [Settled(own, "sent", sent_at, sent_at)])
    noted = house.mails()
    saturday.shift(MINUTES)
    for status in ("sent", "waiting", "dead"):
        settle(house.warehouse, [Settled(lost, status, datetime.now(UTC), datetime.now(UTC), "too late")])
    give_back(house.warehouse, [lost], "too late")
    assert house.mails() == noted


def test_a_waiting_mail_goes_to_the_address_that_the_settings_hold_by_then(house, serve, saturday):
    house.people(ann="lille")
    box = serve()
    box.at_rcpt = lambda address, time: "450 Later" if time == 1 else "250 OK"
    house.deliver(box)
    (ann,) = house.settings.recipients
    house.settings = replace(house.settings, recipients=(ann.model_copy(update={"email": "anne@example.com"}),))
    saturday.shift(20 * MINUTES)
    house.deliver(box)
    saturday.shift(20 * MINUTES)
    house.deliver(box)
    assert box.to == ["anne@example.com"]


def test_people_who_left_have_no_mail_any_more(house, serve, saturday):
    house.people(ann="lille", bob="lille")
    box = serve()
    box.at_rcpt = lambda address, time: "450 Later" if time == 1 else "250 OK"
    house.deliver(box)
    house.people(ann="lille")
    saturday.shift(5 * MINUTES)
    assert house.deliver(box).is_well
    assert box.to == ["ann@example.com"]
