"""What a batch that landed without its people sets aside: where each row came from and why, and nothing else of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pandas as pd

from expectations.judge import ROW_NUMBER
from pipelines.pulse.landed import BROKEN, DROPPED, texts_of
from pipelines.validation.records import CRITICAL, QUARANTINE_DTYPES, WARNING, BatchCheck
from pipelines.warehouse.quarantine import PAGE_DIGITS

if TYPE_CHECKING:
    from datetime import date

    import duckdb

    from pipelines.settings import Settings, Source

NOT_VALID = "not valid that day"
FEWEST_ROWS = 20  # below, one bad row would hold a small batch
_OF_THE_PAGE = ("version_at", "page_hash")


def refused(
    connection: duckdb.DuckDBPyConnection,
    rows: pd.DataFrame,
    source: Source,
    *,
    told: Sequence[str],
    landed: Sequence[str],
) -> pd.DataFrame:
    """The rows that a critical expectation refuses, as quarantine keeps them: of each only the columns `told`."""
    found = connection.sql(
        f"""
        SELECT {ROW_NUMBER}, string_agg(DISTINCT reason, ',') AS reasons, string_agg(expectation, ', ') AS expectations
        FROM failure JOIN expectation USING (position) WHERE severity = '{CRITICAL}' GROUP BY ALL ORDER BY 1
        """
    ).df().set_index(ROW_NUMBER)  # fmt: skip
    bad = rows.loc[found.index]
    messages = [
        f"expected: {sentence}{_place(line)}" for sentence, line in zip(found["expectations"], bad["line"], strict=True)
    ]
    return pd.DataFrame(
        {
            "source": source.name,
            "record_key": _record_keys(bad[[name for name in landed if name not in _OF_THE_PAGE]], bad["page_hash"]),
            "response_id": None,
            "business_date": pd.to_datetime(bad["day"].to_numpy()),
            "reasons": found["reasons"].to_numpy(),
            "expectations": found["expectations"].to_numpy(),
            "message": messages,
            "payload": [_payload(row) for row in bad[[*told]].to_dict("records")],
            "version_at": bad["version_at"].to_numpy(),
        }
    )


def unread(broken: Sequence[Mapping[str, object]], source: Source) -> pd.DataFrame:
    """The lines that could not be read, of which only the number is known."""
    rows = [
        {
            "source": source.name,
            "record_key": f"{str(row['page_hash'])[:PAGE_DIGITS]}:line-{row['line']}",
            "response_id": None,
            "business_date": pd.NaT,
            "reasons": row[BROKEN],
            "expectations": "the line can be read",
            "message": f"{row['message']} (line {row['line']} of the file)",
            "payload": json.dumps({"line": row["line"]}),
            "version_at": row["version_at"],
        }
        for row in broken
    ]
    return pd.DataFrame(rows, columns=[*QUARANTINE_DTYPES])


def batch_checks(
    settings: Settings, heads: Mapping[str, Mapping[str, list[str]]], row_count: int, bad_count: int
) -> list[BatchCheck]:
    """What is to be said of the batch as a whole: too many bad rows, and fields that nobody asked for."""
    checks = []
    if row_count >= FEWEST_ROWS:
        most = settings.thresholds.bad_share_pct
        expected = f"no more than {most:g} % of the rows are refused"
        observed = f"{bad_count:,} of {row_count:,} rows are refused"
        checks.append(
            BatchCheck("too_many_bad_rows", CRITICAL, 100 * bad_count / row_count <= most, observed, expected)
        )
    dropped = sorted({field for head in heads.values() for field in head[DROPPED]})
    if dropped:
        observed = f"fields dropped before anything was stored: {', '.join(dropped)}"
        expected = "the source sends no field that is not asked for, and no name at all"
        checks.append(BatchCheck("fields_dropped", WARNING, passed=False, observed=observed, expected=expected))
    return checks


def unit_faults(units: Sequence[object], days: Sequence[date | None], settings: Settings) -> list[str | None]:
    """Whether each unit stands in the network on the day of its row."""
    spans: dict[object, list[tuple[date, date]]] = {}
    for unit in settings.network.units:
        spans.setdefault(unit.id, []).append((unit.valid_from, unit.valid_to))
    pairs = list(zip(units, days, strict=True))
    is_valid = {
        (unit, day): day is None or unit not in spans or any(first <= day <= last for first, last in spans[unit])
        for unit, day in set(pairs)
    }
    return [None if is_valid[pair] else NOT_VALID for pair in pairs]


def first_fault(fault: pd.Series[Any], otherwise: Sequence[str | None]) -> pd.Series[Any]:
    """What was wrong before landing, else what is wrong by the settings of today."""
    return fault.where(fault.notna(), pd.Series([*otherwise], index=fault.index, dtype="object"))


def _payload(row: Mapping[Any, Any]) -> str:
    return json.dumps({name: value for name, value in row.items() if not pd.isna(value)}, ensure_ascii=False)


def _place(line: Any) -> str:
    return "" if pd.isna(line) else f" (line {line:g} of the file)"


def _record_keys(landed: pd.DataFrame, page_hashes: pd.Series[str]) -> list[str]:
    """The page and a hash of the landed row: the same row of the same page is the same record."""
    digests = [sha256(text.encode()).hexdigest()[:8] for text in texts_of(landed)]
    keys = pd.Series([f"{page[:PAGE_DIGITS]}:{digest}" for page, digest in zip(page_hashes, digests, strict=True)])
    place = keys.groupby(keys).cumcount() + 1
    return [*keys.where(place == 1, keys + "-" + place.astype("str"))]
