"""Barometers of others: loaded as the settings give them, and held only against what was asked in the same way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from pipelines.warehouse.tables import benchmark
from symetrie.benchmarks import Benchmark
from symetrie.sectors import ALL_SECTORS

if TYPE_CHECKING:
    from pipelines.settings import Settings

ANY_VERSION = ""


@dataclass(frozen=True, slots=True)
class Scored:
    """A score of ours, by what decides whether another's may stand beside it."""

    sector: str | None
    side: str
    measure: str
    scale: str
    questionnaire: str


def load_benchmarks(connection: sa.Connection, settings: Settings) -> None:
    """Put the benchmarks of the settings in the place of those in the warehouse."""
    connection.execute(sa.delete(benchmark))
    if settings.benchmarks:
        connection.execute(sa.insert(benchmark), [_row(each) for each in settings.benchmarks])


def _row(each: Benchmark) -> dict[str, object]:
    row = asdict(each)
    version = row.pop("questionnaire")
    return row | {"questionnaire_version": version or ANY_VERSION}


def against(scored: Scored, benchmarks: Iterable[Benchmark]) -> Benchmark | None:
    """Find the benchmark to hold a score against: of its sector, else of all of them, the newest.

    None unless side, measure and scale are the same, and the questionnaire too where the benchmark names one; of one
    year, a benchmark of that very questionnaire comes before one of any.

    >>> of_all = Benchmark("all", 2025, "client", "trust", "one_to_five", 68.0, "a barometer")
    >>> against(Scored("energy", "client", "trust", "one_to_five", "eleven-2024"), [of_all]).score_pct
    68.0
    >>> against(Scored("energy", "client", "trust", "zero_to_ten_agree", "eleven-2024"), [of_all])
    """
    what = (scored.side, scored.measure, scored.scale)
    alike = [
        each
        for each in benchmarks
        if (each.side, each.measure, each.scale) == what and each.questionnaire in (None, scored.questionnaire)
    ]
    for sector in (scored.sector, ALL_SECTORS):
        if of_sector := [each for each in alike if each.sector == sector]:
            return max(of_sector, key=lambda each: (each.year, each.questionnaire is not None))
    return None
