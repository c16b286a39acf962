"""A small demo that holds everything a large one holds, made once."""

import csv
from datetime import date
from pathlib import Path

import pytest

from pipelines.demo import make_demo

csv.field_size_limit(2_000_000)  # one text is very long

UNTIL = date(2026, 10, 30)  # the clocks go back on the 25th


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eighty days, two campaigns, thirty sites, 350 answers a day: a site opens, one moves, all kinds of dirt."""
    folder = tmp_path_factory.mktemp("demo")
    make_demo(folder, UNTIL, days=80, answers_per_day=350, with_pulse=True)
    return folder
