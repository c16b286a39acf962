"""What every step works with: the warehouse, the folder where a batch waits, and what says of a run."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.load import RunStamp
from pipelines.warehouse import Warehouse, open_warehouse

if TYPE_CHECKING:
    from pipelines.settings import Settings

RUN_ID_TIME = "%Y%m%dT%H%M%SZ"


def staged_folder(settings: Settings, run_id: str, source: str) -> Path:
    """Where a validated batch waits between its validation and its load."""
    return settings.home / "staging" / run_id / source


def clear_staged(folder: Path) -> None:
    """Remove a staged batch, and the folder of its run with the last one."""
    shutil.rmtree(folder)
    with suppress(OSError):  # another source's batch still waits there
        folder.parent.rmdir()


@contextmanager
def opened(settings: Settings) -> Iterator[Warehouse]:
    """The warehouse of the settings, for the length of a `with` block."""
    warehouse = open_warehouse(settings.warehouse_url, settings.home)
    try:
        yield warehouse
    finally:
        warehouse.close()


def run_moment(run_id: str) -> datetime:
    """The moment a run began, as its id says: what lies after it is the future."""
    return datetime.strptime(run_id.split("-", maxsplit=1)[0], RUN_ID_TIME).replace(tzinfo=UTC)


def stamp_of(run_id: str, business_date: date, pipeline: str, detail: Mapping[str, object] = {}) -> RunStamp:
    """What a publication made now says of its run."""
    return RunStamp(run_id, business_date, run_moment(run_id), datetime.now(UTC), pipeline, detail)
