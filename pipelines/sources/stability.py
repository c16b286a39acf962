"""Which files are whole: announced by `<file>.done` or a manifest, else of the same size twice."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from pipelines.sources.storage import FoundFile, Storage

log = structlog.get_logger(__name__)

DONE = ".done"
MANIFESTS = (".manifest.json", ".manifest")
MARKERS = (DONE, *MANIFESTS)


@dataclass(frozen=True)
class Announcement:
    """What the sender says of a file; nothing where the file was only seen to be still."""

    rows: int | None = None
    sha256: str | None = None
    version_at: datetime | None = None


def stable_files(
    storage: Storage, files: Sequence[FoundFile], settle_seconds: float
) -> list[tuple[FoundFile, Announcement]]:
    """The files that are whole, each with its announcement; the others are named in the log and wait."""
    announced = _announced(storage, files)
    silent = [file for file in files if file.path not in announced]
    if silent:
        time.sleep(settle_seconds)
        now = {file.path: file for file in storage.files()}
        for file in silent:
            if now.get(file.path) == file:
                announced[file.path] = Announcement()
            else:
                log.info("file.waiting", source=storage.source, file=file.location, reason="still_changing")
    return [(file, found) for file in files if (found := announced.get(file.path))]


def _announced(storage: Storage, files: Sequence[FoundFile]) -> dict[str, Announcement | None]:
    """What is announced, by path; None where a manifest is there and cannot be read yet."""
    folders: dict[str, Mapping[str, FoundFile]] = {}
    found: dict[str, Announcement | None] = {}
    for file in files:
        folder = file.path.removesuffix(file.name)
        beside = folders[folder] if folder in folders else folders.setdefault(folder, storage.beside(file))
        manifest = next((beside[file.path + each] for each in MANIFESTS if file.path + each in beside), None)
        done = beside.get(file.path + DONE)
        if manifest is not None:
            found[file.path] = _read_manifest(storage, manifest)
        elif done is not None and done.modified_at >= file.modified_at:
            found[file.path] = Announcement()  # an older mark announced an earlier file of that name
    return found


def _read_manifest(storage: Storage, manifest: FoundFile) -> Announcement | None:
    with storage.opened(manifest) as stream:
        text = stream.read()
    try:
        given = json.loads(text)
        return Announcement(
            rows=None if given.get("rows") is None else int(given["rows"]),
            sha256=None if given.get("sha256") is None else str(given["sha256"]).lower(),
            version_at=_instant(given.get("version_at")),
        )
    except (ValueError, TypeError, AttributeError) as error:
        reason = f"manifest_unreadable ({error})"
        log.warning("file.waiting", source=storage.source, file=manifest.location, reason=reason)
        return None


def _instant(written: str | None) -> datetime | None:
    """An ISO 8601 instant; without an offset it is UTC."""
    if written is None:
        return None
    moment = datetime.fromisoformat(written)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
