"""The landing: every page as it was received, compressed, with a manifest that makes it visible when it is whole."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import logging
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, BinaryIO, cast

from pipelines.errors import SymetrieError

log = logging.getLogger(__name__)

CHUNK_BYTES = 1 << 20
GZIP_LEVEL = 1  # 3 times as fast as the usual 6, for pages a quarter larger
GZIP_MAGIC = b"\x1f\x8b"
INCOMING, ABANDONED_SECONDS = ".incoming-", 86_400
PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
COMPRESSED_BY_ITSELF = frozenset({"parquet"})


@dataclass(frozen=True, kw_only=True)
class LandedPage:
    """One page in the landing; instants are UTC, `content_hash` is the SHA-256 of the bytes as received."""

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
    line_count: int | None = None  # None where the bytes were compressed already


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
def staged(home: Path, source: str, stream: BinaryIO, format: str) -> Iterator[StagedPage]:  # noqa: A002
    """Receive a page into a temporary file: hashed, counted and compressed in one pass; gone unless published."""
    folder = _private_folder(home, landing_folder(home, source))
    _sweep(folder)
    handle, name = tempfile.mkstemp(prefix=INCOMING, dir=folder)  # mkstemp makes it private
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            page = _receive(stream, file, folder, path, format)
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
) -> LandedPage:
    """Make a staged page visible: the page first, its manifest last, each by an atomic rename."""
    from filelock import FileLock

    folder = page.folder / page.content_hash[:2]
    folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    landed = LandedPage(
        source=source, content_hash=page.content_hash, name=name, location=location, format=format,
        size_bytes=page.size_bytes, modified_at=modified_at, version_at=version_at,
        landed_at=datetime.now(UTC), path=folder / f"{page.content_hash}.{page.suffix}", line_count=page.line_count,
    )  # fmt: skip
    with FileLock(page.folder / ".lock", mode=PRIVATE_FILE):
        manifest = folder / f"{page.content_hash}.json"
        if manifest.exists():
            # Whichever copy comes first, the page ends with the same version.
            known = read_manifest(manifest)
            landed = replace(known, version_at=max(known.version_at, version_at))
        if not landed.path.exists():
            page.path.replace(landed.path)
        _write_atomically(manifest, _manifest_text(landed))
    log.info(
        "page.landed source=%s page=%s name=%s bytes=%d",
        source,
        page.content_hash[:12],
        name,
        page.size_bytes,
    )
    return landed


def landed_pages(home: Path, source: str, content_hashes: Sequence[str] | None = None) -> list[LandedPage]:
    """The visible pages of a source, or those of the given hashes, oldest version first."""
    folder = landing_folder(home, source)
    if content_hashes is None:
        manifests = [*folder.glob("??/*.json")]
    else:
        manifests = [folder / each[:2] / f"{each}.json" for each in dict.fromkeys(content_hashes)]
    return sorted(map(read_manifest, manifests), key=lambda page: (page.version_at, page.content_hash))


def read_manifest(manifest: Path) -> LandedPage:
    """The page that a manifest describes."""
    try:
        given = json.loads(manifest.read_text(encoding="utf-8"))
        times = {name: datetime.fromisoformat(given[name]) for name in ("modified_at", "version_at", "landed_at")}
        return LandedPage(**given | times | {"path": manifest.parent / given["path"]})
    except FileNotFoundError:
        raise SymetrieError(
            f"page {manifest.stem} is not in the landing {manifest.parent.parent}; extract it again"
        ) from None
    except (ValueError, KeyError, TypeError) as error:
        raise SymetrieError(
            f"{manifest} is not a manifest of the landing: {error}; remove it and extract again"
        ) from error


def _receive(stream: BinaryIO, file: IO[bytes], folder: Path, path: Path, format: str) -> StagedPage:  # noqa: A002
    """Copy the stream into the file, hashing and counting what passes."""
    digest, size, line_feeds, last = hashlib.sha256(), 0, 0, b"\n"
    chunk = stream.read(CHUNK_BYTES)
    arrives_gzipped = chunk.startswith(GZIP_MAGIC)
    as_it_is = arrives_gzipped or format in COMPRESSED_BY_ITSELF
    with _unchanged(file) if as_it_is else _gzipped(file) as into:
        while chunk:
            digest.update(chunk)
            size, line_feeds, last = size + len(chunk), line_feeds + chunk.count(b"\n"), chunk[-1:]
            into.write(chunk)
            chunk = stream.read(CHUNK_BYTES)
    return StagedPage(
        folder=folder,
        path=path,
        suffix=format if format in COMPRESSED_BY_ITSELF and not arrives_gzipped else f"{format}.gz",
        content_hash=digest.hexdigest(),
        size_bytes=size,
        line_count=None if as_it_is else line_feeds + (last != b"\n"),
    )


@contextmanager
def _unchanged(file: IO[bytes]) -> Iterator[IO[bytes]]:
    yield file


def _gzipped(file: IO[bytes]) -> IO[bytes]:
    """A gzip stream without name or time, so that the same content makes the same file."""
    return cast("IO[bytes]", gzip.GzipFile("", "wb", GZIP_LEVEL, file, mtime=0))


def _manifest_text(page: LandedPage) -> str:
    values = {each.name: getattr(page, each.name) for each in fields(page)}
    times = {name: value.isoformat() for name, value in values.items() if isinstance(value, datetime)}
    return json.dumps(values | times | {"path": page.path.name}, indent=1, ensure_ascii=False)


def _private_folder(home: Path, folder: Path) -> Path:
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


def _write_atomically(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(prefix=".manifest-", dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(path)
