"""A DuckDB file built anew from an export, in a process of its own: `python -m pipelines.warehouse.rebuild`.

DuckDB writes its blocks whole, and what a block does not fill is whatever stood in memory before: copied by a process
that has seen a deleted row, the row may be copied with the slack. This process has seen none.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pipelines.errors import SymetrieError


def rebuild(export: Path, file: Path, home: Path, umask: int) -> None:
    """Build a file and the readers' copy of it, from an export, in a fresh process.

    The umask is that of whoever runs Symétrie: readers open the copy, and the file is made private whatever it is.
    """
    command = [sys.executable, "-m", "pipelines.warehouse.rebuild", str(export), str(file), str(home)]
    done = subprocess.run(  # noqa: S603 - ourselves
        command, capture_output=True, text=True, check=False, umask=umask
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["killed"])[-1]
        raise SymetrieError(f"warehouse {file}: could not be built anew: {reason}; free some disk, then run it again")


def main(export: Path, file: Path, home: Path) -> None:
    """What the fresh process does."""
    from pipelines.warehouse.migrate import describe
    from pipelines.warehouse.on_duckdb import DuckDBWarehouse

    built = DuckDBWarehouse(f"duckdb:///{file}", home)
    with built.publishing(refreshes_readers=False) as connection:
        connection.exec_driver_sql(f"IMPORT DATABASE '{str(export).replace(chr(39), chr(39) * 2)}'")
        describe(connection)
    built.write_snapshot()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
