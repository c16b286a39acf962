"""Benchmarks: what others score, each on its own scale and under its own version; the shipped ones are data."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A published score: percent favourable of 0 to 100, or points for recommendation.

    ``sector`` is one of the eleven or *all*.
    Two scores may be held against each other only when side, measure, scale and questionnaire are the same.
    """

    sector: str
    year: int
    side: str
    measure: str
    scale: str
    score_pct: float
    source: str
    questionnaire: str | None = None
    answer_count: int | None = None


@cache
def shipped_benchmarks() -> tuple[Benchmark, ...]:
    """Give the public tables that ship with the library, in the order of their files' names and lines.

    The table of 2015 asked thirteen items on 0 to 10 and counts 6 to 10: its items are not the eleven dimensions.

    >>> [(each.measure, each.score_pct) for each in shipped_benchmarks()][:2]
    [('competent', 72.0), ('friendly_and_smiling', 70.0)]
    """
    folder = files("symetrie").joinpath("data/benchmarks")
    tables = sorted(folder.iterdir(), key=lambda file: file.name)
    return tuple(
        _benchmark(row) for file in tables for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    )


def _benchmark(row: Mapping[str, str]) -> Benchmark:
    return Benchmark(
        sector=row["sector"],
        year=int(row["year"]),
        side=row["side"],
        measure=row["measure"],
        scale=row["scale"],
        score_pct=float(row["score_pct"]),
        source=row["source"],
        questionnaire=row["questionnaire"] or None,
        answer_count=int(row["answer_count"]) if row["answer_count"] else None,
    )
