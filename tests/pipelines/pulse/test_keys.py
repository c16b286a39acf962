"""The key of a campaign: it can be destroyed, and what has landed can still be replayed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from pipelines import retention
from pipelines.erasure.erasing import find
from pipelines.errors import SymetrieError
from pipelines.pulse.keys import destroy_key, key_of
from pipelines.replay.replaying import replay_quarantine
from pipelines.run import run_days
from pipelines.steps import opened
from pipelines.warehouse.tables import employee_response, quarantine
from tests.pipelines.pulse.house import LAST, House, answer

Drop = Callable[..., Path]


def test_a_key_is_made_once_and_is_its_owner_s_alone(home: Path) -> None:
    first, second = key_of(home, "autumn"), key_of(home, "autumn")
    assert first == second != key_of(home, "winter")
    [*files] = (home / "campaign-keys").iterdir()
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_the_same_person_has_another_hash_under_another_key(home: Path) -> None:
    keys = [key_of(home, name) for name in ("autumn", "winter")]
    assert len({key.respondents(["anna"])[0] for key in keys if key}) == 2


def test_a_destroyed_key_is_never_made_anew(home: Path) -> None:
    assert key_of(home, "autumn") is not None
    assert destroy_key(home, "autumn")
    assert key_of(home, "autumn") is None
    assert not destroy_key(home, "autumn")


@pytest.mark.parametrize("warehouse_url", ["duckdb"], indirect=True)
def test_without_the_key_a_replay_ends_the_same_and_a_late_answer_is_set_aside(house: House, drop: Drop) -> None:
    settings = house()
    drop(*(answer(f"p{number}") for number in range(6)))
    run_days(settings, LAST, sources=["pouls"])
    with opened(settings) as warehouse:
        keys = sa.select(employee_response.c.respondent_key, employee_response.c.content_key)
        with warehouse.reading() as connection:
            before = sorted(connection.execute(keys).all())
        swept = retention.sweep(warehouse, settings, datetime(2027, 2, 1, tzinfo=UTC))
        assert (swept.removed["campaign keys"], swept.failed) == (1, ())
    assert run_days(settings, LAST, sources=["pouls"], replay=True).counts["pouls"]["unchanged"] == 6
    drop(answer("late"))
    assert run_days(settings, LAST, sources=["pouls"]).counts["pouls"]["quarantined"] == 1
    with opened(settings) as warehouse, warehouse.reading() as connection:
        assert sorted(connection.execute(keys).all()) == before
        assert connection.scalar(sa.select(quarantine.c.reasons)) == "key_destroyed"
    with pytest.raises(SymetrieError, match="of source pouls nothing is kept but the reasons"):
        replay_quarantine(settings, source="pouls")
    with opened(settings) as warehouse, pytest.raises(SymetrieError, match="nobody's answer can be told"):
        find(warehouse, settings, "pouls", "anything")
