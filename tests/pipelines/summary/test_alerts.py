"""A summary shows the alerts of its perimeter as they stood on the morning after its day."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from pipelines.alerts.acting import act
from pipelines.alerts.reading import read_alerts
from pipelines.settings.alerts import Alerts
from pipelines.summary import collect_figures
from pipelines.summary.as_json import figures_json
from pipelines.summary.figures import Figures, Movements
from pipelines.warehouse.network import synchronise_network
from symetrie.alerts.finding import Cause, Finding
from tests.pipelines.alerts.conftest import Seer, Watch, day

FRIDAY = day(20)


def case(unit_id: str, number: int = 1) -> Cause:
    return Cause("case", "unhappy_client", unit_id, subject=f"enquete/R-{number}")


def fall(unit_id: str, measure: str = "overall") -> Cause:
    return Cause("signal", "fall", unit_id, measure)


@pytest.fixture
def watch(house) -> Watch:
    synchronise_network(house.warehouse, house.settings.network)
    return Watch(house.warehouse, house.settings, Seer())


def figures(watch: Watch, on: date = FRIDAY) -> dict[str, Figures]:
    return collect_figures(watch.warehouse, watch.settings, on)


def react(watch: Watch, cause: Cause, action: Any, **others: Any) -> None:
    """Do something about the alert of a cause, on Friday at noon."""
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    with watch.warehouse.reading() as connection:
        [row] = [each for each in read_alerts(connection, as_of=FRIDAY) if each.cause == cause]
    act(watch.warehouse, watch.settings, row.alert_id, action, by="Anne", now=others.pop("now", noon), **others)


def waiting(told: Figures) -> tuple[int, int] | None:
    return told.waiting and (told.waiting.client_count, told.waiting.overdue_count)


def recovered(told: Movements | None) -> int:
    return told.recovered_count if told else 0


def moved(told: Figures) -> list[tuple[str, str, int]]:
    """The unit and measure of every line, and how many others it stands for."""
    lines = told.movements.first if told.movements else ()
    return [(each.alert.unit_id, each.alert.measure, each.others_count) for each in lines]


def test_clients_who_wait_are_counted_in_every_perimeter_and_named_by_their_own_unit(watch: Watch) -> None:
    """Late is who should have been called before this morning; who is called, or put off, waits no more."""
    for number, (unit_id, opened) in enumerate([("lille", 18), ("lille", 20), ("arras", 20), ("arras", 20)]):
        watch.seer.show(case(unit_id, number), opened, severity=2)
    watch.seer.show(case("lille", 9), 20, severity=3)
    watch.look(18, 20)
    react(watch, case("arras", 2), "correct")
    react(watch, case("arras", 3), "snooze", until_on=day(21))
    told = figures(watch)
    assert {unit_id: waiting(each) for unit_id, each in told.items()} == {
        "lille": (3, 1), "arras": None, "nord": (3, 1), "maison": (3, 1), "sud": None, "nice": None,
    }  # fmt: skip
    own, north = told["lille"].waiting, told["nord"].waiting
    assert own
    assert [(each.opened_on.day, each.severity, each.is_overdue) for each in own.first_cases] == [
        (20, 3, False),
        (20, 2, False),
        (18, 2, True),
    ]
    assert north
    assert north.first_cases == ()
    assert [(each.name, each.client_count, each.overdue_count) for each in north.first_units] == [("Lille", 3, 1)]


def test_a_client_whom_somebody_has_taken_waits_last_and_is_never_late(watch: Watch) -> None:
    for number in (1, 2):
        watch.seer.show(case("lille", number), 17 + number)
    watch.look(18, 19, 20)
    react(watch, case("lille", 2), "acknowledge")
    told = figures(watch)["lille"].waiting
    assert told
    assert [(each.opened_on.day, each.is_taken, each.is_overdue) for each in told.first_cases] == [
        (18, False, True),
        (19, True, False),
    ]
    assert (told.client_count, told.overdue_count) == (2, 1)


def test_a_case_that_expires_this_morning_is_told_no_more(watch: Watch) -> None:
    """After fourteen days, as in the list of that morning."""
    watch.seer.show(case("lille"), 7)
    watch.look(7, 20, until=20)
    assert [waiting(figures(watch, day(number))["lille"]) for number in (19, 20)] == [(1, 1), None]


def test_a_summary_told_again_says_what_stood_then(watch: Watch) -> None:
    """Neither what later days show nor what people do after its morning changes it; the day after, both are told."""
    quiet = Cause("news", "unit_quiet", "nice")
    watch.seer.show(case("lille"), 19)
    watch.seer.show(fall("lille"), 18, severity=1, size=-4.0)
    watch.seer.show(quiet, 20)
    watch.look(18, 19, 20)
    before = [figures_json(each) for each in figures(watch).values()]
    watch.seer.show(fall("lille"), 21, severity=3, size=-16.0)
    watch.look(21)
    saturday = datetime(2026, 11, 21, 8, tzinfo=UTC)
    react(watch, case("lille"), "close", now=saturday)
    react(watch, fall("lille"), "acknowledge", now=saturday)
    assert [figures_json(each) for each in figures(watch).values()] == before
    after = figures(watch, day(21))
    assert waiting(after["lille"]) is None
    assert after["lille"].movements is not None
    alert = after["lille"].movements.first[0].alert
    assert (alert.severity, alert.size_points, alert.state) == (3, -16.0, "acknowledged")
    assert after["nice"].movements is not None
    assert after["nice"].movements.first_recovered is not None


def test_the_worst_comes_first_and_of_a_unit_below_the_others_are_counted(watch: Watch) -> None:
    for cause, severity in (
        (fall("nord"), 2),
        (fall("nord", "nps"), 2),
        (fall("lille"), 3),
        (fall("lille", "nps"), 1),
        (Cause("news", "unit_surge", "nice"), 1),
    ):
        watch.seer.show(cause, 20, severity=severity)
    watch.seer.show(fall("arras"), 20)
    watch.look(20)
    react(watch, fall("arras"), "snooze", until_on=day(21))
    told = figures(watch)
    assert moved(told["nord"]) == [("lille", "overall", 1), ("nord", "nps", 0), ("nord", "overall", 0)]
    assert moved(told["lille"]) == [("lille", "overall", 0), ("lille", "nps", 0)]
    assert moved(told["maison"]) == [("lille", "overall", 1), ("nord", "nps", 1), ("nice", "", 0)]


def test_a_shop_is_told_of_the_fall_of_its_region(watch: Watch) -> None:
    """Though nothing stands on itself; the nearest unit comes first, and no absence is told downwards."""
    watch.seer.show(fall("maison"), 20, severity=3)
    watch.seer.show(fall("nord"), 20, severity=1)
    watch.seer.show(Cause("news", "unit_quiet", "sud"), 20)
    watch.look(20)
    told = {unit_id: each.movements for unit_id, each in figures(watch).items()}
    above = {unit_id: each and (each.above_count, each.first_above) for unit_id, each in told.items()}
    counts = {unit_id: found and (found[0], found[1] and found[1].unit_id) for unit_id, found in above.items()}
    assert counts == {
        "maison": (0, None), "nord": (1, "maison"), "sud": (1, "maison"),
        "lille": (2, "nord"), "arras": (2, "nord"), "nice": (1, "maison"),
    }  # fmt: skip


def test_what_is_over_is_told_once(watch: Watch) -> None:
    """On the morning after; neither a fall that has become the usual level, nor a source that nobody waits for, is."""
    watch.seer.show(fall("lille"), 18)
    watch.seer.show(fall("lille"), 20, is_over=True)
    watch.seer.show(fall("nice"), 18)
    settled = Finding(FRIDAY, fall("nice"), 1, None, {"why": "settled"}, is_over=True)
    watch.seer.shown[FRIDAY, fall("nice")] = settled
    for source in ("enquete", "gone"):
        late = Cause("news", "source_late", "sud", subject=source)
        watch.seer.shown[day(18), late] = Finding(day(18), late, 1, None, {"source": source})
    watch.look(18, 19, 20, 21)
    over = [
        {
            unit_id: count
            for unit_id, each in figures(watch, day(number)).items()
            if (count := recovered(each.movements))
        }
        for number in (19, 20, 21)
    ]
    assert over == [{"sud": 1, "maison": 1}, {"lille": 1, "nord": 1, "maison": 1}, {}]


def test_alerts_bring_neither_the_answer_nor_its_words_into_a_summary(watch: Watch) -> None:
    """Only the alert's id leads to them, by a page or the command line."""
    finding = Finding(FRIDAY, case("lille"), 3, None, {
        "source_url": "https://enquete.example/R-1", "measure": "overall", "mark": 1, "why": ["low_mark"],
        "channel": "phone", "reasons": ["waiting_time", "other"],
    })  # fmt: skip
    watch.seer.shown[FRIDAY, case("lille")] = finding
    watch.look(20)
    page = Alerts(page_url="https://voice.example/alerts/{alert_id}.{locale}.html")
    watch.settings = replace(watch.settings, alerts=page)
    told = figures(watch)["lille"]
    assert told.waiting is not None
    [shown] = told.waiting.first_cases
    assert shown.addresses == {
        "en": f"https://voice.example/alerts/{shown.alert_id}.en.html",
        "fr": f"https://voice.example/alerts/{shown.alert_id}.fr.html",
    }
    assert [each.code for each in shown.reasons] == ["waiting_time"]
    assert json.loads(figures_json(told))["waiting"]["first_cases"][0]["mark"] == 1
    assert "R-1" not in figures_json(told)


def test_who_has_no_alerts_never_hears_of_them(watch: Watch) -> None:
    told = json.loads(figures_json(figures(watch)["lille"]))
    assert not {"waiting", "movements"} & told.keys()
