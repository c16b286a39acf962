"""Against the sector: only what was asked in the same way, on the same scale."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pipelines.mirror_pages.sectors import sector_scores
from pipelines.settings import FilesSource, Network
from symetrie.benchmarks import Benchmark
from symetrie.questionnaires import Questionnaire

pytestmark = pytest.mark.parametrize("warehouse_url", ["duckdb"], indirect=True)
DAY = date(2026, 3, 31)


def of_trust(side: str, scale: str = "one_to_five", **more: object) -> Benchmark:
    return Benchmark(**{"sector": "banking", "year": 2025, "side": side, "measure": "trust", "scale": scale,
                        "score_pct": 60.0, "source": "a barometer"} | more)  # fmt: skip


def asked(version: str, key: str, scale: str = "one_to_five") -> Questionnaire:
    return Questionnaire.from_mapping(version, {key: {"field": key, "scale": scale}})


def compared(house, *benchmarks: Benchmark, client_scale: str = "one_to_five") -> list[tuple[str, float]]:
    house.published()
    house.mirrored("lille", "trust", (290, 420), (11, 24), (20, 24))
    source = FilesSource(name="survey", path="x.csv", questionnaire="client-1")
    made = replace(
        house.settings,
        network=Network(tuple(replace(unit, sector="banking") for unit in house.settings.network.units)),
        sources=(source,),
        questionnaires={
            "client-1": asked("client-1", "trust", client_scale),
            "pulse-eleven-1": asked("pulse-eleven-1", "own_trust"),
        },
        benchmarks=benchmarks,
    )
    with house.warehouse.reading() as connection:
        found = sector_scores(connection, made, DAY)
    return [(each.side, each.benchmark) for each in found.get("lille", ())]


def test_a_score_stands_beside_its_sector_on_both_sides(house) -> None:
    assert compared(house, of_trust("client"), of_trust("employee", score_pct=50.0)) == [
        ("client", 60.0), ("employee", 50.0),
    ]  # fmt: skip


def test_another_scale_is_never_compared(house) -> None:
    assert compared(house, of_trust("client"), client_scale="zero_to_ten_agree") == []


def test_another_version_is_never_compared(house) -> None:
    assert compared(house, of_trust("client", questionnaire="other-1")) == []


def test_without_a_benchmark_nothing_is_read(house) -> None:
    assert compared(house) == []
