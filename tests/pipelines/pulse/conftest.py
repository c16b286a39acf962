"""Files that a survey tool exports, and the settings of the house that reads them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from pipelines.settings import Settings, load_settings
from tests.pipelines.pulse.house import CAMPAIGNS, HEADCOUNTS, HEADER, HOUSE, House, Row


@pytest.fixture
def drop(tmp_path: Path) -> Callable[..., Path]:
    """Drop a file of answers into the folder of the source."""
    numbers = iter(range(1000))

    def write(*rows: Row, name: str | None = None, header: Sequence[str] = HEADER) -> Path:
        file = tmp_path / "drops" / "pouls" / (name or f"pouls_{next(numbers)}.csv")
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("w", encoding="utf-8", newline="") as into:
            csv.writer(into, delimiter=";").writerows([header, *rows])
        return file

    return write


@pytest.fixture
def house(tmp_path: Path, home: Path, warehouse_url: str) -> House:
    """The settings of the house; `replace` changes words of the file."""

    def make(
        *, replace: dict[str, str] | None = None, campaigns: str = CAMPAIGNS, headcounts: str = HEADCOUNTS
    ) -> Settings:
        text = HOUSE
        for old, new in (replace or {}).items():
            assert old in text
            text = text.replace(old, new)
        (tmp_path / "symetrie.yaml").write_text(text, encoding="utf-8")
        (tmp_path / "campaigns.csv").write_text(campaigns, encoding="utf-8")
        (tmp_path / "headcounts.csv").write_text(headcounts, encoding="utf-8")
        environment = {"SYMETRIE_HOME": str(home), "SYMETRIE_WAREHOUSE_URL": warehouse_url}
        return load_settings(tmp_path / "symetrie.yaml", environment)

    return make
