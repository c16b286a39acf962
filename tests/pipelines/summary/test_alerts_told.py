"""Alerts in the words of a summary: who waits for a call, and what has moved."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pipelines.summary import render_html
from pipelines.summary.as_mail import mail_html
from pipelines.summary.as_text import page_text
from pipelines.summary.figures import (
    CaseReason,
    Movement,
    Movements,
    StandingAlert,
    WaitingCase,
    WaitingClients,
    WaitingUnit,
)
from pipelines.summary.telling import make_page

FRIDAY = date(2026, 11, 20)
FALL = {"answer_count": 240, "score": 62.0, "low": 55.6, "high": 68.0, "before_score": 74.0, "since": "2026-11-17"}


def waits(clients: int, overdue: int = 0, **others: Any) -> WaitingClients:
    ordinary: dict[str, Any] = {"case_count": 0, "first_cases": (), "unit_count": 0, "first_units": ()}
    return WaitingClients(clients, overdue, **(ordinary | others))


def case(**others: Any) -> WaitingCase:
    waiting = CaseReason("waiting_time", {"fr": "Attente", "en": "Waiting"})
    rude = CaseReason("rudeness", {"fr": "Accueil et politesse", "en": "Rudeness"})
    ordinary: dict[str, Any] = {
        "alert_id": "79318d019c",
        "severity": 3,
        "opened_on": FRIDAY,
        "deadline_on": date(2026, 11, 21),
        "is_overdue": False,
        "is_taken": False,
        "measure": "overall",
        "mark": 1,
        "is_complaint": False,
        "channel": "phone",
        "reasons": (waiting, rude),
        "addresses": {},
    }
    return WaitingCase(**(ordinary | others))


def fall(unit_id: str = "lyon-1", unit_name: str = "Lyon Part-Dieu", **others: Any) -> StandingAlert:
    ordinary: dict[str, Any] = {
        "alert_id": "0a532896fd",
        "lane": "signal",
        "kind": "fall",
        "measure": "trust",
        "opened_on": date(2026, 11, 18),
        "state": "open",
        "severity": 2,
        "size_points": -12.0,
        "deadline_on": date(2026, 11, 24),
        "evidence": FALL,
        "addresses": {},
    }
    return StandingAlert(unit_id=unit_id, unit_name=unit_name, **(ordinary | others))


def moves(*first: Movement, **others: Any) -> Movements:
    ordinary: dict[str, Any] = {
        "alert_count": sum(1 + each.others_count for each in first),
        "recovered_count": 0,
        "first_recovered": None,
        "above_count": 0,
        "first_above": None,
    }
    return Movements(first=first, **(ordinary | others))


def plain(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("clients", "overdue", "french", "english"),
    [
        (1, 0, "1 client attend un rappel.", "1 client is waiting for a call back."),
        (1, 1, "1 client attend un rappel, qu'il aurait déjà dû recevoir.",
         "1 client is waiting for a call back, and should have had it already."),
        (3, 1, "3 clients attendent un rappel, dont 1 en retard.",
         "3 clients are waiting for a call back, 1 of them overdue."),
        (3, 3, "3 clients attendent un rappel, tous en retard.",
         "3 clients are waiting for a call back, all overdue."),
    ],
)  # fmt: skip
def test_how_many_wait_and_how_many_too_long(make, clients: int, overdue: int, french: str, english: str) -> None:
    told = make.figures(waiting=waits(clients, overdue))
    for locale, said in (("fr", french), ("en", english)):
        page = make_page(told, locale)
        assert page.waiting is not None
        assert plain(page.waiting.sentence) == said


def test_a_case_is_told_by_its_reasons_and_by_when_to_call(make) -> None:
    """Where no reason was recognised it is said that somebody is unhappy, or complains."""
    late = case(reasons=(), is_overdue=True, deadline_on=date(2026, 11, 18))
    cases = (case(), late, case(reasons=(), is_complaint=True, is_taken=True, measure=None, mark=None, channel="fax"))
    page = make_page(make.figures(waiting=waits(9, 1, case_count=9, first_cases=cases)), "fr")
    assert page.waiting is not None
    assert [(each.mark, each.text, plain(each.due), each.channel) for each in page.waiting.cases] == [
        ("1/5", "Attente · accueil et politesse", "à rappeler aujourd'hui", "téléphone"),
        ("1/5", "Client mécontent", "en retard, prévu le 18 novembre", "téléphone"),
        ("", "Réclamation", "pris en charge", ""),
    ]
    assert page.waiting.more_cases == "et 6 autres"
    read_later = make_page(make.figures(waiting=waits(1, first_cases=(case(),))), "fr", date(2026, 12, 1))
    assert read_later.waiting is not None
    assert plain(read_later.waiting.cases[0].due) == "à rappeler avant le 21 novembre au soir"


def test_the_units_own_alert_has_its_numbers_and_another_units_its_name(make) -> None:
    quiet = fall("lyon-2", "Lyon Perrache", lane="news", kind="unit_quiet", measure="", size_points=None, severity=1)
    told = moves(Movement(fall(state="acknowledged"), 0), Movement(quiet, 3), alert_count=7)
    page = make_page(make.figures(movements=told), "en")
    assert page.moved is not None
    assert [(each.unit_name, plain(each.text), plain(each.detail), each.tag) for each in page.moved.lines] == [
        ("", "Trust down 12 points since Tuesday", "62% (56% to 68%) of 240 answers, against 74% usually.",
         "being looked after"),
        ("Lyon Perrache", "Far fewer answers than usual since Tuesday (and 3 more alerts)", "", ""),
    ]  # fmt: skip
    assert page.moved.more == "and 2 more alerts"


def test_what_is_over_and_what_stands_above_take_a_line_each(make) -> None:
    above = fall("sud", "Sud", size_points=-6.0)
    told = moves(first_recovered=fall("lyon-2", "Perrache"), recovered_count=3, first_above=above, above_count=1)
    page = make_page(make.figures(movements=told), "en")
    assert page.moved is not None
    assert [plain(note) for note in page.moved.notes] == [
        "Perrache: trust is clearly up again, and 2 more are over.",
        "More widely, Sud: trust down 6 points since Tuesday.",
    ]


def test_every_form_shows_them_and_links_only_to_the_page_of_an_alert(make) -> None:
    address = "https://voice.example/alerts/79318d019c"
    units = (WaitingUnit("lyon-2", "Lyon <Perrache>", 4, 2),)
    told = make.figures(
        waiting=waits(
            5,
            2,
            case_count=1,
            first_cases=(case(addresses=dict.fromkeys(("fr", "en"), address)),),
            unit_count=1,
            first_units=units,
        ),
        movements=moves(Movement(fall("lyon-2", "Lyon <Perrache>", addresses=dict.fromkeys(("fr", "en"), address)), 0)),
    )
    page = make_page(told, "en")
    text = plain(page_text(page))
    assert "  1/5  Waiting · rudeness\n       to call today · phone\n" in text
    assert f"  Lyon <Perrache>{'4 to call, 2 overdue':>61}\n" in text
    assert "  ▌ Lyon <Perrache> · Trust down 12 points since Tuesday\n" in text
    for html in (render_html(told, "en"), mail_html(page)):
        assert html.count(f'href="{address}"') == 2
        assert html.count("href=") == 2
        assert "Lyon &lt;Perrache&gt;" in html
        assert "2 overdue" in html


def test_where_nothing_stands_nothing_is_said(make) -> None:
    """No empty section, and no comfort that nobody has earned."""
    page = make_page(make.figures(), "en")
    assert (page.waiting, page.moved) == (None, None)
    for said in (page_text(page), render_html(make.figures(), "en"), mail_html(page)):
        assert "What has moved" not in said
        assert "call back" not in said
