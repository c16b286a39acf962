"""Employees' answers leave by one door: whoever touches their tables is on this list, or the suite is red."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[3]
PRIVATE = ("employee_response", "employee_count", "employee_cell")
MAY_READ = {
    "pipelines/pulse/judging.py",  # the columns of an answer
    "pipelines/warehouse/employee_counts.py",  # what a publication counts
    "pipelines/warehouse/employees.py",  # storing
    "pipelines/warehouse/publications.py",  # what was told before
    "pipelines/warehouse/pulse_standing.py",  # how many wait: said from the floor on
    "pipelines/warehouse/reflection_patterns.py",  # the label's probability, where nothing is hidden
}


def test_only_the_publication_and_what_it_stands_on_read_employees_answers() -> None:
    files = [file for room in ("pipelines", "dags") for file in (ROOT / room).rglob("*.py")]
    readers = {
        str(file.relative_to(ROOT))
        for file in files
        if "/migrations/" not in str(file) and "/tables/" not in str(file)
        if _imported(file) & set(PRIVATE)
    }
    assert readers == MAY_READ


def _imported(file: Path) -> set[str]:
    nodes = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    return {name.name for node in nodes if isinstance(node, ast.ImportFrom) for name in node.names}
