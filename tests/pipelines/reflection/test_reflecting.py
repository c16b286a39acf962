"""Reflections depend on what is published and on the counts alone, and agree with a computation made another way."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
import sqlalchemy as sa
from scipy.stats import pearsonr

from pipelines.errors import SymetrieError
from pipelines.reflection import REFLECTED_TABLES, reflect_stale, touched_publications
from pipelines.reflection.day import gather
from pipelines.settings import Unit
from pipelines.warehouse.reflection import Published, newest_publications
from pipelines.warehouse.tables import breakdown, daily_count, label, mirror, stale_score, symmetry
from symetrie.measures import EMPLOYEE_MEASURES, PERCEIVED_MEASURES
from tests.pipelines.reflection.house import CLOSES_ON, KEYS, House, answers_of, figure, own, settled, unit

MOVED_ON = date(2026, 3, 1)
MEASURES = ("overall", "nps", *KEYS)
SITES = [f"site-{number}" for number in range(6)]
NEXT_CLOSES_ON = date(2026, 6, 29)
Row = dict[str, Any]
Rows = list[Row]
Clients = dict[tuple[str, str, str], tuple[int, int]]  # by unit, value of a cut and measure: answered, favourable
QUADRANTS = {
    (True, True): "both_solid", (True, False): "clients_only", (False, True): "team_only", (False, False): "neither",
}  # fmt: skip


def units() -> list[Unit]:
    """Two regions of three sites; `site-0` moved south in March, `site-1` was handed to a partner then."""
    spring, winter = {"valid_from": MOVED_ON}, {"valid_to": MOVED_ON - timedelta(days=1)}
    return [
        unit("shops"),
        *(unit(name, "shops", kind="region") for name in ("north", "south")),
        unit("site-0", "north", operated_by="own", **winter),
        unit("site-0", "south", operated_by="own", **spring),
        unit("site-1", "north", operated_by="own", **winter),
        unit("site-1", "north", operated_by="partner", **spring),
        *(unit(site, "north" if site == "site-2" else "south") for site in SITES[2:]),
    ]


def parents(site: str, day: date) -> tuple[str, ...]:
    is_north = site in ("site-1", "site-2") or (site == "site-0" and day < MOVED_ON)
    return site, "north" if is_north else "south", "shops"


def operator(site: str, day: date) -> str:
    return "partner" if site == "site-1" and day >= MOVED_ON else "own"


def some_counts(seed: int) -> Rows:
    """Counts on some of a hundred and ten days, those at the edges of the window among them."""
    draw = random.Random(seed)
    keys = {
        (site, CLOSES_ON - timedelta(days=draw.randrange(-9, 100)), draw.choice(["store", "web"]), draw.random() < 0.1)
        for site in SITES
        for _ in range(12)
    }
    keys |= {("site-5", CLOSES_ON - timedelta(days=edge), "kiosk", False) for edge in (-1, 0, 90, 91)}
    return [
        {"unit_id": site, "business_date": day, "channel": channel, "is_held": is_held, "measure": measure, "n": n,
         "k": (k := draw.randint(0, n)), "unfavourable_count": draw.randint(0, n - k)}
        for site, day, channel, is_held in sorted(keys)
        for measure in draw.sample(MEASURES, 9)
        for n in [draw.randint(1, 12)]
    ]  # fmt: skip


def some_figures(seed: int) -> Rows:
    """Figures of every unit, some hidden, some to within a few answers."""
    draw = random.Random(seed)
    return [
        figure(unit_id, each.key, None, None, side=each.side)
        if draw.random() < 0.05
        else figure(unit_id, each.key, draw.randint(9, 20), 20, side=each.side, precision_count=draw.choice([0, 0, 1]))
        for unit_id in ("shops", "north", "south", *SITES)
        for each in (*EMPLOYEE_MEASURES, *PERCEIVED_MEASURES)
    ]


def walked(counts: Rows, cut: Callable[[dict[str, Any]], str]) -> dict[tuple[str, str, str], tuple[int, int]]:
    """Walk every count of the window into every unit above it, by the value of a cut."""
    answered, favourable = Counter[Any](), Counter[Any]()
    for row in counts:
        if 0 <= (CLOSES_ON - row["business_date"]).days < 91 and not row["is_held"]:
            for unit_id in parents(row["unit_id"], row["business_date"]):
                key = unit_id, cut(row), row["measure"]
                answered[key] += row["n"]
                favourable[key] += row["k"]
    return {key: (answered[key], favourable[key]) for key in answered}


def test_everything_equals_a_walk_over_the_counts(house_of: Callable[..., House]) -> None:
    """Mirror, cuts, label and curves of a network in which a site moved and another changed hands; twice the same."""
    house = house_of(*units(), cuts=("operated_by", "relation", "channel"))
    counts, figures = some_counts(1), some_figures(2)
    house.clients(*counts)
    house.publish("spring", *figures)
    house.reflect()
    clients = walked(counts, lambda row: "")
    check_mirror(house, clients, figures)
    check_breakdown(house, counts)
    check_labels(house, clients, figures)
    check_symmetry(house, clients, figures)
    once = everything(house)
    house.reflect(["spring-1"])
    assert everything(house) == once


def check_mirror(house: House, clients: Clients, figures: Rows) -> None:
    shown = {(row["unit_id"], row["measure"]): row for row in figures if row["n"] and row["side"] == "employee"}
    rows = house.rows(mirror)
    assert len(rows) == 9 * 12
    for row in rows:
        n, k = clients.get((row["unit_id"], "", row["measure"]), (None, None))
        team = shown.get((row["unit_id"], row["measure"]))
        assert row["client_count"] == n
        assert row["client_score"] == (None if n is None else pytest.approx(float(100 * Fraction(k, n))))
        assert row["employee_score"] == (team and pytest.approx(float(100 * Fraction(team["k"], 20))))
        if team is None or n is None:
            assert (row["quadrant"], row["asymmetry_points"]) == (None, None)
        else:
            difference = 100 * (Fraction(k, n) - Fraction(team["k"], 20))
            assert row["asymmetry_points"] == pytest.approx(float(difference))
            sides = solid(k, n, 0), solid(team["k"], 20, team["precision_count"])
            assert row["quadrant"] == (QUADRANTS.get(sides) if n >= 5 else None)


def solid(k: int, n: int, off: int) -> bool | None:
    """Whether a share is above 55 %, None where it may be or may not."""
    ends = {Fraction(end, n) > Fraction(55, 100) for end in (max(k - off, 0), min(k + off, n))}
    return ends.pop() if len(ends) == 1 else None


def check_breakdown(house: House, counts: Rows) -> None:
    by_cut = {
        "channel": walked(counts, lambda row: row["channel"]),
        "operated_by": walked(counts, lambda row: operator(row["unit_id"], row["business_date"])),
    }
    expected = {
        (unit_id, cut, value, measure): figures
        for cut, found in by_cut.items()
        for (unit_id, value, measure), figures in found.items()
        if len({other for id_, other, _ in found if id_ == unit_id}) > 1
    }
    rows = house.rows(breakdown)
    assert {
        (row["unit_id"], row["cut"], row["cut_value"], row["measure"]): (row["answer_count"], row["favourable_count"])
        for row in rows
    } == expected
    assert {unit_id for unit_id, cut, _, _ in expected if cut == "operated_by"} == {"shops", "north", "site-1"}
    assert {(row["side"], row["window_days"], row["is_hidden"], row["publication_id"]) for row in rows} == {
        ("client", 91, False, "spring-1")
    }


def check_labels(house: House, clients: Clients, figures: Rows) -> None:
    rows = {row["unit_id"]: row for row in house.rows(label)}
    for unit_id in ("shops", "north", "south", *SITES):
        team = {row["measure"]: row for row in figures if (row["unit_id"], row["side"]) == (unit_id, "employee")}
        scores = [(*clients.get((unit_id, "", key), (0, 0)), 0) for key in KEYS]
        scores += [(team[key]["n"] or 0, team[key]["k"] or 0, team[key].get("precision_count", 0)) for key in KEYS]
        expected = stated(scores)
        is_whole = all(team[key]["n"] for key in KEYS)
        assert (unit_id in rows) == (is_whole or expected == "not_met")
        if unit_id in rows:
            assert (rows[unit_id]["state"] or "open").removesuffix("_with_margin") == expected


def stated(scores: list[tuple[int, int, int]]) -> str:
    """The label's state in fractions: what fails at its best has failed, what passes at its worst is met."""
    best = [Fraction(min(k + off, n), n) if n >= 5 else Fraction(1) for n, k, off in scores]
    worst = [Fraction(max(k - off, 0), n) if n >= 5 else Fraction(0) for n, k, off in scores]
    at_best, at_worst = (min(ends) > Fraction(55, 100) and sum(ends) / 22 > Fraction(70, 100) for ends in (best, worst))
    return "met" if at_worst else "open" if at_best else "not_met"


def check_symmetry(house: House, clients: Clients, figures: Rows) -> None:
    engaged = {row["unit_id"]: row["k"] for row in figures if row["measure"] == "engagement" and row["n"]}
    rows = {row["unit_id"]: row for row in house.rows(symmetry)}
    assert rows.keys() == {"shops", "north", "south"}
    assert {(row["measure_pair"], row["lag"]) for row in rows.values()} == {("nps~engagement", 0)}
    sites = [site for site in SITES if site in engaged and clients.get((site, "", "nps"), (0, 0))[0] >= 30]
    assert rows["shops"]["site_count"] == len(sites) >= 4
    points = [nps(house, site) for site in sites]
    assert rows["shops"]["pearson"] == pytest.approx(pearsonr(points, [engaged[site] for site in sites]).statistic)


def nps(house: House, site: str) -> float:
    """From the counts themselves, asked of the engine."""
    counts = daily_count.c
    of_window = counts.business_date.between(CLOSES_ON - timedelta(days=90), CLOSES_ON)
    wanted = (counts.unit_id == site, counts.measure == "nps", counts.is_held.is_(False), of_window)
    columns = counts.answer_count, counts.favourable_count, counts.unfavourable_count
    n, k, against = house.connection.execute(sa.select(*map(sa.func.sum, columns)).where(*wanted)).one()
    return 100 * (float(k) - float(against)) / float(n)


def everything(house: House) -> dict[str, Rows]:
    return {table.name: house.rows(table) for table in REFLECTED_TABLES}


def test_both_engines_hold_the_same_numbers(on_duckdb: Any, on_postgresql: Any) -> None:
    """Promise 10: identical marts, to the last bit."""
    held = []
    for warehouse, connection in (on_duckdb, on_postgresql):
        house = settled(warehouse, connection, *units(), cuts=("operated_by", "channel"))
        house.clients(*some_counts(3))
        house.publish("spring", *some_figures(4))
        house.reflect()
        held.append(everything(house))
        connection.rollback()
    assert held[0] == held[1]
    assert all(held[0][name] for name in ("mirror", "symmetry", "breakdown"))


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_an_earlier_campaign_published_later_reaches_the_curves_of_the_next(
    embedded: House, order: tuple[int, int]
) -> None:
    """In either order the same: lag 1 holds the clients of a campaign against the employees of the one before."""
    campaigns = [("spring", CLOSES_ON), ("summer", NEXT_CLOSES_ON)]
    for name, closes_on in campaigns:
        embedded.declare(name, closes_on=closes_on)
    for name, closes_on in (campaigns[place] for place in order):
        embedded.reflect([embedded.publish(name, figure("lille", "engagement", 8, 10), closes_on=closes_on)])
    assert {(row["as_of"], row["unit_id"], row["lag"]) for row in embedded.rows(symmetry)} == {
        (as_of, unit_id, lag)
        for as_of, lag in ((CLOSES_ON, 0), (NEXT_CLOSES_ON, 0), (NEXT_CLOSES_ON, 1))
        for unit_id in ("north", "shops")
    }


def test_a_campaign_that_told_nothing_is_a_gap_and_not_skipped_over(embedded: House) -> None:
    """Autumn was published, winter was not: spring is not held against autumn; nor against another source's."""
    for name, closes_on in (("autumn", date(2025, 9, 30)), ("winter", date(2025, 12, 31)), ("spring", CLOSES_ON)):
        embedded.declare(name, closes_on=closes_on)
    embedded.declare("partners", source="other", closes_on=date(2026, 1, 31))
    for name, closes_on in (("autumn", date(2025, 9, 30)), ("partners", date(2026, 1, 31)), ("spring", CLOSES_ON)):
        embedded.publish(name, figure("lille", "engagement", 8, 10), closes_on=closes_on)
    embedded.reflect()
    assert {row["lag"] for row in embedded.rows(symmetry)} == {0}


def test_of_two_campaigns_that_closed_together_before_the_one_that_opened_last_is_the_one_before(
    embedded: House,
) -> None:
    winter = date(2025, 12, 31)
    embedded.declare("early", closes_on=winter, opens_on=date(2025, 12, 1))
    embedded.declare("last", closes_on=winter, opens_on=date(2025, 12, 15))
    embedded.declare("spring")
    for name, closes_on in (("early", winter), ("spring", CLOSES_ON)):
        embedded.publish(name, figure("lille", "engagement", 8, 10), closes_on=closes_on)
    embedded.reflect()
    assert {row["lag"] for row in embedded.rows(symmetry)} == {0}
    embedded.publish("last", figure("lille", "engagement", 8, 10), closes_on=winter)
    embedded.reflect()
    assert {row["lag"] for row in embedded.rows(symmetry) if row["as_of"] == CLOSES_ON} == {0, 1}


def test_a_site_that_closed_during_the_campaign_stands_where_it_stood_last(house_of: Callable[..., House]) -> None:
    """One that closed before it is none of its sites."""
    meanwhile = unit("lens", "north", valid_to=date(2026, 3, 28))
    before = unit("arras", "north", valid_to=date(2026, 3, 17))
    house = house_of(unit("shops"), unit("north", "shops"), unit("lille", "north"), meanwhile, before)
    day = gather(house.warehouse, house.connection, [published(house)], 91)
    assert set(day.tree["unit_id"]) == {"shops", "north", "lille", "lens"}
    assert day.standing.to_dict() == dict.fromkeys(("lens", "north", "shops"), "spring-1")


def published(house: House) -> Published:
    house.publish("spring", figure("lens", "trust", 8, 10))
    (found,) = newest_publications(house.connection)
    return found


def test_other_days_are_left_as_they_are(embedded: House) -> None:
    for name, closes_on in (("spring", CLOSES_ON), ("summer", NEXT_CLOSES_ON)):
        embedded.publish(name, figure("lille", "trust", 8, 10), closes_on=closes_on)
    assert embedded.reflect() == [CLOSES_ON, NEXT_CLOSES_ON]
    embedded.clients(*answers_of("lille", 8, 10))
    assert embedded.reflect(["summer-1"]) == [NEXT_CLOSES_ON]
    counted = {row["as_of"]: row["client_count"] for row in embedded.rows(mirror) if row["measure"] == "trust"}
    assert counted == {CLOSES_ON: None, NEXT_CLOSES_ON: 10}


def test_the_newest_publication_of_a_campaign_is_the_one_that_counts(embedded: House) -> None:
    first = embedded.publish("spring", figure("lille", "trust", 8, 10))
    embedded.publish("spring", figure("lille", "trust", 9, 16))
    embedded.reflect([first])
    assert [(row["publication_id"], row["employee_count"]) for row in embedded.rows(mirror)] == [("spring-2", 16)]


def test_of_two_campaigns_that_close_together_a_unit_stands_on_the_one_that_tells_most_of_it(embedded: House) -> None:
    embedded.publish("own", figure("lille", "trust", 8, 10), figure("shops", "trust", 8, 10))
    embedded.publish("partner", figure("nice", "trust", 15, 20), figure("shops", "trust", 15, 20))
    embedded.reflect()
    stands = {row["unit_id"]: row["publication_id"] for row in embedded.rows(mirror)}
    assert stands == {"lille": "own-1", "nice": "partner-1", "shops": "partner-1"}


def test_a_publication_without_a_figure_leaves_nothing(embedded: House) -> None:
    embedded.publish("spring")
    assert embedded.reflect() == [CLOSES_ON]
    assert set(map(len, everything(embedded).values())) == {0}


def test_an_unknown_publication_is_refused(embedded: House) -> None:
    with pytest.raises(SymetrieError, match="there is no publication 'spring-9'; see symetrie pulse list"):
        embedded.reflect(["spring-9"])


def test_employees_cuts_are_told_as_they_were_published(embedded: House) -> None:
    embedded.publish(
        "spring",
        figure("lille", "trust", 17, 20, cut="operated_by", cut_value="own", precision_count=1, score=85.0, low=58.0,
               high=97.0, sample_tier="fragile", verdict="solid"),
        figure("lille", "trust", None, None, cut="operated_by", cut_value="partner"),
        figure("lille", "trust", 8, 10, cut="relation", cut_value="peers"),
    )  # fmt: skip
    embedded.reflect()
    own_team, partner = embedded.rows(breakdown)
    assert own_team == {
        "as_of": CLOSES_ON, "unit_id": "lille", "cut": "operated_by", "cut_value": "own", "side": "employee",
        "measure": "trust", "publication_id": "spring-1", "window_days": 14, "answer_count": 20,
        "favourable_count": 17, "unfavourable_count": None, "precision_count": 1, "score": 85.0, "low": 58.0,
        "high": 97.0, "sample_tier": "fragile", "verdict": "solid", "is_hidden": False, "hidden_reason": None,
    }  # fmt: skip
    assert (partner["answer_count"], partner["is_hidden"], partner["hidden_reason"]) == (None, True, "too_few")


def test_a_changed_day_touches_the_newest_publication_of_campaigns_whose_window_holds_it(house: House) -> None:
    for _ in range(2):
        house.publish("spring", figure("lille", "trust", 8, 10))
    house.publish("summer", figure("lille", "trust", 8, 10), closes_on=date(2027, 6, 30))
    for days_before, touched in ((-1, []), (0, ["spring-2"]), (90, ["spring-2"]), (91, [])):
        house.connection.execute(sa.delete(stale_score))
        house.write(stale_score, [{"business_date": CLOSES_ON - timedelta(days=days_before), "unit_id": "lille"}])
        assert touched_publications(house.connection, 91) == touched


def test_what_is_stale_is_reflected_and_readers_are_told_which_days_changed(
    embedded: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {}
    monkeypatch.setattr(embedded.warehouse, "only_changes", lambda day, days: said.update({str(day): list(days)}))
    embedded.publish("spring", *own("lille", 8, 10))
    assert reflect_stale(embedded.warehouse, embedded.connection, embedded.settings) == []
    embedded.clients(*answers_of("lille", 8, 10))
    embedded.write(stale_score, [{"business_date": CLOSES_ON, "unit_id": "lille"}])
    assert reflect_stale(embedded.warehouse, embedded.connection, embedded.settings) == [CLOSES_ON]
    assert said == {f"{name}.as_of": [CLOSES_ON] for name in ("mirror", "label", "symmetry", "breakdown", "sector")}
    assert {row["client_count"] for row in embedded.rows(mirror)} == {10}
