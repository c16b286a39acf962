"""The dimensions in words: by quadrant, priorities first, each on its three legs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pipelines.mirror_pages.page import DimensionBlock, LegCell, QuadrantGroup, Tally
from pipelines.mirror_pages.records import Leg, Mirror, MirrorLine
from pipelines.mirror_pages.telling.words import MirrorWords, crosses_line
from pipelines.summary.mirror import BOTH_SOLID, TO_WATCH
from pipelines.summary.telling.mirror import in_a_sentence
from symetrie.anonymity import HIDDEN_REASONS, AnonymityRule, hidden_reason
from symetrie.measures import client_measure
from symetrie.verdicts import ENOUGH_ANSWERS

UNTOLD = "untold"  # the quadrant of what cannot be compared
OPEN = "open"  # the reason of a figure that is shown, but not exactly enough for a quadrant
QUADRANTS = (*TO_WATCH, BOTH_SOLID, UNTOLD)
TONES: Mapping[str, str] = {
    "neither": "no",
    "clients_only": "mixed",
    "team_only": "mixed",
    BOTH_SOLID: "yes",
    UNTOLD: "not_enough",
}
ALIKE = ("neither", BOTH_SOLID)
"""The quadrants in which clients and teams are on the same side of the line."""


def by_quadrant(mirror: Mirror) -> Mapping[str, Sequence[MirrorLine]]:
    """The dimensions of each quadrant that has any, in the order of the method."""
    found = {
        quadrant: [line for line in mirror.dimensions if (line.quadrant or UNTOLD) == quadrant]
        for quadrant in QUADRANTS
    }
    return {quadrant: lines for quadrant, lines in found.items() if lines}


def tallies(quadrants: Mapping[str, Sequence[MirrorLine]], words: MirrorWords) -> Iterator[Tally]:
    """How many dimensions stand where, and how many of them an interval leaves open."""
    for quadrant, lines in quadrants.items():
        said = words.language.count(f"mirror.tally.{quadrant}", len(lines))
        if still_open := sum(map(is_to_confirm, lines)):
            number = words.language.number(still_open)
            said = words.language.say("mirror.tally.confirm", tally=said, number=number)
        yield Tally(said, TONES[quadrant])


def is_to_confirm(line: MirrorLine) -> bool:
    """Whether the interval of the clients or of the team leaves the quadrant open."""
    return line.quadrant is not None and (crosses_line(line.client) or crosses_line(line.employee))


def groups(mirror: Mirror, words: MirrorWords) -> tuple[tuple[str, ...], tuple[QuadrantGroup, ...]]:
    """The quadrants, and the notes that every dimension shares: what is said of all is said once."""
    made = [
        QuadrantGroup(
            title=words.language.say(f"mirror.quadrant.{quadrant}"),
            tone=TONES[quadrant],
            notes=(),
            blocks=tuple(_block(line, mirror, words) for line in lines),
        )
        for quadrant, lines in by_quadrant(mirror).items()
    ]
    everywhere = _shared(block for group in made for block in group.blocks)
    return everywhere, tuple(_with_shared_notes(group, everywhere) for group in made)


def _with_shared_notes(group: QuadrantGroup, said: Sequence[str]) -> QuadrantGroup:
    here = tuple(note for note in _shared(group.blocks) if note not in said)
    left = tuple(replace(block, notes=_without(block.notes, {*said, *here})) for block in group.blocks)
    return replace(group, notes=here, blocks=left)


def _shared(blocks: Iterable[DimensionBlock]) -> tuple[str, ...]:
    """The notes that all of several dimensions have."""
    notes = [block.notes for block in blocks]
    if len(notes) < 2:
        return ()
    return tuple(note for note in notes[0] if all(note in others for others in notes[1:]))


def _without(notes: Iterable[str], said: set[str]) -> tuple[str, ...]:
    return tuple(note for note in notes if note not in said)


def _block(line: MirrorLine, mirror: Mirror, words: MirrorWords) -> DimensionBlock:
    legs = {"client": line.client, "employee": line.employee, "perceived": line.perceived}
    shown = {side: leg.estimate for side, leg in legs.items() if leg.estimate is not None}
    name, of = words.name("client", line.measure), client_measure(line.measure)
    return DimensionBlock(
        name=name,
        tag=words.language.say("mirror.dimensions.confirm") if is_to_confirm(line) else "",
        legs=tuple(_cell(side, leg, line.measure, words) for side, leg in legs.items()),
        drawing=words.legs_drawn(name, shown, of) if shown else None,
        sentences=tuple(_sentences(line, words)),
        notes=tuple(_notes(line, legs, mirror.campaign.rule, words)),
    )


def _cell(side: str, leg: Leg, key: str, words: MirrorWords) -> LegCell:
    name = words.language.say(f"mirror.leg.{side}")
    if leg.estimate is None:
        return LegCell(side, name, words.language.say(f"mirror.untold.{leg.missing}"), range="", answers="")
    of = client_measure(key)
    return LegCell(
        side=side,
        name=name,
        score=words.score(of, leg.estimate.score),
        range=words.range(of, leg.estimate),
        answers=words.answers(leg.answer_count or 0, leg.precision_count),
    )


def _sentences(line: MirrorLine, words: MirrorWords) -> Iterator[str]:
    """The asymmetry, whatever it is; what teams think of clients only where they are surely wrong."""
    if line.asymmetry is not None:
        yield words.gap("mirror.asymmetry", ("clients", "teams"), line.asymmetry)
    gap = line.perception_gap
    if gap is not None and (gap.low > 0 or gap.high < 0):
        yield words.gap("mirror.guess", ("over", "under"), gap)


def _notes(line: MirrorLine, legs: Mapping[str, Leg], rule: AnonymityRule, words: MirrorWords) -> Iterator[str]:
    """Why legs are missing, or not enough to say the quadrant: each reason once."""
    reasons = {side: leg.missing for side, leg in legs.items()}
    if line.quadrant is None and line.employee.estimate is not None and line.client.estimate is not None:
        reasons["employee"] = OPEN
    for reason in dict.fromkeys(each for each in reasons.values() if each is not None):
        names = [words.language.say(f"mirror.leg.{side}") for side, each in reasons.items() if each == reason]
        told = say_reason(reason, rule, words)
        yield words.language.say("mirror.reason.told", legs=in_a_row(names), reason=told)


def in_a_row(names: Sequence[str]) -> str:
    """Several names as one: Équipes, perçu."""
    first, *others = names
    return ", ".join((first, *map(in_a_sentence, others)))


def say_reason(missing: str, rule: AnonymityRule, words: MirrorWords) -> str:
    """Why a figure is missing, as a manager understands it."""
    if missing in HIDDEN_REASONS:
        return hidden_reason(missing, words.language.locale, rule)
    return words.language.say(f"mirror.reason.{missing}", enough=ENOUGH_ANSWERS)
