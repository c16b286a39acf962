"""One alert in words: what happened, and the counts and intervals behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from pipelines.alerts.telling.evidence import Evidence
from pipelines.alerts.telling.record import Telling, ToldAlert
from pipelines.summary.cleaning import shorten
from pipelines.summary.language import Language
from pipelines.summary.telling.answer import capitalised
from pipelines.summary.telling.mirror import in_a_sentence
from pipelines.summary.telling.scores import ScoreWords
from symetrie.complaints.typology import OTHER
from symetrie.measures import CLIENT_MEASURES, client_measure

if TYPE_CHECKING:
    from pipelines.alerts.reading import AlertRow

ONE_DAY = timedelta(days=1)
DAYS_OF_A_WEEK = 6
"""So long ago a weekday alone says which day is meant."""

CLIENT_KEYS = frozenset(each.key for each in CLIENT_MEASURES)

SHOWN_CHILDREN = 5
LONGEST_NAME = 80
LONGEST_QUOTE = 260


@dataclass(frozen=True)
class AlertWords:
    """The words for the alerts of one message, in one language."""

    language: Language
    telling: Telling

    @cached_property
    def scores(self) -> ScoreWords:
        """The writing of scores."""
        return ScoreWords(self.language)

    @property
    def today(self) -> date:
        """The morning on which the message is read."""
        return self.telling.business_date + ONE_DAY

    def unit(self, unit_id: str) -> str:
        """The name of a unit, on one line and not without end."""
        return shorten(self.telling.unit_names.get(unit_id, unit_id), LONGEST_NAME)

    def said(self, told: ToldAlert) -> str:
        """What has happened to a unit: accueil en baisse de 12 points depuis mardi."""
        if told.reason == "recovered":
            if told.row.subject in self.telling.unwatched_sources:
                return self.language.say("alert.over.unwatched", **self._blanks(told.row))
            return self.language.say(f"alert.over.{told.row.kind}", **self._blanks(told.row))
        said = self._standing(told.row)
        if told.reason == "withdrawn":
            return self.language.say("alert.over.withdrawn", said=said)
        return said if told.reason == "opened" else self.language.say(f"alert.again.{told.reason}", said=said)

    def cases(self, count: int) -> str:
        """Several unhappy clients of one unit at once."""
        return self.language.count("alert.kind.unhappy_client", count)

    def details(self, told: ToldAlert) -> Iterator[str]:
        """The numbers behind it, what else is to be known, and by when somebody should have reacted."""
        alert, evidence = told.row, Evidence(told.row.evidence)
        if told.is_over:
            return
        if alert.lane == "case":
            yield from self._case(alert, evidence)
        elif alert.lane == "signal":
            yield from self._signal(alert, evidence)
        else:
            yield from self._news(evidence)
        if alert.escalated_to_unit_id:
            yield self.language.say("alert.escalated.unit", unit=self.unit(alert.escalated_to_unit_id))

    def stands_on(self, row: AlertRow) -> Iterator[str]:
        """The same outside of messages; of a case that has ended nobody is called back, so nothing is said of it."""
        if row.is_active or row.lane != "case":
            yield from self.details(ToldAlert(row, "opened"))

    def quote(self, told: ToldAlert) -> str:
        """What the client said, shortened."""
        words = shorten(told.words, LONGEST_QUOTE)
        return self.language.say("alert.quote", words=words) if words and not told.is_over else ""

    def _standing(self, alert: AlertRow) -> str:
        if alert.kind == "unhappy_client":
            return self._client(Evidence(alert.evidence))
        is_unsized = alert.lane == "signal" and alert.size_points is None
        is_never = alert.kind == "source_silent" and alert.evidence.get("is_never") is True
        form = "_unsized" if is_unsized else "_never" if is_never else ""
        return self.language.say(f"alert.kind.{alert.kind}{form}", **self._blanks(alert))

    def _blanks(self, alert: AlertRow) -> dict[str, str]:
        evidence = Evidence(alert.evidence)
        source = evidence.text("source") or alert.subject
        blanks = {
            "since": self._since(began_on(alert, evidence)),
            "source": shorten(source, LONGEST_NAME),
        }
        if alert.measure:
            blanks["measure"] = in_a_sentence(client_measure(alert.measure).label(self.language.locale))
        if alert.size_points is not None:
            blanks["points"] = self.language.points(alert.size_points, with_sign=False)
        return blanks

    def _since(self, day: date) -> str:
        if not self.telling.is_lasting and (self.today - day).days <= DAYS_OF_A_WEEK:
            return self.language.say("alert.since.weekday", day=self.language.calendar["days"][day.weekday()])
        return self.language.say("alert.since.day", day=self.language.short(day))

    def _client(self, evidence: Evidence) -> str:
        """Who is unhappy, by the mark that says it most."""
        if evidence.texts("why") == ["complaint"]:
            return self.language.say("alert.case.complaint")
        mark, key = evidence.count("mark"), evidence.text("measure")
        if mark is None or key not in CLIENT_KEYS:
            return self.language.say("alert.case.unnamed")
        asked, which = client_measure(key), key if key in ("overall", "nps") else "other"
        said = self.language.say(
            f"alert.case.mark.{which}",
            mark=self.language.number(mark),
            highest=self.language.number(asked.highest),
            measure=in_a_sentence(asked.label(self.language.locale)),
        )
        return self.language.say("alert.case.named", mark=said)

    def _case(self, alert: AlertRow, evidence: Evidence) -> Iterator[str]:
        codes = [code for code in evidence.texts("reasons") if code != OTHER]
        if reasons := [in_a_sentence(self.telling.reason_titles.get(code, code)) for code in codes]:
            yield self.language.say(
                "alert.case.reasons", reasons=shorten(self.language.say("alert.between").join(reasons), LONGEST_QUOTE)
            )
        if channel := self.language.say_or(f"channel.{evidence.text('channel')}", ""):
            yield self.language.say("alert.case.channel", channel=channel)
        late = (self.today - alert.deadline_on).days
        which = "day" if self.telling.is_lasting else "late" if late > 0 else "today" if late == 0 else "day"
        yield self.language.say(f"alert.case.deadline.{which}", day=self.language.day(alert.deadline_on))

    def _signal(self, alert: AlertRow, evidence: Evidence) -> Iterator[str]:
        yield from self._level(alert.measure, evidence)
        low, high = evidence.number("low_points"), evidence.number("high_points")
        if low is not None and high is not None and alert.size_points is not None:
            yield self.language.say(
                "alert.signal.interval",
                points=self.language.points(alert.size_points),
                low=self.language.signed(low, 0.0),
                high=self.language.signed(high, 0.0),
            )
        if children := self._children(evidence):
            yield self.language.say("alert.signal.shared", children=children)

    def _level(self, measure: str, evidence: Evidence) -> Iterator[str]:
        score, before = evidence.number("score"), evidence.number("before_score")
        answers = self.scores.answers(evidence.count("answer_count") or 0)
        if score is None or before is None:
            if evidence.count("answer_count"):
                yield self.language.say("alert.signal.answers", answers=answers)
            return
        blanks = {
            "score": self.scores.score(measure, score),
            "answers": answers,
            "before": self.scores.score(measure, before),
        }
        low, high = evidence.number("low"), evidence.number("high")
        if low is None or high is None:
            yield self.language.say("alert.signal.score", **blanks)
            return
        reach = self.language.say(
            "score.range", low=self.scores.score(measure, low), high=self.scores.score(measure, high)
        )
        yield self.language.say("alert.signal.level", range=reach, **blanks)

    def _children(self, evidence: Evidence) -> str:
        """The units below that the signal explains, the first few by name."""
        names = [f"{self.unit(child.text('unit_id'))}{self._beside(child)}" for child in evidence.parts("children")]
        shown = ", ".join(names[:SHOWN_CHILDREN])
        left = max(len(names), evidence.count("children_affected_count") or 0) - min(len(names), SHOWN_CHILDREN)
        return self.language.count("alert.signal.more", left, children=shown) if left and shown else shown

    def _beside(self, child: Evidence) -> str:
        """By how much a unit below has moved, or what it received of what was expected."""
        size, seen, expected = child.number("size_points"), child.count("seen"), child.count("expected")
        if size is not None:
            return f" ({self.language.signed(size, 0.0)})"
        if seen is not None and expected is not None:
            return f" ({self.language.number(seen)}/{self.language.number(expected)})"
        return ""

    def _news(self, evidence: Evidence) -> Iterator[str]:
        seen, expected = evidence.count("seen"), evidence.count("expected")
        if seen is not None and expected is not None:
            said = self.language.count("alert.news.seen", seen)
            form = "more" if seen > expected else "fewer"
            yield self.language.say(f"alert.news.{form}", seen=said, expected=self.language.number(expected))
        newest = evidence.day("newest_answer_on")
        if newest is not None:
            yield self.language.say("alert.news.newest", day=self.language.day(newest))
        if children := self._children(evidence):
            yield self.language.say("alert.signal.children", children=children)


def began_on(alert: AlertRow, evidence: Evidence) -> date:
    """Since when it has been so: a source since the day after its last answer."""
    newest = evidence.day("newest_answer_on") if alert.lane == "news" else None
    return newest + ONE_DAY if newest else evidence.day("since") or alert.opened_on


def sentence(said: str) -> str:
    """What was said, as a line of its own."""
    return f"{capitalised(said)}."
