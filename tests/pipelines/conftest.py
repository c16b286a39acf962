"""A small network and hand-made batches, for the tests of what the warehouse does with them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from pipelines.landing import LandedPage
from pipelines.load import RunStamp
from pipelines.settings import Network, Settings, Unit, load_settings
from pipelines.validation import load_batch, save_batch
from pipelines.validation.records import ANSWER_DTYPES, BatchCheck, ValidatedBatch
from pipelines.warehouse.tables import RESPONSE_COLUMNS

NOON = timedelta(hours=12)
QUARANTINE_COLUMNS = (
    "source", "record_key", "response_id", "business_date", "reasons", "expectations", "message", "payload",
    "version_at",
)  # fmt: skip

HOUSE = """\
network:
  units:
    - {{id: shops, kind: network, name: Two shops, timezone: Europe/Paris, open_on: {open_on}}}
    - {{id: lyon, kind: site, name: Lyon, parent: shops}}
questionnaires:
  test-1:
    overall: {{field: mark, scale: {scale}}}
windows: {windows}
gate: {gate}
sources:
  - name: survey
    kind: files
    path: drops/*.csv
    questionnaire: test-1
    settle_seconds: 0
    fields: {{response_id: id, unit_id: shop, submitted_at: at}}
"""
USUAL = {"scale": "one_to_five", "open_on": "mon-sat", "windows": "[1, 7, 28, 91]", "gate": "{}"}


@pytest.fixture
def network() -> Network:
    """Two regions and four sites; `mobile` moved from north to south on 11 November 2026."""

    def unit(id_: str, kind: str, parent: str | None = None, **dates: date) -> Unit:
        return Unit(id=id_, kind=kind, name=id_.title(), timezone="Europe/Paris", parent=parent, **dates)

    return Network(
        (
            unit("france", "network"),
            unit("north", "region", "france"),
            unit("south", "region", "france"),
            unit("lille", "site", "north"),
            unit("nice", "site", "south"),
            unit("mobile", "site", "north", valid_to=date(2026, 11, 10)),
            unit("mobile", "site", "south", valid_from=date(2026, 11, 11)),
        )
    )


@pytest.fixture
def answers() -> Callable[..., pd.DataFrame]:
    """Make accepted answers from short rows: response_id, unit, day, and any column by name."""

    def make(*rows: dict[str, Any]) -> pd.DataFrame:
        return pd.DataFrame([_answer(row) for row in rows]).astype(ANSWER_DTYPES)

    return make


@pytest.fixture
def batch(tmp_path: Path) -> Callable[..., ValidatedBatch]:
    """Make a validated batch of answers, saved and read again; each is another page unless `page` names one."""
    pages = iter(range(1_000_000))

    def make(
        answers: pd.DataFrame,
        *,
        bad: Sequence[dict[str, Any]] = (),
        checks: Sequence[BatchCheck] = (),
        page: str | None = None,
        source: str = "survey",
        **of_page: Any,  # its version_at, its pull
    ) -> ValidatedBatch:
        name = page or f"page-{next(pages)}"
        folder = tmp_path / "staged" / f"{next(pages)}"
        quarantined = pd.DataFrame([_bad(row, source) for row in bad], columns=QUARANTINE_COLUMNS)
        made = ValidatedBatch(
            source=source,
            received_count=len(answers) + len(bad),
            answers=duckdb.connect().from_df(answers),
            quarantined=quarantined.astype({"business_date": "datetime64[us]", "version_at": "datetime64[us, UTC]"}),
            warnings={},
            checks=tuple(checks),
            pages=(replace(_page(name, source), **of_page),),
            fields_by_page={},
        )
        save_batch(made, folder)
        return load_batch(folder)

    return make


@pytest.fixture
def stamp() -> Callable[..., RunStamp]:
    """Make the stamp of a run for a day; each call is another run."""
    runs = iter(range(1_000_000))

    def make(day: date, **fields: Any) -> RunStamp:
        moment = datetime(2026, 11, 21, 5, 30, tzinfo=UTC)
        return RunStamp(fields.pop("run_id", f"run-{next(runs)}"), day, moment, moment, **fields)

    return make


@pytest.fixture
def configure(tmp_path: Path, home: Path) -> Callable[..., Settings]:
    """Write the settings of a small house; called again, other settings of the same house."""
    (tmp_path / "drops").mkdir()

    def write(url: str = f"duckdb:///{home / 'warehouse.duckdb'}", **changes: str) -> Settings:
        file = tmp_path / "symetrie.yaml"
        file.write_text(HOUSE.format(**USUAL | changes), encoding="utf-8")
        return load_settings(file, os.environ | {"SYMETRIE_HOME": str(home), "SYMETRIE_WAREHOUSE_URL": url})

    return write


@pytest.fixture
def drop(tmp_path: Path) -> Callable[..., Path]:
    """Drop a file of answers; `bad` ones name a shop that is unknown."""

    def write(name: str, good: int, *, bad: int = 0, mark: int = 5, at: float | None = None) -> Path:
        rows = [f"{name[0]}{n},{'paris' if n >= good else 'lyon'},2026-11-20 10:00,{mark}" for n in range(good + bad)]
        file = tmp_path / "drops" / name
        file.write_text("\n".join(["id,shop,at,mark", *rows, ""]), encoding="utf-8")
        if at is not None:
            os.utime(file, (at, at))
        return file

    return write


def _answer(row: dict[str, Any]) -> dict[str, Any]:
    day = row.pop("day")
    submitted = datetime.combine(day, datetime.min.time(), UTC) + NOON
    content = {
        **dict.fromkeys(RESPONSE_COLUMNS[:-1]),
        "source": "survey",
        "questionnaire_version": "test-1",
        "business_date": pd.Timestamp(day),
        "submitted_at": submitted,
        "version_at": submitted,
        "channel": "store",
        "status": "published",
        **row,
        "unit_id": row.get("unit_id", "lille"),
    }
    said = repr({key: value for key, value in content.items() if key not in ("version_at", "updated_at")})
    return content | {"content_hash": row.get("content_hash", sha256(said.encode()).hexdigest()[:16])}


def _bad(row: dict[str, Any], source: str) -> dict[str, Any]:
    blank = dict.fromkeys(QUARANTINE_COLUMNS)
    texts = {"reasons": "unknown_unit", "expectations": "unit is known", "message": "no such unit", "payload": "{}"}
    return blank | texts | {"source": source, "version_at": datetime(2026, 11, 20, tzinfo=UTC)} | row


def _page(name: str, source: str) -> LandedPage:
    moment = datetime(2026, 11, 20, tzinfo=UTC)
    return LandedPage(
        source=source,
        content_hash=sha256(name.encode()).hexdigest(),
        name=name,
        location=f"/drops/{name}",
        format="csv",
        size_bytes=1,
        modified_at=moment,
        version_at=moment,
        landed_at=moment,
        path=Path("/landing") / name,
    )
