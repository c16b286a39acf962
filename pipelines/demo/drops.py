"""Writes deliveries as files, each source in its own format, several days in one query."""

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines.demo import apres_visite, bornes, enquete_web
from pipelines.demo.answers import COHORT_LETTERS, Company
from pipelines.demo.deliveries import UNKNOWN_SITE, Delivery
from pipelines.demo.phrases import as_words
from pipelines.demo.rows import Rows
from pipelines.demo.sources import APRES_VISITE, BORNES, ENQUETE_WEB, SPOILS, Source
from pipelines.demo.texts import words_of
from symetrie.days import localize

UNKNOWN_CODE, UNKNOWN_CHANNEL = "Z999", "Fax"
LINES_AT_ONCE = 20_000


def write_drops(
    connection: duckdb.DuckDBPyConnection, company: Company, drops: Sequence[tuple[Delivery, Path]]
) -> None:
    """Write the files of several deliveries of one source; a query costs more than the rows of a small day."""
    source, paths = drops[0][0].source, [path for _, path in drops]
    rows = np.concatenate([delivery.rows for delivery, _ in drops])
    drop_at = np.repeat(np.arange(len(drops)), [len(delivery.rows) for delivery, _ in drops])
    connection.register("named", _named(company, source, rows, drop_at))
    if source is APRES_VISITE:
        lines = _lines(connection, apres_visite.LINES, apres_visite.NEWLINE)
        header = apres_visite.HEADER + apres_visite.NEWLINE
        _write_texts(paths, lines, apres_visite.ENCODING, header)
    elif source is ENQUETE_WEB:
        _write_texts(paths, _lines(connection, enquete_web.LINES, enquete_web.NEWLINE), enquete_web.ENCODING)
    else:
        for position, path in enumerate(paths):
            copy_parquet(connection, bornes.ROWS.replace("$drop_at", str(position)), path)
    connection.unregister("named")


def copy_parquet(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """Write the result of a query as a Parquet file."""
    name = str(path).replace("'", "''")
    connection.execute(f"COPY ({query}) TO '{name}' (FORMAT parquet)")


def _named(company: Company, source: Source, rows: Rows, drop_at: NDArray[np.int64]) -> pd.DataFrame:
    """Give the columns that the queries read, codes named: the relation `named`."""
    columns: dict[str, Any] = {
        "drop_at": drop_at,
        "row_at": np.arange(len(rows)),
        "unit_code": _unit_codes(company, source, rows["site"]),
        "letter": as_words(rows["cohort"], ["", *COHORT_LETTERS.values()]),
        "channel": as_words(rows["channel"], [*source.channels, UNKNOWN_CHANNEL]),
        "spoil": as_words(rows["spoil"], SPOILS),
    }
    columns |= {name: rows[name].astype("datetime64[s]") for name in ("day", "submitted", "visited", "updated")}
    columns |= {name: rows[name] for name in ("number", "can_contact", "writes", "is_english", *source.measures)}
    if source.text_share:
        columns |= words_of(rows)
    if source is ENQUETE_WEB:
        columns["submitted_utc"] = _in_utc(company, rows)
    return pd.DataFrame(columns)


def _unit_codes(company: Company, source: Source, sites: NDArray[np.int32]) -> pd.Categorical:
    codes = [site.kiosk_code if source is BORNES else site.id for site in company.network.sites]
    return as_words(np.where(sites == UNKNOWN_SITE, len(codes), sites), [*codes, UNKNOWN_CODE])


def _in_utc(company: Company, rows: Rows) -> pd.Series:
    zones = [site.timezone for site in company.network.sites]
    zone_names = np.array([*zones, zones[0]] if zones else [""], dtype=object)
    wall = pd.Series(rows["submitted"].astype("datetime64[us]"))
    known = np.where(rows["site"] < 0, len(zones), rows["site"])
    instants: pd.Series = localize(wall, pd.Series(zone_names[known])).dt.tz_localize(None)
    return instants


def _lines(connection: duckdb.DuckDBPyConnection, lines: str, newline: str) -> Iterable[tuple[int, str]]:
    """Give blocks of many lines, each with the position of its file, in order."""
    blocks = connection.execute(
        f"""SELECT drop_at, string_agg(line, $newline ORDER BY row_at) || $newline FROM ({lines})
        GROUP BY drop_at, row_at // {LINES_AT_ONCE} ORDER BY drop_at, row_at // {LINES_AT_ONCE}""",
        {"newline": newline},
    )
    while block := blocks.fetchone():
        yield block


def _write_texts(paths: Sequence[Path], blocks: Iterable[tuple[int, str]], encoding: str, header: str = "") -> None:
    with ExitStack() as stack:
        files = [stack.enter_context(path.open("wb")) for path in paths]
        for file in files:
            file.write(header.encode(encoding))
        for position, text in blocks:
            files[position].write(text.encode(encoding))
