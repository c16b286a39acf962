"""The address of a webhook: given whole as a password, encrypted, and shown nowhere."""

from __future__ import annotations

import pytest

from pipelines.alerts.posting.address import webhook_address
from pipelines.connections import Connection
from pipelines.errors import SymetrieError
from pipelines.settings.alert_channels import Channel

SLACK = Channel(id="ops", kind="slack", connection="ops_slack")
HOOK = "https://hooks.slack.com/services/T0/B0/hunter2hunter2"


def test_the_address_is_the_password_of_its_connection():
    assert webhook_address(SLACK, Connection("http", password=f" {HOOK}\n")).url == HOOK


def test_the_connection_that_airflow_has_for_slack_is_read_too():
    airflow = Connection("slackwebhook", "https://hooks.slack.com/services/", password="/T0/B0/hunter2hunter2")
    assert webhook_address(SLACK, airflow).url == HOOK


def test_its_text_shows_neither_address_nor_signing_secret():
    address = webhook_address(SLACK, Connection("http", password=HOOK, extra={"signing_secret": "whsec_x"}))
    assert repr(address) == "WebhookAddress()"
    assert address.signing_secret == "whsec_x"


@pytest.mark.parametrize(
    "password", [None, "", "hooks.slack.com/T0", "ftp://x.example", "https://", "https://a b.example"]
)
def test_what_is_no_address_is_said_without_repeating_it(password):
    with pytest.raises(
        SymetrieError, match=r"^channel ops: connection 'ops_slack' holds no address of a webhook; give"
    ):
        webhook_address(SLACK, Connection("http", password=password))


@pytest.mark.parametrize("kind", ["slack", "teams"])
def test_an_address_that_is_a_secret_travels_encrypted(kind):
    channel = SLACK.model_copy(update={"kind": kind})
    with pytest.raises(SymetrieError, match="is not encrypted; write https:// as the service gave it"):
        webhook_address(channel, Connection("http", password="http://hooks.example.com/T0"))


def test_a_program_of_the_house_may_listen_without_encryption():
    channel = SLACK.model_copy(update={"kind": "webhook"})
    assert webhook_address(channel, Connection("http", password="http://n8n:5678/webhook/x")).where == "n8n"
