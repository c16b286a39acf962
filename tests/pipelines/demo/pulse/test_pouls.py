import re
from pathlib import Path

from pipelines.demo.pulse.questions import QUESTIONS
from pipelines.settings import load_settings
from symetrie.questionnaires import questionnaire


def test_the_file_is_what_a_survey_tool_exports(demo: Path) -> None:
    raw = (demo / "drops/pouls/pouls_2026-08-25.csv").read_bytes()
    text = raw.decode("utf-8-sig")
    header, first, *_ = text.split("\r\n")
    assert raw.startswith(b"\xef\xbb\xbf")
    assert header.startswith("Nom;Prénom;E-mail;Identifiant;Code magasin;Répondu le;Je parle de;Q1;Q2;")
    assert header.endswith(";Q28;Q29;Commentaire")
    assert re.match(
        r"\w+;\w+;[a-z.]+@equipe\.example\.com;[a-z]+\d{4};(M\d{3}|vauvert-.+);24/08/2026 \d\d:\d\d;", first
    )
    assert "Tout à fait d’accord" in text
    assert "Ne sait pas" in text


def test_there_is_a_file_for_each_day_with_answers_and_none_for_others(demo: Path) -> None:
    names = sorted(path.name for path in (demo / "drops/pouls").iterdir())
    first = [f"pouls_2026-08-{day}.csv" for day in range(25, 32)] + [f"pouls_2026-09-0{day}.csv" for day in range(1, 8)]
    assert [name for name in names if name.endswith(".csv")][:14] == first
    assert {name.removesuffix(".done") for name in names if name.endswith(".done")} == {
        name for name in names if name.endswith(".csv")
    }
    assert len(names) < 2 * (2 * 17 + 1)


def test_the_settings_ask_the_shipped_pulse_by_number(demo: Path) -> None:
    asked = load_settings(demo / "symetrie.yaml").questionnaires["pouls-1"]
    assert asked.measures == QUESTIONS == questionnaire("pulse-eleven-1").measures
    assert [question.field for question in asked.questions] == [f"Q{number}" for number in range(1, 30)]
