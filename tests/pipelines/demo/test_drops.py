import csv
import io
import json
import re
from collections import Counter
from pathlib import Path

import duckdb
import pytest


def csv_rows(path: Path) -> list[dict[str, str]]:
    text = path.read_bytes().decode("cp1252")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


@pytest.fixture(scope="session")
def texts(demo: Path) -> list[str]:
    """Every verbatim that a client wrote."""
    written = [
        row["Commentaire"] or "" for path in (demo / "drops/apres_visite").glob("*.csv") for row in csv_rows(path)
    ]
    for path in (demo / "drops/enquete_web").glob("*.jsonl"):
        for line in path.read_text("utf-8").split("\n"):
            if line.endswith("}}"):
                written += [text for text in json.loads(line)["comments"].values() if text]
    return [text for text in written if text]


def test_the_csv_is_what_a_french_desktop_tool_exports(demo: Path) -> None:
    raw = (demo / "drops/apres_visite/apres_visite_2026-10-20.csv").read_bytes()
    header, first = raw.split(b"\r\n")[:2]
    assert header.startswith("N° réponse;Code magasin;Répondu le;Date de visite;Canal;Langue;Satisf".encode("cp1252"))
    assert re.match(rb"AV-26101\d-[AB]\d{6};M\d{3};1\d/10/2026 \d\d:\d\d;\d\d/10/2026;", first)
    assert "Tout à fait d’accord".encode("cp1252") in raw
    assert b"Ne sait pas" in raw


def test_the_web_survey_is_nested_zoned_and_dates_its_changes(demo: Path) -> None:
    lines = (demo / "drops/enquete_web/enquete_web_2026-10-20.jsonl").read_text("utf-8").splitlines()
    row = json.loads(lines[0])
    assert list(row) == ["id", "submitted_at", "updated_at", "respondent", "visit", "answers", "comments"]
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", row["id"])
    assert re.fullmatch(r"2026-10-1\dT\d\d:\d\d:\d\dZ", row["submitted_at"])
    assert list(row["answers"]) == ["overall", "nps", "dimensions"]


def test_the_kiosks_give_stars_in_parquet(demo: Path) -> None:
    name = str(demo / "drops/bornes/bornes_2026-10-20.parquet")
    columns = duckdb.execute("DESCRIBE SELECT * FROM read_parquet(?)", [name]).fetchall()
    assert [column[:2] for column in columns] == [
        ("id", "VARCHAR"), ("borne", "VARCHAR"), ("horodatage", "TIMESTAMP"), ("etoiles", "TINYINT"),
        ("etoiles_accueil", "TINYINT"), ("etoiles_attente", "TINYINT"), ("etoiles_emballages", "TINYINT"),
    ]  # fmt: skip


def test_a_closed_shop_has_no_kiosk_answers_but_its_clients_still_write(demo: Path) -> None:
    """18 October 2026 is a Sunday, when most shops are closed."""
    sunday = {
        row[0]
        for row in duckdb.execute(
            "SELECT DISTINCT borne FROM read_parquet(?) WHERE horodatage::DATE = '2026-10-18'",
            [str(demo / "drops/bornes/*.parquet")],
        ).fetchall()
    }
    assert sunday - {None, "Z999"} <= {"M001", "M007", "M013", "M019", "M025", "M030"}  # M030: before its opening
    written = csv_rows(demo / "drops/apres_visite/apres_visite_2026-10-19.csv")
    assert len({row["Code magasin"] for row in written if (row["Répondu le"] or "").startswith("18/10/2026")}) > 15


def test_texts_do_not_read_as_repeated(texts: list[str]) -> None:
    long = [text.split("\n")[0] for text in texts if len(text) > 40]
    assert len(long) > 3_000
    assert Counter(long).most_common(1)[0][1] < 0.01 * len(long)
    assert len(set(long)) > 0.6 * len(long)


def test_texts_leave_no_slot_open(texts: list[str]) -> None:
    assert not [text for text in texts if re.search(r"[{}]|  ", text)]
    assert not [text for text in texts if re.search(r"\b(?:de|d') (?:un|une|des)\b", text)]


def test_some_texts_are_english_and_some_are_dirty(texts: list[str]) -> None:
    assert 20 < sum(" the " in text for text in texts) < 0.2 * len(texts)
    assert any("\0" in text for text in texts)
    assert any(text.startswith("=HYPERLINK(") for text in texts)
    assert sum("\n" in text for text in texts) > 50


def test_one_text_of_the_history_is_very_long(tmp_path: Path) -> None:
    from datetime import date

    from pipelines.demo import make_demo

    make_demo(tmp_path, date(2026, 2, 22), days=22, sites=3, answers_per_day=20)
    sizes = {path.name: path.stat().st_size for path in (tmp_path / "drops/apres_visite").glob("*.csv")}
    assert [name for name, size in sizes.items() if size > 150_000] == ["apres_visite_2026-02-22.csv"]


def test_personal_data_is_planted_and_recorded(demo: Path, texts: list[str]) -> None:
    planted = json.loads((demo / "truth/personal.json").read_text("utf-8"))
    assert list(planted) == ["email", "phone", "iban", "card", "url", "name"]
    for kind, values in planted.items():
        assert any(value in text for value in values for text in texts), kind
