"""A DuckDB file stays open between two connections of a test: the first one takes 24 ms, one more 0.1 ms.

It is let go before another process begins, and before another file comes in its place: both would notice.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.warehouse.on_duckdb import DuckDBWarehouse

if TYPE_CHECKING:
    import pytest
    import sqlalchemy as sa

PROCESSES = {"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn"}
MOVES = {"os.rename", "os.remove", "shutil.copyfile", "shutil.rmtree"}

_kept: dict[str, sa.PoolProxiedConnection] = {}


def keep_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every file that a warehouse opens, from here to `let_go`."""
    admission = DuckDBWarehouse._admission

    @contextmanager
    def admitted(warehouse: DuckDBWarehouse) -> Iterator[None]:
        with admission(warehouse):
            if str(warehouse.file) not in _kept:
                _kept[str(warehouse.file)] = warehouse.engine.raw_connection()
            yield

    def start(process: BaseProcess) -> None:  # of which the interpreter tells nobody
        let_go()
        begin(process)

    begin = BaseProcess.start
    monkeypatch.setattr(BaseProcess, "start", start)
    monkeypatch.setattr(DuckDBWarehouse, "_admission", admitted)


def let_go() -> None:
    """Close what is kept."""
    while _kept:
        _kept.popitem()[1].close()


def _notice(event: str, given: tuple[Any, ...]) -> None:
    """Hear of what the interpreter is about to do."""
    if _kept and (event in PROCESSES or (event in MOVES and _is_about_a_kept_file(given))):
        let_go()


def _is_about_a_kept_file(given: tuple[Any, ...]) -> bool:
    paths = [Path(os.fsdecode(each)).absolute() for each in given if isinstance(each, str | bytes | os.PathLike)]
    return any(path == Path(file) or path in Path(file).parents for path in paths for file in _kept)


sys.addaudithook(_notice)
