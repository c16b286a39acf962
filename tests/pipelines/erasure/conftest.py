"""Landed pages of any form, and what erases an answer from them."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.erasure.erased import Erased
from pipelines.erasure.keys import ErasureKey
from pipelines.landing import LandedPage, land
from pipelines.settings import FilesSource
from symetrie.questionnaires import Questionnaire, questionnaire

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
KEY = ErasureKey(b"k" * 32)


@pytest.fixture
def asked() -> Questionnaire:
    """The one question asked."""
    return questionnaire("overall-only-1")


@pytest.fixture
def source() -> Callable[..., FilesSource]:
    """A source of the tests, with whatever the test wants different."""

    def make(**different: Any) -> FilesSource:
        return FilesSource(**{"name": "shops", "path": "drops", "questionnaire": "overall-only-1"} | different)

    return make


@pytest.fixture
def erased() -> Callable[..., Erased]:
    """What has been erased from the source: these ids."""

    def make(*response_ids: str) -> Erased:
        return Erased("shops", KEY, frozenset(KEY.hash_of("shops", each) for each in response_ids))

    return make


@pytest.fixture
def land_page(home: Path) -> Callable[[bytes, str], LandedPage]:
    """Lands bytes as a page of the source."""

    def landing(data: bytes, name: str) -> LandedPage:
        return land(
            home, "shops", io.BytesIO(data), name=name, location=f"/drops/{name}",
            format=name.removesuffix(".gz").rpartition(".")[2], modified_at=NOON, version_at=NOON,
        )  # fmt: skip

    return landing
