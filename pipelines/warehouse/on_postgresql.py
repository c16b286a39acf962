"""The warehouse on a PostgreSQL server: COPY in, one advisory lock for publications."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
import structlog
from psycopg.errors import LockNotAvailable

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

    def _purge(self) -> None:
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in METADATA.sorted_tables:
                connection.exec_driver_sql(f"VACUUM {table.fullname}")

    def _admission(self) -> AbstractContextManager[object]:
        return nullcontext()

    def _lock_publications(self, connection: sa.Connection) -> None:
        # A lock of the transaction itself: whatever ends the one ends the other, so that no second publication
        # comes in between a lock that was lost and a commit.
        if not connection.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(PUBLICATION_LOCK))):
            log.warning("warehouse.waiting", database=self.engine.url.database, reason="another run is publishing")
            self._lock_patiently(connection)

    def _lock_patiently(self, connection: sa.Connection) -> None:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_PATIENCE_SECONDS:.0f}s'")
        try:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(PUBLICATION_LOCK)))
        except sa.exc.OperationalError as error:
            if not isinstance(error.orig, LockNotAvailable):
                raise
            raise Unreachable(
                f"{self.place}: another run has been publishing for {LOCK_PATIENCE_SECONDS:.0f} s; "
                "wait for it to end, or stop it, then run again"
            ) from None
        connection.exec_driver_sql("SET LOCAL lock_timeout TO DEFAULT")
