"""The folder of a staged batch while it is written: under a lock, which a process that is killed lets go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.faults import told
from pipelines.landing import PRIVATE_FILE, PRIVATE_FOLDER

WAIT_FOR_EVER = -1
REPLAYED_PAGE = "quarantine.jsonl"
"""Where a replay writes the records that it reads again, as they were received."""


@contextmanager
def writing(folder: Path, *, patience: float = WAIT_FOR_EVER) -> Iterator[None]:
    """Make the folder for its owner alone, and keep others from tidying it up; `Timeout` where one writes already."""
    from filelock import FileLock

    with told(f"staging {folder}"):
        folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
        lock = FileLock(folder / ".writing", mode=PRIVATE_FILE)
        lock.acquire(timeout=patience)
    try:
        yield
    finally:
        lock.release()
