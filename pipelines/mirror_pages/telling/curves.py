"""The two curves in words: together, apart, or that it cannot be said; and the figures behind."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.mirror_pages.drawing import draw
from pipelines.mirror_pages.page import CurvesBlock
from pipelines.mirror_pages.records import CurvePoint, Curves
from pipelines.mirror_pages.telling.words import MirrorWords
from symetrie.correlation import FEWEST_PAIRS
from symetrie.curves import PUBLISHED_LEADER_RATIO, Symmetry

COEFFICIENTS = ("spearman", "client_reliability", "employee_reliability", "disattenuated")
DIGITS = 2
FEWEST_POINTS = 2


def curves_block(curves: Curves, words: MirrorWords) -> CurvesBlock:
    """The sentence, the drawing, and the figures by lag."""
    spoken, now = words.language, curves.by_lag[0]
    return CurvesBlock(
        title=spoken.say("mirror.curves.title"),
        sentence=_sentence(curves.client_measure, now, words),
        chart=draw(curves, words) if len(curves.points) >= FEWEST_POINTS else None,
        caption=_caption(curves.points, words),
        leaders=_leaders(now, words),
        detail=spoken.say("mirror.curves.detail"),
        columns=tuple(spoken.say(f"mirror.curves.lag.{lag}") for lag in curves.by_lag),
        rows=tuple(_rows(tuple(curves.by_lag.values()), words)),
    )


def _sentence(client_measure: str, found: Symmetry, words: MirrorWords) -> str:
    spoken = words.language
    sites = spoken.count("unit.sites", found.site_count)
    if found.site_count < FEWEST_PAIRS:
        return spoken.say("mirror.curves.few", sites=sites, least=FEWEST_PAIRS)
    if found.pearson is None or found.low is None or found.high is None:
        return spoken.say("mirror.curves.flat")
    said = {
        "r": _coefficient(found.pearson, words),
        "low": _coefficient(found.low, words),
        "high": _coefficient(found.high, words),
        "sites": sites,
    }
    if found.low > 0:
        return spoken.say(f"mirror.curves.together.{client_measure}", **said)
    if found.high < 0:
        return spoken.say(f"mirror.curves.apart.{client_measure}", **said)
    return spoken.say("mirror.curves.uncertain", **said)


def _coefficient(value: float, words: MirrorWords) -> str:
    """A coefficient with two decimals; one that is neither nil nor 1 never reads so: a bound keeps its side."""
    digits = next((digits for digits in (DIGITS, 3) if round(abs(value), digits) not in (0, 1)), DIGITS)
    return words.language.number(value, digits)


def _caption(points: tuple[CurvePoint, ...], words: MirrorWords) -> str:
    spoken = words.language
    few, many = (function((point.site_count for point in points), default=0) for function in (min, max))
    if many <= 1:
        return spoken.say("mirror.curves.each")
    sites = spoken.count("unit.sites", many)
    if few < many:
        sites = spoken.say("mirror.curves.between", few=spoken.number(few), many=spoken.number(many))
    return spoken.say("mirror.curves.grouped", sites=sites)


def _leaders(found: Symmetry, words: MirrorWords) -> str:
    if found.quartile_ratio is None:
        return ""
    published = words.language.number(PUBLISHED_LEADER_RATIO, 1)
    return words.language.say(
        "mirror.curves.leaders", ratio=words.language.number(found.quartile_ratio, 1), published=published
    )


def _rows(lags: tuple[Symmetry, ...], words: MirrorWords) -> Iterator[tuple[str, tuple[str, ...]]]:
    spoken = words.language
    yield spoken.say("mirror.curves.row.sites"), tuple(spoken.number(each.site_count) for each in lags)
    yield spoken.say("mirror.curves.row.pearson"), tuple(_known(each.pearson, words) for each in lags)
    yield spoken.say("mirror.curves.row.interval"), tuple(_interval(each, words) for each in lags)
    for name in COEFFICIENTS:
        yield spoken.say(f"mirror.curves.row.{name}"), tuple(_known(getattr(each, name), words) for each in lags)


def _known(value: float | None, words: MirrorWords) -> str:
    return words.language.say("mirror.curves.unknown") if value is None else _coefficient(value, words)


def _interval(found: Symmetry, words: MirrorWords) -> str:
    if found.low is None or found.high is None:
        return _known(None, words)
    low, high = _coefficient(found.low, words), _coefficient(found.high, words)
    return words.language.say("score.range", low=low, high=high)
