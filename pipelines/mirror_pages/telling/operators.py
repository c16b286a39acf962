"""Own and partner teams in words: each with its interval, and how far apart where there are two."""

from __future__ import annotations

from pipelines.mirror_pages.page import OperatorMeasure, OperatorRow, OperatorsBlock
from pipelines.mirror_pages.records import Estimate, OperatorLine, OperatorScore
from pipelines.mirror_pages.telling.words import MirrorWords
from pipelines.summary.cleaning import clean
from symetrie.dimensions import DIMENSIONS
from symetrie.intervals import difference
from symetrie.measures import measure

_DIMENSIONS = {dimension.key for dimension in DIMENSIONS}


def operators_block(lines: tuple[OperatorLine, ...], words: MirrorWords) -> OperatorsBlock | None:
    """What says most first, the dimensions to open; none where own teams and partners are not both shown."""
    if not lines:
        return None
    first = [line for line in lines if line.measure not in _DIMENSIONS]
    others = [line for line in lines if line.measure in _DIMENSIONS]
    return OperatorsBlock(
        title=words.language.say("mirror.operators.title"),
        first=tuple(_measure(line, words) for line in first),
        all_title=words.language.say("mirror.operators.all"),
        others=tuple(_measure(line, words) for line in others),
    )


def _measure(line: OperatorLine, words: MirrorWords) -> OperatorMeasure:
    name = words.language.say(
        "mirror.operators.line",
        measure=words.name(line.side, line.measure),
        side=words.language.say(f"mirror.label.side.{line.side}"),
    )
    own, *others = line.scores
    return OperatorMeasure(
        name=name,
        rows=tuple(_row(line, each, name, words) for each in line.scores),
        sentence=_sentence(own.estimate, others[0].estimate, words) if len(others) == 1 else "",
    )


def _row(line: OperatorLine, score: OperatorScore, name: str, words: MirrorWords) -> OperatorRow:
    of = measure(line.side, line.measure)
    operator = clean(words.language.say_or(f"mirror.operators.{score.operated_by}", score.operated_by))
    written, spread = words.score(of, score.estimate.score), words.range(of, score.estimate)
    answers = words.answers(score.answer_count, score.precision_count)
    alt = words.language.say(
        "mirror.alt.operator", label=name, operator=operator, score=written, range=spread, answers=answers
    )
    return OperatorRow(
        name=operator,
        score=written,
        detail=f"{spread} · {answers}",
        drawing=words.drawn({line.side: score.estimate}, alt, of),
    )


def _sentence(own: Estimate, partner: Estimate, words: MirrorWords) -> str:
    low, high = difference(own.score, own.low, own.high, partner.score, partner.low, partner.high)
    apart = Estimate(own.score - partner.score, float(low), float(high))
    return words.gap("mirror.operators", ("own_higher", "partner_higher"), apart)
