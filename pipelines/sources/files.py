"""The files source: takes what is new and whole from a folder, and lands it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from pipelines.connections import Connections, environment_connections
from pipelines.landing import LandedPage, StagedPage, publish, staged
from pipelines.sources.stability import MARKERS, Announcement, stable_files
from pipelines.sources.storage import FoundFile, Storage, open_storage
from pipelines.sources.version_time import version_of

if TYPE_CHECKING:
    from pipelines.settings import FilesSource
    from pipelines.sources import Scrub
    from pipelines.warehouse.past import ReceivedFiles

log = structlog.get_logger(__name__)

FORMATS = {
    "csv": "csv", "tsv": "csv", "txt": "csv",
    "json": "json",
    "jsonl": "jsonl", "ndjson": "jsonl",
    "parquet": "parquet",
}  # fmt: skip
# Names under which uploads in progress hide.
UNFINISHED = (".tmp", ".part", ".partial", ".filepart", ".crdownload", ".swp", "~")
Progress = Callable[[int, int], None]  # files done, files in all


def extract(
    source: FilesSource,
    *,
    home: Path,
    known: ReceivedFiles,
    connections: Connections = environment_connections,
    progress: Progress = lambda done, total: None,
    scrub: Scrub | None = None,
) -> list[LandedPage]:
    """Land every file of the source that is whole and was not received before; gives their pages."""
    storage = open_storage(source, connections)
    wanted = [file for file in _readable(storage, source) if _is_new(file, known)]
    whole = stable_files(storage, wanted, source.settle_seconds)
    pages: dict[str, LandedPage] = {}
    for done, (file, announcement) in enumerate(whole, start=1):
        page = _take(storage, file, announcement, source, home, known, scrub)
        if page is not None:
            pages[page.content_hash] = page
        progress(done, len(whole))
    log.info("source.extracted", source=source.name, files=len(wanted), new=len(pages))
    return list(pages.values())


def count_files(source: FilesSource, connections: Connections = environment_connections) -> int:
    """How many files a source shows, received or not: a look that takes nothing."""
    return len(_readable(open_storage(source, connections), source))


def _readable(storage: Storage, source: FilesSource) -> list[FoundFile]:
    return [file for file in storage.files() if _format(source, file)]


def _format(source: FilesSource, file: FoundFile) -> str | None:
    """How the file is read, or None when it is not for us: a marker, an unfinished upload, an unknown suffix."""
    name = file.name.lower()
    if name.startswith((".", "_")) or name.endswith((*MARKERS, *UNFINISHED)):
        return None
    return source.format or FORMATS.get(name.removesuffix(".gz").rpartition(".")[2])


def _is_new(file: FoundFile, known: ReceivedFiles) -> bool:
    return (file.location, file.size_bytes, file.modified_at) not in known.files


def _take(
    storage: Storage,
    file: FoundFile,
    said: Announcement,
    source: FilesSource,
    home: Path,
    known: ReceivedFiles,
    scrub: Scrub | None,
) -> LandedPage | None:
    """Land one file, unless its content is known or not what was announced."""
    format_ = _format(source, file) or "csv"
    if scrub is not None:
        return _take_scrubbed(storage, file, said, source, home, known, scrub)
    with storage.opened(file) as stream, staged(home, source.name, stream, format_) as page:
        objection = _objection(page, file, said, source, format_)
        return _landed(page, file, said, source, known, format_, objection)


def _take_scrubbed(
    storage: Storage,
    file: FoundFile,
    said: Announcement,
    source: FilesSource,
    home: Path,
    known: ReceivedFiles,
    scrub: Scrub,
) -> LandedPage | None:
    """Land what may land of a file, which itself is in memory only."""
    with storage.opened(file) as stream:
        data = stream.read()
    objection = _objection_to_bytes(data, file, said)
    scrubbed = b"" if objection else scrub(data, _format(source, file) or "csv", file.name)
    with staged(home, source.name, io.BytesIO(scrubbed), scrub.format) as page:
        return _landed(page, file, said, source, known, scrub.format, objection)


def _landed(
    page: StagedPage,
    file: FoundFile,
    said: Announcement,
    source: FilesSource,
    known: ReceivedFiles,
    format_: str,
    objection: str | None,
) -> LandedPage | None:
    """The page, shown, unless it is known or there is an objection to it."""
    version_at = said.version_at or version_of(file.name, file.modified_at, datetime.now(UTC))
    if known.has(page.content_hash, version_at):
        log.info("file.known", source=source.name, file=file.location, page=page.content_hash[:12])
        return None
    if objection:
        log.warning("file.waiting", source=source.name, file=file.location, reason=objection)
        return None
    return publish(
        replace(page, size_bytes=file.size_bytes), source=source.name, name=file.name, location=file.location,
        format=format_, modified_at=file.modified_at, version_at=version_at,
    )  # fmt: skip


def _objection(page: StagedPage, file: FoundFile, said: Announcement, source: FilesSource, format_: str) -> str | None:
    """Why the bytes received are not the whole file, if they are not."""
    from pipelines.pages.reading import count_records

    if page.size_bytes != file.size_bytes:
        return f"{page.size_bytes}_bytes_read_of_{file.size_bytes}"
    if said.sha256 is not None and said.sha256 != page.content_hash:
        return f"sha256_{page.content_hash[:12]}_announced_{said.sha256[:12]}"
    if said.rows is not None:
        rows = count_records(page.path, format_, page.line_count, source)
        return f"{rows}_rows_announced_{said.rows}" if rows != said.rows else None
    return None


def _objection_to_bytes(data: bytes, file: FoundFile, said: Announcement) -> str | None:
    """The same of a file that is in memory; its rows are counted when it is read."""
    if len(data) != file.size_bytes:
        return f"{len(data)}_bytes_read_of_{file.size_bytes}"
    digest = hashlib.sha256(data).hexdigest()
    if said.sha256 is not None and said.sha256 != digest:
        return f"sha256_{digest[:12]}_announced_{said.sha256[:12]}"
    return None
