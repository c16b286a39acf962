"""Reflections: mirror, label, curves, cuts and sectors, from what is published of employees and what clients said."""

from pipelines.reflection.benchmarks import Scored, against, load_benchmarks
from pipelines.reflection.reflecting import REFLECTED_TABLES, reflect, reflect_stale
from pipelines.warehouse.reflection import touched_publications

__all__ = [
    "REFLECTED_TABLES",
    "Scored",
    "against",
    "load_benchmarks",
    "reflect",
    "reflect_stale",
    "touched_publications",
]
