"""What a signal is, and what is none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from symetrie.signals.counts import rolled_up


def steady(number: int) -> tuple[Any, Any]:
    """Forty answers a day, a quarter of them unhappy."""
    return 40, 0.25


def test_where_nothing_happens_nothing_is_signalled(life: Any) -> None:
    quiet = life(4, 10)
    quiet.live(200, steady)
    assert quiet.moved == []


def test_a_site_that_loses_its_clients_is_found_once_and_alone(life: Any) -> None:
    shop = life(4, 10)
    shop.live(120, steady)
    share = np.full(40, 0.25)
    share[7] = 0.45
    shop.live(60, lambda number: (40, share))
    [(day, unit, points)] = shop.moved
    assert unit == 7
    assert day < 120 + 10
    assert points == pytest.approx(-20, abs=8)


def test_a_region_that_falls_is_one_signal_not_one_of_each_shop(life: Any) -> None:
    region = life(4, 10)
    region.live(120, steady)
    share = np.where(np.arange(40) < 10, 0.35, 0.25)
    region.live(60, lambda number: (40, share))
    assert [unit for _, unit, _ in region.moved] == [40]


def test_a_fall_of_the_whole_network_is_one_signal(life: Any) -> None:
    nation = life(4, 10)
    nation.live(120, steady)
    nation.live(60, lambda number: (40, 0.37))
    assert [unit for _, unit, _ in nation.moved] == [nation.network]


def test_a_fallen_site_that_recovers_is_said_to(life: Any) -> None:
    shop = life(4, 10)
    shop.live(120, steady)
    share = np.full(40, 0.25)
    share[7] = 0.5
    shop.live(40, lambda number: (40, share))
    shop.live(40, steady)
    assert [unit for _, unit, _ in shop.moved] == [7]
    [(day, unit)] = shop.recovered
    assert unit == 7
    assert 160 <= day < 175


def test_a_fallen_site_that_rises_half_way_is_over_its_fall_and_falls_anew(life: Any) -> None:
    shop = life(4, 10)
    share = np.full(40, 0.25)
    for days, unhappy in ((120, 0.25), (40, 0.75), (80, 0.6), (30, 0.85)):
        share[7] = unhappy
        shop.live(days, lambda number: (40, share))
    assert [points < 0 for _, _, points in shop.moved] == [True, False, True]
    assert (shop.improved, shop.recovered, shop.new) == ([7], [], [7, 7])


def test_a_fall_is_not_taken_twice_and_a_further_one_is(life: Any) -> None:
    shop = life(4, 10)
    share = np.full(40, 0.25)
    shop.live(120, lambda number: (40, share))
    share[7] = 0.45
    shop.live(60, lambda number: (40, share))
    share[7] = 0.7
    shop.live(30, lambda number: (40, share))
    assert [unit for _, unit, _ in shop.moved] == [7, 7]


def test_a_level_that_lasts_becomes_the_units_own_and_a_further_fall_is_new(life: Any) -> None:
    shop = life(4, 10)
    share = np.full(40, 0.25)
    shop.live(120, lambda number: (40, share))
    share[7] = 0.5
    shop.live(110, lambda number: (40, share))
    assert shop.settled == [7]
    share[7] = 0.75
    shop.live(10, lambda number: (40, share))
    assert [unit for _, unit, _ in shop.moved] == [7, 7]
    assert shop.new == [7, 7]


def test_what_a_site_has_lost_is_no_news_of_its_region(life: Any) -> None:
    """The site gives a third of its region's answers."""
    shop = life(4, 10)
    answers, share = np.full(40, 20.0), np.full(40, 0.25)
    answers[7] = 100
    shop.live(120, lambda number: (answers, share))
    share[7] = 0.5
    shop.live(90, lambda number: (answers, share))
    assert [unit for _, unit, _ in shop.moved if unit < shop.network] == [7]


def test_a_busy_day_of_the_harshest_site_is_no_news_of_its_region(life: Any) -> None:
    shop = life(4, 10)
    share = np.where(np.arange(40) % 10 == 3, 0.6, 0.2)
    shop.live(120, lambda number: (40, share))
    busy = np.where(np.arange(40) == 3, 400, 40)
    shop.live(14, lambda number: (busy, share))
    assert shop.moved == []


def test_saturdays_and_a_bad_day_of_everybody_move_nobody(life: Any) -> None:
    network = life(4, 10)
    network.live(200, lambda number: (40, 0.32 if number % 7 == 5 else 0.25))
    network.live(1, lambda number: (40, 0.34))
    assert network.moved == []


def test_a_day_without_answers_changes_nothing(life: Any) -> None:
    network = life(2, 3)
    network.live(50, steady)
    before = network.streams.copied()
    network.live(1, lambda number: (0, 0.25))
    for name, value in vars(before).items():
        np.testing.assert_array_equal(value, getattr(network.streams, name), err_msg=name)


def test_nothing_is_said_before_the_network_is_known(life: Any) -> None:
    """Half of the shops fall on the thirtieth day: their level is learned as it then is."""
    network = life(4, 10)
    share = np.full(40, 0.25)
    network.live(30, lambda number: (40, share))
    share[::2] = 0.45
    network.live(60, lambda number: (40, share))
    assert network.moved == []


def test_a_peak_of_ten_times_the_answers_is_no_fall(life: Any) -> None:
    network = life(4, 10)
    network.live(120, steady)
    network.live(2, lambda number: (400, 0.25))
    assert network.moved == []


def test_a_harsher_questionnaire_moves_nobody_but_starts_a_stratum_of_its_own(life: Any) -> None:
    """One region after the other takes it; its questions are harder by 15 points."""
    network = life(4, 10, strata=2)
    region = np.arange(40) // 10

    def truth(number: int) -> tuple[Any, Any]:
        new = number >= 120 + 10 * region
        return np.stack([np.where(new, 0, 40), np.where(new, 40, 0)]), np.array([[0.25], [0.40]])

    network.live(220, truth)
    assert [unit for _, unit, _ in network.moved if unit != network.network] == []


def test_days_replayed_from_a_copy_end_in_the_same_memory(life: Any) -> None:
    network = life(3, 5)
    network.live(30, steady)
    kept, days = network.streams.copied(), list(network.days(20, steady))
    for came in days:
        network.look_at(came)
    once = network.streams
    network.streams, network.number = kept, 30
    for came in days:
        network.look_at(came)
    for name, value in vars(once).items():
        np.testing.assert_array_equal(value, getattr(network.streams, name), err_msg=name)


def test_a_roll_up_counts_every_answer_once_at_every_level(life: Any) -> None:
    network = life(4, 10)
    [came] = network.days(1, steady)
    day = rolled_up(came, network.streams.level, network.watched)
    total = came.answers.sum()
    assert day.answers[day.stream < 40].sum() == total
    assert day.answers[(day.stream >= 40) & (day.stream < 44)].sum() == total
    assert day.answers[day.stream == 44].tolist() == [total]


@pytest.mark.parametrize(("regions", "sites"), [(1, 1), (1, 8), (0, 0)])
def test_networks_of_any_size_are_watched(life: Any, regions: int, sites: int) -> None:
    network = life(regions, sites)
    network.live(60, lambda number: (5, 0.25))
    assert network.moved == []


def test_a_chain_of_one_shop_is_compared_with_its_own_past(life: Any) -> None:
    shop = life(1, 1)
    shop.live(200, steady)
    shop.live(40, lambda number: (40, 0.5))
    assert [unit for _, unit, _ in shop.moved] == [shop.network]
