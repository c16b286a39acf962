"""What becomes of a batch that the gate had held."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from pipelines.observed import observed
from pipelines.steps.context import clear_staged, opened, staged_folder, stamp_of
from pipelines.steps.reporting import tell
from pipelines.steps.scoring import score_days
from pipelines.warehouse.ledger import DISCARDED, RELEASED, counts_of, held_row

if TYPE_CHECKING:
    from pipelines.gate import Decision
    from pipelines.settings import Settings


@observed
def release_batch(settings: Settings, run_id: str, source: str, decision: Decision | None = None) -> dict[str, int]:
    """Publish a batch that the gate had held, and score the days it touches."""
    from pipelines import load
    from pipelines.validation import load_batch as read_batch

    folder = staged_folder(settings, run_id, source)
    with opened(settings) as warehouse:
        with warehouse.reading() as connection:
            held = held_row(connection, run_id, source)
        detail = {} if decision is None else decision.detail
        batch, stamp = read_batch(folder), stamp_of(run_id, held.business_date, held.pipeline, detail)
        counts = load.release(warehouse, batch, stamp)
    tell(settings, batch, stamp, RELEASED, counts)
    score_days(settings, held.business_date, run_id)
    clear_staged(folder)
    return asdict(counts)


@observed
def discard_batch(settings: Settings, run_id: str, source: str, decision: Decision | None = None) -> None:
    """Give up a batch that the gate had held; the ledger keeps its trace and the landing its pages."""
    from pipelines import load
    from pipelines.validation import load_batch as read_batch

    folder = staged_folder(settings, run_id, source)
    with opened(settings) as warehouse:
        with warehouse.reading() as connection:
            held = held_row(connection, run_id, source)
        load.discard(warehouse, run_id, source, {} if decision is None else decision.detail)
    stamp = stamp_of(run_id, held.business_date, held.pipeline)
    tell(settings, read_batch(folder), stamp, DISCARDED, counts_of(held))
    clear_staged(folder)
