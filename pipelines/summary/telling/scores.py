"""Scores in words: never without their count, never without their interval."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.summary.figures import MeasureScore
from pipelines.summary.language import Language
from pipelines.summary.page import ScoreLine, Strip
from symetrie.measures import client_measure
from symetrie.verdicts import MORNING_LINES, MorningAnswer


def line_of(measure: str) -> float | None:
    """The line a measure is held against: 55 % where solid is said of it, 0 for the NPS, else none."""
    if client_measure(measure).is_judged:
        return MORNING_LINES["overall"]
    return MORNING_LINES.get(measure)


def place(measure: str, value: float) -> float:
    """Where a score stands on its scale, in percent of the width: an NPS of 0 stands in the middle."""
    return round((value + 100) / 2 if client_measure(measure).kind == "nps" else value, 1)


@dataclass(frozen=True, slots=True)
class Numbers:
    """A score and its bounds, written in their unit, and their places on the scale."""

    score: str
    low: str
    high: str
    places: tuple[float, float, float]


@dataclass(frozen=True)
class ScoreWords:
    """The writing of scores in one language."""

    language: Language

    def answers(self, count: int) -> str:
        """How many answers: 119 réponses."""
        return self.language.count("score.answers", count)

    def score(self, measure: str, value: float) -> str:
        """A score in its unit: 72 %, or +23 for the NPS."""
        if client_measure(measure).kind == "nps":
            return self.language.signed(value, line_of(measure))
        return self.language.percent(value, line_of(measure))

    def numbers(self, score: MorningAnswer | MeasureScore) -> Numbers | None:
        """A score and its bounds in their unit; none below five answers."""
        if score.score is None or score.low is None or score.high is None:
            return None
        measure, (value, low, high) = score.measure, (score.score, score.low, score.high)
        return Numbers(
            score=self.score(measure, value),
            low=self.score(measure, low),
            high=self.score(measure, high),
            places=(place(measure, value), place(measure, low), place(measure, high)),
        )

    def range(self, numbers: Numbers) -> str:
        """An interval: de 64 % à 79 %."""
        return self.language.say("score.range", low=numbers.low, high=numbers.high)

    def satisfied(self, answer: MorningAnswer) -> str:
        """The counts behind the morning answer: 86 clients satisfaits sur 119 réponses."""
        if answer.answer_count == 0:
            return self.answers(0)
        return self.language.count(
            "score.promoters" if answer.measure == "nps" else "score.satisfied",
            answer.favourable_count,
            favourable=self.language.number(answer.favourable_count),
            unfavourable=self.language.number(answer.unfavourable_count),
            answers=self.answers(answer.answer_count),
        )

    def strip(self, score: MorningAnswer | MeasureScore, name: str, numbers: Numbers) -> Strip:
        """The interval drawn on its scale, with its numbers in words."""
        line = line_of(score.measure)
        words = self.language.say(
            "score.alt",
            label=name,
            score=numbers.score,
            low=numbers.low,
            high=numbers.high,
            answers=self.answers(score.answer_count),
        )
        drawn, low, high = numbers.places
        return Strip(
            low=low,
            high=high,
            score=drawn,
            line=None if line is None else place(score.measure, line),
            words=words if line is None else f"{words} {self.line_words(score.measure, line)}",
        )

    def line_words(self, measure: str, line: float) -> str:
        """Where the line stands: Le repère est à 55 %."""
        return self.language.say("score.line", line=self.score(measure, line))

    def score_line(self, score: MeasureScore) -> ScoreLine:
        """A measure on one line; below five answers only its name and its count."""
        name = client_measure(score.measure).label(self.language.locale)
        answers, numbers = self.answers(score.answer_count), self.numbers(score)
        if numbers is None:
            return ScoreLine(name, score="", range="", answers=answers, tag="", tone="not_enough", strip=None)
        return ScoreLine(
            name=name,
            score=numbers.score,
            range=self.range(numbers),
            answers=answers,
            tag=self._tag(score),
            tone=score.verdict or "plain",
            strip=self.strip(score, name, numbers),
        )

    def _tag(self, score: MeasureScore) -> str:
        """What keeps a score from sounding surer than it is: a small sample, or an interval across the line."""
        if score.sample_tier == "fragile":
            return self.language.say("score.tag.fragile")
        line = line_of(score.measure)
        if score.verdict is None or line is None or score.low is None or score.high is None:
            return ""
        return self.language.say(f"score.tag.{score.verdict}") if score.low <= line <= score.high else ""
