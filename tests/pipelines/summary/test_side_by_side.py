"""Side by side: many units are told by several processes, which changes nothing else."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from pipelines.summary import collect_figures
from pipelines.summary.side_by_side import Telling, tell_side_by_side

HELD_UP = """
import os, time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pipelines.summary.side_by_side import _end_with_the_parent

if __name__ == "__main__":
    with ProcessPoolExecutor(1, get_context("spawn"), _end_with_the_parent) as pool:
        print(pool.submit(os.getpid).result(), flush=True)
        time.sleep(60)
"""


@pytest.fixture
def told(house, friday, tmp_path: Path):
    """Tell the units of a house into a folder of its own; gives the rows and the pages."""
    house.answers(*house.many("lille", 9, 1), *house.many("nice", 2, 20))
    figures = collect_figures(house.warehouse, house.settings, friday)

    def tell(name: str):
        telling = Telling(tmp_path / name, "fr", frozenset(figures), frozenset({"lille", "maison"}))
        rows = list(tell_side_by_side(telling, list(figures.values())))
        return rows, {file.name: file.read_text(encoding="utf-8") for file in (tmp_path / name).rglob("*.html")}

    return tell


def test_several_processes_tell_what_one_tells_and_in_the_same_order(
    told: Callable[[str], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same rows, the same pages, to the letter."""
    pools: list[int] = []

    class Counted(ProcessPoolExecutor):
        def __init__(self, processes: int, **more: object) -> None:
            pools.append(processes)
            super().__init__(processes, **more)

    monkeypatch.setattr("pipelines.summary.side_by_side.ProcessPoolExecutor", Counted)
    monkeypatch.setattr("pipelines.summary.side_by_side.UNITS_PER_PORTION", 1)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    alone = told("alone")
    assert pools == []

    monkeypatch.setattr("pipelines.summary.side_by_side.FEWEST_UNITS", 1)
    assert told("side by side") == alone
    assert pools == [2]
    assert {row["unit_id"] for row in alone[0]} == {"lille", "maison"}


def test_no_process_outlives_a_parent_that_is_killed(tmp_path: Path) -> None:
    """It would wait for ever for work that nobody hands out."""
    script = tmp_path / "held_up.py"
    script.write_text(HELD_UP, encoding="utf-8")
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as parent:
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    deadline = time.monotonic() + 30
    while lives(child):
        assert time.monotonic() < deadline, "the child lives on"
        time.sleep(0.1)


def lives(process: psutil.Process) -> bool:
    """Whether it still does anything; one that has ended may wait for somebody to ask how."""
    with suppress(psutil.NoSuchProcess):
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    return False
