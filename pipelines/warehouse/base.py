"""What every engine offers: connections, one publication at a time, and frames in and out at its own speed."""

from __future__ import annotations

import abc
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
import structlog

from pipelines.errors import SymetrieError
from pipelines.faults import told
from pipelines.warehouse.temporary import temporary_table

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.warehouse.rows import Rows
    from pipelines.warehouse.typing import AnySelect

log = structlog.get_logger(__name__)

LOCK_PATIENCE_SECONDS = 900.0
"""How long a run waits for another one before it leaves; longer than any day's publication."""

VERSION_TABLE = sa.Table("schema_version", sa.MetaData(), sa.Column("version_num", sa.Text), schema="ops")


def typed(frame: pd.DataFrame, select: AnySelect) -> pd.DataFrame:
    """The same frame whatever the engine: dates as naive midnights, instants in UTC, both in microseconds."""
    import pandas as pd

    for column in select.selected_columns:
        if isinstance(column.type, sa.DateTime):
            frame[column.name] = pd.to_datetime(frame[column.name], utc=True).astype("datetime64[us, UTC]")
        elif isinstance(column.type, sa.Date):
            frame[column.name] = pd.to_datetime(frame[column.name]).astype("datetime64[us]")
    return frame


class Warehouse(abc.ABC):
    """One warehouse; adapters are thin: how to connect, lock, load a frame and read a frame."""

    def __init__(self, engine: sa.Engine, home: Path) -> None:
        self.engine, self.home = engine, home
        self.revision: str | None = None  # of the schema, once it is known to be this code's
        self._changes: dict[sa.Column[Any], frozenset[date]] = {}

    @property
    def dialect(self) -> str:
        """Name of the SQLAlchemy dialect: duckdb or postgresql."""
        return self.engine.dialect.name

    @property
    def place(self) -> str:
        """What people are shown of its URL: no password, and no option that may hold one."""
        return f"warehouse {self.engine.url.set(query={}).render_as_string(hide_password=True)}"

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A short connection to read with."""
        with told(self.place), self._admission(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def publishing(self, *, refreshes_readers: bool = True) -> Iterator[sa.Connection]:
        """One transaction under the warehouse's publication lock; on return readers see what it did to `mart`.

        One that does not refresh them leaves `mart` alone, or is followed by one that shows what it did.
        """
        with told(self.place), self._admission():
            self._changes = {}
            with self.engine.begin() as connection:
                self._lock_publications(connection)
                self._refuse_another_schema(connection)
                yield connection
                if refreshes_readers:
                    self._mark_readers_behind()
            if refreshes_readers:
                self._refresh_readers()

    def only_changes(self, day: sa.Column[Any], days: Collection[date]) -> None:
        """Say that the publication under way changes no more of `mart` than these days of the column's table.

        Where nothing is said, all of it may have changed, and readers get a new copy of everything.
        """
        self._changes[day] = frozenset(days)

    @abc.abstractmethod
    def load(self, connection: sa.Connection, table: sa.Table, rows: Rows) -> None:
        """Append rows to a table in bulk: a frame of some of its columns, or a Parquet file of all of them."""

    @contextmanager
    def staged(
        self, connection: sa.Connection, name: str, columns: Sequence[sa.Column[Any]], file: Path
    ) -> Iterator[sa.Table]:
        """The rows of a Parquet file as a table to read from, for the length of a `with` block."""
        with temporary_table(connection, name, *columns) as table:
            self.load(connection, table, file)
            yield table

    @abc.abstractmethod
    def frame(self, connection: sa.Connection, select: AnySelect) -> pd.DataFrame:
        """The result of a select as a frame."""

    def write_snapshot(self, changes: Mapping[sa.Column[Any], Collection[date]] | None = None) -> None:
        """Write what readers open, where that is not the warehouse itself: whole, or but for the days that changed."""

    def keep_private(self) -> None:
        """Whatever keeps a new warehouse from other people of the machine."""

    def purge(self) -> None:
        """Leave nothing of deleted rows where the engine would otherwise reuse it some day."""
        with told(self.place), self._admission():
            self._purge()

    def discard_leftovers(self) -> int:
        """Remove what a purge that was killed has left on disk; gives how many such copies of the warehouse."""
        with told(self.place), self._admission():
            return self._discard_leftovers()

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()

    def _mark_readers_behind(self) -> None:
        """Note, before the commit, that what readers open is about to be behind."""

    def _refuse_another_schema(self, connection: sa.Connection) -> None:
        """A schema that was migrated since this process opened it is not one that it knows how to write to."""
        if self.revision is None:
            return
        found = connection.scalar(sa.select(VERSION_TABLE.c.version_num))
        if found != self.revision:
            raise SymetrieError(
                f"warehouse: its schema was brought from revision {self.revision} to {found} during this run; "
                "nothing was published: upgrade the code of this process and run again"
            )

    def _refresh_readers(self) -> None:
        """Write the snapshot; a failure leaves the commit as it is, and the next publication mends it."""
        try:
            self.write_snapshot(self._changes)
        except SymetrieError as error:
            log.warning("snapshot.failed", error=str(error))

    @abc.abstractmethod
    def _purge(self) -> None:
        """Rewrite whatever holds deleted rows."""

    def _discard_leftovers(self) -> int:
        """Where the engine keeps its own house there is nothing to remove."""
        return 0

    @abc.abstractmethod
    def _admission(self) -> AbstractContextManager[object]:
        """Wait until this process may open the warehouse."""

    def _lock_publications(self, connection: sa.Connection) -> None:
        """Wait until no other publication is under way, and keep others waiting to the end of the transaction."""
