"""The memory follows a network that changes, by names."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from symetrie.signals.counts import Answers
from symetrie.signals.naming import Names, carried_over
from symetrie.signals.network import Floats
from symetrie.signals.packing import packed, rounded, unpacked
from symetrie.signals.state import Streams
from symetrie.signals.watch import Watch, watch_day

SHOPS = tuple(f"shop-{number}" for number in range(12))
ABOVE = (*["north"] * 6, *["south"] * 6, "chain", "chain", "")
BEFORE = Names(("overall", "nps"), (*SHOPS, "north", "south", "chain"), ABOVE, ("web",))


def lived(days: int = 30) -> Streams:
    """Shops of which the second half is harsher."""
    streams, random = Streams.of(BEFORE.watched), np.random.default_rng(3)
    watch = Watch(BEFORE.watched, np.ones(BEFORE.watched.streams))
    for number in range(days):
        unit, measure = np.tile(np.arange(12), 2), np.repeat([0, 1], 12)
        share = np.where(unit < 6, 0.2, 0.4)
        answers = np.full(24, 40.0)
        came = Answers(date(2025, 3, 3) + timedelta(days=number), measure, unit, np.zeros(24, np.intp), answers,
                       random.binomial(40, share).astype(float))  # fmt: skip
        watch_day(streams, came, watch)
    return streams


def of(streams: Streams, names: Names, unit: str, name: str = "level") -> Floats:
    """What the memory holds of a unit, by measure."""
    return np.asarray(getattr(streams, name).reshape(len(names.measures), -1)[:, names.units.index(unit)])


def test_an_unchanged_network_keeps_its_memory_as_it_is() -> None:
    streams = lived()
    assert carried_over(streams, BEFORE, BEFORE) is streams


def test_units_in_another_order_keep_each_its_own_past() -> None:
    streams = lived()
    order = [*range(11, -1, -1), 14, 12, 13]
    units, parents = (tuple(each[at] for at in order) for each in (BEFORE.units, BEFORE.parents))
    now = Names(BEFORE.measures, units, parents, BEFORE.strata)
    carried = carried_over(streams, BEFORE, now)
    for unit in BEFORE.units:
        assert of(carried, now, unit).tolist() == of(streams, BEFORE, unit).tolist()
    back = carried_over(carried, now, BEFORE)
    for name, value in vars(streams).items():
        np.testing.assert_array_equal(value, getattr(back, name), err_msg=name)


def test_a_new_unit_starts_with_nothing_known_and_one_that_closed_is_forgotten() -> None:
    streams = lived()
    now = Names(BEFORE.measures, ("new", *BEFORE.units[1:]), ("north", *BEFORE.parents[1:]), BEFORE.strata)
    carried = carried_over(streams, BEFORE, now)
    assert of(carried, now, "new").tolist() == [0, 0]
    assert of(carried, now, "shop-1").tolist() == of(streams, BEFORE, "shop-1").tolist()


def test_a_unit_that_moves_is_told_against_its_new_siblings() -> None:
    """In the south clients are harsher, so a shop of the north looks the better there."""
    streams = lived(60)
    now = Names(BEFORE.measures, BEFORE.units, ("south", *BEFORE.parents[1:]), BEFORE.strata)
    carried = carried_over(streams, BEFORE, now)
    assert of(carried, now, "shop-0") == pytest.approx(of(streams, BEFORE, "shop-0") - 0.98, abs=0.35)
    assert of(carried, now, "shop-0", "known").max() <= 30


def test_a_new_channel_leaves_the_others_as_they_were() -> None:
    streams = lived()
    now = Names(BEFORE.measures, BEFORE.units, BEFORE.parents, ("kiosk", "web"))
    carried = carried_over(streams, BEFORE, now)
    assert of(carried, now, "shop-3").tolist() == of(streams, BEFORE, "shop-3").tolist()
    usual = carried.usual.reshape(2, -1, 2)
    np.testing.assert_array_equal(usual[:, :, 1].ravel(), streams.usual)
    assert np.isnan(usual[:, :, 0]).all()


def test_what_is_kept_is_what_is_carried_on() -> None:
    streams = rounded(lived())
    unpacked_again = unpacked(packed(streams, BEFORE))
    assert unpacked_again is not None
    again, names = unpacked_again
    assert names == BEFORE
    for name, value in vars(streams).items():
        np.testing.assert_array_equal(value, getattr(again, name), err_msg=name)


def test_a_memory_of_another_layout_is_of_no_use(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = packed(lived(2), BEFORE)
    monkeypatch.setattr("symetrie.signals.packing.LAYOUT", 2)
    assert unpacked(kept) is None
