"""A settings file in a folder of its own, and what loading it says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.settings import Settings, SettingsError, load_settings

SMALL = {
    "network": "network:\n  units:\n    - {id: shop, timezone: Europe/Paris}\n",
    "sources": "sources:\n  - {name: survey, path: drops/*.csv, questionnaire: overall-only-1}\n",
}


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Write blocks of settings; the network of one shop and its one source stand where none is given."""
    monkeypatch.chdir(tmp_path)

    def write_blocks(text: str = "", **files: str) -> Path:
        for name, content in files.items():
            (tmp_path / f"{name}.csv").write_text(content, encoding="utf-8")
        keys = {line.partition(":")[0] for line in text.splitlines()}
        file = tmp_path / "symetrie.yaml"
        file.write_text(text + "".join(block for key, block in SMALL.items() if key not in keys), encoding="utf-8")
        return file

    return write_blocks


@pytest.fixture
def load(write: Callable[..., Path]) -> Callable[..., Settings]:
    """Load blocks of settings, in an environment that is given or empty."""

    def load_blocks(text: str = "", environment: dict[str, str] | None = None, **files: str) -> Settings:
        return load_settings(write(text, **files), environment or {})

    return load_blocks


@pytest.fixture
def problems(load: Callable[..., Settings]) -> Callable[..., list[str]]:
    """Give the lines that loading these blocks prints."""

    def load_wrong_blocks(text: str, environment: dict[str, str] | None = None, **files: str) -> list[str]:
        with pytest.raises(SettingsError) as caught:
            load(text, environment, **files)
        return str(caught.value).splitlines()

    return load_wrong_blocks
