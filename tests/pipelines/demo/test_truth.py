"""The truth is computed again from the files alone, by the plainest means, and must agree."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest

WORDS = {
    "Très bonne": 5, "Bonne": 4, "Ni bonne ni mauvaise": 3, "Mauvaise": 2, "Très mauvaise": 1,
    "Remarquable": 5, "Agréable": 4, "Correct": 3, "Décevant": 2, "Inacceptable": 1,
    "Tout à fait d’accord": 5, "Plutôt d’accord": 4, "Ni d’accord ni pas d’accord": 3, "Plutôt pas d’accord": 2,
    "Pas du tout d’accord": 1,
}  # fmt: skip
CSV_MEASURES = (
    "overall", "nps", "ces", "autonomy", "cooperation", "competence", "conduct", "consideration", "listening",
    "facilitation", "harmony", "trust", "values", "environment",
)  # fmt: skip
FAVOURABLE = {"nps": 9, "ces": 5}  # else 4
UNFAVOURABLE = {"nps": 6, "ces": 3}  # else 2

Answer = dict[str, Any]


def after_visit(path: Path) -> Iterator[Answer]:
    text = path.read_bytes().decode("cp1252")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    header = next(rows)
    for cells in rows:
        if len(cells) != len(header):
            yield {"reason": "broken_line"}
            continue
        marks = [None if cell in ("", "Ne sait pas") else WORDS.get(cell) or int(cell) for cell in cells[6:20]]
        try:
            at = datetime.strptime(cells[2], "%d/%m/%Y %H:%M")  # noqa: DTZ007 - local, of the shop
        except ValueError:
            at = None
        yield {"id": cells[0], "unit": cells[1], "at": at, "text": cells[20], "channel": cells[4],
               "marks": dict(zip(CSV_MEASURES, marks, strict=True)), "raw": cells}  # fmt: skip


def web(path: Path) -> Iterator[Answer]:
    for line in path.read_bytes().decode("utf-8").split("\n")[:-1]:
        try:
            row = json.loads(line)
        except ValueError:
            yield {"reason": "broken_line"}
            continue
        try:
            at = datetime.strptime(row["submitted_at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        except ValueError:
            at = None
        answers = row["answers"]
        yield {"id": row["id"], "unit": row["respondent"]["store"]["id"], "at": at, "updated": row["updated_at"],
               "text": row["comments"]["liked"] or row["comments"]["improve"], "channel": row["visit"]["channel"],
               "marks": {"overall": answers["overall"], "nps": answers["nps"], **answers["dimensions"]},
               "raw": row}  # fmt: skip


def kiosk(path: Path) -> Iterator[Answer]:
    for row in duckdb.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall():
        marks = dict(zip(("overall", "conduct", "facilitation", "environment"), row[3:], strict=True))
        unit = (row[1] or "").removeprefix("BORNE-")
        yield {"id": row[0], "unit": unit, "at": row[2], "marks": marks, "raw": row, "channel": "kiosk", "text": None}


READERS = {"apres_visite": after_visit, "enquete_web": web, "bornes": kiosk}


class PlainLoad:
    """Loads deliveries one after another into a dictionary, as slowly as it takes to be sure."""

    def __init__(self, folder: Path) -> None:
        with (folder / "network.csv").open(encoding="utf-8") as file:
            sites = [row for row in csv.DictReader(file) if row["kind"] == "site"]
        self.zones = {row["id"]: ZoneInfo(row["timezone"] or "Europe/Paris") for row in sites}
        self.first_days = {row["id"]: row["valid_from"] for row in reversed(sites)}
        self.loaded: dict[tuple[str, str], Answer] = {}

    def deliver(self, source: str, path: Path) -> dict[str, Any]:
        counts: Counter[str] = Counter()
        reasons: Counter[str] = Counter()
        seen_now = set()
        for answer in READERS[source](path):
            counts["received"] += 1
            reason = answer.get("reason") or self.fault(answer)
            if reason:
                reasons[reason] += 1
                continue
            key, former = (source, answer["id"]), self.loaded.get((source, answer["id"]))
            same = former is not None and former["raw"] == answer["raw"]
            counts["twins" if key in seen_now else "repeated" if same else "edited" if former else "new"] += 1
            assert not former or same or former.get("updated", "") <= answer.get("updated", "")
            seen_now.add(key)
            self.loaded[key] = answer
        return {**counts, "quarantined": dict(reasons)}

    def fault(self, answer: Answer) -> str | None:
        if not answer["id"]:
            return "missing_response_id"
        if not answer["unit"]:
            return "missing_unit"
        if answer["unit"] not in self.zones:
            return "unknown_unit"
        if answer["at"] is None:
            return "unreadable_date"
        if answer["at"].year < 2000:
            return "impossible_date"
        if answer["at"].year > 2090:
            return "future_date"
        if any(mark == 7 for key, mark in answer["marks"].items() if key not in ("ces", "nps")):
            return "answer_outside_scale"
        answer["day"] = self.local_day(answer)
        if answer["day"].isoformat() < self.first_days[answer["unit"]]:
            return "unit_not_valid"
        return None

    def local_day(self, answer: Answer) -> date:
        at = answer["at"]
        return (at.astimezone(self.zones[answer["unit"]]) if at.tzinfo else at).date()

    def daily_counts(self) -> dict[tuple[str, date, str, str], list[int]]:
        counts: dict[tuple[str, date, str, str], list[int]] = {}
        for (source, _), answer in self.loaded.items():
            for measure, mark in answer["marks"].items():
                if mark is not None:
                    cell = counts.setdefault((source, answer["day"], answer["unit"], measure), [0, 0, 0])
                    cell[0] += 1
                    cell[1] += mark >= FAVOURABLE.get(measure, 4)
                    cell[2] += mark <= UNFAVOURABLE.get(measure, 2)
        return counts


def promised_counts(folder: Path, until: str) -> dict[tuple[str, date, str, str], list[int]]:
    rows = duckdb.execute(
        "SELECT source, business_date, unit_id, measure, sum(answer_delta)::INT, sum(favourable_delta)::INT,"
        " sum(unfavourable_delta)::INT FROM read_parquet(?) WHERE delivery_day <= ? GROUP BY ALL",
        [str(folder / "truth/counts/*.parquet"), until],
    ).fetchall()
    return {tuple(row[:4]): list(row[4:]) for row in rows if any(row[4:])}


@pytest.fixture(scope="session")
def mornings(demo: Path) -> list[str]:
    return sorted(path.stem for path in (demo / "truth/ledger").glob("*.json"))


def test_counts_and_ledgers_are_what_a_plain_reading_of_the_files_gives(demo: Path, mornings: list[str]) -> None:
    assert len(mornings) == 80
    plain = PlainLoad(demo)
    for morning in mornings:
        ledger = json.loads((demo / f"truth/ledger/{morning}.json").read_text())
        for source, row in ledger.items():
            found = plain.deliver(source, next((demo / "drops" / source).glob(f"*_{morning}.*[!done]")))
            expected = {key: row[key] for key in row if key not in ("late", "unknown_channel") and row[key]}
            assert {key: found[key] for key in found if found[key]} == expected, (morning, source)
            assert row["received"] == sum(row[key] for key in ("new", "edited", "repeated", "twins")) + sum(
                row["quarantined"].values()
            )
        if morning.endswith("5") or morning == mornings[-1]:
            assert plain.daily_counts() == promised_counts(demo, morning), morning


def test_every_kind_of_trouble_is_there(demo: Path, mornings: list[str]) -> None:
    ledgers = [json.loads((demo / f"truth/ledger/{morning}.json").read_text()) for morning in mornings]
    totals: Counter[str] = Counter()
    for row in (row for ledger in ledgers for row in ledger.values()):
        totals.update({key: row[key] for key in ("late", "edited", "repeated", "twins", "unknown_channel")})
        totals.update(row["quarantined"])
    assert set(totals) == {
        "late", "edited", "repeated", "twins", "unknown_channel", "missing_response_id", "missing_unit",
        "unknown_unit", "unreadable_date", "impossible_date", "future_date", "answer_outside_scale", "broken_line",
        "unit_not_valid",
    }  # fmt: skip
    assert min(totals.values()) > 0


def test_late_answers_come_one_to_seven_days_late(demo: Path, mornings: list[str]) -> None:
    plain, lateness = PlainLoad(demo), Counter[int]()
    for morning in mornings:
        before = set(plain.loaded)
        plain.deliver("bornes", demo / f"drops/bornes/bornes_{morning}.parquet")
        for key in plain.loaded.keys() - before:
            lateness[(date.fromisoformat(morning) - plain.loaded[key]["day"]).days - 1] += 1
    assert set(lateness) == {0, 1, 2, 3, 4, 5, 6, 7}
    assert 0.9 < lateness[0] / lateness.total() < 0.98


def test_nothing_is_dated_after_the_business_day_it_is_delivered_for(demo: Path, mornings: list[str]) -> None:
    for morning in mornings:
        for answer in web(demo / f"drops/enquete_web/enquete_web_{morning}.jsonl"):
            if answer.get("at") and answer["at"].year < 2090:
                assert max(answer["raw"]["submitted_at"], answer["updated"])[:10] < morning
