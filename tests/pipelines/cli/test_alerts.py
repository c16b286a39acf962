"""`symetrie alerts`: what a person reads, types and is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from typer.testing import CliRunner

from pipelines.alerts.alerting import alert
from pipelines.alerts.reading import read_alerts
from pipelines.cli.app import app
from pipelines.errors import SymetrieError
from pipelines.settings import load_settings
from pipelines.warehouse import open_warehouse
from pipelines.warehouse.alerts_marked import note_told
from pipelines.warehouse.network import synchronise_network
from pipelines.warehouse.tables import alert_action, client_response
from symetrie.alerts.finding import Cause, Finding

SETTINGS = """\
network:
  units:
    - {id: shops, kind: network, name: Les magasins, timezone: Europe/Paris}
    - {id: lyon, kind: site, name: Lyon Bellecour, parent: shops}
    - {id: nice, kind: site, name: Nice, parent: shops}
sources:
  - {name: survey, path: drops/*.csv, questionnaire: overall-only-1}
"""
DAY, TODAY = date(2026, 11, 20), datetime(2026, 11, 21, 7, tzinfo=UTC)
CASE = Cause("case", "unhappy_client", "lyon", subject="survey/R-1042")
FALL = Cause("signal", "fall", "nice", "overall")
FOUND = [
    Finding(
        DAY,
        CASE,
        3,
        None,
        {
            "source": "survey",
            "source_url": "https://survey.example.com/R-1042",
            "measure": "overall",
            "mark": 1,
            "why": ["overall"],
            "reasons": ["waiting"],
        },
    ),
    Finding(DAY, FALL, 2, -12.0, {"score": 70.0, "before_score": 82.0, "answer_count": 60, "children": []}),
]
WORDS = "Quarante minutes d'attente, et personne."

Symetrie = Callable[..., str]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, duckdb_template: Path) -> Path:
    """A morning with a case and a signal; the case was told."""
    folder = tmp_path_factory.mktemp("house")
    (folder / "symetrie.yaml").write_text(SETTINGS, encoding="utf-8")
    settings = load_settings(folder / "symetrie.yaml", {"SYMETRIE_HOME": str(folder / ".symetrie")})

    def seen(connection: object, settings: object, days: object) -> list[Finding]:
        return FOUND

    seen.name, seen.reach_days = "seen", 0  # type: ignore[attr-defined]
    with closing(open_warehouse(settings.warehouse_url, settings.home)) as warehouse:
        synchronise_network(warehouse, settings.network)
        with warehouse.publishing() as connection:
            texts = dict.fromkeys(("questionnaire_version", "channel", "status", "content_hash", "run_id"), "")
            moments = dict.fromkeys(("submitted_at", "version_at"), TODAY)
            answer = {"source": "survey", "response_id": "R-1042", "unit_id": "lyon", "business_date": DAY}
            connection.execute(sa.insert(client_response).values(verbatim=WORDS, **answer, **texts, **moments))
        alert(warehouse, settings, [DAY], DAY, [seen])  # type: ignore[list-item]
        with warehouse.publishing() as connection:
            [case] = read_alerts(connection, lane="case")
            note_told(warehouse, connection, [(case, "ops", "opened")], DAY, TODAY)
    return folder


@pytest.fixture
def symetrie(house: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Symetrie:
    """The command on a copy of the house, on the morning after; gives what it printed."""
    import shutil

    shutil.copytree(house, tmp_path, dirs_exist_ok=True)
    for name in ("SYMETRIE_CONFIG", "SYMETRIE_HOME", "SYMETRIE_WAREHOUSE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> str:
        with time_machine.travel(TODAY, tick=True):
            done = CliRunner().invoke(app, ["alerts", *arguments], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    return call


def ids(symetrie: Symetrie) -> dict[str, str]:
    return {each["lane"]: each["alert_id"] for each in json.loads(symetrie("list", "--all", "--format", "json"))}


def test_alerts_are_listed_worst_first(symetrie: Symetrie) -> None:
    listed = symetrie("list")
    lines = [" ".join(line.split()) for line in listed.splitlines() if line.strip()]
    known = ids(symetrie)
    assert lines == [
        "2 alerts: 1 case, 1 signal. Days are looked at up to 2026-11-20.",
        "id unit what found on standing",
        lines[2],
        f"{known['case'][:10]} ●●● Lyon Bellecour Unhappy client, 1 out of 5 2026-11-20 open, due today",
        (
            f"{known['signal'][:10]} ●●○ Nice Overall satisfaction down 12 points since Friday"
            " 2026-11-20 open, due by 2026-11-26"
        ),
        "One of them whole: symetrie alerts show ID",
    ]


@pytest.mark.parametrize(
    ("asked", "lanes"),
    [
        (("--unit", "lyon"), ["case"]),
        (("--unit", "shops"), ["case", "signal"]),
        (("--lane", "signal"), ["signal"]),
        (("--state", "closed"), []),
        (("--date", "2026-11-19"), []),
        (("--date", "2026-11-20"), ["case", "signal"]),
    ],
)
def test_a_list_is_of_what_was_asked_for(symetrie: Symetrie, asked: tuple[str, ...], lanes: list[str]) -> None:
    assert [each["lane"] for each in json.loads(symetrie("list", *asked, "--format", "json"))] == lanes


def test_an_alert_is_shown_whole(symetrie: Symetrie) -> None:
    shown = symetrie("show", ids(symetrie)["case"][:6])
    lines = [" ".join(line.split()) for line in shown.splitlines() if line.strip()]
    assert lines[:5] == [
        "Lyon Bellecour: unhappy client, 1 out of 5",
        "●●● case, unhappy_client since 2026-11-20 open, due today",
        lines[2],
        "To call back today.",
        f"“{WORDS}”",
    ]
    assert "Answer the client: https://survey.example.com/R-1042" in lines
    assert lines[lines.index("What happened") + 1 :][:2] == [
        "2026-11-20 opened",
        "2026-11-20 told opened, in channel ops",
    ]
    assert "mark 1" in lines
    assert f'symetrie alerts ack {ids(symetrie)["case"][:10]} --note "…"' in lines


def test_what_the_client_said_is_in_no_list(symetrie: Symetrie) -> None:
    assert "attente" not in symetrie("list", "--format", "json") + symetrie("list")


def test_a_person_takes_care_corrects_and_closes_and_it_is_told(symetrie: Symetrie) -> None:
    case = ids(symetrie)["case"]
    assert symetrie("ack", case, "--by", "Anne", "--note", "I call her").startswith(f"Alert {case} is acknowledged.")
    symetrie("correct", case, "--by", "Anne", "--note", "Refunded")
    ended = symetrie("close", case, "--by", "Paul")
    assert "Nothing: it has ended." in ended
    told = json.loads(symetrie("show", case, "--format", "json"))
    assert [(each["event"], each.get("by"), each.get("note")) for each in told["events"]] == [
        ("opened", None, None),
        ("acknowledged", "Anne", "I call her"),
        ("corrected", "Anne", "Refunded"),
        ("closed", "Paul", ""),
    ]
    assert (told["state"], told["ended_on"], told["possible_actions"]) == ("closed", "2026-11-21", [])
    assert [each["lane"] for each in json.loads(symetrie("list", "--format", "json"))] == ["signal"]


def test_who_acts_is_whoever_is_logged_in(symetrie: Symetrie, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "claire")
    symetrie("ack", ids(symetrie)["signal"])
    home = tmp_path / ".symetrie"
    with (
        closing(open_warehouse(f"duckdb:///{home / 'warehouse.duckdb'}", home)) as warehouse,
        warehouse.reading() as into,
    ):
        done = into.execute(sa.select(alert_action.c.acted_by, alert_action.c.acted_on)).all()
    assert done == [("claire", date(2026, 11, 21))]


def test_a_snooze_says_until_when(symetrie: Symetrie) -> None:
    signal = ids(symetrie)["signal"]
    assert symetrie("snooze", signal, "--until", "2026-11-24").startswith(
        f"Alert {signal} is open, nothing is told of it until 2026-11-24."
    )
    assert "open, snoozed until 2026-11-24" in symetrie("list")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (("ack",), "is acknowledged already; possible now: correct, snooze, close"),
        (("snooze", "--until", "2026-11-20"), "2026-11-20 is over; snooze until 2026-11-21 or later"),
        (("snooze", "--until", "2027-01-20"), "2027-01-20 is more than 28 days away; snooze for less, or close it"),
        (("correct", "--note", " "), "alerts correct: --note is empty; say what was done"),
        (("close", "--by", ""), "alerts: nobody's name was given; write it after --by"),
    ],
)
def test_what_is_not_possible_is_refused_in_one_line(symetrie: Symetrie, typed: tuple[str, ...], message: str) -> None:
    case = ids(symetrie)["case"]
    symetrie("ack", case)
    with pytest.raises(SymetrieError) as refused:
        symetrie(typed[0], case, *typed[1:])
    assert str(refused.value).endswith(message)
    assert "\n" not in str(refused.value)


def test_nothing_can_be_done_about_what_has_ended(symetrie: Symetrie) -> None:
    case = ids(symetrie)["case"]
    symetrie("close", case)
    with pytest.raises(SymetrieError, match=f"alert {case}: is closed since 2026-11-21; nothing more can be done"):
        symetrie("ack", case)


def test_an_unknown_id_is_told_with_the_nearest(symetrie: Symetrie) -> None:
    case = ids(symetrie)["case"]
    mistyped = case[:-2] + ("00" if not case.endswith("00") else "11")
    with pytest.raises(SymetrieError, match=f"there is no alert '{mistyped}'; did you mean '{case}'"):
        symetrie("show", mistyped)
    with pytest.raises(SymetrieError, match="no id was given; see symetrie alerts list"):
        symetrie("show", "")


def test_a_house_that_has_looked_at_nothing_says_so(symetrie: Symetrie, tmp_path: Path) -> None:
    (tmp_path / ".symetrie" / "warehouse.duckdb").unlink()
    assert symetrie("list") == "No day has been looked at yet: symetrie run\n"
