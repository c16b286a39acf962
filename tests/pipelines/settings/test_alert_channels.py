"""Channels as the settings declare them: reachable, in the network, once each."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest
from pydantic import ValidationError

from pipelines.settings import Network, Unit
from pipelines.settings.alert_channels import AlertChannels, Channel, check_channels
from pipelines.settings.errors import Problems
from pipelines.settings.reading import read_document

ONE_TOP = Network(
    (Unit("shops", "network", "Shops", "Europe/Paris"), Unit("lyon", "site", "Lyon", "Europe/Paris", "shops"))
)
TWO_TOPS = Network((*ONE_TOP.units, Unit("online", "network", "Online", "Europe/Paris")))


def problems_of(tmp_path: Path, written: str, network: Network = ONE_TOP, *, has_mail_server: bool = True) -> list[str]:
    file = tmp_path / "symetrie.yaml"
    file.write_text(written)
    document = read_document(file, {})
    problems = Problems(())
    alerts = AlertChannels.model_validate(document.block("alerts"))
    check_channels(alerts, network, has_mail_server=has_mail_server, document=document, problems=problems)
    if not problems:
        return []
    return [line.partition("symetrie.yaml:")[2] for line in str(problems.as_error(file)).splitlines()]


def test_a_channel_hears_of_everything_from_seven_unless_it_says_otherwise():
    channel = Channel(id="ops", kind="slack", connection="ops_slack")
    assert (channel.lanes, channel.severity, channel.urgent) == (("case", "signal", "news"), 1, ("source_silent",))
    assert (channel.unit, channel.hour, channel.all_clear, channel.words) == (None, None, False, True)
    assert Channel(id="ops", kind="slack", connection="x", hour="9:30").hour == time(9, 30)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"kind": "slack"}, "of kind slack needs connection, where the webhook's address is, and no `to`"),
        ({"kind": "teams", "connection": "x", "to": "a@b.example"}, "of kind teams needs connection"),
        ({"kind": "email"}, "of kind email needs to, an address, and no connection"),
        ({"kind": "email", "to": "a@b.example", "connection": "x"}, "of kind email needs to"),
        ({"kind": "sms", "connection": "x"}, "Input should be 'slack', 'teams', 'webhook' or 'email'"),
        ({"kind": "slack", "connection": "x", "lanes": []}, "at least 1 item"),
        ({"kind": "slack", "connection": "x", "severity": 4}, "Input should be 1, 2 or 3"),
        ({"kind": "slack", "connection": "x", "urgent": ["fire"]}, "Input should be 'unhappy_client'"),
    ],
)
def test_a_channel_that_cannot_work_says_what_it_needs(given, said):
    with pytest.raises(ValidationError, match=said):
        Channel(id="ops", **given)


@pytest.mark.parametrize(
    "url",
    [
        "/alerts/{alert_id}",
        "https://x.example/alerts",
        "https://x/{id}",
        "https://x/{locale}",
        "https://x/{alert_id}/{alert_id}",
        "https://x.example/a b/{alert_id}",
        "javascript:{alert_id}",
    ],
)
def test_a_page_is_an_address_with_the_id_in_it_once(url):
    for written in ("https://voice.example.com/alerts/{alert_id}?lang=fr", "https://x.example/{locale}/{alert_id}"):
        assert AlertChannels(page_url=written).page_url == written
    with pytest.raises(ValidationError, match=r"must be an address with \{alert_id\} in it"):
        AlertChannels(page_url=url)


def test_what_a_channel_names_must_be_there(tmp_path):
    written = """\
alerts:
  channels:
    - {id: ops, kind: slack, connection: a, unit: lyom}
    - {id: ops, kind: slack, connection: a, unit: lyon}
    - {id: mail, kind: email, to: a@b.example}
"""
    assert problems_of(tmp_path, written, has_mail_server=False) == [
        "3: alerts.channels[0].unit: there is no unit 'lyom'; did you mean 'lyon'?",
        "4: alerts.channels[1].id: 'ops' also stands on line 3; choose another",
        "5: alerts.channels[2].kind: is email, and there is no block `delivery` with a mail server",
    ]


def test_where_there_are_several_top_units_a_channel_says_which(tmp_path):
    """They may be partitions that must never be seen together."""
    written = "alerts:\n  channels:\n    - {id: ops, kind: slack, connection: a}\n"
    assert problems_of(tmp_path, written) == []
    assert problems_of(tmp_path, written, TWO_TOPS) == [
        "3: alerts.channels[0].unit: is missing; there are several top units: write one of shops, online"
    ]


def test_the_example_of_the_documentation_is_understood(tmp_path):
    """As it is written, digits and all: of the file every value is read as a text."""
    text = (Path(__file__).parents[3] / "docs" / "alert-channels.md").read_text(encoding="utf-8")
    example = text.partition("```yaml\n")[2].partition("```")[0]
    south = Network((*ONE_TOP.units, Unit("region-south", "region", "South", "Europe/Paris", "shops")))
    assert problems_of(tmp_path, example, south) == []
    file = tmp_path / "symetrie.yaml"
    channels = AlertChannels.model_validate(read_document(file, {}).block("alerts")).channels
    assert [(channel.id, channel.severity) for channel in channels] == [
        ("ops", 1), ("south", 1), ("tickets", 2), ("direction", 3),
    ]  # fmt: skip
