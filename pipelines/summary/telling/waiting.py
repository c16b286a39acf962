"""Clients who wait for a call in words: how many, by when, and what the first of them complain of."""

from __future__ import annotations

from datetime import timedelta

from pipelines.summary.cleaning import clean, shorten
from pipelines.summary.figures import WaitingCase, WaitingClients, WaitingUnit
from pipelines.summary.language import Language
from pipelines.summary.page import CaseLine, WaitingBlock, WaitingLine
from pipelines.summary.telling.answer import capitalised
from pipelines.summary.telling.mirror import in_a_sentence
from pipelines.summary.telling.when import When
from symetrie.measures import client_measure

LONGEST_REASONS = 90


def waiting_block(waiting: WaitingClients, when: When) -> WaitingBlock:
    """The lines below the sentence of the day."""
    language = when.language
    return WaitingBlock(
        sentence=_sentence(waiting, language),
        cases=tuple(_case(case, when) for case in waiting.first_cases),
        more_cases=_more(waiting.case_count - len(waiting.first_cases), language),
        units=tuple(_unit(unit, language) for unit in waiting.first_units),
        more_units=_more(waiting.unit_count - len(waiting.first_units), language),
    )


def _sentence(waiting: WaitingClients, language: Language) -> str:
    clients = language.count("waiting.clients", waiting.client_count)
    if waiting.overdue_count == waiting.client_count:
        return language.count("waiting.all_overdue", waiting.client_count, clients=clients)
    return language.count("waiting.overdue", waiting.overdue_count, clients=clients)


def _more(hidden: int, language: Language) -> str:
    return language.count("branch.more", hidden) if hidden else ""


def _case(case: WaitingCase, when: When) -> CaseLine:
    language = when.language
    return CaseLine(
        mark=f"{case.mark}/{client_measure(case.measure).highest}" if case.measure else "",
        text=_complaint(case, language),
        channel=language.say_or(f"channel.{case.channel}", ""),
        due=_due(case, when),
        is_overdue=case.is_overdue,
        address=case.addresses.get(language.locale),
    )


def _complaint(case: WaitingCase, language: Language) -> str:
    """What they complain of, as far as it was recognised."""
    titles = " · ".join(in_a_sentence(reason.titles[language.locale]) for reason in case.reasons)
    if titles:
        return capitalised(shorten(titles, LONGEST_REASONS))
    return language.say("waiting.complaint" if case.is_complaint else "waiting.unnamed")


def _due(case: WaitingCase, when: When) -> str:
    """By when they are to be called; today only to those who read on the morning after."""
    day = when.language.short(case.deadline_on)
    if case.is_taken:
        return when.language.say("waiting.due.taken")
    if case.is_overdue:
        return when.language.say("waiting.due.late", day=day)
    is_today = when.is_yesterday and case.deadline_on == when.business_date + timedelta(days=1)
    return when.language.say("waiting.due.today" if is_today else "waiting.due.day", day=day)


def _unit(unit: WaitingUnit, language: Language) -> WaitingLine:
    return WaitingLine(
        unit_id=unit.unit_id,
        name=clean(unit.name),
        waiting=language.count("waiting.unit", unit.client_count),
        overdue=language.count("waiting.of_which", unit.overdue_count) if unit.overdue_count else "",
    )
