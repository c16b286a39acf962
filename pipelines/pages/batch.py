"""The batch: what was read of all pages, as text, in an in-memory DuckDB."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from pipelines.landing import LandedPage
    from pipelines.pages.records import LoadedPage


@dataclass(frozen=True)
class RawBatch:
    """The records of the pages read: `answer_text` and `unreadable` in `connection`, nothing lost between them.

    `answer_text`: row_number, page_hash, line, version_at (UTC), then the source's texts, null where absent.
    `unreadable`: row_number, page_hash, line, reason, message, payload.
    `line` is the record's number in its page, as a spreadsheet shows it: the header of a CSV file is 1.
    """

    connection: duckdb.DuckDBPyConnection
    columns: tuple[str, ...]
    received_count: int
    fields_by_page: Mapping[str, tuple[str, ...]]
    pages: tuple[LandedPage, ...]
    _loaded: tuple[LoadedPage, ...] = field(repr=False)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of everything that was read, each once."""
        return tuple(dict.fromkeys(field for page in self._loaded for field in page.records.fields))

    def close(self) -> None:
        """Give back the memory of its texts: hundreds of megabytes that the load of the day needs."""
        self.connection.close()

    def payloads(self, row_numbers: Sequence[int]) -> pd.DataFrame:
        """The raw record of each row as JSON text, read again from its page: (row_number, payload)."""
        import pandas as pd

        wanted = pd.DataFrame({"row_number": pd.Series(list(row_numbers), dtype="int64")})
        self.connection.register("wanted_row", wanted)
        read_again = [
            f"SELECT {page.first_row} + n AS row_number, {page.records.payload} AS payload"
            f" FROM (SELECT row_number() OVER () AS n, * FROM {page.records.relation})"
            f" WHERE {page.first_row} + n IN (SELECT row_number FROM wanted_row)"
            for page in self._loaded
            if wanted["row_number"].between(page.first_row + 1, page.first_row + page.count).any()
        ]
        kept = "SELECT row_number, payload FROM unreadable WHERE row_number IN (SELECT row_number FROM wanted_row)"
        frames = [self.connection.execute(each).df() for each in [kept, *read_again]]
        return pd.concat(frames).drop_duplicates("row_number").sort_values("row_number", ignore_index=True)
