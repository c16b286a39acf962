"""The keyed hash that stands for an erased answer: who has the key can tell that it came back, nobody who it was."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

KEY_VARIABLE, KEY_FILE = "SYMETRIE_ERASURE_KEY", "erasure.key"
MARK = b"symetrie erasure key"
_BLOCK_BYTES, _INNER, _OUTER = 64, 0x36, 0x5C  # of HMAC-SHA-256, RFC 2104


@dataclass(frozen=True)
class ErasureKey:
    """The secret of one house; it stands in no log, and in SQL only as a bound value."""

    secret: bytes = field(repr=False)

    @property
    def mark(self) -> str:
        """What tells this key from another, without telling it."""
        return hmac.new(self.secret, MARK, "sha256").hexdigest()[:16]

    def hash_of(self, source: str, response_id: str) -> str:
        """The keyed hash of one answer: HMAC-SHA-256."""
        return hmac.new(self.secret, _prefix(source) + response_id.encode(), "sha256").hexdigest()

    def values(self, source: str) -> dict[str, bytes]:
        """What `keyed_hash` binds."""
        block = self.secret.ljust(_BLOCK_BYTES, b"\0")
        return {
            "inner_key": bytes(byte ^ _INNER for byte in block) + _prefix(source),
            "outer_key": bytes(byte ^ _OUTER for byte in block),
        }


def keyed_hash(response_id: str) -> str:
    """Write the same hash of an SQL expression for DuckDB, with the values of a key bound."""
    return f"sha256($outer_key::BLOB || unhex(sha256($inner_key::BLOB || encode({response_id}))))"


def existing_key(home: Path, environment: Mapping[str, str] = os.environ) -> ErasureKey | None:
    """The key of the environment, else that of the file in the house's folder."""
    given = environment.get(KEY_VARIABLE)
    if not given:
        file = home / KEY_FILE
        given = file.read_text(encoding="utf-8").strip() if file.exists() else None
    return ErasureKey(hashlib.sha256(given.encode()).digest()) if given else None


def key_of(home: Path, environment: Mapping[str, str] = os.environ) -> ErasureKey:
    """The key of the house; made, once and for its owner alone, where there is none."""
    key = existing_key(home, environment)
    if key is None:
        _make(home / KEY_FILE)
        key = existing_key(home, environment)
    assert key is not None
    return key


def _make(file: Path) -> None:
    """Write a new key whole, unless another process was first."""
    handle, draft = tempfile.mkstemp(prefix=".key-", dir=file.parent)  # mkstemp makes it private
    with os.fdopen(handle, "w", encoding="utf-8") as into:
        into.write(secrets.token_hex(32))
        into.flush()
        os.fsync(into.fileno())
    try:
        with suppress(FileExistsError):  # another process was first: its key is the house's
            os.link(draft, file)
    finally:
        Path(draft).unlink()


def _prefix(source: str) -> bytes:
    return source.encode() + b"\0"
