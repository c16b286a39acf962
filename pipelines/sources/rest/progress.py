"""What a pull has received and not shown yet, kept so that a pull that was cut off goes on where it stood."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

import structlog
from filelock import FileLock, Timeout

from pipelines.errors import Unreachable
from pipelines.faults import told
from pipelines.landing import PRIVATE_FILE, StagedPage, landing_folder, private_folder, write_atomically

log = structlog.get_logger(__name__)

FOLDER, STATE, LOCK = ".pull", "progress.json", ".pull.lock"
RESUME_WITHIN = timedelta(hours=6)  # what was received earlier may have been edited since
LOCK_SECONDS = 600.0


@dataclass(frozen=True)
class SliceProgress:
    """A slice being read: its pages so far, and the pointers to them; one more pointer is to be asked next."""

    pull_id: str
    pulled_at: datetime
    pointers: tuple[str, ...]
    pages: tuple[StagedPage, ...] = ()
    is_whole: bool = False  # every page is there and was judged
    cursor_at: datetime | None = None

    @property
    def is_received(self) -> bool:
        """Whether no page is left to ask for."""
        return len(self.pages) == len(self.pointers)


@dataclass(frozen=True)
class Progress:
    """How far a pull has come: the slices that are visible already, and the one being read."""

    fingerprint: str
    started_at: datetime
    finished_count: int = 0
    current: SliceProgress | None = None


class PullFolder:
    """The hidden folder of a source in the landing."""

    def __init__(self, folder: Path, progress: Progress) -> None:
        self.folder, self.progress = folder, progress

    @property
    def current(self) -> SliceProgress:
        """The slice being read."""
        assert self.progress.current is not None
        return self.progress.current

    def begin_slice(self, first: str, now: datetime) -> None:
        """Begin a slice, unless one is being read already."""
        if self.progress.current is None:
            pull_id = f"{now:%Y%m%dT%H%M%S%fZ}-{token_hex(4)}"
            self._save(replace(self.progress, current=SliceProgress(pull_id, now, (first,))))

    def keep(self, page: StagedPage, pointer: str | None) -> None:
        """Keep a page, and where the one after it is; None where it was the last."""
        current = self.current
        path = page.path.replace(self.folder / f"{len(current.pages) + 1}.{page.suffix}")
        pages = (*current.pages, replace(page, path=path))
        pointers = current.pointers if pointer is None else (*current.pointers, pointer)
        self._save(replace(self.progress, current=replace(current, pages=pages, pointers=pointers)))

    def note_whole(self, cursor_at: datetime | None) -> None:
        """The slice was read to its end: from now on it only needs to be shown."""
        self._save(replace(self.progress, current=replace(self.current, is_whole=True, cursor_at=cursor_at)))

    def finish_slice(self) -> None:
        """The slice is visible: go on with the next."""
        self._save(replace(self.progress, finished_count=self.progress.finished_count + 1, current=None))

    def drop_slice(self) -> None:
        """Forget what was received of the slice."""
        self._save(replace(self.progress, current=None))

    def _save(self, progress: Progress) -> None:
        write_atomically(self.folder / STATE, json.dumps(asdict(progress), default=str))
        self.progress = progress


@contextmanager
def pull_folder(home: Path, source: str, fingerprint: str, now: datetime) -> Iterator[PullFolder]:
    """The folder of one pull at a time; it goes when the pull has come to its end."""
    landing = landing_folder(home, source)
    with told(f"landing {landing}"), _alone(private_folder(home, landing), source):
        folder = landing / FOLDER
        progress = kept_progress(folder, landing)
        if progress is None or progress.fingerprint != fingerprint or now - progress.started_at > RESUME_WITHIN:
            shutil.rmtree(folder, ignore_errors=True)
            progress = Progress(fingerprint, now)
        else:
            log.info("pull.resumed", source=source, finished_slices=progress.finished_count)
        folder.mkdir(mode=0o700, exist_ok=True)
        yield PullFolder(folder, progress)
        shutil.rmtree(folder)


@contextmanager
def _alone(landing: Path, source: str) -> Iterator[None]:
    """One pull of a source at a time; the other one waits."""
    lock = FileLock(landing / LOCK, mode=PRIVATE_FILE)
    try:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            log.warning("pull.waiting", source=source, reason="another run is asking this source")
            lock.acquire(timeout=LOCK_SECONDS)
    except Timeout:
        raise Unreachable(
            f"source {source}: another run has been asking it for {LOCK_SECONDS:g} seconds; run again later"
        ) from None
    try:
        yield
    finally:
        lock.release()


def kept_progress(folder: Path, landing: Path) -> Progress | None:
    """What a pull left behind, if it can be read."""
    try:
        return _progress(json.loads((folder / STATE).read_text(encoding="utf-8")), landing)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _progress(given: dict[str, Any], landing: Path) -> Progress:
    started_at = datetime.fromisoformat(given["started_at"])
    current = None if given["current"] is None else _slice_progress(given["current"], landing)
    return Progress(**given | {"started_at": started_at, "current": current})


def _slice_progress(given: dict[str, Any], landing: Path) -> SliceProgress:
    read = {
        "pulled_at": datetime.fromisoformat(given["pulled_at"]),
        "cursor_at": given["cursor_at"] and datetime.fromisoformat(given["cursor_at"]),
        "pointers": tuple(given["pointers"]),
        "pages": tuple(StagedPage(**each | {"folder": landing, "path": Path(each["path"])}) for each in given["pages"]),
    }
    return SliceProgress(**given | read)
