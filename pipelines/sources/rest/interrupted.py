"""What a pull that was cut off has received: no step sees it, but whoever erases an answer or tidies up must."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from pipelines.landing import PRIVATE_FILE, LandedPage, landing_folder
from pipelines.sources.rest.progress import FOLDER, LOCK, SliceProgress, kept_progress


@contextmanager
def interrupted_pages(home: Path, source: str) -> Iterator[list[LandedPage]]:
    """Its pages, as if they had landed; no pull goes on from them for the length of a `with` block."""
    with _at_rest(home, source) as folder:
        progress = None if folder is None else kept_progress(folder, folder.parent)
        yield [] if progress is None or progress.current is None else _pages(source, progress.current)


def discard_interrupted(home: Path, source: str, *, unless_begun_since: datetime | None = None) -> int:
    """Give a pull up, so that the next one starts anew; gives how many of its files are gone."""
    with _at_rest(home, source) as folder:
        if folder is None:
            return 0
        progress = kept_progress(folder, folder.parent)
        if progress is not None and unless_begun_since is not None and progress.started_at >= unless_begun_since:
            return 0
        count = sum(1 for _ in folder.glob("*.json.gz"))
        shutil.rmtree(folder)
        return count


@contextmanager
def _at_rest(home: Path, source: str) -> Iterator[Path | None]:
    """The folder of a pull, where there is one that nobody is at.

    A living pull is left alone: what it shows is looked through by the sweep at the end of its run.
    """
    landing = landing_folder(home, source)
    if not (landing / FOLDER).exists():
        yield None
        return
    lock = FileLock(landing / LOCK, mode=PRIVATE_FILE)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        yield None
        return
    try:
        yield landing / FOLDER if (landing / FOLDER).exists() else None
    finally:
        lock.release()


def _pages(source: str, received: SliceProgress) -> list[LandedPage]:
    """Those that were not shown yet when it was cut off."""
    moment = received.pulled_at
    return [
        LandedPage(
            source=source, content_hash=page.content_hash, name=page.path.name, location=str(page.path), format="json",
            size_bytes=page.size_bytes, modified_at=moment, version_at=moment, landed_at=moment, path=page.path,
            line_count=page.line_count,
        )
        for page in received.pages if page.path.exists()
    ]  # fmt: skip
