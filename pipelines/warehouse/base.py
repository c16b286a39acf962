"""What every engine offers: connections, one publication at a time, and frames in and out at its own speed."""

from __future__ import annotations

import abc
import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa

from pipelines.errors import SymetrieError

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.warehouse.rows import Rows
    from pipelines.warehouse.typing import AnySelect

log = logging.getLogger(__name__)

LOCK_PATIENCE_SECONDS = 900.0
"""How long a run waits for another one before it leaves; longer than any day's publication."""


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

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    @property
    def dialect(self) -> str:
        """Name of the SQLAlchemy dialect: duckdb or postgresql."""
        return self.engine.dialect.name

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A short connection to read with."""
        with self._admission(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def publishing(self, *, changes_mart: bool = True) -> Iterator[sa.Connection]:
        """One transaction under the warehouse's publication lock; on return readers see what it did to `mart`."""
        with self._admission(), self._publication_lock():
            with self.engine.begin() as connection:
                yield connection
            if changes_mart:
                self._refresh_readers()

    @abc.abstractmethod
    def load(self, connection: sa.Connection, table: sa.Table, rows: Rows) -> None:
        """Append rows to a table in bulk: a frame of some of its columns, or a Parquet file of all of them."""

    @abc.abstractmethod
    def frame(self, connection: sa.Connection, select: AnySelect) -> pd.DataFrame:
        """The result of a select as a frame."""

    def write_snapshot(self) -> None:
        """Write what readers open, where that is not the warehouse itself."""

    def keep_private(self) -> None:
        """Whatever keeps a new warehouse from other people of the machine."""

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()

    def _refresh_readers(self) -> None:
        """Write the snapshot; a failure leaves the commit as it is, and the next publication mends it."""
        try:
            self.write_snapshot()
        except SymetrieError as error:
            log.warning("snapshot.failed error=%s", error)

    @abc.abstractmethod
    def _admission(self) -> AbstractContextManager[object]:
        """Wait until this process may open the warehouse."""

    @abc.abstractmethod
    def _publication_lock(self) -> AbstractContextManager[object]:
        """Wait until no other publication is under way."""
