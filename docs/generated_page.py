"""A page that is written from the code: written anew, or with `--check` only compared."""

from __future__ import annotations

import sys
from pathlib import Path


def keep(page: Path, text: str) -> None:
    """Write the page, or compare it and end with code 1 where it differs, as the command line asks."""
    if sys.argv[1:] != ["--check"]:
        page.write_text(text, encoding="utf-8")
    elif not page.exists() or page.read_text(encoding="utf-8") != text:
        sys.exit(f"docs/{page.name} is out of date: call make docs")
