"""The warehouse in one DuckDB file: one process at a time, readers served from a published copy of `mart`."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import filelock
import sqlalchemy as sa
import structlog

from pipelines.errors import SymetrieError, Unreachable
from pipelines.faults import told
from pipelines.landing import ABANDONED_SECONDS
from pipelines.warehouse.base import LOCK_PATIENCE_SECONDS, Warehouse, typed
from pipelines.warehouse.readers_copy import replace_copy
from pipelines.warehouse.rebuild import rebuild
from pipelines.warehouse.rows import column_names, readable

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.warehouse.rows import Rows
    from pipelines.warehouse.typing import AnySelect

log = structlog.get_logger(__name__)

SNAPSHOT = Path("published") / "marts.duckdb"
"""Where readers find `mart`, under SYMETRIE_HOME: DuckDB locks them out of the file that is being written."""

CONFIG = {"preserve_insertion_order": "false"}
"""Rows written in any order are written once: in the order of their arrival they are written again on closing."""

OWNER_ALONE = 0o077
"""The umask under which the engine makes its files: its write-ahead log and its spill hold what the warehouse holds."""


REBUILT = ".rebuilt-"
"""Beginning of the name of a folder, beside the warehouse, where it is built anew; the warehouse's own name follows."""


class DuckDBWarehouse(Warehouse):
    """A DuckDB file, guarded by a lock file beside it so that processes wait instead of failing."""

    def __init__(self, url: str, home: Path) -> None:
        super().__init__(sa.create_engine(url, poolclass=sa.pool.NullPool, connect_args={"config": CONFIG}), home)
        database = self.engine.url.database
        if not database or database == ":memory:":
            raise SymetrieError(f"warehouse {url}: an in-memory DuckDB forgets everything; give a file, duckdb:///path")
        self.file = Path(database).absolute()
        self.snapshot_file = home / SNAPSHOT
        self._behind_file = Path(f"{self.file}.behind")
        self._is_behind = self._behind_file.exists()
        with told(self.place):
            self.file.parent.mkdir(parents=True, exist_ok=True)
        self._lock = filelock.FileLock(f"{self.file}.lock", thread_local=False)
        self._umask = os.umask(OWNER_ALONE)  # there is no other way to read it
        os.umask(self._umask)

    @property
    def place(self) -> str:
        return f"warehouse {self.file}"

    def load(self, connection: sa.Connection, table: sa.Table, rows: Rows) -> None:
        names = ", ".join(column_names(rows, table))
        with readable(_driver(connection), rows) as relation:
            connection.exec_driver_sql(f"INSERT INTO {_qualified(table)} ({names}) SELECT {names} FROM {relation}")

    @contextmanager
    def staged(
        self, connection: sa.Connection, name: str, columns: Sequence[sa.Column[Any]], file: Path
    ) -> Iterator[sa.Table]:
        """The file itself, read where it lies: rows of an open transaction would be read by one thread only."""
        with readable(_driver(connection), file) as relation:
            connection.exec_driver_sql(f"CREATE TEMPORARY VIEW {name} AS FROM {relation}")
            yield sa.Table(name, sa.MetaData(), *columns)
            connection.exec_driver_sql(f"DROP VIEW {name}")

    def frame(self, connection: sa.Connection, select: AnySelect) -> pd.DataFrame:
        statement = select.compile(dialect=self.engine.dialect, compile_kwargs={"literal_binds": True})
        return typed(_driver(connection).execute(str(statement)).df(), select)  # type: ignore[attr-defined]

    def keep_private(self) -> None:
        self.file.chmod(0o600)  # readers have the published copy

    def write_snapshot(self, changes: Mapping[sa.Column[Any], Collection[date]] | None = None) -> None:
        """Write the readers' copy of `mart` beside the former one, and put it in its place by one atomic rename."""
        where = f"snapshot {self.snapshot_file}"
        try:
            with told(where), _umask(self._umask):  # for readers
                self._copy_mart(changes or {})
        except sa.exc.SQLAlchemyError as error:
            raise SymetrieError(f"{where}: cannot be written: {' '.join(str(error).split())}") from error

    def _copy_mart(self, changes: Mapping[sa.Column[Any], Collection[date]]) -> None:
        """Copy the former copy and replace the days that changed: a morning costs the same after years."""
        is_current_but_for_changes = bool(changes) and self.snapshot_file.exists() and not self._is_behind
        if not is_current_but_for_changes or any(changes.values()):
            replace_copy(self.engine, self.snapshot_file, changes if is_current_but_for_changes else {})
        self._behind_file.unlink(missing_ok=True)
        self._is_behind = False

    def _mark_readers_behind(self) -> None:
        """Leave a mark until the copy is written: after a crash between the two, the next copy is a whole one."""
        self._is_behind = self._behind_file.exists()
        self._behind_file.touch()

    def _purge(self) -> None:
        """Build the file and the readers' copy anew: deleted rows stay in the blocks of the old ones."""
        self._discard_leftovers()
        with tempfile.TemporaryDirectory(prefix=f"{REBUILT}{self.file.name}-", dir=self.file.parent) as folder:
            export, rebuilt = Path(folder) / "export", Path(folder) / self.file.name
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql(f"EXPORT DATABASE '{_escaped(export)}' (FORMAT parquet)")
            rebuild(export, rebuilt, self.home, self._umask)
            rebuilt.replace(self.file)

    def _discard_leftovers(self) -> int:
        left = [folder for folder in self.file.parent.glob(f"{REBUILT}*") if self._is_left(folder)]
        for folder in left:
            shutil.rmtree(folder)
        return len(left)

    def _is_left(self, folder: Path) -> bool:
        """Whether nobody works in it: its own this process would hold the lock for, others' take no day."""
        is_own = folder.name.startswith(f"{REBUILT}{self.file.name}-")
        return is_own or time.time() - folder.stat().st_mtime > ABANDONED_SECONDS

    @contextmanager
    def _admission(self) -> Iterator[None]:
        try:
            self._lock.acquire(timeout=0)
        except filelock.Timeout:
            log.warning("warehouse.waiting", file=str(self.file), reason="another run is using it")
            self._acquire_patiently()
        try:
            with _umask(OWNER_ALONE):
                self._make()
                yield
        finally:
            self._lock.release()

    def _make(self) -> None:
        """Make an empty file beside its place: half a one, after a full disk or a kill, could never be opened."""
        if not self.file.exists():
            draft = Path(f"{self.file}.draft")
            draft.unlink(missing_ok=True)
            duckdb.connect(str(draft)).close()
            draft.replace(self.file)

    def _acquire_patiently(self) -> None:
        try:
            self._lock.acquire(timeout=LOCK_PATIENCE_SECONDS)
        except filelock.Timeout:
            raise Unreachable(
                f"warehouse {self.file}: another run has held it for {LOCK_PATIENCE_SECONDS:.0f} s; "
                "wait for it to end, or stop it, then run again"
            ) from None


@contextmanager
def _umask(mask: int) -> Iterator[None]:
    former = os.umask(mask)
    try:
        yield
    finally:
        os.umask(former)


def _driver(connection: sa.Connection) -> object:
    return connection.connection.driver_connection


def _qualified(table: sa.Table) -> str:
    return f"{table.schema}.{table.name}" if table.schema else table.name


def _escaped(path: Path) -> str:
    return str(path).replace("'", "''")
