"""The mail itself: readable everywhere, and nothing from outside can write a header of its own."""

from __future__ import annotations

from datetime import UTC, date, datetime
from email import message_from_bytes
from email.policy import default

import pytest

from pipelines.delivery.message import mail_message
from pipelines.delivery.message_id import EMAIL, message_id
from pipelines.delivery.outbox import Claimed

MOMENT = datetime(2026, 11, 21, 6, tzinfo=UTC)
ID = message_id(date(2026, 11, 20), "claire", "lille", EMAIL, "symetrie.example")


def made(*, name="Claire", subject="Oui", address="claire@example.com", sender="Symétrie <bonjour@symetrie.example>"):
    mail = Claimed(
        message_id=ID,
        recipient_id="claire",
        address=address,
        locale="fr",
        attempt_count=0,
        created_at=MOMENT,
        claimed_at=MOMENT,
        subject=subject,
        body_text="Oui, vos clients étaient contents hier.\n",
        body_html=f"<!doctype html><p>Oui, vos clients étaient contents hier.</p><!--{'x' * 3000}-->",
    )
    return mail_message(mail, name=name, sender=sender, written_at=MOMENT)


def read(message):
    return message_from_bytes(message.as_bytes(), policy=default)


def test_a_mail_says_who_writes_to_whom_when_and_that_nobody_need_answer():
    message = read(made())
    assert message["From"] == "Symétrie <bonjour@symetrie.example>"
    assert message["To"] == "Claire <claire@example.com>"
    assert message["Date"].datetime == MOMENT
    assert message["Message-ID"] == ID
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"] == "<symetrie.symetrie.example>"
    assert message["Content-Language"] == "fr"
    assert message["MIME-Version"] == "1.0"


def test_a_mail_is_text_and_the_same_as_a_page_without_anything_attached():
    message = read(made())
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert message.get_body(("plain",)).get_content().strip() == "Oui, vos clients étaient contents hier."
    assert "étaient contents hier" in message.get_body(("html",)).get_content()


def test_every_line_is_short_and_in_ascii_so_that_every_server_takes_it():
    raw = made(name="Zoë " * 60, subject="Été à Nîmes 🎉 " * 40).as_bytes()
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    assert b"\n" not in raw.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    "hostile",
    [
        "Nice\r\nBcc: all@example.org",
        "Nice\nBcc: all@example.org",
        "Nice\rBcc: all@example.org",
        "Nice\u2028Bcc: all@example.org",
        "Nice\x0bBcc: all@example.org",
        "Nice\x00\x1b[31m",
        "Nice =?utf-8?q?=0D=0ABcc:_all=40example.org?=",
        'Nice" <all@example.org>, "',
        "Nice, all@example.org",
        "\u202egro.elpmaxe@lla\u202c مرحبا 🏪👩‍👩‍👧",
        "é" * 500,
        "",
    ],
)
def test_no_name_and_no_subject_writes_a_header_or_an_address(hostile):
    """Emoji, other directions of writing, line ends in all their forms, encoded ones too."""
    message = read(made(name=hostile, subject=hostile, sender="Symétrie <bonjour@symetrie.example>"))
    assert message["Bcc"] is None
    assert [address.addr_spec for address in message["To"].addresses] == ["claire@example.com"]
    assert len(message.keys()) == len(set(message.keys())) == 11
    assert not any(character in message["Subject"] for character in "\r\n\x00\x1b\u202e")


def test_the_message_id_is_the_same_for_the_same_mail_and_for_no_other():
    day = date(2026, 11, 20)
    others = {
        message_id(date(2026, 11, 19), "claire", "lille", EMAIL, "symetrie.example"),
        message_id(day, "clair", "elille", EMAIL, "symetrie.example"),
        message_id(day, "claire", "nice", EMAIL, "symetrie.example"),
        message_id(day, "claire", "lille", "chat", "symetrie.example"),
    }
    assert message_id(day, "claire", "lille", EMAIL, "symetrie.example") == ID
    assert ID == "<ad67c0d6c714047843c7945f30e60182@symetrie.example>"
    assert len(others | {ID}) == 5
