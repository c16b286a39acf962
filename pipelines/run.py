"""`symetrie run`: a day or a range in process, source by source; one that fails stops none of the others."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from pipelines import steps
from pipelines.connections import Connections, environment_connections
from pipelines.warehouse.ledger import CLIENT_FEEDBACK, REPLAY

if TYPE_CHECKING:
    from pipelines.settings import Settings

log = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]
"""What a run is doing, how much of it is done, and of how much."""

STEPS_PER_SOURCE = 3


@dataclass(frozen=True)
class RunReport:
    """What came of a run: the ledger counts of each source, the error of those that failed, what was odd."""

    run_id: str
    last_date: date
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def run_days(
    settings: Settings,
    last_date: date,
    *,
    sources: Sequence[str] | None = None,
    replay: bool = False,
    connections: Connections = environment_connections,
    on_progress: Progress = lambda what, done, total: None,
) -> RunReport:
    """Receive whatever is new, publish it and score every day up to `last_date`."""
    names = [settings.source(name).name for name in sources or ()] or [source.name for source in settings.sources]
    report = RunReport(steps.start_run(settings, last_date), last_date)
    for position, name in enumerate(names):
        done, total = position * STEPS_PER_SOURCE, len(names) * STEPS_PER_SOURCE

        def tell(what: str, step: int, done: int = done, total: int = total) -> None:
            on_progress(what, done + step, total)

        try:
            report.counts[name] = _run_source(settings, name, report, connections if not replay else None, tell)
        except Exception as error:  # noqa: BLE001  (independence: whatever befell one source, the others run)
            report.failures[name] = steps.record_failure(settings, name, report.run_id, last_date, error)
    steps.score_days(
        settings, last_date, report.run_id, on_progress=lambda done, total: on_progress("scoring days", done, total)
    )
    report.warnings.extend(steps.warnings_of(settings, report.run_id))
    return report


def _run_source(
    settings: Settings, name: str, report: RunReport, connections: Connections | None, tell: Callable[[str, int], None]
) -> dict[str, int]:
    """The three steps of one source; without connections, its landed pages are replayed."""
    tell(f"{name}: looking for new pages", 0)
    if connections is None:
        pages, pipeline = steps.landed_source(settings, name), REPLAY
    else:
        pages, pipeline = steps.extract_source(settings, name, connections=connections), CLIENT_FEEDBACK
    tell(f"{name}: judging what {len(pages)} pages hold", 1)
    folder = steps.validate_source(settings, name, pages, report.last_date, report.run_id)
    tell(f"{name}: publishing", 2)
    return steps.load_batch(settings, folder, report.run_id, report.last_date, pipeline=pipeline)
