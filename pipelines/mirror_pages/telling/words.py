"""The writing of the mirror's numbers in one language: never without their interval, never surer than it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.mirror_pages.page import Dumbbell, Mark
from pipelines.mirror_pages.records import Estimate, Leg
from pipelines.summary.language import Language
from pipelines.summary.telling.mirror import in_a_sentence
from pipelines.summary.telling.scores import ScoreWords
from symetrie.measures import Measure, measure
from symetrie.verdicts import MORNING_LINES

SOLID_LINE = MORNING_LINES["overall"]


@dataclass(frozen=True)
class MirrorWords:
    """The writing of one language."""

    language: Language

    def name(self, side: str, key: str) -> str:
        """The name of a measure: L'écoute et le feedback."""
        return measure(side, key).label(self.language.locale)

    def name_inside(self, side: str, key: str) -> str:
        """The name of a measure where no sentence begins."""
        return in_a_sentence(self.name(side, key))

    def score(self, of: Measure, value: float) -> str:
        """A score in its unit; with digits where it would else read as the line that it is held against."""
        if of.kind == "nps":
            return self.language.signed(value, 0.0)
        return self.language.percent(value, SOLID_LINE if of.is_judged else None)

    def range(self, of: Measure, estimate: Estimate) -> str:
        """An interval: de 30 % à 53 %."""
        low, high = self.score(of, estimate.low), self.score(of, estimate.high)
        return self.language.say("score.range", low=low, high=high)

    def answers(self, count: int, precision_count: int = 0) -> str:
        """How many answers, and how exactly they are told: 18 réponses, à 1 réponse près."""
        said = ScoreWords(self.language).answers(count)
        return f"{said}, {self.language.count('mirror.precision', precision_count)}" if precision_count else said

    def gap(self, key: str, names: tuple[str, str], gap: Estimate) -> str:
        """A difference in the direction that its whole interval has, else as uncertain: names of up, and of down."""
        spoken = self.language
        if gap.low > 0 or gap.high < 0:
            low, high = sorted((abs(gap.low), abs(gap.high)))
            points = spoken.points(gap.score, with_sign=False)
            return spoken.say(f"{key}.{names[gap.low <= 0]}", points=points, low=self._size(low), high=self._size(high))
        return spoken.say(
            f"{key}.uncertain",
            points=spoken.points(gap.score),
            low=spoken.signed(gap.low, 0.0),
            high=spoken.signed(gap.high, 0.0),
        )

    def _size(self, value: float) -> str:
        return self.language.signed(value, 0.0).removeprefix("+")

    def legs_drawn(self, label: str, estimates: Mapping[str, Estimate], of: Measure) -> Dumbbell:
        """The legs that there are, and the same in words."""
        legs = [
            self.language.say(
                "mirror.alt.leg",
                leg=self.language.say(f"mirror.leg_short.{side}"),
                score=self.score(of, estimate.score),
                range=self.range(of, estimate),
            )
            for side, estimate in estimates.items()
        ]
        return self.drawn(estimates, self.language.say("mirror.alt.strip", label=label, legs=", ".join(legs)), of)

    def drawn(self, estimates: Mapping[str, Estimate], words: str, of: Measure) -> Dumbbell:
        """Estimates on the scale of 0 to 100 %, with the line of 55 % where solid is said of the measure."""
        marks = tuple(_mark(side, estimate) for side, estimate in estimates.items())
        if not of.is_judged:
            return Dumbbell(marks, None, "", words)
        line_words = ScoreWords(self.language).line_words("overall", SOLID_LINE)
        return Dumbbell(marks, SOLID_LINE, self.language.percent(SOLID_LINE), f"{words} {line_words}")


def _mark(side: str, estimate: Estimate) -> Mark:
    return Mark(side, *(round(value, 1) for value in (estimate.low, estimate.high, estimate.score)))


def crosses_line(leg: Leg) -> bool:
    """Whether the interval of a leg leaves open on which side of 55 % it is."""
    return leg.estimate is not None and leg.estimate.low <= SOLID_LINE <= leg.estimate.high
