"""Double evaluation: figures recomputed from the contacts, and told only of groups with enough agents behind them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa

from pipelines.contacts.agreeing import agreement_rows
from pipelines.warehouse.contacts_compared import COUNTS
from pipelines.warehouse.tables import agreement
from symetrie.agreement import AGREEMENT_RULE
from symetrie.anonymity import AnonymityRule
from tests.pipelines.contacts.house import END, House, Rated, rows, score, store, told, withdraw

ON_DUCKDB = pytest.mark.parametrize("warehouse_url", ["duckdb"], indirect=True)


def team(unit: str, agents: int, contacts: int = 4, **more: Any) -> Iterator[Rated]:
    """So many agents of a unit, each with so many contacts, of all kinds."""
    for agent in range(agents):
        for number in range(contacts):
            place = 7 * agent + 3 * number
            yield Rated(unit, f"{more.get('name', unit)}{agent}", place % 4 + 1, (place + agent) % 5 + 1)


def figures(of: Any, unit: str, days: int = 28) -> dict[str, Any]:
    at = agreement.c
    columns = [column for column in at if column.name not in ("as_of", "unit_id", "window_days")]
    found = {row[:2]: row[2:] for row in rows(of, at.unit_id, at.window_days, *columns)}
    return dict(zip((column.name for column in columns), found[unit, days], strict=True))


def test_figures_are_those_of_the_contacts(house: House) -> None:
    """On both engines: shares by hand from the raw rows, kappa and its interval by statsmodels."""
    home = house()
    rated = [*team("lyon", 6, 5), *team("lille", 7, 4)]
    # No client has answered the one, and the other's answer is held.
    store(home, [*rated, Rated("lyon", "lyon0", 4, 0), Rated("lyon", "lyon0", 4, 1, status="held")])
    score(home)
    for unit, of_unit in (("lyon", rated[:30]), ("lille", rated[30:]), ("chain", rated)):
        found = figures(home, unit)
        agent = np.array([each.estimate >= 3 for each in of_unit])
        client = np.array([each.mark >= 4 for each in of_unit])
        false = np.array([each.estimate >= 3 and each.mark <= 2 for each in of_unit])
        table = [[(agent & client).sum(), (agent & ~client).sum()], [(~agent & client).sum(), (~agent & ~client).sum()]]
        kappa = cohens_kappa(np.array(table))
        assert found["contact_count"] == len(of_unit)
        assert found["rule_version"] == "agreement-1"
        assert found["matched_pct"] == pytest.approx(100 * (agent == client).mean())
        assert found["bias_points"] == pytest.approx(100 * (agent.mean() - client.mean()))
        assert found["false_confidence_pct"] == pytest.approx(100 * false.sum() / agent.sum())
        assert found["kappa"] == pytest.approx(kappa.kappa)
        assert (found["kappa_low"], found["kappa_high"]) == pytest.approx((kappa.kappa_low, kappa.kappa_upp))
        assert (found["is_hidden"], found["hidden_reason"]) == (False, None)


@ON_DUCKDB
def test_a_small_team_is_hidden_and_cannot_be_worked_out(house: House) -> None:
    home = house()
    store(home, [*team("lyon", 3), *team("lille", 6), *team("nice", 9)])
    score(home)
    assert told(home) == {"chain": 72, "lyon": "too_few", "lille": "would_tell", "nice": 36}
    said = {name: value for name, value in figures(home, "lille").items() if value is not None}
    assert said == {"rule_version": "agreement-1", "is_hidden": True, "hidden_reason": "would_tell"}


@ON_DUCKDB
def test_many_contacts_of_few_agents_are_still_few_agents(house: House) -> None:
    home = house()
    store(home, team("lyon", 4, 100))
    score(home)
    assert told(home) == {"chain": "too_few", "lyon": "too_few"}


@ON_DUCKDB
def test_agents_of_two_small_teams_count_once(house: House) -> None:
    home = house()
    store(home, [*team("lyon", 4, name="both"), *team("lille", 4, name="both")])
    score(home)
    assert told(home) == {"chain": "too_few", "lyon": "too_few", "lille": "too_few"}


@ON_DUCKDB
def test_agents_who_serve_every_shop_stand_behind_each(house: House) -> None:
    home = house()
    store(home, [*team("lyon", 6, name="phone"), *team("lille", 6, name="phone")])
    score(home)
    assert told(home) == {"chain": 48, "lyon": 24, "lille": 24}


def test_a_contact_and_an_answer_of_two_units_are_never_joined(house: House, caplog: pytest.LogCaptureFixture) -> None:
    home = house()
    astray = [Rated("lyon", "lyon0", 4, 1, client_unit="shop"), Rated("shop", "lyon1", 4, 1, client_unit="lyon")]
    store(home, [*team("lyon", 6), *astray])
    score(home)
    assert told(home) == {"chain": 24, "lyon": 24}
    assert "contacts.of_other_units" in caplog.text
    assert "2" in caplog.text.split("contacts.of_other_units")[1]


@ON_DUCKDB
def test_a_client_who_takes_the_answer_back_is_not_compared_and_what_was_told_stays(house: House) -> None:
    home = house()
    store(home, team("lyon", 6))
    withdraw(home, "r7")
    score(home)
    assert told(home) == {"chain": 23, "lyon": 23}
    withdraw(home, "r8")
    score(home)
    assert told(home) == {"chain": 23, "lyon": 23}


@ON_DUCKDB
def test_stretches_share_no_day_and_are_told_once_clients_have_had_a_week(house: House) -> None:
    home = house()
    edge = [
        Rated("lyon", "lyon0", 4, 5, day=day)
        for day in (date(2026, 10, 11), date(2026, 10, 12), date(2026, 11, 8), date(2026, 11, 9))
    ]
    store(home, [*team("lyon", 6), *edge])
    score(home, date(2026, 11, 14))
    assert told(home) == {}
    score(home, date(2026, 11, 15))
    assert told(home)["lyon"] == 26
    before = rows(home, agreement)
    score(home)
    assert rows(home, agreement) == before
    assert {row[0] for row in before} == {date(2026, 10, 11), END}


@ON_DUCKDB
def test_without_contacts_there_are_no_rows(house: House) -> None:
    home = house()
    store(home, [Rated("lyon", "lyon0", 4, 0)])
    score(home)
    assert rows(home, sa.func.count(agreement.c.unit_id)) == [(0,)]


@ON_DUCKDB
def test_a_house_without_contacts_pays_nothing(house: House) -> None:
    """Its score step imports none of this."""
    home = house()
    file = home.home.parent / "symetrie.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text[: text.index("  - name: calls")], encoding="utf-8")
    code = (
        "import sys; from datetime import date; from pathlib import Path; from pipelines import steps;"
        "from pipelines.settings import load_settings;"
        f"env = {{'SYMETRIE_HOME': {str(home.home)!r}, 'SYMETRIE_WAREHOUSE_URL': {home.warehouse_url!r}}};"
        f"made = load_settings(Path({str(file)!r}), env); day = date(2026, 11, 20);"
        "steps.score_days(made, day, steps.start_run(made, day));"
        "sys.exit('pipelines.contacts.agreeing' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


FLOOR = 5
UNITS = ("a", "b", "c", "d", "e")
ANCESTORS = pd.DataFrame(
    [(unit, unit, 0) for unit in UNITS]
    + [(unit, "north" if unit < "c" else "south", 1) for unit in UNITS]
    + [(unit, "top", 2) for unit in UNITS],
    columns=["unit_id", "ancestor_id", "depth"],
)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(UNITS), st.integers(0, 20)), min_size=1, max_size=50, unique=True))
def test_whatever_is_subtracted_enough_agents_remain(places: list[tuple[str, int]]) -> None:
    compared = pd.DataFrame(places, columns=["unit_id", "agent_key"])
    # Every pair of unit and agent has a number of contacts of its own, so that a sum says which are in it.
    contacts = [1 << place for place in range(len(places))]
    compared = compared.assign(**dict.fromkeys(COUNTS, 0)).assign(both_favourable=contacts)
    found = agreement_rows(compared, ANCESTORS, AnonymityRule(FLOOR), AGREEMENT_RULE).set_index("unit_id")
    shown = found.loc[~found["is_hidden"], "contact_count"].astype(object).to_dict()
    # What figures, added and subtracted, can tell apart: the places that stand in the same ones are one piece.
    pieces: dict[tuple[str, ...], set[int]] = {}
    for place, (_, agent) in enumerate(places):
        inside = tuple(unit for unit, count in shown.items() if int(count) >> place & 1)
        pieces.setdefault(inside, set()).add(agent)
    assert all(len(agents) >= FLOOR for inside, agents in pieces.items() if inside)
