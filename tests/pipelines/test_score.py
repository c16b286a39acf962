"""Scores depend on the counts and the tree of each day alone, and agree with a computation made another way."""

from __future__ import annotations

import itertools
import random
from datetime import date, timedelta

import pandas as pd
import pytest
import sqlalchemy as sa

from pipelines.load import load
from pipelines.score import score, scores_of
from pipelines.settings import Network
from pipelines.warehouse import Warehouse
from pipelines.warehouse.check import problems
from pipelines.warehouse.network import synchronise_network
from pipelines.warehouse.tables import opening_day
from pipelines.warehouse.tables import score as score_table

FIRST, LAST = date(2026, 9, 1), date(2026, 11, 20)
MOVED_ON = date(2026, 11, 11)
Scores = dict[tuple[date, str, str, int], tuple[int, int, int]]


def some_answers(seed: int = 7) -> list[dict[str, object]]:
    """Three hundred answers over eighty days at three sites, some of them without a mark."""
    draw = random.Random(seed)
    return [
        {
            "response_id": f"r{number}",
            "day": FIRST + timedelta(days=draw.randrange(81)),
            "unit_id": draw.choice(["lille", "nice", "mobile"]),
            "overall": draw.choice([1, 2, 3, 4, 5, 5, None]),
            "nps": draw.choice([0, 6, 7, 9, 10, None]),
        }
        for number in range(300)
    ]


def parents_on(unit: str, day: date) -> tuple[str, ...]:
    region = {"lille": "north", "nice": "south", "mobile": "north" if day < MOVED_ON else "south"}[unit]
    return (unit, region, "france")


def brute_force(rows: list[dict[str, object]], last: date) -> Scores:
    """Walk every answer into every window that contains it."""
    found: Scores = {}
    for row, (measure, good, bad) in itertools.product(rows, (("overall", 4, 2), ("nps", 9, 6))):
        mark, day = row[measure], row["day"]
        if mark is None:
            continue
        for window in (1, 7, 28, 91):
            for offset in range(window):
                as_of = day + timedelta(days=offset)
                if as_of > last:
                    continue
                for unit in parents_on(row["unit_id"], day):
                    n, k, u = found.get((as_of, unit, measure, window), (0, 0, 0))
                    found[as_of, unit, measure, window] = (n + 1, k + (mark >= good), u + (mark <= bad))
    return found


def stored(warehouse: Warehouse) -> Scores:
    c = score_table.c
    columns = (c.as_of, c.unit_id, c.measure, c.window_days, c.answer_count, c.favourable_count, c.unfavourable_count)
    with warehouse.reading() as connection:
        return {tuple(row[:4]): tuple(row[4:]) for row in connection.execute(sa.select(*columns))}


@pytest.fixture
def house(warehouse: Warehouse, network: Network) -> Warehouse:
    synchronise_network(warehouse, network)
    return warehouse


def test_every_window_of_every_unit_equals_a_walk_over_the_answers(house, network, answers, batch, stamp) -> None:
    """Roll-ups use the tree of each business date: the site that moved keeps its past where it was."""
    rows = some_answers()
    load(house, batch(answers(*map(dict, rows))), stamp(LAST))
    score(house, network, stamp(LAST), daily_for=400)
    assert stored(house) == brute_force(rows, LAST)
    assert problems(house) == []


def test_scores_end_the_same_backwards_day_by_day_and_in_one_go(house, network, answers, batch, stamp) -> None:
    """Batches of any day in any order, each followed by its scoring, end in the same scores."""
    rows = [row for row in some_answers(3) if row["day"] > date(2026, 11, 8)]
    by_day = sorted({row["day"] for row in rows}, reverse=True)
    for day in by_day:
        load(house, batch(answers(*(dict(row) for row in rows if row["day"] == day))), stamp(day))
        score(house, network, stamp(day), daily_for=400)
    score(house, network, stamp(LAST), daily_for=400)
    assert stored(house) == brute_force(rows, LAST)


def test_a_late_answer_recomputes_every_window_that_contains_it(house, network, answers, batch, stamp) -> None:
    """Also windows that had no answer before, and the change against the window before."""
    rows = some_answers()
    load(house, batch(answers(*map(dict, rows))), stamp(LAST))
    score(house, network, stamp(LAST), daily_for=400)
    late = {"response_id": "late", "day": date(2026, 9, 3), "unit_id": "nice", "overall": 1, "nps": None}
    load(house, batch(answers(dict(late))), stamp(LAST))
    score(house, network, stamp(LAST), daily_for=400)
    assert stored(house) == brute_force([*rows, late], LAST)


def test_the_change_is_against_the_disjoint_window_just_before(house, network, answers, batch, stamp) -> None:
    """7 days to 20 November against 7 days to 13 November; the 14 of the answers are at its borders."""
    marks = [("13", 5), ("13", 5), ("14", 1), ("20", 5), ("07", 1), ("06", 1)]
    rows = [
        {"response_id": str(n), "day": date(2026, 11, int(day)), "overall": mark} for n, (day, mark) in enumerate(marks)
    ]
    load(house, batch(answers(*rows)), stamp(LAST))
    found = scores_of(house, "lille", LAST).set_index(["measure", "window_days"]).loc[("overall", 7)]
    assert (found["answer_count"], found["favourable_count"], found["score"]) == (2, 1, 50.0)
    assert found["previous_score"] == pytest.approx(100 * 2 / 3)
    assert found["change_points"] == pytest.approx(50 - 100 * 2 / 3)


def test_after_the_daily_days_only_sundays_stay(house, network, answers, batch, stamp) -> None:
    """Older dates can still be computed."""
    rows = some_answers()
    load(house, batch(answers(*map(dict, rows))), stamp(LAST))
    score(house, network, stamp(LAST), daily_for=30)
    kept = {as_of for as_of, *_ in stored(house)}
    old = {day for day in kept if day <= LAST - timedelta(days=30)}
    assert {day.weekday() for day in old} == {6}
    assert {LAST - timedelta(days=offset) for offset in range(30)} <= kept
    tuesday = scores_of(house, "france", date(2026, 9, 15)).set_index(["measure", "window_days"])
    n, k, _ = brute_force(rows, LAST)[date(2026, 9, 15), "france", "overall", 7]
    assert tuple(tuesday.loc[("overall", 7), ["answer_count", "favourable_count"]]) == (n, k)


def test_scores_ask_for_nothing_new_when_nothing_changed(house, network, answers, batch, stamp) -> None:
    """A second scoring of the same day computes no day."""
    load(house, batch(answers(*map(dict, some_answers()))), stamp(LAST))
    assert score(house, network, stamp(LAST), daily_for=400) == 81
    assert score(house, network, stamp(LAST), daily_for=400) == 0
    assert score(house, network, stamp(LAST + timedelta(days=1)), daily_for=400) == 1


def test_a_site_moved_in_the_settings_is_scored_again_where_it_now_belongs(
    house, network, answers, batch, stamp
) -> None:
    """Moving `lille` to the south for all time empties the north of it."""
    rows = [{"response_id": str(n), "day": LAST, "unit_id": "lille", "overall": 5} for n in range(3)]
    load(house, batch(answers(*rows)), stamp(LAST))
    score(house, network, stamp(LAST), daily_for=400)
    moved = Network(
        tuple(
            unit if unit.id != "lille" else type(unit)("lille", "site", "Lille", "Europe/Paris", parent="south")
            for unit in network.units
        )
    )
    synchronise_network(house, moved)
    score(house, moved, stamp(LAST), daily_for=400)
    assert {unit: n for (_, unit, _, window), (n, *_) in stored(house).items() if window == 1} == {
        "lille": 3,
        "south": 3,
        "france": 3,
    }


def test_opening_days_cover_what_is_scored(house, network, answers, batch, stamp) -> None:
    """Known calendars are written from the first answer to the last business date, whatever the order of runs."""
    units = tuple(
        type(unit)(**{**{f: getattr(unit, f) for f in unit.__slots__}, "open_on": (0, 1, 2, 3, 4, 5)})
        if unit.id == "nice"
        else unit
        for unit in network.units
    )
    with_calendar = Network(units)
    for day in (date(2026, 11, 15), date(2026, 11, 20), date(2026, 11, 12)):
        load(house, batch(answers({"response_id": str(day), "day": day, "unit_id": "nice"})), stamp(day))
        score(house, with_calendar, stamp(day), daily_for=400)
    with house.reading() as connection:
        days = connection.execute(sa.select(opening_day.c.business_date, opening_day.c.is_open))
    assert {day for day, _ in days} <= {date(2026, 11, d) for d in range(12, 21)}


def test_both_engines_hold_the_same_numbers(postgresql_url, home, network, answers, batch, stamp) -> None:
    """Promise 10: identical marts, to the last bit."""
    from contextlib import closing

    from pipelines.warehouse import open_warehouse

    frames = []
    rows = some_answers()
    for url in (f"duckdb:///{home / 'w.duckdb'}", postgresql_url):
        with closing(open_warehouse(url, home)) as house:
            synchronise_network(house, network)
            load(house, batch(answers(*map(dict, rows)), page="same"), stamp(LAST))
            score(house, network, stamp(LAST), daily_for=400)
            with house.reading() as connection:
                frame = house.frame(connection, sa.select(score_table))
        frames.append(frame.sort_values(list(frame.columns[:5]), ignore_index=True))
    pd.testing.assert_frame_equal(*frames, check_dtype=False, check_exact=True)
