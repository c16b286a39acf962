"""Score: bring `mart.score` up to date with the counts, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
import structlog

from pipelines.load import RunStamp
from pipelines.warehouse.ledger import ALL_SOURCES, PUBLISHED, SCORE, LedgerRow, write_ledger_row
from pipelines.warehouse.network import calendar_mark, extend_opening_days, forget_opening_days
from pipelines.warehouse.rolling import window_counts
from pipelines.warehouse.scores import (
    ScoreSettings,
    affected_scores,
    clear_stale,
    days_with_answers,
    first_answer,
    is_kept,
    last_scoring,
    one_score,
    prune,
    replace_scores,
    stale_days,
)
from pipelines.warehouse.tables import daily_count
from pipelines.warehouse.tables import score as score_table
from symetrie.judgement import judge
from symetrie.measures import CLIENT_MEASURES
from symetrie.windows import LONGEST_LOOKBACK, WINDOWS

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.settings import Network
    from pipelines.warehouse import Warehouse

log = structlog.get_logger(__name__)

ROWS_AT_ONCE = 2_000_000
"""Score rows computed in one go, to bound memory: about 400 bytes each."""


def score(
    warehouse: Warehouse,
    network: Network,
    stamp: RunStamp,
    *,
    daily_for: int,
    windows: Sequence[int] = WINDOWS,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    on_stale: Callable[[sa.Connection], object] = lambda connection: None,
) -> int:
    """Compute every score that a change touches, up to the run's business date; gives how many days that were.

    `on_stale` is called in the same transaction while the days that have changed are still known.

    What stands in `mart.score` afterwards depends on the counts and on the last day ever scored alone.
    """
    asked = ScoreSettings(list(windows), daily_for, calendar_mark(network))
    with warehouse.publishing() as connection:
        former, earlier = last_scoring(connection)
        last = max(former or stamp.business_date, stamp.business_date)
        if earlier is None or (earlier.windows, earlier.daily_for) != (asked.windows, asked.daily_for):
            former = None  # the first time, or under other settings: every day is new
        answered = days_with_answers(connection, since=former and former - timedelta(days=max(WINDOWS)))
        stale = stale_days(connection)
        new, known = _days_to_score(answered, former, last, stale, daily_for)
        done = 0
        for new_part, known_part in _portions(new, known, _days_at_once(len(network.unit_ids))):
            with affected_scores(connection, new=new_part, known=known_part) as affected:
                _rescore(warehouse, connection, affected, windows)
            done += len(new_part) + len(known_part)
            on_progress(done, len(new) + len(known))
        on_stale(connection)
        clear_stale(connection)
        dropped = prune(connection, last, daily_for)
        warehouse.only_changes(score_table.c.as_of, [*new, *known, *dropped])
        warehouse.only_changes(daily_count.c.business_date, stale)  # readers get counts with the scores made of them
        if earlier is None or earlier.calendar != asked.calendar:
            forget_opening_days(connection)
        first = max(first_answer(connection) or last, last - timedelta(days=daily_for))
        extend_opening_days(warehouse, connection, network, first, last)
        write_ledger_row(connection, _ledger_row(stamp, new, known, asked))
    log.info("scores.published", run_id=stamp.run_id, new_days=len(new), changed_days=len(known))
    return len(new) + len(known)


def _days_to_score(
    answered: set[date], former: date | None, last: date, stale: set[date], daily_for: int
) -> tuple[list[date], list[date]]:
    """The days never scored before, and the earlier ones whose windows contain a changed day; none without answers."""
    with_answers = _reached(answered, max(WINDOWS), last)
    new = {day for day in with_answers if former is None or day > former}
    known = _reached(stale, LONGEST_LOOKBACK, last) - new
    kept = [sorted(day for day in days if is_kept(day, last, daily_for)) for days in (new, known)]
    return kept[0], kept[1]


def _reached(days: set[date], window: int, last: date) -> set[date]:
    """Every day whose window of that length contains one of the days."""
    return {reached for day in days for reached in _days(day, min(day + timedelta(days=window - 1), last))}


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=offset) for offset in range((last - first).days + 1))


def _days_at_once(unit_count: int) -> int:
    return max(1, ROWS_AT_ONCE // (max(unit_count, 1) * len(CLIENT_MEASURES) * len(WINDOWS)))


def _portions(new: Sequence[date], known: Sequence[date], size: int) -> Iterator[tuple[list[date], list[date]]]:
    for start in range(0, len(new), size):
        yield list(new[start : start + size]), []
    for start in range(0, len(known), size):
        yield [], list(known[start : start + size])


def _rescore(warehouse: Warehouse, connection: sa.Connection, affected: sa.Table, windows: Sequence[int]) -> None:
    if connection.scalar(sa.select(sa.func.count()).select_from(affected)):
        counts = window_counts(warehouse, connection, affected, windows)
        replace_scores(warehouse, connection, affected, judge(counts))


def _ledger_row(stamp: RunStamp, new: Sequence[date], known: Sequence[date], asked: ScoreSettings) -> LedgerRow:
    return LedgerRow(
        run_id=stamp.run_id,
        pipeline=SCORE,
        source=ALL_SOURCES,
        business_date=stamp.business_date,
        started_at=stamp.started_at,
        finished_at=stamp.published_at,
        status=PUBLISHED,
        detail={"new_days": len(new), "changed_days": len(known), "settings": asdict(asked)},
    )


def scores_of(warehouse: Warehouse, unit_id: str, as_of: date, windows: Sequence[int] = WINDOWS) -> pd.DataFrame:
    """The scores of a unit on any date, computed from the counts: also on days whose scores are not kept."""
    with warehouse.reading() as connection, one_score(connection, unit_id, as_of) as affected:
        counts = window_counts(warehouse, connection, affected, windows)
    order = {measure.key: position for position, measure in enumerate(CLIENT_MEASURES)}
    return judge(counts).sort_values(
        ["measure", "window_days"], key=lambda column: column.map(order) if column.name == "measure" else column
    )
