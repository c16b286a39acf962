"""The key of each campaign: it tells that two answers are of one person, within that campaign and nowhere else.

Once it is destroyed nobody can tell any more whose answers they were, the house included; what has landed carries the
hashes, so it can still be replayed.
"""

from __future__ import annotations

import hmac
import os
import secrets
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.landing import PRIVATE_FOLDER

FOLDER, SUFFIX, DESTROYED = "campaign-keys", ".key", ".destroyed"
KEY_BYTES, HASH_DIGITS = 32, 32
RESPONDENT, CONTENT = b"respondent\0", b"content\0"


@dataclass(frozen=True)
class CampaignKey:
    """The secret of one campaign; it stands in no log, no warehouse and no page."""

    secret: bytes = field(repr=False)

    def respondents(self, tokens: Iterable[str]) -> list[str]:
        """The keyed hashes that stand for people (HMAC-SHA-256, RFC 2104, 128 bits of it)."""
        return [self._hash(RESPONDENT, token) for token in tokens]

    def contents(self, texts: Iterable[str]) -> list[str]:
        """The keyed hashes of what was answered: without the key they could be guessed, answers are so few."""
        return [self._hash(CONTENT, text) for text in texts]

    def _hash(self, purpose: bytes, text: str) -> str:
        return hmac.digest(self.secret, purpose + text.encode(), "sha256").hex()[:HASH_DIGITS]


def key_of(home: Path, name: str) -> CampaignKey | None:
    """The key of a campaign, made where there is none; None once it was destroyed."""
    folder = _folder(home)
    if (folder / f"{name}{DESTROYED}").exists():
        return None
    file = folder / f"{name}{SUFFIX}"
    if not file.exists():
        _make(file)
    return CampaignKey(bytes.fromhex(file.read_text(encoding="ascii")))


def destroy_key(home: Path, name: str) -> bool:
    """Destroy the key of a campaign for ever; True where there was one. The mark comes first: no new one is made."""
    folder = _folder(home)
    (folder / f"{name}{DESTROYED}").touch(mode=0o600)
    file = folder / f"{name}{SUFFIX}"
    if not file.exists():
        return False
    with file.open("r+b") as key:
        key.write(secrets.token_hex(KEY_BYTES).encode())
        key.flush()
        os.fsync(key.fileno())
    file.unlink()
    return True


def _folder(home: Path) -> Path:
    folder = home / FOLDER
    folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    return folder


def _make(file: Path) -> None:
    """Write a new key whole, unless another process was first."""
    handle, draft = tempfile.mkstemp(prefix=".key-", dir=file.parent)  # mkstemp makes it private
    try:
        with os.fdopen(handle, "w", encoding="ascii") as into:
            into.write(secrets.token_hex(KEY_BYTES))
            into.flush()
            os.fsync(into.fileno())
        with suppress(FileExistsError):  # another process was first: its key is the campaign's
            os.link(draft, file)
    finally:
        Path(draft).unlink()
