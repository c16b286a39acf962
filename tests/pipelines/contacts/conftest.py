"""Files that a contact tool exports, and the settings of the house that reads them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.settings import Settings, load_settings
from tests.pipelines.contacts.house import HEADER, HOUSE, House, Row


@pytest.fixture
def drop(tmp_path: Path) -> Callable[..., Path]:
    """Drop a file of contacts into the folder of the source."""
    numbers = iter(range(1000))

    def write(*rows: Row) -> Path:
        file = tmp_path / "drops" / "calls" / f"calls_{next(numbers)}.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("w", encoding="utf-8", newline="") as into:
            csv.writer(into, delimiter=";").writerows([HEADER, *rows])
        return file

    return write


@pytest.fixture
def house(tmp_path: Path, home: Path, warehouse_url: str) -> House:
    """The settings of the house; `replace` changes words of the file."""

    def make(*, replace: dict[str, str] | None = None) -> Settings:
        text = HOUSE
        for old, new in (replace or {}).items():
            assert old in text
            text = text.replace(old, new)
        (tmp_path / "symetrie.yaml").write_text(text, encoding="utf-8")
        environment = {"SYMETRIE_HOME": str(home), "SYMETRIE_WAREHOUSE_URL": warehouse_url}
        return load_settings(tmp_path / "symetrie.yaml", environment)

    return make
