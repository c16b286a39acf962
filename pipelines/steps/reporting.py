"""What is told of a batch: its page, its counts, its failure in the ledger, what was odd about it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

import structlog

from pipelines import metrics
from pipelines.errors import SymetrieError
from pipelines.load import BatchHeld, RunStamp
from pipelines.observed import observed
from pipelines.steps.context import opened, stamp_of
from pipelines.warehouse.ledger import (
    CLIENT_FEEDBACK,
    DONE,
    FAILED,
    HELD,
    PUBLISHED,
    Counts,
    LedgerRow,
    ledger_row,
    write_ledger_row,
)

if TYPE_CHECKING:
    from pipelines.settings import Settings
    from pipelines.validation import ValidatedBatch

log = structlog.get_logger(__name__)


def tell(settings: Settings, batch: ValidatedBatch, stamp: RunStamp, status: str, counts: Counts) -> None:
    """Tell what came of a batch: to whoever counts rows, and on the page of what it was judged on."""
    from pipelines.judgements import judgement_of, keep

    if status in (PUBLISHED, HELD):  # what is decided later was counted when it came
        metrics.count_rows(asdict(counts), batch.source)
    keep(settings.home, judgement_of(batch, stamp, status, counts), days=settings.retention.validation_days)


@observed
def record_failure(settings: Settings, source: str, run_id: str, business_date: date, error: BaseException) -> str:
    """Note in the ledger that a source failed, so that summaries and `symetrie status` name it; gives the reason.

    A held batch stands there already, and an unexpected error keeps its words for the log: they may quote an answer.
    """
    if isinstance(error, SymetrieError):
        reason = str(error)
    else:
        reason = f"source {source}: unexpected {type(error).__name__}; the log has the whole story"
        log.error("source.failed", source=source, run_id=run_id, exc_info=error)
    if isinstance(error, BatchHeld):
        return reason
    stamp = stamp_of(run_id, business_date, CLIENT_FEEDBACK)
    row = LedgerRow(
        run_id=run_id,
        pipeline=stamp.pipeline,
        source=source,
        business_date=business_date,
        started_at=stamp.started_at,
        finished_at=stamp.published_at,
        status=FAILED,
        detail={"error": reason},
    )
    try:
        _write_failure(settings, row)
    except SymetrieError as unwritten:  # the disk that was full still is: the first reason is the one to tell
        log.error("failure.not_recorded", source=source, run_id=run_id, reason=str(unwritten), failure=reason)
    return reason


def _write_failure(settings: Settings, row: LedgerRow) -> None:
    with opened(settings) as warehouse, warehouse.publishing(refreshes_readers=False) as connection:
        written = ledger_row(connection, row.run_id, row.pipeline, row.source)
        if written is None or written.status not in (*DONE, HELD):  # what came after a commit does not undo it
            write_ledger_row(connection, row)


def redactions_of(settings: Settings, run_id: str, source: str) -> dict[str, int]:
    """How many answers of a source held personal data in a run, by its kind."""
    from pipelines.warehouse.ledger import redactions

    with opened(settings) as warehouse, warehouse.reading() as connection:
        return redactions(connection, run_id, source)


def warnings_of(settings: Settings, run_id: str, source: str) -> list[str]:
    """What was odd about the batch of a source in a run and about its rows, a line each."""
    from pipelines.warehouse.ledger import notes

    with opened(settings) as warehouse, warehouse.reading() as connection:
        return notes(connection, run_id, source)
