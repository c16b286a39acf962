"""Folders and files that may not be written, or are something else: one line names them; mended, all is as if never."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = [
    pytest.mark.torture,
    pytest.mark.parametrize("new_house", ["duckdb"], indirect=True),
]

CAPABILITIES_VERSION_3 = 0x20080522


def as_anybody() -> None:
    """Make the rights of files hold for root too: it lays down its capabilities; any other user has none."""
    header, none = (ctypes.c_uint32 * 2)(CAPABILITIES_VERSION_3, 0), (ctypes.c_uint32 * 6)()
    assert ctypes.CDLL(None, use_errno=True).capset(header, none) == 0, ctypes.get_errno()


@pytest.mark.parametrize("folder", ["landing", "staging"])
def test_a_folder_that_may_only_be_read_is_one_line(
    folder: str, new_house: Callable[[], Any], run_day: Any, one_line: Any, heals: Any
) -> None:
    """The ledger says that the source failed, and why."""
    house = new_house()
    place = house.home / folder
    place.mkdir(mode=0o500)
    line = one_line(run_day(house, before=as_anybody))
    assert line.startswith(f"failed: {folder} {place}")
    assert "no right to write there" in line
    place.chmod(0o700)
    heals(house)


@pytest.mark.parametrize("folder", ["landing", "staging"])
def test_a_file_in_the_place_of_a_folder_is_one_line(
    folder: str, new_house: Callable[[], Any], run_day: Any, one_line: Any, heals: Any
) -> None:
    """Whoever put it there finds it untouched."""
    house = new_house()
    place = house.home / folder
    place.write_text("in the way", encoding="utf-8")
    line = one_line(run_day(house))
    assert line.startswith(f"failed: {folder} {place}")
    assert "something else is in the way" in line
    assert place.read_text(encoding="utf-8") == "in the way"
    place.unlink()
    heals(house)


def test_a_house_that_may_only_be_read_is_one_line(
    new_house: Callable[[], Any], run_day: Any, one_line: Any, heals: Any
) -> None:
    """Before there is a landing, a lock or a file of DuckDB."""
    house = new_house()
    house.home.chmod(0o500)
    line = one_line(run_day(house, before=as_anybody))
    assert line.startswith(f"symetrie: warehouse {house.home}")
    assert "no right to write there" in line
    house.home.chmod(0o700)
    heals(house)


def test_a_duckdb_file_that_may_only_be_read_is_one_line(
    new_house: Callable[[], Any], run_day: Any, one_line: Any, heals: Any
) -> None:
    """An operator has copied it back as somebody else."""
    house = new_house()
    assert run_day(house).exit_code == 0
    file: Path = house.home / "warehouse.duckdb"
    file.chmod(0o400)
    line = one_line(run_day(house, before=as_anybody))
    assert line.startswith(f"symetrie: warehouse {file}: no right to write there")
    file.chmod(0o600)
    heals(house)
