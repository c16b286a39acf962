"""The warehouse on a PostgreSQL server: COPY in, one advisory lock for publications."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
import structlog

from pipelines.errors import Unreachable
from pipelines.warehouse.base import LOCK_PATIENCE_SECONDS, Warehouse, typed
from pipelines.warehouse.rows import column_names
from pipelines.warehouse.tables import METADATA

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.warehouse.rows import Rows
    from pipelines.warehouse.typing import AnySelect

log = structlog.get_logger(__name__)

PUBLICATION_LOCK = 0x53594D45
"""Key of the advisory lock ("SYME"), one per database."""


class PostgreSQLWarehouse(Warehouse):
    """A PostgreSQL database, through psycopg 3."""

    def __init__(self, url: str, home: Path) -> None:
        super().__init__(sa.create_engine(url, connect_args={"options": "-c timezone=utc"}), home)

    def load(self, connection: sa.Connection, table: sa.Table, rows: Rows) -> None:
        from pipelines.warehouse.copy_text import NULL, csv_blocks

        name = self.engine.dialect.identifier_preparer.format_table(table)
        columns = column_names(rows, table)
        driver = connection.connection.driver_connection
        assert driver is not None
        command = f"COPY {name} ({', '.join(columns)}) FROM STDIN (FORMAT csv, NULL '{NULL}')"
        with driver.cursor() as cursor, cursor.copy(command) as copy:
            for block in csv_blocks(rows, columns):
                copy.write(block)

    def frame(self, connection: sa.Connection, select: AnySelect) -> pd.DataFrame:
        import pandas as pd

        result = connection.execute(select)
        return typed(pd.DataFrame.from_records(result.fetchall(), columns=list(result.keys())), select)

    def purge(self) -> None:
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in METADATA.sorted_tables:
                connection.exec_driver_sql(f"VACUUM {table.fullname}")

    def _admission(self) -> AbstractContextManager[object]:
        return nullcontext()

    @contextmanager
    def _publication_lock(self) -> Iterator[None]:
        # A connection of its own holds the lock: it outlives a failed transaction and is freed if the process dies.
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as holder:
            if not holder.scalar(sa.select(sa.func.pg_try_advisory_lock(PUBLICATION_LOCK))):
                log.warning("warehouse.waiting", database=self.engine.url.database, reason="another run is publishing")
                self._acquire_patiently(holder)
            try:
                yield
            finally:
                holder.execute(sa.select(sa.func.pg_advisory_unlock(PUBLICATION_LOCK)))

    def _acquire_patiently(self, holder: sa.Connection) -> None:
        holder.exec_driver_sql(f"SET lock_timeout = '{LOCK_PATIENCE_SECONDS:.0f}s'")
        try:
            holder.execute(sa.select(sa.func.pg_advisory_lock(PUBLICATION_LOCK)))
        except sa.exc.OperationalError as error:
            raise Unreachable(
                f"warehouse {self.engine.url.database}: another run has been publishing for "
                f"{LOCK_PATIENCE_SECONDS:.0f} s; wait for it to end, or stop it, then run again"
            ) from error
