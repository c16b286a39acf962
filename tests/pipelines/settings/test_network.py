"""What the dated network answers: who stands under whom, since when, and when it is open."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import SymetrieError
from pipelines.settings import Ancestor, Network, OpeningDay, Unit
from pipelines.settings.network import FIRST_DAY, LAST_DAY

MOVE = date(2026, 4, 1)
DAY_BEFORE = MOVE - timedelta(days=1)


def unit(id_: str, parent: str | None = None, first: date = FIRST_DAY, last: date = LAST_DAY) -> Unit:
    return Unit(id_, "site", id_, "Europe/Paris", parent, valid_from=first, valid_to=last)


def test_a_site_that_moves_keeps_its_past_where_it_was() -> None:
    network = Network(
        (
            unit("top"),
            unit("north", "top"),
            unit("south", "top"),
            unit("shop", "north", last=DAY_BEFORE),
            unit("shop", "south", first=MOVE),
        )
    )
    assert [row for row in network.closure() if row.unit_id == "shop"] == [
        Ancestor("shop", "shop", 0, FIRST_DAY, LAST_DAY),
        Ancestor("shop", "north", 1, FIRST_DAY, DAY_BEFORE),
        Ancestor("shop", "south", 1, MOVE, LAST_DAY),
        Ancestor("shop", "top", 2, FIRST_DAY, LAST_DAY),
    ]


def test_a_region_that_moves_takes_its_sites_along() -> None:
    network = Network(
        (
            unit("france"),
            unit("europe"),
            unit("east", "france", last=DAY_BEFORE),
            unit("east", "europe", first=MOVE),
            unit("metz", "east", first=date(2026, 1, 1)),
        )
    )
    assert [row for row in network.closure() if row[:1] == ("metz",) and row.depth == 2] == [
        Ancestor("metz", "europe", 2, MOVE, LAST_DAY),
        Ancestor("metz", "france", 2, date(2026, 1, 1), DAY_BEFORE),
    ]


START = date(2026, 1, 1)


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Trees of four levels over twenty days, where every unit may change its parent twice."""
    levels = [["top"], ["r0", "r1"], ["d0", "d1", "d2"], ["s0", "s1", "s2", "s3"]]
    units = [unit("top")]
    for above, ids in itertools.pairwise(levels):
        for id_ in ids:
            cuts = sorted(draw(st.sets(st.integers(1, 19), max_size=2)))
            firsts = [FIRST_DAY, *(START + timedelta(days=cut) for cut in cuts)]
            lasts = [*(first - timedelta(days=1) for first in firsts[1:]), LAST_DAY]
            units += [
                unit(id_, draw(st.sampled_from(above)), first, last) for first, last in zip(firsts, lasts, strict=True)
            ]
    return Network(tuple(units))


@given(networks(), st.integers(0, 19))
def test_on_every_day_the_closure_is_the_walk_up_the_tree_of_that_day(network: Network, offset: int) -> None:
    day = START + timedelta(days=offset)
    parents = {version.id: version.parent for version in network.units if version.valid_from <= day <= version.valid_to}
    walked = set()
    for unit_id in parents:
        ancestor, depth = unit_id, 0
        while ancestor is not None:
            walked.add((unit_id, ancestor, depth))
            ancestor, depth = parents[ancestor], depth + 1
    rows = [row[:3] for row in network.closure() if row.valid_from <= day <= row.valid_to]
    assert set(rows) == walked
    assert len(rows) == len(walked)


@given(networks())
def test_no_row_of_the_closure_could_be_joined_to_another(network: Network) -> None:
    rows = network.closure()
    ends = {(*row[:3], row.valid_to) for row in rows}
    assert not [row for row in rows if (*row[:3], row.valid_from - timedelta(days=1)) in ends]


def test_a_unit_of_a_day_is_the_version_that_holds_else_the_nearest() -> None:
    network = Network((unit("shop", first=date(2020, 1, 1), last=date(2025, 12, 31)),))
    assert network.unit("shop", date(2019, 1, 1)) == network.unit("shop") == network.units[0]
    with pytest.raises(SymetrieError, match=r"there is no unit 'shpo'; did you mean 'shop'\?"):
        network.unit("shpo")


def test_ids_roots_time_zones_and_validity_are_those_of_all_versions() -> None:
    network = Network((unit("top"), unit("a", "top", last=DAY_BEFORE), unit("a", "top", first=MOVE, last=MOVE)))
    assert network.unit_ids == {"top", "a"}
    assert network.roots == ("top",)
    assert network.timezones == {"top": "Europe/Paris", "a": "Europe/Paris"}
    assert network.timezone_of("a") == "Europe/Paris"
    assert network.validity["a"] == (FIRST_DAY, MOVE)


def test_opening_days_are_known_only_where_they_are_written() -> None:
    shop = Unit(
        "shop",
        "site",
        "Shop",
        "Europe/Paris",
        valid_to=date(2026, 5, 4),
        open_on=(0, 1, 2, 3, 4),
        closed_dates=(date(2026, 5, 1),),
    )
    network = Network((shop, unit("other")))
    assert list(network.opening_days(date(2026, 4, 30), date(2026, 5, 6))) == [
        OpeningDay("shop", date(2026, 4, 30), True),
        OpeningDay("shop", date(2026, 5, 1), False),
        OpeningDay("shop", date(2026, 5, 2), False),
        OpeningDay("shop", date(2026, 5, 3), False),
        OpeningDay("shop", date(2026, 5, 4), True),
    ]
