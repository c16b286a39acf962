"""`make bench`: every benchmark one after the other, each in a process of its own, then all figures in one table."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from results import read_results, show

FOLDER = Path(__file__).parent
BENCHMARKS = (
    ("one_day.py",),
    ("one_day.py", "--format", "jsonl"),
    ("flat_history.py",),
    ("range_365.py",),
    ("summaries_12500.py",),
    ("start_up.py",),
)


def main() -> None:
    """Run them all; one that fails stops none of the others, and fails the whole."""
    failed = []
    for script, *options in BENCHMARKS:
        if subprocess.run([sys.executable, FOLDER / script, *options], check=False).returncode:
            failed.append(script)
    show(read_results())
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
