"""The demo's teams through the real steps: every count as the truth has it, and nobody's name on any disk."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from pipelines.demo import make_demo
from pipelines.run import RunReport, run_days
from pipelines.settings import Settings, load_settings
from pipelines.steps import opened
from pipelines.warehouse.tables import employee_count, publication, publication_score

UNTIL = date(2026, 11, 12)
CLOSED = "pouls-2026-10"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, RunReport, Path]:
    """The campaign of October of the demo company, received in one go and published."""
    home = tmp_path_factory.mktemp("demo")
    make_demo(home / "demo", UNTIL, days=35, answers_per_day=30, with_pulse=True)
    settings = load_settings(home / "demo" / "symetrie.yaml", {"SYMETRIE_HOME": str(home)})
    return settings, run_days(settings, UNTIL, sources=["pouls"]), home


@pytest.fixture(scope="module")
def truth(run: tuple[Settings, RunReport, Path]) -> dict[str, Any]:
    return dict(json.loads((run[2] / "demo" / "truth" / "pulse" / f"{CLOSED}.json").read_text(encoding="utf-8")))


def test_where_every_answer_went_is_what_the_truth_says(
    run: tuple[Settings, RunReport, Path], truth: dict[str, Any]
) -> None:
    counts = run[1].counts["pouls"]
    assert run[1].failures == {}
    assert run[1].published[0].startswith(f"{CLOSED}-1: ")
    assert counts["loaded"] == truth["respondent_count"]
    assert counts["superseded"] == truth["superseded_count"]
    assert counts["quarantined"] == sum(truth["quarantined"].values())


def test_every_team_s_counts_are_those_of_the_last_answers_of_its_people(
    run: tuple[Settings, RunReport, Path], truth: dict[str, Any]
) -> None:
    count = employee_count.c
    columns = (count.unit_id, count.side, count.measure, count.answer_count, count.favourable_count)
    with opened(run[0]) as warehouse, warehouse.reading() as connection:
        of = count.publication_id == f"{CLOSED}-1"
        found = {
            (unit, side, key): tuple(counts)
            for unit, side, key, *counts in connection.execute(sa.select(*columns).where(of))
        }
    expected = {
        (unit, side, measure): tuple(counts[:2])
        for unit, sides in truth["units"].items()
        for side in ("employee", "perceived")
        for measure, counts in sides[side].items()
        if counts[0]
    }
    assert found == expected


def test_no_figure_below_the_floor_is_told(run: tuple[Settings, RunReport, Path]) -> None:
    cell = publication_score.c
    with opened(run[0]) as warehouse, warehouse.reading() as connection:
        fewest = connection.scalar(sa.select(sa.func.min(cell.answer_count)))
        told_of_hidden = sa.select(sa.func.count(cell.answer_count)).where(cell.is_hidden)
        assert (fewest, connection.scalar(told_of_hidden)) == (5, 0)
        assert connection.scalar(sa.select(publication.c.dimension_count)) == 11


def test_none_of_the_planted_names_addresses_and_logins_is_on_any_disk(
    run: tuple[Settings, RunReport, Path],
) -> None:
    """Every byte under the house's folder but for the demo's own files, which are what the survey tool sent."""
    home = run[2]
    planted = json.loads((home / "demo" / "truth" / "pulse" / "planted.json").read_text(encoding="utf-8"))
    files = [file for file in home.rglob("*") if file.is_file() and home / "demo" not in file.parents]
    written = [file.read_bytes() for file in files]
    plain = b"\n".join(gzip.decompress(each) if each.startswith(b"\x1f\x8b") else each for each in written)
    assert len(plain) > 100_000
    for kind in ("last_names", "emails", "logins"):
        assert [name for name in planted[kind] if name.encode() in plain] == [], kind
