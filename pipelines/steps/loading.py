"""Load: a validated batch is published once, or held where the gate stops it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.load import BatchHeld, PartlyReceived, RunStamp
from pipelines.observed import observed
from pipelines.steps.context import clear_staged, opened, stamp_of
from pipelines.steps.reporting import tell
from pipelines.steps.validating import validate_source
from pipelines.warehouse.ledger import CLIENT_FEEDBACK, DONE, HELD, PUBLISHED, ledger_row

if TYPE_CHECKING:
    from pipelines.settings import Settings
    from pipelines.settings.gate import Gate

MEETINGS_WITH_ANOTHER_RUN = 3
"""How often a batch is judged again because another run has received some of its pages meanwhile."""


@observed
def load_batch(
    settings: Settings,
    folder: str,
    run_id: str,
    business_date: date,
    *,
    pipeline: str = CLIENT_FEEDBACK,
    detail: Mapping[str, object] = {},
) -> dict[str, int]:
    """Publish a validated batch and give its counts; a batch that the gate stops raises `BatchHeld`."""
    for _ in range(MEETINGS_WITH_ANOTHER_RUN):
        with suppress(PartlyReceived):
            return _load_batch(settings, folder, stamp_of(run_id, business_date, pipeline, detail))
        pages = _not_received(settings, Path(folder))
        validate_source(settings, Path(folder).name, pages, business_date, run_id)
    return _load_batch(settings, folder, stamp_of(run_id, business_date, pipeline, detail))


def _load_batch(settings: Settings, folder: str, stamp: RunStamp) -> dict[str, int]:
    from pipelines import load
    from pipelines.validation import load_batch as read_batch

    run_id, pipeline, source = stamp.run_id, stamp.pipeline, Path(folder).name
    with opened(settings) as warehouse:
        with warehouse.reading() as connection:
            done = ledger_row(connection, run_id, pipeline, source)
        if done is not None and done.status in DONE:  # a retry after the commit: the staged batch may be gone already
            return asdict(done.counts)
        batch = read_batch(Path(folder))
        if not batch.is_publishable:
            counts = load.hold(warehouse, batch, _until(stamp, settings.gate))
            tell(settings, batch, stamp, HELD, counts)
            message = f"source {batch.source}: batch held, {batch.why_held}; see `symetrie batch list`"
            raise BatchHeld(message, counts)
        counts = load.load(warehouse, batch, stamp)
    tell(settings, batch, stamp, PUBLISHED, counts)
    clear_staged(Path(folder))
    return asdict(counts)


def _until(stamp: RunStamp, gate: Gate) -> RunStamp:
    """The stamp of a batch that is held, with the moment up to which somebody may decide about it."""
    from pipelines.gate import DECIDE_BY, decide_by

    return replace(stamp, detail={**stamp.detail, DECIDE_BY: decide_by(stamp.published_at, gate).isoformat()})


def _not_received(settings: Settings, folder: Path) -> list[str]:
    """The pages of a validated batch that no run has received yet."""
    from pipelines.validation import load_batch as read_batch
    from pipelines.warehouse.past import received_files

    with opened(settings) as warehouse, warehouse.reading() as connection:
        known = received_files(connection, folder.name)
    return [page.content_hash for page in read_batch(folder).pages if not known.has(page.content_hash, page.version_at)]
