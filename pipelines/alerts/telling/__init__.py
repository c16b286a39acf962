"""Alerts told to channels: one message per channel and morning, through an outbox, urgent kinds at once."""

from pipelines.alerts.telling.delivering import tell
from pipelines.alerts.telling.standing import read_untold

__all__ = ["read_untold", "tell"]
