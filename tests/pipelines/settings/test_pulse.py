"""The floors of the pulse: their defaults, and the settings that would let an employee be known."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipelines.settings import Settings
from pipelines.settings.pulse import Pulse

Load = Callable[..., Settings]
Lines = Callable[..., list[str]]


def test_the_floors_are_those_of_the_method_unless_the_house_sets_its_own(load: Load) -> None:
    assert load().pulse == Pulse(
        campaigns_csv=None,
        headcounts_csv=None,
        floor=5,
        verbatim_floor=8,
        unanimity_floor=30,
        publish="closing",
        cuts=("operated_by",),
        label_mean="all_scores",
        client_days=91,
        key_days=90,
    )
    own = load("pulse: {floor: 10, verbatim_floor: 12, unanimity_floor: 10, publish: cadence, key_days: 0}\n").pulse
    assert (own.floor, own.verbatim_floor, own.unanimity_floor) == (10, 12, 10)
    assert (own.publish, own.key_days) == ("cadence", 0)


def test_a_cut_counts_once_and_there_may_be_none(load: Load) -> None:
    assert load("pulse: {cuts: [relation, channel, relation]}\n").pulse.cuts == ("relation", "channel")
    assert load("pulse: {cuts: []}\n").pulse.cuts == ()


def test_clients_are_held_against_a_campaign_over_one_of_the_windows(load: Load, problems: Lines) -> None:
    assert load("windows: [1, 7, 14, 28, 91]\npulse: {client_days: 14}\n").pulse.client_days == 14
    assert problems("pulse: {client_days: 14}\n") == [
        (
            "symetrie.yaml:1: pulse.client_days: is 14, none of the windows 1, 7, 28, 91;"
            " write one of them, or add it to windows"
        )
    ]


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("floor: 2", "floor: must be at least 3"),
        ("floor: 5.5", "floor: must be a whole number"),
        ("verbatim_floor: 4", "verbatim_floor: is 4, below the floor of 5; write 5 or more"),
        ("unanimity_floor: 4", "unanimity_floor: is 4, below the floor of 5; write 5 or more"),
        ("floor: 10", "verbatim_floor: is 8, below the floor of 10; write 10 or more"),
        ("floor: 2, verbatim_floor: 1", "floor: must be at least 3"),
        ("publish: daily", "publish: must be 'closing' or 'cadence'"),
        ("cuts: [operated_by, age]", "cuts[1]: must be 'operated_by', 'relation' or 'channel'"),
        ("key_days: -1", "key_days: must be at least 0"),
        ("flor: 5", "flor: is not a known key; did you mean 'floor'?"),
        (
            "headcounts_csv: headcounts.csv",
            "headcounts_csv: needs campaigns_csv, the file of the campaigns whose headcounts these are",
        ),
        (
            "campaigns_csv: nowhere.csv",
            "campaigns_csv: nowhere.csv cannot be read: No such file or directory",
        ),
    ],
)
def test_a_wrong_value_is_told_with_what_to_write(keys: str, message: str, problems: Lines) -> None:
    assert problems(f"pulse: {{{keys}}}\n") == [f"symetrie.yaml:1: pulse.{message}"]
