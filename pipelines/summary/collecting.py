"""The figures of any number of units, in the same handful of queries whether one is asked for or all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pipelines.errors import SymetrieError
from pipelines.summary.alert_names import AlertNames
from pipelines.summary.corrections import read_corrections
from pipelines.summary.figures import (
    NO_CORRECTIONS,
    Branch,
    Change,
    ChildAnswer,
    Corrections,
    Figures,
    MeasureScore,
    MirrorGlance,
    Movements,
    SourceFreshness,
    SummaryUnit,
    UnhappyClients,
    Verbatim,
    WaitingClients,
)
from pipelines.summary.freshness import read_freshness
from pipelines.summary.mirror import read_mirrors
from pipelines.summary.movements import movements
from pipelines.summary.scores import CONTEXT_WINDOWS, Scores, read_scores
from pipelines.summary.standing import read_recovered, read_standing
from pipelines.summary.tree import Tree, read_tree
from pipelines.summary.voices import read_unhappy, read_verbatims
from pipelines.summary.waiting import waiting_clients
from symetrie.dimensions import DIMENSIONS
from symetrie.intervals import difference
from symetrie.verdicts import (
    NO_ANSWERS,
    Counts,
    MorningAnswer,
    morning_answer,
    morning_measure,
    sample_tier,
)
from symetrie.windows import baseline_window

if TYPE_CHECKING:
    from pipelines.settings import Settings
    from pipelines.warehouse import Warehouse

SHOWN_CHILDREN = 10
NO_UNHAPPY = UnhappyClients(0, 0, 0)

# Where to look first; a small sample has a wide interval, so ordering by its upper bound never ranks it raw.
ANSWERS_FIRST_TO_LAST = ("no", "mixed", "not_enough", "yes")


def collect_figures(
    warehouse: Warehouse, settings: Settings, business_date: date, unit_ids: Sequence[str] | None = None
) -> dict[str, Figures]:
    """Collect the figures of the units asked for, or of every unit that the network had that day."""
    sources = settings.names_of("client")
    with warehouse.reading() as connection:
        tree = read_tree(connection, business_date)
        asked = list(tree.units) if unit_ids is None else _known(unit_ids, tree, business_date)
        if not asked:
            return {}
        perimeter = tree.perimeter(asked)
        scores = read_scores(warehouse, connection, business_date, asked, perimeter)
        answers = {unit_id: _answer(scores, unit_id) for unit_id in perimeter}
        windows = {unit_id: answers[unit_id].window_days for unit_id in asked}
        unhappy = read_unhappy(connection, business_date, asked)
        verbatims = read_verbatims(connection, business_date, windows, tree)
        freshness = read_freshness(connection, business_date, sources, settings.thresholds.stale_after_days)
        corrections = read_corrections(connection, business_date, set(asked))
        mirrors = read_mirrors(connection, business_date, set(asked))
        standing = read_standing(connection, business_date)
        recovered = read_recovered(connection, business_date, settings.alerts.news.waited_for(sources))
    names = AlertNames.of(settings)
    waiting = waiting_clients([row for row in standing if row.lane == "case"], tree, asked, business_date, names)
    moved = movements([row for row in standing if row.lane != "case"], recovered, tree, asked, names)
    day = _Day(business_date, tree, scores, answers, freshness, corrections, mirrors, waiting, moved)
    return {
        unit_id: day.figures(unit_id, unhappy.get(unit_id, NO_UNHAPPY), verbatims.get(unit_id, ())) for unit_id in asked
    }


def _known(unit_ids: Sequence[str], tree: Tree, business_date: date) -> list[str]:
    for unit_id in unit_ids:
        if unit_id not in tree.units:
            raise SymetrieError(
                f"unit {unit_id}: not in the warehouse's network on {business_date}; "
                "check its validity in the settings, then run `symetrie run`"
            )
    return list(dict.fromkeys(unit_ids))


def _answer(scores: Scores, unit_id: str) -> MorningAnswer:
    held = scores.morning.get(unit_id, {})
    measure = morning_measure({key for key, _ in held})
    return morning_answer({days: _counts(each) for (key, days), each in held.items() if key == measure}, measure)


def _counts(held: MeasureScore | None) -> Counts:
    if held is None:
        return NO_ANSWERS
    return Counts(held.answer_count, held.favourable_count, held.unfavourable_count)


@dataclass(frozen=True)
class _Day:
    """All that was read for one business date, put together unit by unit."""

    business_date: date
    tree: Tree
    scores: Scores
    answers: Mapping[str, MorningAnswer]
    freshness: tuple[SourceFreshness, ...]
    corrections: Mapping[str, Corrections]
    mirrors: Mapping[str, MirrorGlance]
    waiting: Mapping[str, WaitingClients]
    moved: Mapping[str, Movements]

    def figures(self, unit_id: str, unhappy: UnhappyClients, verbatims: tuple[Verbatim, ...]) -> Figures:
        unit, answer = self.tree.units[unit_id], self.answers[unit_id]
        context_days = max(answer.window_days, min(CONTEXT_WINDOWS))
        context = self.scores.context.get(unit_id, {})
        return Figures(
            business_date=self.business_date,
            unit=SummaryUnit(unit_id, unit.name, unit.kind, len(self.tree.sites(unit_id))),
            answer=answer,
            yesterday=_counts(self.scores.morning.get(unit_id, {}).get((answer.measure, 1))),
            change=self._change(unit_id, answer),
            unhappy=unhappy,
            context_days=context_days,
            nps=context.get(("nps", context_days)),
            ces=context.get(("ces", context_days)),
            dimensions=_dimensions(context, context_days),
            verbatims=verbatims,
            branches=tuple(self._branches(unit_id)),
            sources=self.freshness,
            corrections=self.corrections.get(unit_id, NO_CORRECTIONS),
            mirror=self.mirrors.get(unit_id),
            waiting=self.waiting.get(unit_id),
            movements=self.moved.get(unit_id),
        )

    def _change(self, unit_id: str, answer: MorningAnswer) -> Change:
        first, last = baseline_window(self.business_date, answer.window_days)
        before = self.scores.baseline.get(unit_id, {}).get((answer.measure, answer.window_days))
        if before is None or before.score is None or answer.score is None:
            return Change(first, last, _counts(before), None, None, None, None)
        points = answer.score - before.score
        if answer.low is None or answer.high is None or before.low is None or before.high is None:
            return Change(first, last, _counts(before), before.score, points, None, None)
        low, high = difference(answer.score, answer.low, answer.high, before.score, before.low, before.high)
        return Change(first, last, _counts(before), before.score, points, float(low), float(high))

    def _branches(self, unit_id: str) -> Iterable[Branch]:
        """The level just below, and the sites where they stand further down."""
        children = self.tree.children(unit_id)
        if children:
            yield self._branch(children, shown=ANSWERS_FIRST_TO_LAST)
            sites = self.tree.sites(unit_id)
            if set(sites) - set(children):
                yield self._branch(sites, shown=ANSWERS_FIRST_TO_LAST[:-1])

    def _branch(self, unit_ids: Sequence[str], *, shown: Sequence[str]) -> Branch:
        answers = {unit_id: self.answers[unit_id].answer for unit_id in unit_ids}
        kinds = {self.tree.units[unit_id].kind for unit_id in unit_ids}
        ordered = sorted((unit_id for unit_id in unit_ids if answers[unit_id] in shown), key=self._place)
        return Branch(
            kind=kinds.pop() if len(kinds) == 1 else "unit",
            unit_count=len(unit_ids),
            tally=dict(Counter(answers.values())),
            first=tuple(map(self._child, ordered[:SHOWN_CHILDREN])),
        )

    def _place(self, unit_id: str) -> tuple[int, float, str, str]:
        answer = self.answers[unit_id]
        high = float("inf") if answer.high is None else answer.high
        return ANSWERS_FIRST_TO_LAST.index(answer.answer), high, self.tree.units[unit_id].name, unit_id

    def _child(self, unit_id: str) -> ChildAnswer:
        unit = self.tree.units[unit_id]
        return ChildAnswer(unit_id, unit.name, unit.kind, self.answers[unit_id])


def _dimensions(context: Mapping[tuple[str, int], MeasureScore], days: int) -> tuple[MeasureScore, ...]:
    """The eleven in their order, those without any answer included; none where none is asked."""
    found = [context.get((dimension.key, days)) for dimension in DIMENSIONS]
    if not any(found):
        return ()
    return tuple(
        held or MeasureScore(dimension.key, days, 0, 0, 0, None, None, None, sample_tier(0), None)
        for dimension, held in zip(DIMENSIONS, found, strict=True)
    )
