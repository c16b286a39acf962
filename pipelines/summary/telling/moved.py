"""What has moved in words: one sentence for each alert, the same that channels are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from pipelines.summary.cleaning import clean
from pipelines.summary.figures import Movement, Movements, StandingAlert
from pipelines.summary.page import MovedBlock, MovedLine
from pipelines.summary.telling.answer import capitalised
from pipelines.summary.telling.when import When

if TYPE_CHECKING:
    from pipelines.alerts.telling.record import ToldAlert
    from pipelines.alerts.telling.sentences import AlertWords
    from symetrie.alerts.finding import Severity
    from symetrie.alerts.marks import Reason

TONES: dict[Severity, str] = {3: "no", 2: "mixed", 1: "plain"}


def moved_block(movements: Movements, unit_id: str, when: When) -> MovedBlock:
    """The section of the morning summary of a unit."""
    words = MovedWords(when)
    left = movements.alert_count - sum(1 + each.others_count for each in movements.first)
    return MovedBlock(
        title=when.language.say("moved.title"),
        lines=tuple(words.line(each, unit_id) for each in movements.first),
        more=when.language.count("moved.more", left) if left else "",
        notes=tuple(note for note in (words.recovered(movements, unit_id), words.above(movements)) if note),
    )


@dataclass(frozen=True)
class MovedWords:
    """The words for the alerts of one summary."""

    when: When

    @cached_property
    def words(self) -> AlertWords:
        """The words that channels are told; imported here, since they are made of those of summaries."""
        from pipelines.alerts.telling.record import Telling
        from pipelines.alerts.telling.sentences import AlertWords

        return AlertWords(self.when.language, Telling("", "", self.when.read_on - timedelta(days=1), ""))

    def line(self, movement: Movement, own_unit_id: str) -> MovedLine:
        """An alert of the unit itself with its numbers; of one below behind its name, with how many others it has."""
        alert, others = movement.alert, movement.others_count
        told = _told(alert, "opened")
        is_own = alert.unit_id == own_unit_id
        text = capitalised(self.words.said(told))
        return MovedLine(
            unit_id=alert.unit_id,
            unit_name="" if is_own else clean(alert.unit_name),
            text=self.when.language.count("alert.and", others, first=text) if others else text,
            detail=next(self.words.details(told), "") if is_own else "",
            tag=self._tag(alert),
            tone=TONES[alert.severity],
            address=alert.addresses.get(self.when.language.locale),
        )

    def recovered(self, movements: Movements, own_unit_id: str) -> str:
        """What is over since the morning before, in one line."""
        alert, others = movements.first_recovered, movements.recovered_count - 1
        if alert is None:
            return ""
        said = self.words.said(_told(alert, "recovered"))
        first = capitalised(said) if alert.unit_id == own_unit_id else self._of_unit(alert, said)
        return self.when.language.count("moved.recovered", others, first=first)

    def above(self, movements: Movements) -> str:
        """What has moved above, which may explain what is read here."""
        alert, others = movements.first_above, movements.above_count - 1
        if alert is None:
            return ""
        said = self._of_unit(alert, self.words.said(_told(alert, "opened")))
        said = self.when.language.count("alert.and", others, first=said) if others else said
        return self.when.language.say("moved.above", said=said)

    def _of_unit(self, alert: StandingAlert, said: str) -> str:
        return self.when.language.say("alert.headline", unit=clean(alert.unit_name), said=said)

    def _tag(self, alert: StandingAlert) -> str:
        """Whether somebody has taken it up, or it has only just opened."""
        if alert.state == "acknowledged":
            return self.when.language.say("moved.taken")
        return self.when.language.say("moved.new") if alert.opened_on == self.when.business_date else ""


def _told(alert: StandingAlert, reason: Reason) -> ToldAlert:
    """The alert as channels are told of it."""
    from pipelines.alerts.reading import AlertRow
    from pipelines.alerts.telling.record import ToldAlert

    row = AlertRow(
        alert_id=alert.alert_id,
        cause_id="",
        lane=alert.lane,
        kind=alert.kind,
        unit_id=alert.unit_id,
        measure=alert.measure,
        subject="",
        opened_on=alert.opened_on,
        state=alert.state,
        severity=alert.severity,
        size_points=alert.size_points,
        evidence=alert.evidence,
        last_seen_on=alert.opened_on,
        recovered_on=None,
        ended_on=None,
        deadline_on=alert.deadline_on,
        due_on=None,
        escalated_to_unit_id=None,
        snoozed_until=None,
    )
    return ToldAlert(row, reason)
