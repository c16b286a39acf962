"""The suite's verdicts on the rows, as the tables `failure` (one row per row and expectation) and `flag`."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import pandas as pd
import structlog

from expectations.judge import ExpectationError, Verdict, judge
from expectations.readings import PAGE_EXPECTATIONS
from pipelines.errors import SymetrieError
from pipelines.settings.sources import CHANNELS
from pipelines.validation.records import CRITICAL, WARNING, RowCheck
from pipelines.validation.sql import keep, quoted
from symetrie.measures import client_measure

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite

    from expectations.client_feedback import Limits
    from pipelines.settings.limits import Thresholds
    from pipelines.settings.sources import Source
    from symetrie.questionnaires import Questionnaire

log = structlog.get_logger(__name__)


def ask(suite: ExpectationSuite, frame: pd.DataFrame, source: str) -> list[Verdict]:
    """Give the suite's verdicts in one call, and say what it cost; an expectation that raises fails the run."""
    started = time.perf_counter()
    try:
        verdicts = judge(suite, frame)
    except ExpectationError as error:
        raise SymetrieError(f"source {source}: {error}; mend the suite {suite.name} and run again") from error
    seconds = time.perf_counter() - started
    log.info("batch.judged", source=source, suite=suite.name, rows=len(frame), seconds=round(seconds, 1))
    return verdicts


def row_suite(
    source: Source, questionnaire: Questionnaire, thresholds: Thresholds, *, now: datetime, has_verbatim: bool
) -> ExpectationSuite:
    """Make the suite of a source: what its questionnaire asks, what its pages hold, the house's thresholds."""
    from expectations.client_feedback import client_feedback

    return client_feedback(
        measures=[client_measure(key) for key in questionnaire.measures],
        channels=CHANNELS,
        now=now,
        limits=row_limits(thresholds),
        required_dates=("submitted_at", "experienced_at") if source.day_of == "experience" else ("submitted_at",),
        has_verbatim=has_verbatim,
    )


def row_limits(thresholds: Thresholds) -> Limits:
    """Give the lines that the house draws for an answer."""
    from expectations.client_feedback import Limits

    return Limits(thresholds.low_mark, thresholds.low_nps, thresholds.verbatim_max_length)


def keep_verdicts(connection: duckdb.DuckDBPyConnection, verdicts: Sequence[Verdict]) -> None:
    """Make the tables `expectation`, `failure` and `flag` (row, is it refused, its warnings), and the view `kept`."""
    texts = [(each.expectation, each.reason, each.severity, each.field) for each in verdicts]
    named = pd.DataFrame(texts, columns=["expectation", "reason", "severity", "field"], dtype="str")
    keep(connection, "expectation", named.reset_index(names="position"))
    keep(connection, "failure", _failures(verdicts))
    _spare_withdrawals(connection)
    connection.execute(
        f"""
        CREATE OR REPLACE TABLE flag AS
        SELECT row_number, bool_or(severity = '{CRITICAL}') AS is_refused,
            string_agg(reason, ',' ORDER BY position) FILTER (severity = '{WARNING}') AS warnings
        FROM (
            SELECT row_number, reason, severity, min(position) AS position
            FROM failure JOIN expectation USING (position) GROUP BY ALL
        )
        GROUP BY row_number
        """
    )
    connection.execute(
        """
        CREATE OR REPLACE VIEW kept AS
        SELECT typed.*, warnings FROM typed LEFT JOIN flag USING (row_number) WHERE NOT coalesce(is_refused, false)
        """
    )


def _spare_withdrawals(connection: duckdb.DuckDBPyConnection) -> None:
    """A row that takes an answer back need only say which one, and when: sources blank the rest."""
    connection.execute(
        """
        DELETE FROM failure WHERE row_number IN (SELECT row_number FROM typed WHERE is_withdrawn)
            AND position NOT IN (SELECT position FROM expectation WHERE field IN ('response_id', 'updated_at'))
        """
    )


def row_checks(connection: duckdb.DuckDBPyConnection) -> tuple[RowCheck, ...]:
    """Count what each expectation refused or flagged: of the pages first, then of the rows, in the suite's order."""
    of_pages = ", ".join(f"({quoted(text)}, {quoted(reason)})" for reason, text in PAGE_EXPECTATIONS.items())
    counted = connection.sql(
        f"""
        SELECT text, code, '{CRITICAL}', count(unreadable.reason)
        FROM (VALUES {of_pages}) AS expected(text, code) LEFT JOIN unreadable ON reason = code
        GROUP BY ALL ORDER BY code
        """
    ).fetchall()
    counted += connection.sql(
        """
        SELECT expectation, reason, severity, count(row_number)
        FROM expectation LEFT JOIN failure USING (position)
        GROUP BY position, expectation, reason, severity ORDER BY position
        """
    ).fetchall()
    return tuple(RowCheck(*each) for each in counted)


def warning_counts(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Count the accepted answers by warning."""
    counted = connection.sql(
        """
        SELECT code, count(*) FROM (SELECT unnest(string_split(warnings, ',')) AS code FROM kept)
        GROUP BY code ORDER BY code
        """
    )
    return dict(counted.fetchall())


def _failures(verdicts: Sequence[Verdict]) -> pd.DataFrame:
    places = np.repeat(np.arange(len(verdicts)), [len(verdict.bad_rows) for verdict in verdicts])
    rows = np.concatenate([np.empty(0, dtype=np.int64), *(verdict.bad_rows for verdict in verdicts)])
    return pd.DataFrame({"row_number": rows, "position": places})
