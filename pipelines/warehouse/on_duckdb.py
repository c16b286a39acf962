"""The warehouse in one DuckDB file: one process at a time, readers served from a published copy of `mart`."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import filelock
import sqlalchemy as sa

from pipelines.errors import SymetrieError, Unreachable
from pipelines.warehouse.base import LOCK_PATIENCE_SECONDS, Warehouse, typed
from pipelines.warehouse.rows import column_names, readable
from pipelines.warehouse.tables import PUBLIC_SCHEMA

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.warehouse.rows import Rows
    from pipelines.warehouse.typing import AnySelect

log = logging.getLogger(__name__)

SNAPSHOT = Path("published") / "marts.duckdb"
"""Where readers find `mart`, under SYMETRIE_HOME: DuckDB locks them out of the file that is being written."""


class DuckDBWarehouse(Warehouse):
    """A DuckDB file, guarded by a lock file beside it so that processes wait instead of failing."""

    def __init__(self, url: str, home: Path) -> None:
        super().__init__(sa.create_engine(url, poolclass=sa.pool.NullPool))
        database = self.engine.url.database
        if not database or database == ":memory:":
            raise SymetrieError(f"warehouse {url}: an in-memory DuckDB forgets everything; give a file, duckdb:///path")
        self.file = Path(database).absolute()
        self.snapshot_file = home / SNAPSHOT
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self._lock = filelock.FileLock(f"{self.file}.lock", thread_local=False)

    def load(self, connection: sa.Connection, table: sa.Table, rows: Rows) -> None:
        names = ", ".join(column_names(rows, table))
        with readable(_driver(connection), rows) as relation:
            connection.exec_driver_sql(f"INSERT INTO {_qualified(table)} ({names}) SELECT {names} FROM {relation}")

    def frame(self, connection: sa.Connection, select: AnySelect) -> pd.DataFrame:
        statement = select.compile(dialect=self.engine.dialect, compile_kwargs={"literal_binds": True})
        return typed(_driver(connection).execute(str(statement)).df(), select)  # type: ignore[attr-defined]

    def keep_private(self) -> None:
        self.file.chmod(0o600)  # readers have the published copy

    def write_snapshot(self) -> None:
        """Write the readers' copy of `mart` beside the former one, and put it in its place by one atomic rename."""
        try:
            self._copy_mart()
        except (OSError, sa.exc.SQLAlchemyError) as error:
            reason = " ".join(str(error).split())
            raise SymetrieError(f"snapshot {self.snapshot_file}: cannot be written: {reason}") from error

    def _copy_mart(self) -> None:
        self.snapshot_file.parent.mkdir(parents=True, exist_ok=True)
        draft = self.snapshot_file.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"ATTACH '{_escaped(draft)}' AS snapshot")
            connection.exec_driver_sql(f"CREATE SCHEMA snapshot.{PUBLIC_SCHEMA}")
            for name in sa.inspect(connection).get_table_names(schema=PUBLIC_SCHEMA):
                table = f"{PUBLIC_SCHEMA}.{name}"
                connection.exec_driver_sql(f"CREATE TABLE snapshot.{table} AS FROM {table}")
            connection.exec_driver_sql("DETACH snapshot")
        draft.replace(self.snapshot_file)

    @contextmanager
    def _admission(self) -> Iterator[None]:
        try:
            self._lock.acquire(timeout=0)
        except filelock.Timeout:
            log.warning("warehouse.waiting file=%s: another run is using it", self.file)
            self._acquire_patiently()
        try:
            yield
        finally:
            self._lock.release()

    def _acquire_patiently(self) -> None:
        try:
            self._lock.acquire(timeout=LOCK_PATIENCE_SECONDS)
        except filelock.Timeout:
            raise Unreachable(
                f"warehouse {self.file}: another run has held it for {LOCK_PATIENCE_SECONDS:.0f} s; "
                "wait for it to end, or stop it, then run again"
            ) from None

    def _publication_lock(self) -> AbstractContextManager[object]:
        return nullcontext()  # the file's own lock already lets in one process at a time


def _driver(connection: sa.Connection) -> object:
    return connection.connection.driver_connection


def _qualified(table: sa.Table) -> str:
    return f"{table.schema}.{table.name}" if table.schema else table.name


def _escaped(path: Path) -> str:
    return str(path).replace("'", "''")
