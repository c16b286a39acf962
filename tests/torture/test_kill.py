"""kill -9 at random moments of a range run: one clean run later, nothing tells that it ever happened."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

KILLS = int(os.environ.get("SYMETRIE_TORTURE_KILLS", "2"))
SEED = int(os.environ.get("SYMETRIE_SEED", "20261122"))

pytestmark = pytest.mark.torture


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    """Import once, in the parent of all forks, what every run imports."""
    import great_expectations
    import pandas as pd

    import pipelines.summary
    import pipelines.validation

    assert all((great_expectations, pd, pipelines.summary, pipelines.validation))


def told(house: Any, in_child: Callable[..., float], tmp_path: Path) -> Any:
    """What the warehouse tells, read in a process of its own: this one forks, and holds no engine open."""
    answer = tmp_path / "told.json"
    in_child(lambda: answer.write_text(json.dumps(house.told()), encoding="utf-8"))
    return json.loads(answer.read_text(encoding="utf-8"))


def test_a_range_killed_at_any_moment_ends_after_a_clean_run_as_if_never_killed(
    new_house: Callable[[], Any], in_child: Any, kill_after: Any, tmp_path: Path
) -> None:
    """Same answers, counts and scores; every record received once; nothing for `warehouse check` to find."""
    print(f"SYMETRIE_SEED={SEED} SYMETRIE_TORTURE_KILLS={KILLS}")
    rng, undisturbed = random.Random(SEED), new_house()
    seconds = in_child(undisturbed.run)
    expected = told(undisturbed, in_child, tmp_path)
    assert expected["problems"] == []
    killed_at_work = 0
    for _ in range(KILLS):
        house, moment = new_house(), rng.uniform(0, seconds)
        killed_at_work += kill_after(house.run, moment)
        in_child(house.run)
        assert told(house, in_child, tmp_path) == expected, f"killed after {moment:.3f} s of {seconds:.3f} s"
    print(f"killed at work: {killed_at_work} of {KILLS}")
    assert killed_at_work


def test_a_range_killed_again_and_again_gets_there(
    new_house: Callable[[], Any], in_child: Any, kill_after: Any, tmp_path: Path
) -> None:
    """One kill after the other in the same house, then one clean run."""
    rng, house, undisturbed = random.Random(SEED), new_house(), new_house()
    seconds = in_child(undisturbed.run)
    for _ in range(min(2 * KILLS, 10)):
        kill_after(house.run, rng.uniform(0, seconds))
    in_child(house.run)
    assert told(house, in_child, tmp_path) == told(undisturbed, in_child, tmp_path)
