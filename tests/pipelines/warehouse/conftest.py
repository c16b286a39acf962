"""Here the file itself is what is tested: other processes open it, and it is replaced."""

from __future__ import annotations

import pytest


@pytest.fixture
def kept_open() -> None:
    """Nothing stays open."""
