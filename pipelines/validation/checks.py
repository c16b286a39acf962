"""The batch as a whole: one row of measures against the source's own past, and the verdicts on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import TYPE_CHECKING

import duckdb
import pandas as pd

from expectations.judge import ROW_NUMBER
from pipelines.pages.columns import MARK_PREFIX
from pipelines.validation.records import BatchCheck, SourcePast
from pipelines.validation.sql import keep, stripped
from pipelines.validation.verdicts import ask
from symetrie.verdicts import MORNING_LINES

if TYPE_CHECKING:
    from expectations.client_batch import BatchLimits
    from pipelines.pages import RawBatch
    from pipelines.settings.limits import Thresholds

USUAL_DAYS = 28  # a usual day is the median of so many of the last days that had answers
FEWEST_USUAL_DAYS = 7  # below a week, nothing is usual
FEWEST_ABSENT = 10  # below, somebody tidied up; and what a small shop has in its window is soon a large share
FEWEST_ROWS = 20  # below, one bad row would hold a small batch, and a question may be left empty by chance


@dataclass(frozen=True, slots=True)
class Measured:
    """One measure of a batch: its value as a number, and in words."""

    value: float
    words: str


def check_batch(
    raw: RawBatch, *, source: str, past: SourcePast, thresholds: Thresholds, last_date: date
) -> tuple[BatchCheck, ...]:
    """Judge the batch on what can be measured; where that is nothing, Great Expectations is not imported (7 s)."""
    measured = _measure(raw, past, last_date)
    if not measured:
        return ()
    from expectations.client_batch import client_batch

    row = pd.DataFrame({key: [each.value] for key, each in measured.items()}, index=pd.Index([0], name=ROW_NUMBER))
    return tuple(
        BatchCheck(
            name=verdict.reason,
            severity=verdict.severity,
            passed=verdict.passed,
            observed=measured[verdict.column].words,
            expected=verdict.expectation,
        )
        for verdict in ask(client_batch(batch_limits(thresholds), measured), row, source)
    )


def batch_limits(thresholds: Thresholds) -> BatchLimits:
    """Give the lines that the house draws for a batch."""
    from expectations.client_batch import BatchLimits

    return BatchLimits(
        volume_low_pct=thresholds.volume_low_pct,
        volume_high_pct=thresholds.volume_high_pct,
        stale_after_days=thresholds.stale_after_days,
        bad_share_pct=thresholds.bad_share_pct,
        absent_share_pct=thresholds.absent_share_pct,
    )


def _measure(raw: RawBatch, past: SourcePast, last_date: date) -> dict[str, Measured]:
    measures = {"absent_share_pct": _absent_share(raw, past)}
    if raw.received_count:
        measures |= _measures_of_rows(raw, past, last_date)
    return {key: measured for key, measured in measures.items() if measured is not None}


def _measures_of_rows(raw: RawBatch, past: SourcePast, last_date: date) -> dict[str, Measured | None]:
    return {
        "volume_pct": _volume(raw.connection, past, last_date),
        "newest_age_days": _newest_age(raw.connection, past, last_date),
        "bad_share_pct": _bad_share(raw.connection),
        "silent_page_count": _silent_pages(raw),
        **_drift(raw.fields_by_page, past),
    }


def _volume(connection: duckdb.DuckDBPyConnection, past: SourcePast, last_date: date) -> Measured | None:
    """Answers of the last day in percent of a usual one."""
    days = sorted(day for day, count in past.daily_counts.items() if count and day < last_date)[-USUAL_DAYS:]
    if len(days) < FEWEST_USUAL_DAYS:
        return None
    usual = median(past.daily_counts[day] for day in days)
    count = _count(connection, f"kept WHERE business_date = DATE '{last_date}' AND NOT is_withdrawn")
    return Measured(100 * count / usual, f"{count:,} answers on {last_date}, {usual:,.0f} on a usual day")


def _newest_age(connection: duckdb.DuckDBPyConnection, past: SourcePast, last_date: date) -> Measured | None:
    """Days from the newest answer, of this batch or before, to the last day."""
    [(found,)] = connection.sql("SELECT max(business_date)::DATE FROM kept WHERE NOT is_withdrawn").fetchall()
    known = past.newest_submitted_at.date() if past.newest_submitted_at else None
    days: list[date] = [day for day in (found, known) if day is not None]
    if not days:
        return None
    return Measured(max((last_date - max(days)).days, 0), f"the newest answer is of {max(days)}")


def _bad_share(connection: duckdb.DuckDBPyConnection) -> Measured | None:
    """Refused rows in percent of the rows of readable pages: a page without a required column judges only itself."""
    broken = _count(connection, "unreadable WHERE reason = 'broken_line'")
    refused = broken + _count(connection, "flag WHERE is_refused")
    rows = broken + _count(connection, "answer_text")
    if rows < FEWEST_ROWS:
        return None
    return Measured(100 * refused / rows, f"{refused:,} of {rows:,} rows are refused")


def _absent_share(raw: RawBatch, past: SourcePast) -> Measured | None:
    """The largest share of the known answers in its window that a pull no longer holds, and so would withdraw."""
    if past.at_stake is None or past.at_stake.empty:
        return None
    pulls = {page.pull.pull_id: page.pull for page in raw.pages if page.pull is not None}
    began = pd.DataFrame({"pull_id": [*pulls], "pulled_at": [pull.pulled_at for pull in pulls.values()]})
    keep(raw.connection, "pull", began.assign(pulled_at=began["pulled_at"].dt.tz_localize(None)))
    keep(raw.connection, "at_stake", past.at_stake)
    found = raw.connection.sql(
        f"""
        WITH given AS (
            SELECT {stripped("response_id")} AS response_id, max(version_at) AS version_at FROM answer_text GROUP BY ALL
        )
        SELECT pull_id, count(*) AS known_count, count(*) FILTER (given.response_id IS NULL) AS absent_count
        FROM at_stake JOIN pull USING (pull_id)
        LEFT JOIN given ON given.response_id = at_stake.response_id AND given.version_at >= pulled_at
        GROUP BY pull_id HAVING absent_count >= {FEWEST_ABSENT} ORDER BY absent_count / known_count DESC LIMIT 1
        """
    ).fetchone()
    if found is None:
        return None
    pull, known, absent = pulls[found[0]], *found[1:]
    window = f"{pull.window_start_at:%Y-%m-%d %H:%M} to {pull.window_end_at:%Y-%m-%d %H:%M} UTC"
    return Measured(100 * absent / known, f"{absent:,} of {known:,} known answers are gone from the pull of {window}")


def _silent_pages(raw: RawBatch) -> Measured | None:
    """Pages without one answer to the question that the morning answer stands on: a column renamed, most often."""
    main = next((measure for measure in MORNING_LINES if f"{MARK_PREFIX}{measure}" in raw.columns), None)
    if main is None:
        return None
    is_silent = f"count(*) >= {FEWEST_ROWS} AND count({MARK_PREFIX}{main}) = 0"
    silent = raw.connection.sql(f"SELECT 1 FROM answer_text GROUP BY page_hash HAVING {is_silent}").fetchall()
    return Measured(len(silent), f"{len(silent)} pages of {FEWEST_ROWS} rows or more without an answer to {main}")


def _drift(fields_by_page: Mapping[str, tuple[str, ...]], past: SourcePast) -> dict[str, Measured]:
    """Fields that went and fields that came since the last page of the past."""
    if past.fields is None or not fields_by_page:
        return {}
    fields = {field for fields in fields_by_page.values() for field in fields}
    missing, new = sorted(set(past.fields) - fields), sorted(fields - set(past.fields))
    return {
        "missing_field_count": Measured(len(missing), f"missing fields: {', '.join(missing) or 'none'}"),
        "new_field_count": Measured(len(new), f"new fields: {', '.join(new) or 'none'}"),
    }


def _count(connection: duckdb.DuckDBPyConnection, rows: str) -> int:
    [(count,)] = connection.sql(f"SELECT count(*) FROM {rows}").fetchall()
    return int(count)
