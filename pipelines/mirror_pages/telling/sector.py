"""Scores beside their sector's in words: above or below only where the whole interval says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipelines.mirror_pages.page import Dumbbell, SectorBlock, SectorRow
from pipelines.mirror_pages.records import Estimate, SectorScore
from pipelines.mirror_pages.telling.words import MirrorWords
from pipelines.summary.cleaning import clean
from symetrie.measures import measure
from symetrie.sectors import SECTORS

TONES = {"above": "yes", "below": "no", "uncertain": "plain"}


def sector_block(scores: Sequence[SectorScore], words: MirrorWords) -> SectorBlock | None:
    """The scores that have a benchmark; none where no benchmark matches."""
    if not scores:
        return None
    return SectorBlock(
        title=words.language.say("mirror.sector.title"),
        rows=tuple(_row(score, words) for score in scores),
        sources=tuple(dict.fromkeys(_source(score, words) for score in scores)),
    )


def _row(score: SectorScore, words: MirrorWords) -> SectorRow:
    of, spoken = measure(score.side, score.measure), words.language
    verdict = _verdict(score.estimate, score.benchmark)
    name = spoken.say(
        "mirror.sector.line",
        measure=of.label(spoken.locale),
        side=spoken.say(f"mirror.label.side.{score.side}"),
    )
    detail = spoken.say(
        "mirror.sector.detail",
        score=words.score(of, score.estimate.score),
        range=words.range(of, score.estimate),
        benchmark=words.score(of, score.benchmark),
    )
    said = spoken.say(f"mirror.sector.{verdict}")
    alt = spoken.say("mirror.alt.sector", label=name, detail=detail, said=said)
    return SectorRow(name, said, TONES[verdict], detail, _drawn(score, alt, words) if of.kind != "nps" else None)


def _drawn(score: SectorScore, alt: str, words: MirrorWords) -> Dumbbell:
    """The score with the sector's as its line."""
    drawn = words.drawn({score.side: score.estimate}, alt, measure(score.side, score.measure))
    benchmark = words.score(measure(score.side, score.measure), score.benchmark)
    return replace(drawn, line=score.benchmark, line_words=benchmark, words=alt)


def _verdict(estimate: Estimate, benchmark: float) -> str:
    if estimate.low > benchmark:
        return "above"
    return "below" if estimate.high < benchmark else "uncertain"


def _source(score: SectorScore, words: MirrorWords) -> str:
    names = {sector.key: sector.label(words.language.locale) for sector in SECTORS}
    sector = names.get(score.sector, words.language.say("mirror.sector.all"))
    return words.language.say("mirror.sector.source", sector=sector, year=score.year, source=clean(score.source))
