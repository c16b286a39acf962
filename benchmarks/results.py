"""What every benchmark shares: a measured figure, the table a person reads, the file a machine reads."""

from __future__ import annotations

import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

FILE = Path(__file__).with_name("results.json")


@dataclass(frozen=True)
class Figure:
    """The median of several runs, beside what was promised."""

    name: str
    seconds: float
    promised_seconds: float | None
    runs: int


def measure(name: str, work: Callable[[], object], *, promised: float | None, runs: int) -> Figure:
    """Time some work; work that times a part of itself returns that time instead."""
    return Figure(name, round(statistics.median(_timed(work) for _ in range(runs)), 2), promised, runs)


def publish(subject: str, figures: Sequence[Figure]) -> None:
    """Print the figures and put them in results.json, in the place of earlier ones on the same subject."""
    table = Table("", "median, s", "promised, s", "runs", title=subject)
    for figure in figures:
        promised = "" if figure.promised_seconds is None else f"< {figure.promised_seconds:g}"
        table.add_row(figure.name, f"{figure.seconds:.2f}", promised, str(figure.runs))
    Console().print(table)
    kept = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    kept[subject] = {
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "figures": [asdict(figure) for figure in figures],
    }
    FILE.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    inner = work()
    return inner if isinstance(inner, float) else time.perf_counter() - started
