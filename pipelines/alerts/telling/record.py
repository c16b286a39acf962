"""What a message is made of: alerts as they stand, what a channel was told of them, and what it is told now."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Self

from pipelines.settings.alert_channels import page_of

if TYPE_CHECKING:
    from pipelines.alerts.annotations import Annotation
    from pipelines.alerts.reading import AlertRow
    from pipelines.settings import Settings
    from symetrie.alerts.marks import Reason

OVER = ("recovered", "withdrawn")
"""Reasons that end what was told before."""


@dataclass(frozen=True, slots=True)
class WatchedAlert:
    """An alert as it stands, when it last grew worse or reached a unit above, and what one channel was told of it."""

    row: AlertRow
    worsened_on: date | None = None  # a business date
    escalated_on: date | None = None  # a calendar day
    told: tuple[tuple[Reason, date], ...] = ()  # reasons, and the business dates of their messages, in order

    @property
    def was_withdrawn(self) -> bool:
        """Whether the last that the channel heard of it is that the data no longer show it."""
        return bool(self.told) and self.told[-1][0] == "withdrawn"


@dataclass(frozen=True, slots=True)
class ToldAlert:
    """An alert in a message, with the reason why it stands there and what the client said, redacted."""

    row: AlertRow
    reason: Reason
    words: str = ""

    @property
    def is_over(self) -> bool:
        """Whether there is nothing more to do about it."""
        return self.reason in OVER


@dataclass(frozen=True, slots=True)
class Telling:
    """Everything that one message knows, in no language and no form."""

    message_id: str
    channel_id: str
    business_date: date
    unit_id: str
    alerts: tuple[ToldAlert, ...] = ()
    open_count: int = 0  # alerts of the perimeter that stand open, told or not
    unit_names: Mapping[str, str] = field(default_factory=dict)
    reason_titles: Mapping[str, str] = field(default_factory=dict)
    page_url: str | None = None
    unwatched_sources: Collection[str] = ()  # that nobody waits for any more
    annotations: tuple[Annotation, ...] = ()  # what else happened since the message before
    is_lasting: bool = False  # read on any later day, so that days are named by their dates

    @classmethod
    def of_house(cls, settings: Settings, locale: str, business_date: date) -> Self:
        """What words need to know of a house where they stand in no message."""
        return cls(
            message_id="",
            channel_id="",
            business_date=business_date,
            unit_id=settings.network.roots[0],
            unit_names=settings.network.names,
            reason_titles=settings.alerts.reason_titles(locale),
        )

    def address(self, alert_id: str, locale: str) -> str | None:
        """Where an alert can be read in a language."""
        return page_of(alert_id, self.page_url, locale)
