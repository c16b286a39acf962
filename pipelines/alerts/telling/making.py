"""From the alerts of a message to its words: sections by lane, groups by unit and kind, the worst first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Any

from pipelines.alerts.reading import worst_first
from pipelines.alerts.telling.annotated import annotation_lines
from pipelines.alerts.telling.evidence import Evidence
from pipelines.alerts.telling.message import Group, Line, Link, Message, Section
from pipelines.alerts.telling.record import Telling, ToldAlert
from pipelines.alerts.telling.sentences import AlertWords, sentence
from pipelines.summary.language import language

OVER = "over"

Key = tuple[str, str]
"""What is grouped: a unit and a kind."""


def make_message(telling: Telling, locale: str, shown: int | None = None) -> Message:
    """The message in a language, with at most so many of its alerts; of every section some are shown."""
    words = AlertWords(language(locale), telling)
    spoken = words.language
    if not telling.alerts:
        return _all_clear(words)
    kept = spread(telling.alerts)[:shown]
    left = len(telling.alerts) - len(kept)
    return Message(
        locale=locale,
        headline=_headline(words),
        introduction=_introduction(words),
        sections=tuple(_section(words, name, alerts) for name, alerts in _sections(kept)),
        endings=_endings(words, spoken.count("alert.left_out", left, unit=telling.unit_id) if left else ""),
    )


def _endings(words: AlertWords, left_out: str = "") -> tuple[str, ...]:
    lines = annotation_lines(words.telling.annotations, words)
    also = words.language.say("alert.also.title", said=" ".join(lines)) if lines else ""
    closing = words.language.count("alert.still_open", words.telling.open_count)
    return tuple(ending for ending in (left_out, also, closing) if ending)


def spread(alerts: Iterable[ToldAlert]) -> list[ToldAlert]:
    """One alert of every section in turn: however many there are of one lane, the others are seen as well."""
    turns = zip_longest(*(section for _, section in _sections(alerts)))
    return [each for turn in turns for each in turn if each is not None]


def _all_clear(words: AlertWords) -> Message:
    spoken, telling = words.language, words.telling
    return Message(
        locale=spoken.locale,
        headline=spoken.say("alert.clear.headline", unit=words.unit(telling.unit_id)),
        introduction=spoken.say("alert.clear.introduction", day=spoken.day(telling.business_date)),
        sections=(),
        endings=_endings(words),
    )


def _headline(words: AlertWords) -> str:
    """The worst of all in one line, and how many more there are."""
    _, first = _sections(words.telling.alerts)[0]
    group = _groups(first)[0]
    is_several_clients = len(group) > 1 and group[0].row.lane == "case" and not group[0].is_over
    told_count = len(group) if is_several_clients else 1
    said = words.cases(told_count) if group[0].row.lane == "case" and not group[0].is_over else words.said(group[0])
    headline = words.language.say("alert.headline", unit=words.unit(group[0].row.unit_id), said=said)
    others = max(sum(not each.is_over for each in words.telling.alerts), told_count) - told_count
    return words.language.count("alert.and", others, first=headline) if others else headline


def _introduction(words: AlertWords) -> str:
    """How many alerts there are, those that are over apart, and from which day's answers."""
    over = sum(each.is_over for each in words.telling.alerts)
    standing, day = len(words.telling.alerts) - over, words.language.day(words.telling.business_date)
    said = [words.language.count("alert.introduction", standing, day=day)] if standing else []
    if over:
        said.append(words.language.count("alert.over_too" if standing else "alert.over_only", over, day=day))
    return " ".join(said)


def _sections(alerts: Iterable[ToldAlert]) -> list[tuple[str, list[ToldAlert]]]:
    """The alerts by lane, those that are over apart and last; the section with the worst alert first."""
    by_name: dict[str, list[ToldAlert]] = {}
    for each in sorted(alerts, key=_order):
        by_name.setdefault(OVER if each.is_over else each.row.lane, []).append(each)
    return sorted(by_name.items(), key=lambda section: (section[0] == OVER, *_order(section[1][0])))


def _order(told: ToldAlert) -> tuple[Any, ...]:
    return worst_first(told.row)


def _groups(alerts: Iterable[ToldAlert]) -> list[list[ToldAlert]]:
    """The alerts of a section by unit and kind, in the order of their worst."""
    groups: dict[Key, list[ToldAlert]] = {}
    for each in alerts:
        groups.setdefault((each.row.unit_id, each.row.kind), []).append(each)
    return list(groups.values())


def _section(words: AlertWords, name: str, alerts: Sequence[ToldAlert]) -> Section:
    groups = tuple(_group(words, group) for group in _groups(alerts))
    return Section(words.language.say(f"alert.section.{name}"), groups)


def _group(words: AlertWords, alerts: Sequence[ToldAlert]) -> Group:
    return Group(
        title=words.unit(alerts[0].row.unit_id),
        severity=max(1 if each.is_over else each.row.severity for each in alerts),
        lines=tuple(_line(words, each) for each in alerts),
    )


def _line(words: AlertWords, told: ToldAlert) -> Line:
    alert_id, page = told.row.alert_id, words.telling.address(told.row.alert_id, words.language.locale)
    reach = None if told.is_over else Evidence(told.row.evidence).address("source_url")
    addresses = {"alert.open": page, "alert.reach": reach}
    return Line(
        text=sentence(words.said(told)),
        details=tuple(words.details(told)),
        quote=words.quote(told),
        links=tuple(Link(words.language.say(key), where) for key, where in addresses.items() if where),
        command="" if page else words.language.say("alert.show", alert_id=alert_id),
    )
