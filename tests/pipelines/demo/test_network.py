import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from pipelines.demo.answers import Company
from pipelines.demo.network import DemoNetwork, build_network
from pipelines.demo.plan import Plan
from pipelines.settings import load_settings

PLAN = Plan(seed=20261, anchor=date(2026, 7, 24), sites=30, answers_per_day=900)


@pytest.fixture(scope="module")
def network() -> DemoNetwork:
    return build_network(PLAN)


def test_the_settings_of_the_demo_load(demo: Path) -> None:
    settings = load_settings(demo / "symetrie.yaml")
    assert [source.name for source in settings.sources] == [
        "apres_visite", "enquete_web", "bornes", "pouls", "double_ecoute",
    ]  # fmt: skip
    assert settings.network.roots == ("maison-vauvert",)
    assert len(settings.network.unit_ids) == 34
    assert [person.unit for person in settings.recipients[:4]] == [
        "maison-vauvert", "vauvert-ouest", "vauvert-idf-nord", "vauvert-sud",
    ]  # fmt: skip
    assert {person.locale for person in settings.recipients} == {"fr", "en"}


@pytest.mark.parametrize("sites", [0, 1, 9, 10, 200])
def test_the_settings_of_any_size_load(tmp_path: Path, sites: int) -> None:
    from pipelines.demo import make_demo

    make_demo(tmp_path, date(2026, 3, 31), days=1, sites=sites, answers_per_day=5, with_pulse=True)
    assert len(load_settings(tmp_path / "symetrie.yaml").network.unit_ids) == 4 + sites


def test_one_site_moves_one_opens_and_one_is_far_away(demo: Path) -> None:
    network = load_settings(demo / "symetrie.yaml").network
    assert network.unit("M028", date(2026, 10, 22)).parent == "vauvert-ouest"
    assert network.unit("M028", date(2026, 10, 23)).parent == "vauvert-idf-nord"
    assert network.validity["M030"][0] == date(2026, 9, 29)
    assert {unit_id: zone for unit_id, zone in network.timezones.items() if zone != "Europe/Paris"} == {
        "M027": "Indian/Reunion"
    }


def test_a_few_sites_are_run_by_a_partner_and_most_close_on_sunday(demo: Path) -> None:
    units = load_settings(demo / "symetrie.yaml").network.units
    assert sorted({unit.id for unit in units if unit.operated_by == "partner"}) == [
        "M005", "M012", "M019", "M024", "M026",
    ]  # fmt: skip
    open_on_sunday = {unit.id for unit in units if unit.kind == "site" and 6 in (unit.open_on or ())}
    assert open_on_sunday == {"M001", "M007", "M013", "M019", "M025"}


def test_sites_are_unequal_from_a_corner_nobody_visits_to_a_fifth_of_the_answers(network: DemoNetwork) -> None:
    rates = np.sort(network.rates)
    assert rates[:3] == pytest.approx([0.02, 0.3, 1.0], abs=1e-9)
    assert 100 < rates[-1] < 200
    assert rates.sum() == pytest.approx(900, rel=0.02)


def test_quality_goes_from_poor_to_excellent(network: DemoNetwork) -> None:
    assert network.quality_pct.min() == pytest.approx(45, abs=2)
    assert network.quality_pct.max() == pytest.approx(89, abs=2)


def test_names_are_unique_in_the_largest_network() -> None:
    from dataclasses import replace

    sites = build_network(replace(PLAN, sites=12_500)).sites
    assert len({site.name for site in sites}) == 12_500
    assert sites[0].id == "M00001"


def test_four_sites_get_worse_and_one_gets_better(demo: Path) -> None:
    changes = json.loads((demo / "truth/changes.json").read_text("utf-8"))
    assert [(change["kind"], change["size_points"], change["start_day"]) for change in changes] == [
        ("deterioration", -38, "2026-12-05"),
        ("deterioration", -28, "2026-11-04"),
        ("deterioration", -18, "2026-10-05"),
        ("deterioration", -15, "2026-11-26"),
        ("improvement", 20, "2026-10-23"),
    ]
    assert len({change["unit_id"] for change in changes}) == 5


def test_holidays_close_every_shop() -> None:
    company = Company(PLAN)
    assert company.network.open_on(date(2026, 12, 24)).sum() == 30
    assert company.network.open_on(date(2026, 12, 25)).sum() == 0
