"""What every benchmark shares: a figure beside its aim, the table a person reads, the file a machine reads."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

FILE = Path(__file__).with_name("results.json")


@dataclass(frozen=True)
class Figure:
    """What was measured, beside the aim it must stay below and the bare limit found in the same run."""

    name: str
    value: float
    unit: str = "s"
    cpu_seconds: float | None = None
    aim: float | None = None
    bare_limit: float | None = None
    runs: int = 1

    @property
    def times_bare_limit(self) -> float | None:
        """How many times the bare limit it takes."""
        return None if self.bare_limit is None else self.value / self.bare_limit


def publish(subject: str, figures: Sequence[Figure]) -> None:
    """Print the figures and put them in results.json, in the place of earlier ones on the same subject."""
    kept = read_results()
    kept[subject] = {
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "figures": [_rounded(figure) for figure in figures],
    }
    FILE.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    show({subject: kept[subject]})


def read_results() -> dict[str, dict[str, object]]:
    """What earlier benchmarks found, by subject."""
    results: dict[str, dict[str, object]] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    return results


def show(results: Mapping[str, Mapping[str, object]]) -> None:
    """Print results as one table."""
    table = Table("figure", "measured", "CPU s", "bare limit", "times", "aim")
    for subject, found in results.items():
        table.add_section()
        table.add_row(f"[bold]{subject}")
        for cells in map(_cells, _figures(found)):
            table.add_row(*cells)
    Console(width=None if os.isatty(1) else 120).print(table)


def _figures(found: Mapping[str, object]) -> Iterable[Figure]:
    figures = found["figures"]
    assert isinstance(figures, list)
    return (Figure(**figure) for figure in figures)


def _cells(figure: Figure) -> tuple[str, ...]:
    return (
        figure.name,
        f"{figure.value:,.2f} {figure.unit}",
        _number(figure.cpu_seconds),
        _number(figure.bare_limit),
        _number(figure.times_bare_limit),
        "" if figure.aim is None else f"< {figure.aim:,g} {figure.unit}",
    )


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.2f}"


def _rounded(figure: Figure) -> dict[str, object]:
    return {name: round(value, 3) if isinstance(value, float) else value for name, value in asdict(figure).items()}
