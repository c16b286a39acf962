"""A whole mirror put into words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pipelines.mirror_pages.page import MirrorPage, Sentences
from pipelines.mirror_pages.records import Campaign, Leg, Mirror, MirrorLine, Participation
from pipelines.mirror_pages.telling.curves import curves_block
from pipelines.mirror_pages.telling.dimensions import (
    ALIKE,
    UNTOLD,
    by_quadrant,
    groups,
    is_to_confirm,
    say_reason,
    tallies,
)
from pipelines.mirror_pages.telling.label import label_block
from pipelines.mirror_pages.telling.operators import operators_block
from pipelines.mirror_pages.telling.sector import sector_block
from pipelines.mirror_pages.telling.words import MirrorWords
from pipelines.summary.cleaning import clean
from pipelines.summary.language import Language, language
from pipelines.summary.mirror import BOTH_SOLID
from pipelines.summary.telling.make_page import say_perimeter
from pipelines.summary.telling.mirror import say_campaign
from symetrie.anonymity import TOO_FEW
from symetrie.dimensions import DIMENSIONS
from symetrie.measures import client_measure
from symetrie.mirror import PUBLISHED_PERCEPTION_GAP_POINTS


def make_page(mirror: Mirror, locale: str) -> MirrorPage:
    """Tell a mirror in a language."""
    spoken = language(locale)
    words, say = MirrorWords(spoken), spoken.say
    quadrants = by_quadrant(mirror)
    word, rest = _headline(quadrants, spoken)
    shared_notes, told = groups(mirror, words)
    unit_name = clean(mirror.unit.name)
    return MirrorPage(
        locale=locale,
        title=say("mirror.document", unit=unit_name),
        name=say("mirror.name"),
        unit_name=unit_name,
        perimeter=say_perimeter(mirror.unit, spoken, has_units_below=mirror.has_units_below),
        tone=_tone(quadrants),
        word=word,
        rest=rest,
        campaign=_campaign(mirror.campaign, spoken),
        clients=say("mirror.clients", days=mirror.campaign.window_days, day=spoken.short(mirror.campaign.closes_on)),
        asked=_asked(mirror.campaign, spoken),
        participation=_participation(mirror.participation, mirror.campaign, words) if mirror.participation else "",
        tallies=tuple(tallies(quadrants, words)),
        dimensions_title=say("mirror.dimensions.title"),
        nothing="" if told else say("mirror.nothing"),
        notes=shared_notes,
        groups=told,
        gap=_gap(mirror.overall, words),
        label=label_block(mirror, words),
        curves=curves_block(mirror.curves, words) if mirror.curves else None,
        operators=operators_block(mirror.operators, words),
        sector=sector_block(mirror.sector, words),
        reading=Sentences(say("reading.title"), tuple(_reading(mirror, spoken))),
    )


def _headline(quadrants: Mapping[str, Sequence[MirrorLine]], spoken: Language) -> tuple[str, str]:
    """On how many of the dimensions that can be compared clients and teams are on the same side of the line."""
    compared = sum(len(lines) for quadrant, lines in quadrants.items() if quadrant != UNTOLD)
    if not compared:
        return spoken.say("mirror.headline.word_untold"), spoken.say("mirror.headline.rest_untold")
    alike = sum(len(quadrants.get(quadrant, ())) for quadrant in ALIKE)
    word = spoken.count("mirror.headline.word", alike, compared=spoken.number(compared))
    return word, spoken.say("mirror.headline.rest")


def _tone(quadrants: Mapping[str, Sequence[MirrorLine]]) -> str:
    """Green where every dimension compared is surely solid on both sides, red where surely none is."""
    compared = quadrants.keys() - {UNTOLD}
    if not compared:
        return "not_enough"
    if any(is_to_confirm(line) for lines in quadrants.values() for line in lines):
        return "mixed"
    if BOTH_SOLID not in compared:
        return "no"
    return "yes" if compared == {BOTH_SOLID} else "mixed"


def _campaign(campaign: Campaign, spoken: Language) -> str:
    days = say_campaign(spoken, campaign.opens_on, campaign.closes_on)
    return spoken.say("mirror.named", campaign=days, name=clean(campaign.name)) if campaign.name else days


def _asked(campaign: Campaign, spoken: Language) -> str:
    """Said only where not all were asked: a share of ten is not one of eleven."""
    if campaign.dimension_count == len(DIMENSIONS):
        return ""
    return spoken.count("mirror.asked", campaign.dimension_count, all=spoken.number(len(DIMENSIONS)))


def _participation(found: Participation, campaign: Campaign, words: MirrorWords) -> str:
    spoken = words.language
    if found.is_hidden or found.response_count is None:
        return spoken.say("mirror.participation.hidden", reason=say_reason(TOO_FEW, campaign.rule, words))
    answers = spoken.count("mirror.participation.answers", found.response_count)
    if found.invited_count is None or found.participation_pct is None:
        return spoken.say("mirror.participation.unknown", answers=answers)
    invited = spoken.count("mirror.participation.invited", found.invited_count)
    pct = spoken.percent(found.participation_pct)
    return spoken.say("mirror.participation.known", answers=answers, invited=invited, pct=pct)


def _gap(overall: MirrorLine | None, words: MirrorWords) -> Sentences | None:
    """What teams believe of overall satisfaction, beside what clients say and the published gap."""
    if overall is None or overall.perception_gap is None:
        return None
    assert overall.client.estimate is not None
    assert overall.perceived.estimate is not None
    of, say = client_measure("overall"), words.language.say
    published = words.language.points(PUBLISHED_PERCEPTION_GAP_POINTS, with_sign=False)
    return Sentences(
        say("mirror.gap.title"),
        (
            say(
                "mirror.gap.sentence",
                perceived=words.score(of, overall.perceived.estimate.score),
                client=words.score(of, overall.client.estimate.score),
            ),
            words.gap("mirror.gap", ("over", "under"), overall.perception_gap),
            say("mirror.gap.published", points=published),
        ),
    )


def _reading(mirror: Mirror, spoken: Language) -> Iterator[str]:
    """What the page uses and a newcomer may not know."""
    for part in ("legs", "solid", "confirm", "interval"):
        yield spoken.say(f"mirror.reading.{part}")
    yield spoken.say("mirror.reading.anonymity", floor=mirror.campaign.rule.floor)
    if any(leg.precision_count for line in mirror.dimensions for leg in _team_legs(line)):
        yield spoken.say("mirror.reading.precision")


def _team_legs(line: MirrorLine) -> tuple[Leg, Leg]:
    return line.employee, line.perceived
