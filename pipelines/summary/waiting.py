"""Clients who wait for a call: the cases of a day, by unit and rolled up over its tree."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from pipelines.summary.alert_names import AlertNames
from pipelines.summary.figures import WaitingCase, WaitingClients, WaitingUnit
from pipelines.summary.tree import Tree

SHOWN_CASES, SHOWN_UNITS = 5, 5


def waiting_clients(
    cases: Iterable[sa.Row[Any]], tree: Tree, asked: Collection[str], business_date: date, names: AlertNames
) -> Mapping[str, WaitingClients]:
    """Who waits in the perimeter of each unit asked for, those that nobody has taken first; nobody, no entry."""
    waiting, overdue = Counter[str](), Counter[str]()
    own: dict[str, list[sa.Row[Any]]] = defaultdict(list)
    for case in cases:
        perimeters = (case.unit_id, *tree.above.get(case.unit_id, ()))
        waiting.update(perimeters)
        if _is_overdue(case, business_date):
            overdue.update(perimeters)
        own[case.unit_id].append(case)

    def told(unit_id: str) -> WaitingClients:
        below = _units_below(tree, unit_id, waiting, overdue)
        cases = sorted(own.get(unit_id, ()), key=_is_taken)
        return WaitingClients(
            client_count=waiting[unit_id],
            overdue_count=overdue[unit_id],
            case_count=len(cases),
            first_cases=tuple(_case(case, business_date, names) for case in cases[:SHOWN_CASES]),
            unit_count=len(below),
            first_units=tuple(below[:SHOWN_UNITS]),
        )

    return {unit_id: told(unit_id) for unit_id in asked if waiting[unit_id]}


def _is_overdue(case: sa.Row[Any], business_date: date) -> bool:
    """Whether its deadline is over on the morning after, and nobody has reacted."""
    return not _is_taken(case) and bool(case.deadline_on <= business_date)


def _is_taken(case: sa.Row[Any]) -> bool:
    return bool(case.state == "acknowledged")


def _units_below(tree: Tree, unit_id: str, waiting: Counter[str], overdue: Counter[str]) -> Sequence[WaitingUnit]:
    """The units just below for which clients wait, those with the most overdue ones first."""
    return sorted(
        (
            WaitingUnit(each, tree.units[each].name, waiting[each], overdue[each])
            for each in tree.children(unit_id)
            if waiting[each]
        ),
        key=lambda each: (-each.overdue_count, -each.client_count, each.name, each.unit_id),
    )


def _case(case: sa.Row[Any], business_date: date, names: AlertNames) -> WaitingCase:
    evidence = json.loads(case.evidence)
    return WaitingCase(
        alert_id=case.alert_id,
        severity=case.severity,
        opened_on=case.opened_on,
        deadline_on=case.deadline_on,
        is_overdue=_is_overdue(case, business_date),
        is_taken=_is_taken(case),
        measure=evidence.get("measure"),
        mark=evidence.get("mark"),
        is_complaint="complaint" in evidence.get("why", ()),
        channel=evidence.get("channel", ""),
        reasons=names.reasons(evidence.get("reasons", ())),
        addresses=names.addresses(case.alert_id),
    )
