"""Batches from real pages: rows written as JSON Lines, landed, read, judged by the real suites."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.landing import LandedPage, land
from pipelines.pages import RawBatch, read_pages
from pipelines.settings import FilesSource, Network, Redaction, Thresholds, Unit
from pipelines.validation import SourcePast, ValidatedBatch, validate
from symetrie.questionnaires import Questionnaire, questionnaire

YESTERDAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 21, 5, 30, tzinfo=UTC)
VERSION = datetime(2026, 11, 21, 4, tzinfo=UTC)

Row = Mapping[str, Any]


@pytest.fixture
def network() -> Network:
    """Lille and Nice; London, an hour behind; a site that closed at the end of 2025, and one that moved."""

    def site(id_: str, timezone: str = "Europe/Paris", **dates: date) -> Unit:
        return Unit(id=id_, kind="site", name=id_.title(), timezone=timezone, **dates)

    return Network(
        (
            site("lille"),
            site("nice"),
            site("london", "Europe/London"),
            site("closed", valid_to=date(2025, 12, 31)),
            site("moved", valid_to=date(2026, 6, 30)),
            site("moved", valid_from=date(2026, 7, 1)),
        )
    )


@pytest.fixture
def source() -> Callable[..., FilesSource]:
    """The source of the tests, with whatever a test wants different."""

    def make(**different: Any) -> FilesSource:
        usual = {"name": "shops", "path": "drops", "questionnaire": "eleven-2024", "unit_codes": {"FR-59": "lille"}}
        return FilesSource(**usual | different)

    return make


@pytest.fixture
def answer() -> Callable[..., dict[str, Any]]:
    """A good answer, with whatever a test wants different; `...` leaves a field out."""

    def make(**different: Any) -> dict[str, Any]:
        good = {
            "response_id": "a1",
            "unit_id": "lille",
            "submitted_at": "2026-11-20T10:00:00+01:00",
            "channel": "store",
            "verbatim": "Très bien",
            "overall": 5,
            "nps": 9,
        }
        return {key: value for key, value in (good | different).items() if value is not ...}

    return make


@pytest.fixture
def raw(home: Path, source: Callable[..., FilesSource]) -> Callable[..., RawBatch]:
    """Lands rows as one page of JSON Lines per list, and reads the pages."""

    def read(
        *pages: Sequence[Row | str], of: FilesSource | None = None, asked: Questionnaire | None = None
    ) -> RawBatch:
        landed = [_land(home, rows) for rows in pages]
        return read_pages(landed, of or source(), asked or questionnaire("eleven-2024"))

    return read


@pytest.fixture
def validated(
    raw: Callable[..., RawBatch], source: Callable[..., FilesSource], network: Network
) -> Callable[..., ValidatedBatch]:
    """Judges rows (dictionaries, or raw lines); `different` are settings of the source."""

    def judge(
        *rows: Row | str,
        past: SourcePast | None = None,
        thresholds: Thresholds | None = None,
        asked: Questionnaire | None = None,
        now: datetime = NOW,
        redaction: Redaction | None = None,
        **different: Any,
    ) -> ValidatedBatch:
        configured = source(**different)
        asked = asked or questionnaire("eleven-2024")
        return validate(
            raw(rows, of=configured, asked=asked),
            source=configured,
            questionnaire=asked,
            network=network,
            thresholds=thresholds or Thresholds(),
            past=past or SourcePast(),
            now=now,
            last_date=YESTERDAY,
            redaction=redaction or Redaction(),
        )

    return judge


@pytest.fixture
def reasons(validated: Callable[..., ValidatedBatch]) -> Callable[..., list[str]]:
    """The reason codes of the quarantined rows."""

    def of(*rows: Row | str, **options: Any) -> list[str]:
        return list(validated(*rows, **options).quarantined["reasons"])

    return of


def _land(home: Path, rows: Sequence[Row | str]) -> LandedPage:
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    page = "\n".join(lines).encode("utf-8", "surrogatepass")
    return land(
        home, "shops", io.BytesIO(page), name="answers.jsonl", location="/drops/answers.jsonl", format="jsonl",
        modified_at=VERSION, version_at=VERSION,
    )  # fmt: skip
