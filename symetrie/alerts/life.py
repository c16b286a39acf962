"""The lives of a cause's alerts, told anew from what days show and what people and messages did.

Nothing else is remembered: whatever the order in which it became known, the same lives come of it.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from symetrie.alerts.attaching import attached
from symetrie.alerts.episodes import Episode, episodes
from symetrie.alerts.finding import Cause, Finding
from symetrie.alerts.happenings import happenings
from symetrie.alerts.living import ONE_DAY, Above, Life, Living
from symetrie.alerts.marks import Action, Mark, by_day, by_moment
from symetrie.alerts.rules import Rules


def lives(
    cause: Cause,
    findings: Iterable[Finding],
    marks: Collection[Mark],
    looked_on: Sequence[date],
    rules: Rules,
    until: date,
    above: Above = lambda day: (),
) -> list[Life]:
    """Tell the lives of all alerts of one cause, in order of their opening.

    Takes what days up to the business date ``until`` show of the cause, at most one finding a day; the actions and
    notices ever left on its alerts; the days that were looked at, in order. What falls due is told up to the morning
    after ``until``. An alert that the data no longer show stands as withdrawn if anybody acted on it or was told of it.

    >>> from symetrie.alerts.rules import RULES
    >>> case = Cause("case", "unhappy_client", "lyon-1", subject="survey/R-1")
    >>> found = Finding(date(2026, 11, 20), case, 2, None, {})
    >>> [life] = lives(case, [found], [], [], RULES["case"], date(2026, 11, 24), lambda day: ("centre", "france"))
    >>> [(str(each.on_date), each.name, each.detail.get("unit_id")) for each in life.events]
    [('2026-11-20', 'opened', None), ('2026-11-22', 'escalated', 'centre'), ('2026-11-24', 'escalated', 'france')]
    >>> life.state, str(life.deadline_on)
    ('open', '2026-11-21')
    """
    found = episodes(findings, looked_on, rules.recovery)
    kept, gone = attached(marks, [each.opened_on for each in found])
    told = [_shown(each, kept.get(each.opened_on, []), rules, until, above) for each in found]
    told += [_withdrawn(cause, opened_on, left, rules) for opened_on, left in gone.items()]
    return sorted(told, key=lambda each: each.opened_on)


def _shown(episode: Episode, marks: Sequence[Mark], rules: Rules, until: date, above: Above) -> Life:
    """The life of an alert that the data show."""
    known_on = min(marks, key=by_moment).opened_on if marks else episode.opened_on
    life = Living(episode.findings[0], rules, above, max(episode.opened_on, known_on))
    for happening in happenings(life, episode, marks):
        life.let_days_pass(happening.falls_due_until)
        happening.happen()
    life.let_days_pass(until + ONE_DAY)
    return life.told()


def _withdrawn(cause: Cause, opened_on: date, marks: Sequence[Mark], rules: Rules) -> Life:
    """The life of an alert of which nothing is left but what people and messages did about it.

    Nobody knows when the data changed their mind: it is dated by the last day on which somebody was concerned with it.
    """
    last = opened_on
    life = Living(_as_last_told(cause, opened_on, marks), rules, lambda day: (), opened_on)
    for mark in sorted(marks, key=by_day):
        if isinstance(mark, Action):
            life.act(max(opened_on, mark.on_date), mark)
        if isinstance(mark, Action) or mark.reason != "withdrawn":
            last = max(last, mark.on_date)
    life.happen(last, "withdrawn", "withdrawn")
    return life.told()


def _as_last_told(cause: Cause, opened_on: date, marks: Sequence[Mark]) -> Finding:
    """What stands in for a finding that is gone: the figures that were seen or told of it last."""
    told = max(marks, key=by_moment)
    return Finding(opened_on, cause, told.severity or 1, told.size_points, {})
