"""Handing a message to a webhook: one request, and what its answer means."""

from pipelines.alerts.posting.address import WebhookAddress, webhook_address
from pipelines.alerts.posting.answers import judged
from pipelines.alerts.posting.request import post
from pipelines.alerts.posting.signing import signed_headers

__all__ = ["WebhookAddress", "judged", "post", "signed_headers", "webhook_address"]
