"""How long people and Airflow wait before anything happens: the command line, the DAG files, `make run`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from results import Figure, measure, publish

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
    return measure(
        "symetrie --help", partial(_run, Path(sys.executable).with_name("symetrie"), "--help"), promised=0.5, runs=7
    )


def _dag_files(folder: Path) -> list[Figure]:
    parse = partial(_parse_seconds, folder)
    return [
        *(measure(f"dags/{path.name}", partial(parse, path), promised=1, runs=5) for path in DAG_FILES),
        measure(
            "import of airflow.sdk, for comparison",
            partial(_run, sys.executable, "-c", "import airflow.sdk"),
            promised=None,
            runs=5,
        ),
    ]


def _parse_seconds(home: Path, path: Path) -> float:
    printed = _run(sys.executable, "-c", IMPORT_DAG, path.stem, AIRFLOW_HOME=str(home), PYTHONPATH=str(path.parent))
    return float(printed.splitlines()[-1])


def _make_run(folder: Path) -> list[Figure]:
    run = partial(_run, "make", "-C", ROOT, "run", SYMETRIE_HOME=str(folder / "home"))
    return [
        measure("make run, the first time, once installed", run, promised=120, runs=1),
        measure("make run, again", run, promised=60, runs=3),
    ]


def _run(*command: str | Path, **environment: str) -> str:
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
