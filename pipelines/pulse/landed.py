"""The words of a landed page of employees' answers, and its rows."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from pipelines.landing import LandedPage

LANDED_FORMAT = "jsonl"
FIELDS, DROPPED, BROKEN = "fields", "dropped", "broken"
MISSING, UNKNOWN, FUTURE, IMPOSSIBLE, CLOSED_KEY = "missing", "unknown", "future", "impossible", "key destroyed"


def landed_rows(pages: Sequence[LandedPage]) -> tuple[list[dict[str, object]], dict[str, dict[str, list[str]]]]:
    """The rows of landed pages, each with its page and version; and what the head of each page says of its fields."""
    rows: list[dict[str, object]] = []
    heads = {}
    for page in pages:
        head, *found = (json.loads(line) for line in gzip.decompress(page.path.read_bytes()).splitlines())
        heads[page.content_hash] = head
        of_page = {"page_hash": page.content_hash, "version_at": page.version_at}
        rows.extend(row | of_page for row in found)
    return rows, heads


def frame_of(rows: Sequence[dict[str, object]], columns: Sequence[str]) -> pd.DataFrame:
    """Rows as a frame of exactly these columns, missing where a row says nothing."""
    import pandas as pd

    return pd.DataFrame(rows, columns=list(columns), dtype=object)


def texts_of(rows: pd.DataFrame) -> pd.Series[str]:
    """Everything that each row says as one text, to be hashed: hashing goes row by row anyway."""
    import pandas as pd

    said = ["\0".join(map(str, row)) for row in rows.astype(object).itertuples(index=False, name=None)]
    return pd.Series(said, index=rows.index, dtype="str")
