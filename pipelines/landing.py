"""The landing: every page as it was received, compressed, with a manifest that makes it visible when it is whole."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

import structlog

from pipelines.errors import SymetrieError
from pipelines.faults import told
from pipelines.lines import LineCount

log = structlog.get_logger(__name__)

CHUNK_BYTES = 1 << 20
GZIP_LEVEL = 1  # 3 times as fast as the usual 6, for pages a quarter larger
GZIP_MAGIC = b"\x1f\x8b"
INCOMING, ABANDONED_SECONDS = ".incoming-", 86_400
PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
HASH_DIGITS = 64  # of a SHA-256, which names the page and its manifest
COMPRESSED_BY_ITSELF = frozenset({"parquet"})


@dataclass(frozen=True, kw_only=True)
class Pull:
    """One window asked of a source, page after page, to its end; `cursor_at` only on its last page."""

    pull_id: str
    window_start_at: datetime
    window_end_at: datetime
    pulled_at: datetime  # when it began: what it does not hold was gone by then
    is_last: bool
    cursor_at: datetime | None = None
    absent_is_withdrawn: bool = False


@dataclass(frozen=True, kw_only=True)
class LandedPage:
    """One page in the landing; instants are UTC, `content_hash` is the SHA-256 of the bytes as received.

    That of a page of a pull also covers the pull's id and the number of the page.
    """

    source: str
    content_hash: str
    name: str
    location: str
    format: str
    size_bytes: int
    modified_at: datetime
    version_at: datetime
    landed_at: datetime
    path: Path
    line_count: int | None = None  # None where the bytes were compressed already, or a carriage return stands alone
    pull: Pull | None = None  # None where the page is a file that was dropped
    erased_count: int = 0  # records taken out of it since it was received
    searched_for: str | None = None  # the mark of the erased answers that it was last searched for


@dataclass(frozen=True)
class StagedPage:
    """A page that has arrived whole but is not visible yet."""

    folder: Path
    path: Path
    suffix: str
    content_hash: str
    size_bytes: int
    line_count: int | None


def landing_folder(home: Path, source: str) -> Path:
    """Where the pages of a source land."""
    return home / "landing" / source


def land(
    home: Path,
    source: str,
    stream: BinaryIO,
    *,
    name: str,
    location: str,
    format: str,  # noqa: A002 - the word of the settings
    modified_at: datetime,
    version_at: datetime,
) -> LandedPage:
    """Land one page read from a stream, in one pass; the same content landed before keeps its latest version time."""
    with staged(home, source, stream, format) as page:
        return publish(
            page, source=source, name=name, location=location, format=format,
            modified_at=modified_at, version_at=version_at,
        )  # fmt: skip


@contextmanager
def staged(
    home: Path,
    source: str,
    stream: BinaryIO,
    format: str,  # noqa: A002
    identity: bytes = b"",
) -> Iterator[StagedPage]:
    """Receive a page into a temporary file: hashed, counted and compressed in one pass; gone unless published.

    An identity is hashed before the bytes: two pulls may receive the same page, and it is news of two moments.
    """
    folder = landing_folder(home, source)
    with told(f"landing {folder}"):
        private_folder(home, folder)
        _sweep(folder)
        handle, name = tempfile.mkstemp(prefix=INCOMING, dir=folder)  # mkstemp makes it private
        path = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                page = _receive(stream, file, folder, path, format, identity)
                file.flush()
                os.fsync(file.fileno())
            yield page
        finally:
            path.unlink(missing_ok=True)


def publish(
    page: StagedPage,
    *,
    source: str,
    name: str,
    location: str,
    format: str,  # noqa: A002
    modified_at: datetime,
    version_at: datetime,
    pull: Pull | None = None,
) -> LandedPage:
    """Make a staged page visible: the page first, its manifest last, each by an atomic rename."""
    from filelock import FileLock

    folder = page.folder / page.content_hash[:2]
    folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    landed = LandedPage(
        source=source, content_hash=page.content_hash, name=name, location=location, format=format,
        size_bytes=page.size_bytes, modified_at=modified_at, version_at=version_at,
        landed_at=datetime.now(UTC), path=folder / f"{page.content_hash}.{page.suffix}", line_count=page.line_count,
        pull=pull,
    )  # fmt: skip
    with FileLock(page.folder / ".lock", mode=PRIVATE_FILE):
        manifest = folder / f"{page.content_hash}.json"
        if manifest.exists():
            # Whichever copy comes first, the page ends with the latest version.
            known = read_manifest(manifest)
            is_later = version_at > known.version_at
            kept = {
                name: getattr(known, name) for name in ("path", "format", "line_count", "erased_count", "searched_for")
            }
            landed = replace(landed, **kept) if is_later else known
        if not landed.path.exists():
            page.path.replace(landed.path)
        write_atomically(manifest, _manifest_text(landed))
    log.info("page.landed", source=source, page=page.content_hash[:12], file=name, bytes=page.size_bytes)
    return landed


def landed_pages(home: Path, source: str, content_hashes: Sequence[str] | None = None) -> list[LandedPage]:
    """The visible pages of a source, or those of the given hashes, oldest version first."""
    folder = landing_folder(home, source)
    if content_hashes is None:
        manifests = [*folder.glob("??/*.json")]
    else:
        manifests = [folder / each[:2] / f"{each}.json" for each in dict.fromkeys(content_hashes)]
    return sorted(map(read_manifest, manifests), key=lambda page: (page.version_at, page.content_hash))


def replace_content(page: LandedPage, draft: Path, *, erased: int) -> None:
    """Put a draft of the page without some records in its place; its name stays the hash of what was received."""
    with _changing(page) as (manifest, known):
        # Before the page: a number of lines that is wrong costs more than one that is not known.
        write_atomically(manifest, _manifest_text(replace(known, line_count=None)))
        draft.replace(known.path)
        left = replace(known, line_count=None, erased_count=known.erased_count + erased)
        write_atomically(manifest, _manifest_text(left))


def note_search(page: LandedPage, searched_for: str) -> None:
    """Note which erased answers a page was searched for: it holds none of these."""
    with _changing(page) as (manifest, known):
        write_atomically(manifest, _manifest_text(replace(known, searched_for=searched_for)))


def expire(page: LandedPage) -> None:
    """Remove a page: its manifest first, so that none is ever visible without its page."""
    with _changing(page) as (manifest, known):
        manifest.unlink()
        known.path.unlink(missing_ok=True)


def expire_orphans(home: Path, source: str) -> None:
    """Remove pages without a manifest: a process that was killed between the two has left them."""
    from filelock import FileLock

    folder = landing_folder(home, source)
    with FileLock(folder / ".lock", mode=PRIVATE_FILE):
        for file in folder.glob("??/*"):
            if not file.name.startswith(".") and not (file.parent / f"{file.name[:HASH_DIGITS]}.json").exists():
                file.unlink()


@contextmanager
def _changing(page: LandedPage) -> Iterator[tuple[Path, LandedPage]]:
    """The manifest of a page and what it says by now, while nobody else lands or changes a page of the source."""
    from filelock import FileLock

    with FileLock(page.path.parent.parent / ".lock", mode=PRIVATE_FILE):
        manifest = page.path.parent / f"{page.content_hash}.json"
        yield manifest, read_manifest(manifest)


def read_manifest(manifest: Path) -> LandedPage:
    """The page that a manifest describes."""
    try:
        return page_of(json.loads(manifest.read_text(encoding="utf-8")), manifest.parent)
    except FileNotFoundError:
        raise SymetrieError(
            f"page {manifest.stem} is not in the landing {manifest.parent.parent}; extract it again"
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SymetrieError(
            f"{manifest} is not a manifest of the landing: {error}; remove it and extract again"
        ) from error


def _receive(
    stream: BinaryIO,
    file: IO[bytes],
    folder: Path,
    path: Path,
    format: str,  # noqa: A002
    identity: bytes,
) -> StagedPage:
    """Copy the stream into the file, hashing and counting what passes."""
    digest, size, lines = hashlib.sha256(identity), 0, LineCount()
    chunk = stream.read(CHUNK_BYTES)
    arrives_gzipped = chunk.startswith(GZIP_MAGIC)
    as_it_is = arrives_gzipped or format in COMPRESSED_BY_ITSELF
    with _unchanged(file) if as_it_is else _gzipped(file) as into:
        while chunk:
            digest.update(chunk)
            lines.add(chunk)
            size += len(chunk)
            into.write(chunk)
            chunk = stream.read(CHUNK_BYTES)
    return StagedPage(
        folder=folder,
        path=path,
        suffix=format if format in COMPRESSED_BY_ITSELF and not arrives_gzipped else f"{format}.gz",
        content_hash=digest.hexdigest(),
        size_bytes=size,
        line_count=None if as_it_is else lines.total,
    )


@contextmanager
def _unchanged(file: IO[bytes]) -> Iterator[IO[bytes]]:
    yield file


def _gzipped(file: IO[bytes]) -> IO[bytes]:
    """A gzip stream without name or time, so that the same content makes the same file."""
    return cast("IO[bytes]", gzip.GzipFile("", "wb", GZIP_LEVEL, file, mtime=0))


def _manifest_text(page: LandedPage) -> str:
    return json.dumps(record_of(page) | {"path": page.path.name}, indent=1, ensure_ascii=False)


def record_of(page: LandedPage) -> dict[str, Any]:
    """A page as JSON holds it."""
    return {name: _plain(value) for name, value in asdict(page).items()}


def page_of(record: Mapping[str, Any], folder: Path) -> LandedPage:
    """The page of a record; its path is relative to the folder."""
    given = dict(record)
    given.pop("searched_at", None)  # of before it was kept which answers were searched for
    pull = given.pop("pull", None)
    return LandedPage(
        **_timed(given) | {"path": folder / given["path"]}, pull=None if pull is None else Pull(**_timed(pull))
    )


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return value.isoformat() if isinstance(value, datetime) else str(value) if isinstance(value, Path) else value


def _timed(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record with its instants, whose names end in `_at`."""
    return {
        name: datetime.fromisoformat(value) if name.endswith("_at") and value is not None else value
        for name, value in record.items()
    }


def private_folder(home: Path, folder: Path) -> Path:
    """Make the folder and those above it, up to the house's, for the owner alone."""
    for each in (home, folder.parent, folder):
        each.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    return folder


def _sweep(folder: Path) -> None:
    """Remove what killed processes left behind: nothing takes a day to arrive."""
    for left in folder.glob(f"{INCOMING}*"):
        with contextlib.suppress(FileNotFoundError):  # published or swept by another meanwhile
            if time.time() - left.stat().st_mtime > ABANDONED_SECONDS:
                left.unlink()


def write_atomically(path: Path, text: str) -> None:
    """Write a private file so that it is there whole or not at all."""
    handle, name = tempfile.mkstemp(prefix=".manifest-", dir=path.parent)
    draft = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
