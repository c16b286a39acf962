"""Pages written from the code say what the code says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("generator", sorted(path.name for path in DOCS.glob("generate_*.py")))
def test_a_generated_page_is_up_to_date(generator: str) -> None:
    """`make docs` would change nothing."""
    done = subprocess.run([sys.executable, DOCS / generator, "--check"], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_every_page_that_is_generated_has_a_generator() -> None:
    """The dags and the warehouse are described by what they are."""
    assert {"generate_dags.py", "generate_warehouse.py"} <= {path.name for path in DOCS.glob("generate_*.py")}
