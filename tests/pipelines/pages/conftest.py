"""Pages read from bytes, as they would have landed."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.landing import LandedPage, land
from pipelines.pages import RawBatch, read_pages
from pipelines.settings import FilesSource
from symetrie.questionnaires import Questionnaire, questionnaire

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
FORMATS = {"csv": "csv", "json": "json", "jsonl": "jsonl", "parquet": "parquet"}

Land = Callable[..., LandedPage]
Read = Callable[..., RawBatch]


@pytest.fixture
def asked() -> Questionnaire:
    """The eleven dimensions and the three questions above them."""
    return questionnaire("eleven-2024")


@pytest.fixture
def source() -> Callable[..., FilesSource]:
    """A source of the tests, with whatever the test wants different."""

    def make(**different: Any) -> FilesSource:
        return FilesSource(**{"name": "shops", "path": "drops", "questionnaire": "eleven-2024"} | different)

    return make


@pytest.fixture
def land_page(home: Path) -> Land:
    """Lands bytes as a page of the source "shops"."""

    def landing(data: bytes, name: str = "answers.csv", version_at: datetime = NOON) -> LandedPage:
        suffix = name.removesuffix(".gz").rpartition(".")[2]
        return land(
            home, "shops", io.BytesIO(data), name=name, location=f"/drops/{name}", format=FORMATS[suffix],
            modified_at=NOON, version_at=version_at,
        )  # fmt: skip

    return landing


@pytest.fixture
def read(land_page: Land, source: Callable[..., FilesSource], asked: Questionnaire) -> Read:
    """Reads one page of these bytes."""

    def reading(data: bytes | str, name: str = "answers.csv", **different: Any) -> RawBatch:
        page = land_page(data.encode() if isinstance(data, str) else data, name)
        return read_pages([page], source(**different), asked)

    return reading


@pytest.fixture
def answers() -> Callable[[RawBatch, str], list[Any]]:
    """The values of some columns of `answer_text`, in the order of the rows; bare values where one is asked for."""

    def values(batch: RawBatch, columns: str) -> list[Any]:
        rows = batch.connection.execute(f"SELECT {columns} FROM answer_text ORDER BY row_number").fetchall()
        return [row[0] if len(row) == 1 else row for row in rows]

    return values


@pytest.fixture
def unreadable() -> Callable[[RawBatch, str], list[Any]]:
    """The same of `unreadable`."""

    def values(batch: RawBatch, columns: str) -> list[Any]:
        rows = batch.connection.execute(f"SELECT {columns} FROM unreadable ORDER BY line").fetchall()
        return [row[0] if len(row) == 1 else row for row in rows]

    return values
