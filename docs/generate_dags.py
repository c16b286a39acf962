"""Writes docs/dags.md from the docstrings of the DAG files; `--check` only says whether the page is up to date."""

from __future__ import annotations

import ast
from pathlib import Path

from generated_page import keep

FOLDER = Path(__file__).parents[1] / "dags"
PAGE = Path(__file__).with_name("dags.md")

HEAD = """\
# The DAGs

What an operator reads in the Airflow UI, in one page.
Written by `make docs` from the docstrings of `dags/*.py`: change it there.
"""


def manual(path: Path) -> str | None:
    """The docstring of a DAG file, under the name of its DAG; nothing for a file without a DAG."""
    text = path.read_text(encoding="utf-8")
    docstring = ast.get_docstring(ast.parse(text))
    return f"## {path.stem}\n\n{docstring}\n" if "\n@dag(" in text else None


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(text for path in sorted(FOLDER.glob("*.py")) if (text := manual(path)))])


if __name__ == "__main__":
    keep(PAGE, page())
