"""Alerts in words, for whoever types: the same sentences as the messages, and records for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from pipelines.alerts.telling.annotated import annotation_lines
from pipelines.alerts.telling.evidence import Evidence
from pipelines.alerts.telling.record import Telling, ToldAlert
from pipelines.alerts.telling.sentences import AlertWords, sentence
from pipelines.summary.language import language

if TYPE_CHECKING:
    from pipelines.alerts.annotations import Annotation
    from pipelines.alerts.reading import AlertRow
    from pipelines.settings import Settings


@dataclass(frozen=True)
class AlertSpeaker:
    """Alerts in one language, as of the last day that was looked at."""

    words: AlertWords
    looked_on: date | None

    @classmethod
    def of(cls, settings: Settings, locale: str, looked_on: date | None) -> AlertSpeaker:
        """Whoever speaks of the alerts of a house."""
        telling = Telling.of_house(settings, locale, looked_on or date.min)
        return cls(AlertWords(language(locale), telling), looked_on)

    def unit(self, unit_id: str) -> str:
        """The name of a unit."""
        return self.words.unit(unit_id)

    def said(self, row: AlertRow) -> str:
        """What has happened, in a sentence without its unit."""
        return self.words.said(ToldAlert(row, "opened"))

    def details(self, row: AlertRow) -> Iterator[str]:
        """What it stands on, each as a sentence."""
        yield from map(sentence, (each.rstrip(".") for each in self.words.stands_on(row)))

    def reach(self, row: AlertRow) -> str | None:
        """Where the client of a case can be answered: in the source, which alone knows who it is."""
        return Evidence(row.evidence).address("source_url")

    def standing(self, row: AlertRow) -> str:
        """How it stands, and by when something is expected."""
        today = (self.looked_on or row.last_seen_on) + timedelta(days=1)
        if not row.is_active:
            return f"{row.state} on {row.ended_on}"
        if row.snoozed_until is not None and row.snoozed_until >= today:
            return f"{row.state}, snoozed until {row.snoozed_until}"
        if row.state != "open":
            return row.state
        late = (today - row.deadline_on).days
        if late > 0:
            return f"open, {late} day{'s' if late > 1 else ''} late"
        return "open, due today" if late == 0 else f"open, due by {row.deadline_on}"

    def also(self, annotations: Iterable[Annotation]) -> list[str]:
        """What else happened, a line each."""
        return annotation_lines(annotations, self.words)

    def as_record(self, row: AlertRow) -> dict[str, Any]:
        """The alert for a program."""
        return asdict(row) | {"unit_name": self.unit(row.unit_id), "said": self.said(row)}
