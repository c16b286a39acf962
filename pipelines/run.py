"""`symetrie run`: a day or a range in process, source by source; one that fails stops none of the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from pipelines import held, steps
from pipelines.connections import Connections, environment_connections
from pipelines.load import BatchHeld
from pipelines.logs import about
from pipelines.ranges import Days, finished_portions, is_asked_by_window, portion_detail
from pipelines.warehouse.ledger import CLIENT_FEEDBACK, REPLAY

if TYPE_CHECKING:
    from pipelines.settings import Settings

Progress = Callable[[str, int, int], None]
"""What a run is doing, how much of it is done, and of how much."""

STEPS_PER_BATCH = 3


@dataclass(frozen=True)
class RunReport:
    """What came of a run: the ledger counts of each source, errors of those that failed, what was odd or replaced."""

    run_id: str
    last_date: date
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    redactions: Counter[str] = field(default_factory=Counter)
    published: list[str] = field(default_factory=list)  # of the pulse: what each publication shows
    alerts: Counter[str] = field(default_factory=Counter)  # new ones, by kind
    remarks: list[str] = field(default_factory=list)  # what else happened


@dataclass(frozen=True)
class Asked:
    """What a run is asked to do for each of its sources."""

    settings: Settings
    days: Days
    is_range: bool
    is_replay: bool
    connections: Connections

    def portions(self, source: str) -> list[Days]:
        """The days that make one batch each: all of them, or by the month where a source is asked for a window."""
        if not self.is_range or self.is_replay or not is_asked_by_window(self.settings.source(source)):
            return [self.days]
        with steps.opened(self.settings) as warehouse, warehouse.reading() as connection:
            finished = finished_portions(connection, source, self.days, datetime.now(UTC))
        return [month for month in self.days.months() if month not in finished]


def run_days(
    settings: Settings,
    last_date: date,
    *,
    first_date: date | None = None,
    sources: Sequence[str] | None = None,
    replay: bool = False,
    connections: Connections = environment_connections,
    on_progress: Progress = lambda what, done, total: None,
) -> RunReport:
    """Receive what is new, or a whole range where a source can be asked for one; score every day up to `last_date`."""
    names = [settings.source(name).name for name in sources or ()] or [source.name for source in settings.sources]
    asked = Asked(settings, Days(first_date or last_date, last_date), first_date is not None, replay, connections)
    report = RunReport(steps.start_run(settings, last_date), last_date)
    report.warnings.extend(held.apply_defaults(settings))
    for position, name in enumerate(names):
        done, total = position * len(asked.days), len(names) * len(asked.days)

        def tell(what: str, steps_done: int, done: int = done, total: int = total) -> None:
            on_progress(what, done * STEPS_PER_BATCH + steps_done, total * STEPS_PER_BATCH)

        _run_source(asked, name, report, tell)
        report.warnings.extend(steps.expired_pages(settings, name) if replay else ())
    steps.score_days(
        settings, last_date, report.run_id, on_progress=lambda done, total: on_progress("scoring days", done, total)
    )
    raised = steps.raise_alerts(settings, last_date, report.run_id, on_progress=on_progress)
    report.alerts.update(raised.new_by_kind)
    if raised.changed_days:
        days = f"{raised.changed_days:,} earlier day{'s' if raised.changed_days > 1 else ''}"
        report.remarks.append(f"the answers of {days} have changed; their alerts were looked at again")
    published = steps.publish_pulse(settings, last_date, report.run_id)
    report.published.extend(f"{each.publication_id}: {each.shown_count:,} figures shown" for each in published)
    report.warnings.extend(steps.sweep(settings))
    return report


def _run_source(asked: Asked, name: str, report: RunReport, tell: Callable[[str, int], None]) -> None:
    """Every portion of a source in order; the first that fails ends it, so that no later one hides a hole."""
    run_id, counts = report.run_id, Counter[str]()
    try:
        for portion in asked.portions(name):
            run_id = report.run_id if portion == asked.days else f"{report.run_id}-{portion.last:%Y%m%d}"
            with about(run_id=run_id):
                counts.update(_run_batch(asked, name, portion, run_id, tell))
            report.counts[name] = dict(counts)
            report.warnings.extend(steps.warnings_of(asked.settings, run_id, name))
            report.redactions.update(steps.redactions_of(asked.settings, run_id, name))
    except Exception as error:  # noqa: BLE001  (independence: whatever befell one source, the others run)
        if isinstance(error, BatchHeld):
            counts.update(asdict(error.counts))
            report.counts[name] = dict(counts)
        report.failures[name] = steps.record_failure(asked.settings, name, run_id, asked.days.last, error)


def _run_batch(asked: Asked, name: str, portion: Days, run_id: str, tell: Callable[[str, int], None]) -> dict[str, int]:
    """The three steps of one batch, from the source or from what has landed of it."""
    settings, last = asked.settings, portion.last
    done = (portion.first - asked.days.first).days * STEPS_PER_BATCH
    tell(f"{name}: looking for new pages, up to {last}", done)
    if asked.is_replay:
        pages, pipeline = steps.landed_source(settings, name), REPLAY
    else:
        first = portion.first if asked.is_range else None
        pages = steps.extract_source(settings, name, last, first_date=first, connections=asked.connections)
        pipeline = CLIENT_FEEDBACK
    tell(f"{name}: judging what {len(pages)} pages hold", done + len(portion))
    folder = steps.validate_source(settings, name, pages, last, run_id)
    tell(f"{name}: publishing", done + 2 * len(portion))
    detail = portion_detail(asked.days, portion) if asked.is_range else {}
    return steps.load_batch(settings, folder, run_id, last, pipeline=pipeline, detail=detail)
