"""Barometers are held only against what was asked in the same way, and loaded as the settings give them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipelines.reflection import Scored, against, load_benchmarks
from pipelines.warehouse.tables import benchmark
from symetrie.benchmarks import Benchmark, shipped_benchmarks
from tests.pipelines.reflection.house import House

OURS = Scored("energy", "client", "trust", "one_to_five", "eleven-2024")
THEIRS = Benchmark("energy", 2024, "client", "trust", "one_to_five", 68.0, "a barometer")
OF_ALL = replace(THEIRS, sector="all", score_pct=71.0)


def test_the_own_sector_comes_before_all_of_them() -> None:
    assert against(OURS, [replace(OF_ALL, year=2026), THEIRS]) == THEIRS
    assert against(replace(OURS, sector="banking"), [OF_ALL, THEIRS]) == OF_ALL
    assert against(replace(OURS, sector=None), [OF_ALL, THEIRS]) == OF_ALL


def test_another_sector_is_no_benchmark() -> None:
    assert against(replace(OURS, sector="banking"), [THEIRS]) is None


@pytest.mark.parametrize(
    "other",
    [{"scale": "zero_to_ten_agree"}, {"questionnaire": "ten-2019"}, {"side": "employee"}, {"measure": "values"}],
)
def test_what_was_asked_otherwise_is_no_benchmark(other: dict[str, str]) -> None:
    assert against(OURS, [replace(THEIRS, **other), replace(OF_ALL, **other)]) is None


def test_the_newest_year_counts() -> None:
    newer = replace(THEIRS, year=2025, score_pct=69.0)
    assert against(OURS, [THEIRS, newer, replace(THEIRS, year=2019)]) == newer


def test_of_one_year_the_same_questionnaire_comes_before_any() -> None:
    same = replace(THEIRS, questionnaire="eleven-2024")
    assert against(OURS, [THEIRS, same]) == against(OURS, [same, THEIRS]) == same
    assert against(OURS, [same, replace(THEIRS, year=2025)]) == replace(THEIRS, year=2025)


def test_the_public_table_of_2015_is_held_against_none_of_the_eleven() -> None:
    asked = [replace(OURS, measure=key) for key in ("trust", "listening", "consideration", "competence")]
    assert [against(each, shipped_benchmarks()) for each in asked] == [None] * 4


def test_loading_replaces_all_that_was_there(house: House) -> None:
    first, second = (replace(house.settings, benchmarks=given) for given in ((THEIRS, OF_ALL), (OF_ALL,)))
    load_benchmarks(house.connection, first)
    load_benchmarks(house.connection, second)
    load_benchmarks(house.connection, second)
    assert house.rows(benchmark) == [
        {"sector": "all", "year": 2024, "side": "client", "measure": "trust", "scale": "one_to_five",
         "questionnaire_version": "", "score_pct": 71.0, "answer_count": None, "source": "a barometer"},
    ]  # fmt: skip
    load_benchmarks(house.connection, house.settings)
    assert house.rows(benchmark) == []
