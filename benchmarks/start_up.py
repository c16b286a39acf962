"""How long people and Airflow wait before anything happens: the command line, the DAG files, `make run`."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from cost import Cost, now
from results import Figure, publish

ROOT = Path(__file__).parents[1]
DAG_FILES = sorted(path for path in (ROOT / "dags").glob("*.py") if "\n@dag(" in path.read_text(encoding="utf-8"))

IMPORT_DAG = """
import sys, time
import airflow.sdk
started = time.perf_counter()
__import__(sys.argv[1])
print(time.perf_counter() - started)
"""


def main() -> None:
    """Measure and publish."""
    with tempfile.TemporaryDirectory() as folder:
        publish("Start-up", [_command_line(), *_dag_files(Path(folder)), *_make_run(Path(folder))])


def _command_line() -> Figure:
    return _measure(
        "symetrie --help", partial(_run, Path(sys.executable).with_name("symetrie"), "--help"), aim=0.5, runs=7
    )


def _dag_files(folder: Path) -> list[Figure]:
    parse = partial(_parse_seconds, folder)
    return [
        *(_measure(f"dags/{path.name}", partial(parse, path), aim=1, runs=5) for path in DAG_FILES),
        _measure(
            "import of airflow.sdk, for comparison",
            partial(_run, sys.executable, "-c", "import airflow.sdk"),
            aim=None,
            runs=5,
        ),
    ]


def _parse_seconds(home: Path, path: Path) -> float:
    printed = _run(sys.executable, "-c", IMPORT_DAG, path.stem, AIRFLOW_HOME=str(home), PYTHONPATH=str(path.parent))
    return float(printed.splitlines()[-1])


def _make_run(folder: Path) -> list[Figure]:
    run = partial(_run, "make", "-C", ROOT, "run", SYMETRIE_HOME=str(folder / "home"))
    return [
        _measure("make run, the first time, once installed", run, aim=120, runs=1),
        _measure("make run, again", run, aim=60, runs=3),
    ]


def _measure(name: str, work: Callable[[], object], *, aim: float | None, runs: int) -> Figure:
    """The median of several runs; work that times a part of itself returns that time instead."""
    costs = [_cost(work) for _ in range(runs)]
    wall, cpu = (statistics.median(seconds) for seconds in zip(*((cost.wall, cost.cpu) for cost in costs), strict=True))
    return Figure(name, wall, cpu_seconds=cpu, aim=aim, runs=runs)


def _cost(work: Callable[[], object]) -> Cost:
    started = now()
    inner = work()
    cost = now() - started
    return Cost(inner, cost.cpu) if isinstance(inner, float) else cost


def _run(*command: str | Path, **environment: str) -> str:
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
