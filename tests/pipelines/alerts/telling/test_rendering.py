"""Messages in every form: what a phone shows first, nothing that outside text could command, and what has no room."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.alerts.telling.as_slack import fits_slack
from pipelines.alerts.telling.as_teams import fits_teams
from pipelines.alerts.telling.as_text import message_text
from pipelines.alerts.telling.making import make_message
from pipelines.alerts.telling.record import Telling, ToldAlert
from pipelines.alerts.telling.rendering import rendered
from pipelines.settings.alert_channels import Channel

FRIDAY = date(2026, 11, 20)
TUESDAY = date(2026, 11, 17)
NAMES = {"maison": "Maison Lumière", "south": "Sud-Est", "lyon": "Lyon Part-Dieu", "nice": "Nice", "lille": "Lille"}
PAGE = "https://voix.example.com/alerts/{alert_id}"
SLACK = Channel(id="ops", kind="slack", connection="x")
TEAMS = Channel(id="ops", kind="teams", connection="x")
HOOK = Channel(id="ops", kind="webhook", connection="x")
MAIL = Channel(id="ops", kind="email", to="ops@example.com")

FALL = {
    "score": 61.8, "low": 57.1, "high": 66.3, "answer_count": 412, "before_score": 74.1,
    "low_points": -16.9, "high_points": -7.6, "children_affected_count": 38,
    "children": [{"unit_id": "lyon", "size_points": -14.2}, {"unit_id": "nice", "size_points": -10.9}],
}  # fmt: skip


def telling(*alerts, **options):
    return Telling("m1", "ops", FRIDAY, "maison", alerts, open_count=11, unit_names=NAMES, **options)


def first_line(*alerts, locale="fr"):
    return message_text(make_message(telling(*alerts), locale)).splitlines()[0].replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("count", "french", "english"),
    [
        (1, "", ""),
        (2, " (et 1 autre alerte)", " (and 1 more alert)"),
        (4, " (et 3 autres alertes)", " (and 3 more alerts)"),
    ],
)
def test_a_phone_shows_the_worst_first_and_how_many_more_there_are(row, count, french, english):
    alerts = [ToldAlert(row(severity=1, measure=key), "opened") for key in ("trust", "values", "harmony")]
    worst = ToldAlert(row(severity=3, opened_on=TUESDAY), "opened")
    told = (*alerts[: count - 1], worst)
    assert first_line(*told) == f"Lyon Part-Dieu : la considération en baisse de 12 points depuis mardi{french}"
    assert first_line(*told, locale="en") == f"Lyon Part-Dieu: consideration down 12 points since Tuesday{english}"


def test_the_first_line_counts_the_clients_of_a_unit_together(row, case):
    clients = [ToldAlert(case(number, severity=3), "opened") for number in range(3)]
    assert first_line(*clients, ToldAlert(row(), "opened")) == (
        "Lyon Part-Dieu : 3 clients mécontents à rappeler (et 1 autre alerte)"
    )
    assert first_line(clients[0]) == "Lyon Part-Dieu : un client mécontent à rappeler"


@pytest.mark.parametrize(
    ("kind", "evidence", "french", "english"),
    [
        ("source_late", {}, "la source web est en retard", "source web is late"),
        (
            "source_silent",
            {"newest_answer_on": "2026-11-17"},
            "la source web n'envoie plus rien depuis mercredi",
            "source web has sent nothing since Wednesday",
        ),
        (
            "source_silent",
            {"is_never": True},
            "la source web n'a encore rien envoyé",
            "source web has not sent anything yet",
        ),
        (
            "unit_quiet",
            {"since": "2026-11-02"},
            "bien moins de réponses que d'habitude depuis le 2 novembre",
            "far fewer answers than usual since 2 November",
        ),
        ("unit_surge", {}, "beaucoup plus de réponses que d'habitude", "far more answers than usual"),
        (
            "participation_low",
            {},
            "les clients sollicités répondent bien moins",
            "clients who are asked answer far less",
        ),
    ],
)
def test_every_kind_of_news_says_what_is_missing(row, kind, evidence, french, english):
    alert = ToldAlert(row(lane="news", kind=kind, measure="", subject="web", evidence=evidence), "opened")
    assert first_line(alert) == f"Lyon Part-Dieu : {french}"
    assert first_line(alert, locale="en") == f"Lyon Part-Dieu: {english}"


FALLEN = "la considération en baisse de 12 points depuis vendredi"


@pytest.mark.parametrize(
    ("reason", "french"),
    [
        ("worsened", f"{FALLEN}, et cela s'aggrave"),
        ("escalated", f"{FALLEN}, et personne n'a encore réagi"),
        ("recovered", "la considération remonte nettement"),
        ("withdrawn", f"{FALLEN} : à oublier, les chiffres ou les réglages d'aujourd'hui ne le montrent plus"),
    ],
)
def test_what_has_become_of_an_alert_is_said(row, reason, french):
    assert first_line(ToldAlert(row(), reason)) == f"Lyon Part-Dieu : {french}"


def test_a_whole_message_reads_well(row, case):
    """Counts and intervals behind every number, the client's words, a link to each alert, lanes apart."""
    fall = row(unit_id="south", opened_on=TUESDAY, severity=3, evidence=FALL)
    evidence = {"measure": "overall", "mark": 1, "why": ["low_mark"], "reasons": ["waiting"], "channel": "store",
                "source_url": "https://survey.example.com/r/1"}  # fmt: skip
    client = case(severity=3, evidence=evidence)
    made = make_message(
        telling(
            ToldAlert(fall, "opened"),
            ToldAlert(client, "opened", "Quarante minutes d'attente."),
            ToldAlert(row(measure="trust", state="recovered"), "recovered"),
            reason_titles={"waiting": "Attente"},
            page_url=PAGE,
        ),
        "fr",
    )
    text = message_text(made).replace("\u00a0", " ").replace("\u202f", " ")
    assert (
        text
        == f"""\
Lyon Part-Dieu : un client mécontent à rappeler (et 1 autre alerte)
2 alertes, d'après les réponses du vendredi 20 novembre, les plus graves d'abord. 1 autre est réglée ou à oublier.

CLIENTS À RAPPELER

Lyon Part-Dieu
- Client mécontent, note 1 sur 5.
  Motifs : attente.
  Canal : sur place.
  À rappeler aujourd'hui.
  « Quarante minutes d'attente. »
  Ouvrir l'alerte – https://voix.example.com/alerts/{client.alert_id}
  Répondre au client – https://survey.example.com/r/1

CE QUI A BOUGÉ

Sud-Est
- La considération en baisse de 12 points depuis mardi.
  62 % (de 57 % à 66 %) sur 412 réponses, contre 74 % d'habitude.
  Écart de −12 points, entre −17 et −8.
  Commune à Lyon Part-Dieu (−14), Nice (−11) et 36 autres.
  Ouvrir l'alerte – https://voix.example.com/alerts/{fall.alert_id}

RÉGLÉ, OU À OUBLIER

Lyon Part-Dieu
- La relation de confiance remonte nettement.
  Ouvrir l'alerte – https://voix.example.com/alerts/{made.sections[2].groups[0].lines[0].links[0].address[-16:]}

11 alertes sont ouvertes : symetrie alerts list.
"""
    )


def test_without_a_page_the_command_that_shows_the_alert_stands_there(row):
    assert f"symetrie alerts show {row().alert_id}" in message_text(
        make_message(telling(ToldAlert(row(), "opened")), "en")
    )


HOSTILE = [
    "<script>alert(1)</script>",
    "<!channel> <!here> <@U123> @everyone @channel",
    "<at>everyone</at>",
    "*bold* _it_ ~no~ `code` > quote",
    "[click](https://evil.example) **b** # h",
    '=HYPERLINK("https://evil";"x")',
    "é🎉👨‍👩‍👧 שלום \u202eevil\u202c",
    "one\r\ntwo\x1b[31m\x00",
    "{{ 7 * 7 }} {unit} %s ${x} @{triggerBody()}",
    "&lt;!channel&gt; & <",
]


def _hostile(row, case, text):
    names = dict.fromkeys(NAMES, text)
    evidence = {"source": text, "measure": text, "mark": 1, "reasons": [text], "channel": text, "children": [text],
                "source_url": f"https://x.example/{text}"}  # fmt: skip
    alerts = (
        ToldAlert(case(evidence=evidence), "opened", text),
        ToldAlert(row(evidence=evidence), "opened"),
        ToldAlert(row(lane="news", kind="source_silent", measure="", subject=text, evidence=evidence), "opened"),
    )
    return replace(telling(*alerts, page_url=PAGE), unit_names=names)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("locale", ["fr", "en"])
def test_text_from_outside_commands_no_channel(row, case, text, locale):
    told = _hostile(row, case, text)

    slack = rendered(told, SLACK, locale)
    assert "<" not in slack["text"]
    assert ">" not in slack["text"]
    kinds = re.findall(r'"type": "(\w+)"', json.dumps(slack["blocks"]))
    assert set(kinds) <= {"header", "plain_text", "rich_text", "rich_text_section", "rich_text_list", "text", "link"}

    teams = rendered(told, TEAMS, locale)["attachments"][0]["content"]
    read_as_markdown = [each["text"] for each in teams["body"] if each["type"] == "TextBlock"]
    for block in read_as_markdown:
        assert re.fullmatch(r"\[[\w' ]+\]\(https://[!-'*-~]+\)( · \[[\w' ]+\]\(https://[!-'*-~]+\))?", block)

    mail = rendered(told, MAIL, locale)
    assert "<script>" not in mail.html
    assert "<at>" not in mail.html
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e]", mail.text + mail.html + mail.subject)
    assert "\n" not in mail.subject


@pytest.mark.parametrize("text", HOSTILE)
def test_a_program_has_what_the_client_said_as_data(row, case, text):
    document = json.loads(json.dumps(rendered(_hostile(row, case, text), HOOK, "fr")))
    assert document["alerts"][0]["words"] == text


def _crowd(row, case, count):
    words = "Très déçu 🎉 <b>&amp;</b> " * 30
    clients = [
        ToldAlert(case(n, unit_id=f"u{n}", evidence={"measure": "overall", "mark": 1, "reasons": ["waiting"] * 9}),
                  "opened", words)
        for n in range(count)
    ]  # fmt: skip
    falls = [ToldAlert(row(unit_id=f"u{n}", severity=1, evidence=FALL), "opened") for n in range(count)]
    return replace(
        telling(*clients, *falls, page_url=PAGE), unit_names={f"u{n}": f"Magasin n° {n}" for n in range(count)}
    )


def test_what_has_no_room_is_counted_and_said_where_to_see(row, case):
    """400 alerts: as many as fit, of every lane some."""
    told = _crowd(row, case, 200)
    slack = rendered(told, SLACK, "fr")
    assert fits_slack(slack)
    assert len(slack["blocks"]) <= 50
    blocks = json.dumps(slack["blocks"], ensure_ascii=False)
    assert 9_000 < len(blocks) <= 13_000
    assert max(len(json.dumps(block, ensure_ascii=False)) for block in slack["blocks"]) <= 3000
    teams = rendered(told, TEAMS, "fr")
    assert fits_teams(teams)
    assert 20_000 < len(json.dumps(teams)) <= 28 * 1024
    mail = rendered(told, MAIL, "fr")
    assert 60_000 < len(mail.html.encode()) <= 102_000
    for shown in (blocks, json.dumps(teams, ensure_ascii=False), mail.text):
        (left,) = re.findall(r"Et (\d+) alertes de plus, sans place ici.: symetrie alerts list --unit maison", shown)
        assert int(left) == 400 - shown.count("https://voix.example.com/alerts/")
        assert "CLIENTS À RAPPELER" in shown
        assert "CE QUI A BOUGÉ" in shown
    hook = rendered(told, HOOK, "fr")
    assert (hook["alert_count"], hook["left_out_count"], len(hook["alerts"])) == (400, 0, 400)


def test_many_alerts_of_one_unit_stand_in_several_blocks(case):
    """A block holds 3,000 characters, a message four of them."""
    told = telling(*(ToldAlert(case(number), "opened") for number in range(50)), page_url=PAGE)
    slack = rendered(told, SLACK, "fr")
    assert fits_slack(slack)
    titles = [block["elements"][0]["elements"][0]["text"] for block in slack["blocks"][1:]]
    assert titles.count("●● Lyon Part-Dieu") == 4


def test_a_message_that_fits_leaves_nothing_out(row, case):
    told = _crowd(row, case, 2)
    for shown in (rendered(told, SLACK, "fr"), rendered(told, TEAMS, "fr")):
        assert json.dumps(shown).count("https://voix.example.com/alerts/") == 4
        assert "sans place" not in json.dumps(shown)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
KEYS = st.sampled_from(
    ["score", "low", "high", "answer_count", "before_score", "low_points", "high_points", "children", "since", "source",
     "seen", "expected", "newest_answer_on", "measure", "mark", "why", "reasons", "channel", "source_url", "is_never"]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(evidence=st.dictionaries(KEYS, JSON, max_size=8), size=st.none() | st.floats(-100, 100))
def test_whatever_the_evidence_holds_a_message_can_be_made_of_it(row, case, evidence, size):
    """It was written on another day, perhaps by other code."""
    news = row(lane="news", kind="unit_quiet", measure="", evidence=evidence)
    told = telling(
        ToldAlert(row(evidence=evidence, size_points=size), "opened"),
        ToldAlert(case(evidence=evidence), "opened"),
        ToldAlert(news, "opened"),
    )
    for channel in (SLACK, TEAMS, HOOK, MAIL):
        assert rendered(told, channel, "fr")


def test_a_morning_with_nothing_to_tell_says_what_still_stands_open():
    text = message_text(make_message(telling(), "en"))
    assert text.startswith("Maison Lumière: all clear\nNothing new in the answers of Friday 20\u00a0November.\n")
    assert "11 alerts are open: symetrie alerts list." in text


def test_a_case_is_due_today_until_it_should_have_been_done(case):
    late = ToldAlert(case(opened_on=FRIDAY - timedelta(days=3)), "escalated")
    assert "Should have been called back by Wednesday 18\u00a0November." in message_text(
        make_message(telling(late), "en")
    )
