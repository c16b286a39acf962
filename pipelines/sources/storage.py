"""Where files are dropped: a local folder, S3, GCS or SFTP, through fsspec; every error names the place, no secret."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import urlsplit, urlunsplit

import structlog

from pipelines.connections import Connection, Connections
from pipelines.errors import SymetrieError, Unreachable

if TYPE_CHECKING:
    from pipelines.settings import FilesSource

log = structlog.get_logger(__name__)

LOCAL, OBJECT_STORES, SFTP = ("", "file"), ("s3", "gs", "gcs"), ("sftp", "ssh")
EXTRAS = {"s3": "s3", "gs": "gcs", "gcs": "gcs", "sftp": "sftp", "ssh": "sftp"}
GLOB_CHARACTERS = frozenset("*?[")
MODIFIED_KEYS = ("mtime", "LastModified", "updated")
NAMES_OF_NETWORK_ERRORS = ("Connect", "Timeout", "SSHException")
"""botocore's and paramiko's errors of a dead host are no OSError; their names tell."""


@dataclass(frozen=True)
class FoundFile:
    """A file as the storage lists it; `location` is what people are shown, `path` what the storage is asked."""

    location: str
    path: str
    size_bytes: int
    modified_at: datetime

    @property
    def name(self) -> str:
        """The file's base name."""
        return posixpath.basename(self.path)


@dataclass(frozen=True)
class Storage:
    """The place that a source's path points to."""

    source: str
    filesystem: Any
    scheme: str
    root: str
    pattern: str
    hide_secrets: Callable[[str], str]

    def files(self) -> list[FoundFile]:
        """Every file at the source's path, by name."""
        with self._telling("cannot list", self.pattern):
            found = [self._found(info) for info in map(self._followed, self._listed()) if info["type"] == "file"]
        return sorted(found, key=lambda file: file.path)

    def beside(self, file: FoundFile) -> dict[str, FoundFile]:
        """The files in the same folder, by path."""
        folder = posixpath.dirname(file.path)
        with self._telling("cannot list", folder):
            listed = map(self._followed, self.filesystem.ls(folder, detail=True))
            return {str(info["name"]): self._found(info) for info in listed if info["type"] == "file"}

    @contextmanager
    def opened(self, file: FoundFile) -> Iterator[BinaryIO]:
        """The bytes of a file; its errors, at opening and at every read, name the file."""
        with self._telling("cannot read", file.path):
            stream = self.filesystem.open(file.path, "rb")
        try:
            yield _TellingStream(stream, lambda: self._telling("cannot read", file.path))  # type: ignore[misc]
        finally:
            stream.close()

    def _listed(self) -> list[Mapping[str, Any]]:
        if not GLOB_CHARACTERS.isdisjoint(self.pattern):
            self._check_folder(_folder_of_glob(self.pattern))
            return [*self.filesystem.glob(self.pattern, detail=True).values()]
        if self.filesystem.isfile(self.pattern):
            return [self.filesystem.info(self.pattern)]
        self._check_folder(self.pattern)
        return [*self.filesystem.ls(self.pattern, detail=True)] if self.filesystem.isdir(self.pattern) else []

    def _check_folder(self, folder: str) -> None:
        """A folder must be there; in an object store only the bucket is, until a first file comes."""
        place = folder.split("/", maxsplit=1)[0] if self.scheme in OBJECT_STORES else folder
        if not self.filesystem.isdir(place):
            raise SymetrieError(f"source {self.source}: there is no {self._shown(place)}; create it or mend `path`")

    def _followed(self, info: Mapping[str, Any]) -> Mapping[str, Any]:
        """What a link leads to, under the link's name; a link that leads nowhere stays a link."""
        if not info.get("islink") or not self.filesystem.exists(info["name"]):
            return info
        target: Mapping[str, Any] = self.filesystem.info(info["name"])
        return target

    def _found(self, info: Mapping[str, Any]) -> FoundFile:
        path = str(info["name"])
        return FoundFile(self._shown(path), path, int(info["size"]), _modified_at(info))

    def _shown(self, path: str) -> str:
        return f"{self.root}{path}"

    @contextmanager
    def _telling(self, what: str, path: str) -> Iterator[None]:
        """Turn whatever a storage library raises into one line; not chained, lest the cause show a secret."""
        try:
            yield
        except SymetrieError:
            raise
        except FileNotFoundError:
            raise SymetrieError(
                f"source {self.source}: {self._shown(path)} is gone; it was removed while being read, run again"
            ) from None
        except Exception as error:  # noqa: BLE001 - each storage library has its own errors, and they all say: not readable
            cause = self.hide_secrets(f"{type(error).__name__}: {error}")
            raise _kind(error)(f"source {self.source}: {what} {self._shown(path)} ({cause})") from None


class _TellingStream:
    """A stream whose reads are told apart from the writes of whoever copies it."""

    def __init__(self, stream: BinaryIO, telling: Callable[[], Any]) -> None:
        self._stream, self._telling = stream, telling

    def read(self, size: int = -1) -> bytes:
        with self._telling():
            return self._stream.read(size)


def open_storage(source: FilesSource, connections: Connections) -> Storage:
    """Open the storage of a source with the credentials of its connection."""
    import fsspec

    url = urlsplit(source.path) if "://" in source.path else urlsplit("")
    if url.password:
        raise SymetrieError(f"source {source.name}: `path` holds a password; put it into a connection instead")
    connection = connections(source.connection) if source.connection else Connection(url.scheme)
    shown = urlunsplit(url._replace(netloc=_host(url.netloc))) or source.path
    try:
        options = _options(url.scheme, url.hostname, url.port, url.username, connection)
        filesystem = fsspec.filesystem(url.scheme or "file", **options)
    except ImportError:
        extra = EXTRAS.get(url.scheme, "…")
        raise SymetrieError(f"source {source.name}: {url.scheme}:// needs symetrie[{extra}]; install it") from None
    except SymetrieError as error:
        raise SymetrieError(f"source {source.name}: {error}") from None
    except Exception as error:  # noqa: BLE001 - wrong credentials and dead hosts, in each library's own words
        cause = connection.hide_secrets(f"{type(error).__name__}: {error}")
        raise _kind(error)(f"source {source.name}: cannot open {shown} ({cause})") from None
    root = f"{url.scheme}://{_host(url.netloc) if url.scheme in SFTP else ''}" if url.scheme not in LOCAL else ""
    pattern = filesystem._strip_protocol(source.path)  # noqa: SLF001 - fsspec has no public name for it
    return Storage(source.name, filesystem, url.scheme, root, pattern, connection.hide_secrets)


def _kind(error: Exception) -> type[SymetrieError]:
    """Whether time can heal it: a dead host may come back, a refused password will be refused again."""
    is_network = isinstance(error, OSError | EOFError) or any(
        word in type(error).__name__ for word in NAMES_OF_NETWORK_ERRORS
    )
    return Unreachable if is_network and not isinstance(error, PermissionError) else SymetrieError


def _options(
    scheme: str, host: str | None, port: int | None, user: str | None, connection: Connection
) -> dict[str, Any]:
    """What fsspec needs to open the storage; listings are never remembered, since files grow while we look."""
    if scheme in LOCAL:
        return {}
    options = connection.storage_options(scheme) | {"skip_instance_cache": True}
    if scheme in OBJECT_STORES:
        return options | {"use_listings_cache": False}
    named = {"host": host, "port": port, "username": user}
    return _with_host_key(options | {name: value for name, value in named.items() if value})


def _with_host_key(options: dict[str, Any]) -> dict[str, Any]:
    host_key = options.pop("host_key", None)
    if not host_key:
        log.warning("sftp.host_unchecked", host=options.get("host"), remedy="give the connection a host_key")
        return options
    from pipelines.sources.host_key import PinnedHostKey

    return options | {"host_key_policy": PinnedHostKey(host_key)}


def _host(netloc: str) -> str:
    return netloc.rpartition("@")[2]


def _folder_of_glob(pattern: str) -> str:
    """The deepest folder before the first wildcard."""
    parts = pattern.split("/")
    first = next(place for place, part in enumerate(parts) if not GLOB_CHARACTERS.isdisjoint(part))
    return "/".join(parts[:first]) or "/"


def _modified_at(info: Mapping[str, Any]) -> datetime:
    given = next(info[key] for key in MODIFIED_KEYS if info.get(key) is not None)
    if isinstance(given, int | float):
        return datetime.fromtimestamp(given, UTC)
    moment = datetime.fromisoformat(given) if isinstance(given, str) else given
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
