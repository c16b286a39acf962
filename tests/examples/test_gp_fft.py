"""Ten months of real patient feedback give the numbers that a computation made another way gives."""

from __future__ import annotations

import csv
import math
import os
import random
from collections import Counter
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from pipelines.run import run_days
from pipelines.settings import Settings, load_settings
from pipelines.warehouse import open_warehouse
from pipelines.warehouse.tables import client_response, daily_count, quarantine, run, score

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("SYMETRIE_DATA", ROOT.parent / "shared" / "data"))
FEEDBACK = next((path for path in (DATA / "gp_fft" / "feedback.csv", DATA / "feedback.csv") if path.is_file()), None)
NETWORK = "Brompton-Health-PCN"
FIRST, LAST = date(2025, 9, 18), date(2026, 8, 1)

pytestmark = [
    pytest.mark.skipif(FEEDBACK is None, reason=f"no real feedback in {DATA}: set SYMETRIE_DATA to the folder")
]


@pytest.fixture
def settings(warehouse_url: str, home: Path) -> Settings:
    """The example as it ships, on an empty warehouse of each engine."""
    return settings_for(warehouse_url, home)


def settings_for(url: str, home: Path) -> Settings:
    environment = {"SYMETRIE_DATA": str(DATA), "SYMETRIE_HOME": str(home), "SYMETRIE_WAREHOUSE_URL": url}
    return load_settings(ROOT / "examples" / "gp_fft" / "symetrie.yaml", os.environ | environment)


def rows(settings: Settings, *columns: sa.ColumnElement[object]) -> list[tuple[object, ...]]:
    with closing(open_warehouse(settings.warehouse_url, settings.home)) as warehouse, warehouse.reading() as connection:
        return sorted((tuple(row) for row in connection.execute(sa.select(*columns))), key=repr)


def content(settings: Settings) -> list[list[tuple[object, ...]]]:
    """All that promise 2 speaks of: `core` and `mart` without the audit column."""
    tables = (client_response, daily_count, score)
    return [rows(settings, *(c for c in table.columns if c.name != "run_id")) for table in tables]


def recomputed() -> dict[tuple[date, str, int], tuple[int, int, int]]:
    """Every window of every site and of the network, by walking each answer of the file into each of them."""
    found: dict[tuple[date, str, int], list[int]] = {}
    with FEEDBACK.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if not row["site"] or not row["rating_1_5"]:
                continue
            day, mark = date.fromisoformat(row["submitted_at"][:10]), int(row["rating_1_5"])
            for days in (1, 7, 28, 91):
                for as_of in (day + timedelta(days=offset) for offset in range(days)):
                    for unit in (row["site"], NETWORK):
                        counts = found.setdefault((as_of, unit, days), [0, 0, 0])
                        counts[0] += 1
                        counts[1] += mark >= 4
                        counts[2] += mark <= 2
    return {key: (n, k, u) for key, (n, k, u) in found.items() if key[0] <= LAST}


def wilson(k: int, n: int) -> tuple[float, float]:
    """Wilson's interval as the textbook writes it, in percent."""
    z, p = 1.959963984540054, k / n
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return 100 * (middle - half) / (1 + z * z / n), 100 * (middle + half) / (1 + z * z / n)


def test_real_feedback_is_counted_and_scored_as_an_independent_computation_says(settings: Settings) -> None:
    """7,348 received = 7,342 loaded + 6 without a site; every score equals the walk over the answers."""
    counts = run_days(settings, LAST).counts["gp_fft"]
    assert counts == {
        "received": 7348, "loaded": 7342, "unchanged": 0, "superseded": 0, "quarantined": 6, "held": 0,
    }  # fmt: skip
    assert Counter(reasons for (reasons,) in rows(settings, quarantine.c.reasons)) == {"missing_unit": 6}
    assert sum(n for (n,) in rows(settings, daily_count.c.answer_count)) == 7342 - 41
    c = score.c
    counts_of = (c.answer_count, c.favourable_count, c.unfavourable_count)
    found = rows(settings, c.as_of, c.unit_id, c.window_days, *counts_of, c.score, c.low, c.high)
    assert {key[:3]: key[3:6] for key in found} == recomputed()
    for *_, n, k, _u, shown, low, high in found:
        assert shown == pytest.approx(100 * k / n, abs=1e-9)
        assert (low, high) == ((None, None) if n < 5 else pytest.approx(wilson(k, n), abs=1e-9))


def test_a_file_read_again_adds_nothing_to_the_ledger(settings: Settings) -> None:
    """Its content is known, whatever day the run is for."""
    run_days(settings, LAST)
    assert set(run_days(settings, LAST).counts["gp_fft"].values()) == {0}
    assert sum(n for (n,) in rows(settings, run.c.received_count)) == 7348


def test_days_backwards_forwards_and_at_random_end_in_the_same_content(home: Path, tmp_path: Path) -> None:
    """One go from the first to the last day, and the same days one by one in another order."""
    in_one_go = settings_for(f"duckdb:///{home / 'one.duckdb'}", home)
    run_days(in_one_go, LAST)
    days = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
    some = [*days[-3:], *random.Random(5).sample(days, 5)]
    for name, order in (("backwards", sorted(some, reverse=True)), ("forwards", sorted(some)), ("random", some)):
        house = settings_for(f"duckdb:///{tmp_path / name}.duckdb", tmp_path / name)
        for day in order:
            run_days(house, day)
        assert content(house) == content(in_one_go), name


def test_what_has_landed_is_replayed_without_the_source(settings: Settings, home: Path, tmp_path: Path) -> None:
    """An empty warehouse and the landing give the same content; the folder of the source may be gone."""
    run_days(settings, LAST)
    before = content(settings)
    rebuilt = settings_for(f"duckdb:///{tmp_path / 'rebuilt.duckdb'}", home)
    gone = rebuilt.sources[0].model_copy(update={"path": str(tmp_path / "gone" / "*.csv")})
    run_days(type(rebuilt)(**{**vars(rebuilt), "sources": (gone,)}), LAST, replay=True)
    assert content(rebuilt) == before
