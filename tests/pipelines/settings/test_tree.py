"""What makes a tree of units that holds together on every day, and what a unit takes from the one above."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from pipelines.settings import Settings, Unit

Load = Callable[..., Settings]
Lines = Callable[..., list[str]]

TOP = "{id: top, timezone: Europe/Paris}"


def network(*units: str) -> str:
    return "network:\n  units:\n" + "".join(f"    - {unit}\n" for unit in units)


def test_what_a_unit_leaves_out_is_taken_from_the_one_above(load: Load) -> None:
    text = network(
        "{id: top, timezone: Europe/Paris, organisation: acme, sector: banking, partition: shops, open_on: mon-fri}",
        "{id: east, parent: top, kind: region, operated_by: partner}",
        "{id: metz, name: Metz, parent: east, sector: insurance, timezone: Europe/Berlin}",
    )
    assert load(text).network.unit("metz") == Unit(
        id="metz",
        kind="site",
        name="Metz",
        timezone="Europe/Berlin",
        parent="east",
        organisation="acme",
        sector="insurance",
        operated_by="partner",
        partition="shops",
        open_on=(0, 1, 2, 3, 4),
    )


def test_the_top_is_a_network_and_an_organisation_of_its_own(load: Load) -> None:
    top = load(network(TOP)).network.unit("top")
    assert (top.kind, top.name, top.organisation) == ("network", "top", "top")


def test_days_of_closure_add_up_from_the_top(load: Load) -> None:
    text = network(
        "{id: top, timezone: Europe/Paris, closed_dates: 2026-05-01}", "{id: a, parent: top, closed_dates: 2026-05-02}"
    )
    assert load(text).network.unit("a").closed_dates == (date(2026, 5, 1), date(2026, 5, 2))


def test_there_may_be_several_tops(load: Load) -> None:
    assert load(network(TOP, "{id: other, timezone: Europe/London}")).network.roots == ("top", "other")


def test_a_site_may_move_and_be_renamed_from_one_day_to_the_next(load: Load) -> None:
    text = network(
        TOP,
        "{id: north, parent: top}",
        "{id: south, parent: top}",
        "{id: shop, name: Old, parent: north, valid_to: 2026-03-31}",
        "{id: shop, name: New, parent: south, valid_from: 2026-04-01}",
    )
    units = load(text).network
    assert units.unit("shop", date(2026, 3, 31)).name == "Old"
    assert units.unit("shop", date(2026, 4, 1)).parent == "south"


def test_two_units_may_change_places_since_no_day_sees_a_cycle(load: Load) -> None:
    text = network(
        TOP,
        "{id: a, parent: top, valid_to: 2025-12-31}",
        "{id: b, parent: a, valid_to: 2025-12-31}",
        "{id: a, parent: b, valid_from: 2026-01-01}",
        "{id: b, parent: top, valid_from: 2026-01-01}",
    )
    assert load(text).network.unit("a").parent == "b"


@pytest.mark.parametrize(
    ("units", "line"),
    [
        (
            [TOP, "{id: a, parent: topp}"],
            "symetrie.yaml:4: network.units[1].parent: there is no unit 'topp'; did you mean 'top'?",
        ),
        (
            ["{id: top}"],
            "symetrie.yaml:3: network.units[0].timezone: is missing; unit 'top' has no parent to take it from",
        ),
        (
            ["{id: a, parent: b}", "{id: b, parent: c}", "{id: c, parent: a}"],
            (
                "symetrie.yaml:3: network.units[0].parent: stands below itself (a → b → c → a);"
                " change one of these parents"
            ),
        ),
        (
            ["{id: a, parent: a}"],
            "symetrie.yaml:3: network.units[0].parent: stands below itself (a → a); change one of these parents",
        ),
        (
            [TOP, "{id: a, parent: top}", "{id: a, parent: top}"],
            (
                "symetrie.yaml:5: network.units[2].valid_from: unit 'a' also stands at symetrie.yaml:4, always;"
                " let one version end before the next begins, or choose another id"
            ),
        ),
        (
            [TOP, "{id: a, parent: top, valid_to: 2026-01-31}", "{id: a, parent: top, valid_from: 2026-03-01}"],
            (
                "symetrie.yaml:5: network.units[2].valid_from: unit 'a' is nowhere from 2026-02-01 to 2026-02-28;"
                " let its versions touch (a unit that only closes has closed_dates)"
            ),
        ),
        (
            [TOP, "{id: a, parent: top, valid_from: 2026-02-01, valid_to: 2026-01-31}"],
            "symetrie.yaml:4: network.units[1].valid_to: 2026-01-31 is before valid_from 2026-02-01",
        ),
        (
            ["{id: top, timezone: Europe/Paris, valid_from: 2026-01-01}", "{id: a, parent: top}"],
            (
                "symetrie.yaml:4: network.units[1].parent: 'top' is only there from 2026-01-01, but unit 'a' is there"
                " always; give the unit a version with another parent, or an end"
            ),
        ),
        (
            [
                "{id: paris, timezone: Europe/Paris}",
                "{id: reunion, timezone: Indian/Reunion}",
                "{id: a, parent: paris, valid_to: 2026-01-31}",
                "{id: a, parent: reunion, valid_from: 2026-02-01}",
            ],
            (
                "symetrie.yaml:6: network.units[3].timezone: unit 'a' changes from Europe/Paris to Indian/Reunion;"
                " a unit keeps one time zone: write it on each of its versions"
            ),
        ),
        (
            [TOP, "{id: a, parent: top, kind: Site}"],
            "symetrie.yaml:4: network.units[1].kind: must be made of lower-case",
        ),
        (
            [TOP, "{id: a, parent: top, valid_from: 31/01/2026}"],
            "symetrie.yaml:4: network.units[1].valid_from: must be",
        ),
        ([TOP, "{parent: top}"], "symetrie.yaml:4: network.units[1].id: is missing"),
        ([TOP, "shop"], "symetrie.yaml:4: network.units[1]: must hold keys and values"),
    ],
)
def test_a_tree_that_does_not_hold_is_refused(units: list[str], line: str, problems: Lines) -> None:
    (told,) = problems(network(*units))
    assert told.startswith(line)


def test_each_partition_may_have_a_top_of_its_own_in_one_organisation(load: Load) -> None:
    text = network(
        "{id: shops, timezone: Europe/Paris, organisation: acme, partition: shops}",
        "{id: metz, parent: shops, partition: shops}",
        "{id: online, timezone: Europe/Paris, organisation: acme, partition: online}",
        "{id: app, parent: online}",
    )
    units = load(text).network
    assert [(unit.id, unit.partition) for unit in units.units] == [
        ("shops", "shops"),
        ("metz", "shops"),
        ("online", "online"),
        ("app", "online"),
    ]


def test_a_unit_may_move_and_its_parent_too_as_long_as_their_partition_stays(load: Load) -> None:
    text = network(
        "{id: a, timezone: Europe/Paris, partition: shops}",
        "{id: b, timezone: Europe/Paris, partition: shops}",
        "{id: east, parent: a, valid_to: 2025-12-31}",
        "{id: east, parent: b, valid_from: 2026-01-01}",
        "{id: metz, parent: east, partition: shops, valid_to: 2025-06-30}",
        "{id: metz, parent: b, valid_from: 2025-07-01}",
    )
    assert {unit.partition for unit in load(text).network.units} == {"shops"}


JOINED = "would join what must never be joined"


@pytest.mark.parametrize(
    ("units", "line"),
    [
        (
            ["{id: top, timezone: Europe/Paris, partition: shops}", "{id: web, parent: top, partition: online}"],
            (
                "symetrie.yaml:4: network.units[1].partition: unit 'web' is of partition 'online', but 'top' above it"
                f" of 'shops', and its figures {JOINED}; give each partition a top unit of its own"
            ),
        ),
        (
            [TOP, "{id: web, parent: top, partition: online}", "{id: app, parent: web, partition: online}"],
            (
                "symetrie.yaml:4: network.units[1].partition: unit 'web' is of partition 'online', but 'top' above it"
                f" of none, and its figures {JOINED}; give each partition a top unit of its own"
            ),
        ),
        (
            [
                "{id: top, timezone: Europe/Paris, partition: shops}",
                "{id: east, parent: top}",
                "{id: metz, parent: east, valid_to: 2025-12-31}",
                "{id: metz, parent: east, partition: online, valid_from: 2026-01-01}",
            ],
            (
                "symetrie.yaml:6: network.units[3].partition: unit 'metz' is of partition 'online', but 'east' above"
                f" it of 'shops', and its figures {JOINED}; give each partition a top unit of its own"
            ),
        ),
        (
            [
                "{id: shops, timezone: Europe/Paris, partition: shops}",
                "{id: online, timezone: Europe/Paris, partition: online}",
                "{id: east, parent: shops, valid_to: 2025-12-31}",
                "{id: east, parent: online, valid_from: 2026-01-01}",
                "{id: metz, parent: east}",
            ],
            (
                "symetrie.yaml:6: network.units[3].partition: unit 'east' was of 'shops' and is of 'online' from"
                f" 2026-01-01, and figures over several days {JOINED}; write one partition on each of its versions,"
                " or give it another id from that day"
            ),
        ),
        (
            [
                "{id: top, timezone: Europe/Paris, valid_to: 2025-12-31}",
                "{id: top, timezone: Europe/Paris, partition: shops, valid_from: 2026-01-01}",
            ],
            (
                "symetrie.yaml:4: network.units[1].partition: unit 'top' was of none and is of 'shops' from 2026-01-01,"
                f" and figures over several days {JOINED}; write one partition on each of its versions, or give it"
                " another id from that day"
            ),
        ),
    ],
)
def test_the_units_of_one_tree_are_of_one_partition_for_ever(units: list[str], line: str, problems: Lines) -> None:
    assert problems(network(*units)) == [line]


def test_the_partition_below_a_unit_with_a_mistake_is_not_told(problems: Lines) -> None:
    text = network(TOP, "{id: a, parent: topp}", "{id: b, parent: a, partition: shops}")
    assert problems(text) == [
        "symetrie.yaml:4: network.units[1].parent: there is no unit 'topp'; did you mean 'top'?",
    ]


def test_a_sector_is_one_of_the_barometers(problems: Lines) -> None:
    assert problems(network("{id: top, timezone: Europe/Paris, sector: bank}")) == [
        "symetrie.yaml:3: network.units[0].sector: 'bank' is not a sector of the barometers; did you mean 'banking'?"
    ]


def test_the_children_of_a_unit_with_a_mistake_are_not_told(problems: Lines) -> None:
    assert len(problems(network("{id: top, timezone: Mars/Base}", "{id: a, parent: top}", "{id: b, parent: a}"))) == 1
