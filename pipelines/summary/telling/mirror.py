"""The newest mirror in a line or two: what is solid on both sides, and the dimension to look at first."""

from __future__ import annotations

from datetime import date

from pipelines.summary.figures import MirrorGlance
from pipelines.summary.language import Language
from pipelines.summary.page import MirrorBlock
from pipelines.summary.telling.scores import ScoreWords
from symetrie.dimensions import DIMENSIONS
from symetrie.measures import client_measure


def mirror_block(glance: MirrorGlance, spoken: Language) -> MirrorBlock:
    """The section of the morning summary."""
    return MirrorBlock(
        title=spoken.say("mirror.title"),
        span=say_campaign(spoken, glance.opens_on, glance.as_of),
        sentences=tuple(sentence for sentence in (say_solid(spoken, glance), _watch(spoken, glance)) if sentence),
        link=spoken.say("mirror.link"),
        as_of=glance.as_of,
    )


def say_campaign(spoken: Language, opens_on: date, closes_on: date) -> str:
    """The days of a campaign: Campagne du 2 au 15 mars 2026."""
    return spoken.say("mirror.campaign", span=spoken.span(opens_on, closes_on), year=closes_on.year)


def say_solid(spoken: Language, glance: MirrorGlance) -> str:
    """How many dimensions are solid on both sides, of how many that can be compared."""
    if not glance.compared_count:
        return spoken.say("mirror.none")
    whole = "mirror.solid" if glance.compared_count == len(DIMENSIONS) else "mirror.solid_of"
    return spoken.count(whole, glance.solid_count, compared=spoken.number(glance.compared_count))


def in_a_sentence(label: str) -> str:
    """The name of a dimension where no sentence begins: l'écoute et le feedback."""
    return label[:1].lower() + label[1:]


def _watch(spoken: Language, glance: MirrorGlance) -> str:
    if glance.watched is None:
        return ""
    words, measure = ScoreWords(spoken), glance.watched.measure
    return spoken.say(
        f"mirror.watch.{glance.watched.quadrant}",
        measure=in_a_sentence(client_measure(measure).label(spoken.locale)),
        client=words.score(measure, glance.watched.client_score),
        employee=words.score(measure, glance.watched.employee_score),
    )
