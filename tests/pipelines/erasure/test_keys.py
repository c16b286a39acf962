"""The keyed hash is HMAC-SHA-256, the same in Python and in the engine, under a key that only its owner reads."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

import duckdb
import pytest

from pipelines.erasure.keys import KEY_VARIABLE, ErasureKey, existing_key, key_of, keyed_hash

IDS = ("R-1042", "é¢¢ \U0001f600", "9007199254740993", "x" * 5000)


@pytest.mark.parametrize("response_id", IDS)
def test_the_engine_and_python_agree_with_the_standard(response_id: str) -> None:
    """Or an erased answer would come back through the load."""
    key = ErasureKey(b"secret".ljust(32, b"!"))
    standard = hmac.new(key.secret, b"survey\0" + response_id.encode(), hashlib.sha256).hexdigest()
    asked = {**key.values("survey"), "id": response_id}
    [found] = duckdb.connect().execute(f"SELECT {keyed_hash('$id')}", asked).fetchone() or [None]
    assert key.hash_of("survey", response_id) == found == standard


def test_the_same_id_of_another_source_or_under_another_key_is_another_hash() -> None:
    """No two houses, and no two sources, can be joined by their erasures."""
    one, other = ErasureKey(b"1" * 32), ErasureKey(b"2" * 32)
    hashes = {one.hash_of("a", "1"), one.hash_of("b", "1"), other.hash_of("a", "1"), one.mark, other.mark}
    assert len(hashes) == 5


def test_a_key_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    """It is kept: without it, what was erased would come back."""
    assert existing_key(tmp_path, {}) is None
    made = key_of(tmp_path, {})
    assert key_of(tmp_path, {}) == existing_key(tmp_path, {}) == made
    assert (tmp_path / "erasure.key").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["erasure.key"]


def test_the_environment_gives_the_key_where_the_folder_is_not_shared(tmp_path: Path) -> None:
    """Nothing is written then."""
    given = key_of(tmp_path, {KEY_VARIABLE: "from a vault"})
    assert given == key_of(tmp_path, {KEY_VARIABLE: "from a vault"})
    assert list(tmp_path.iterdir()) == []


def test_the_key_does_not_show_itself() -> None:
    """Neither in a log nor in a traceback."""
    assert "k" * 8 not in repr(ErasureKey(b"k" * 32))
