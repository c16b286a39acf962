"""The mail: one message per morning, recipient and unit, through an outbox, at the recipient's local hour."""

from pipelines.delivery.delivering import deliver
from pipelines.delivery.standing import Standing, read_standing

__all__ = ["Standing", "deliver", "read_standing"]
