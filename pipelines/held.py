"""The steps about a held batch: carrying out what an operator decided, and the default once the time is over."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import structlog

from pipelines.errors import SymetrieError
from pipelines.gate import Decision, overdue_decision
from pipelines.steps import discard_batch, opened, release_batch
from pipelines.warehouse.ledger import NotHeld, held_batches

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipelines.settings import Settings
    from pipelines.warehouse.typing import AnyRow

log = structlog.get_logger(__name__)

DONE_BY_DEFAULT: Mapping[str, str] = {
    "release": "it was released",
    "discard": "it was discarded",
    "keep_held": "it stays held",
}


def carry_out(settings: Settings, run_id: str, source: str, decision: Decision) -> None:
    """Release, discard or keep a held batch and note who decided; where somebody was faster, his decision stands."""
    try:
        if decision.verdict == "release":
            release_batch(settings, run_id, source, decision)
        elif decision.verdict == "discard":
            discard_batch(settings, run_id, source, decision)
        else:
            _keep_held(settings, run_id, source, decision)
    except NotHeld:
        log.info("batch.decided_before", source=source, run_id=run_id)


def apply_defaults(settings: Settings) -> list[str]:
    """Apply the default to every held batch whose time is over, whatever befalls one of them; a line about each."""
    lines = []
    for row in _held(settings):
        decision = overdue_decision(json.loads(row.detail), settings.gate, datetime.now(UTC))
        if decision is None:
            continue
        try:
            carry_out(settings, row.run_id, row.source, decision)
            done = DONE_BY_DEFAULT[decision.verdict]
        except SymetrieError as error:
            log.error("batch.default_failed", source=row.source, run_id=row.run_id, error=str(error))
            done = f"the default, {decision.verdict}, failed: {error}"
        lines.append(f"{row.source}: nobody decided in time about the batch held in run {row.run_id}; {done}")
    return lines


def still_held(settings: Settings, run_id: str) -> list[str]:
    """The sources whose batch of a run waits for a decision."""
    return sorted(row.source for row in _held(settings) if row.run_id == run_id)


def _held(settings: Settings) -> Sequence[AnyRow]:
    with opened(settings) as warehouse, warehouse.reading() as connection:
        return held_batches(connection)


def _keep_held(settings: Settings, run_id: str, source: str, decision: Decision) -> None:
    from pipelines import load

    with opened(settings) as warehouse:
        load.keep(warehouse, run_id, source, decision.detail)
