"""The truth of the pulse is counted again from the files alone, by the plainest means, and must agree."""

import csv
import json
from collections import Counter, defaultdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from symetrie.dimensions import DIMENSIONS

AGREEMENT = {
    "Tout à fait d’accord": 5, "Plutôt d’accord": 4, "Ni d’accord ni pas d’accord": 3, "Plutôt pas d’accord": 2,
    "Pas du tout d’accord": 1,
}  # fmt: skip
CAMPAIGNS = {
    "pouls-2026-08": (date(2026, 8, 24), date(2026, 9, 6)),
    "pouls-2026-09": (date(2026, 9, 28), date(2026, 10, 11)),
}
KEYS = [dimension.key for dimension in DIMENSIONS]
COLUMNS = {"own": {key: f"Q{7 + at}" for at, key in enumerate(KEYS)},
           "perceived": {"overall": "Q18"} | {key: f"Q{19 + at}" for at, key in enumerate(KEYS)}}  # fmt: skip


def marks(row: dict[str, str]) -> dict[str, int | None]:
    return {
        name: None if cell in ("", "Ne sait pas") else AGREEMENT.get(cell) or int(cell)
        for name, cell in row.items()
        if name.startswith("Q")
    }


class PlainPulse:
    """Reads the files of the pulse one after another, and keeps the last good answer of each person and campaign."""

    def __init__(self, demo: Path) -> None:
        with (demo / "network.csv").open(encoding="utf-8") as file:
            self.units = {row["id"] for row in csv.DictReader(file)}
        self.kept: dict[tuple[str, str], tuple[dict[str, str], dict[str, int | None]]] = {}
        self.reasons: dict[str, Counter[str]] = defaultdict(Counter)
        self.received, self.moments = Counter[str](), defaultdict[tuple[str, str], list[datetime]](list)
        for path in sorted((demo / "drops/pouls").glob("*.csv")):
            self.read(path)

    def read(self, path: Path) -> None:
        header, *lines = csv.reader(path.read_text("utf-8-sig").splitlines(), delimiter=";")
        day = date.fromisoformat(path.stem[-10:])
        campaign = next(each for each, (opens, _) in reversed(CAMPAIGNS.items()) if opens < day)
        for cells in lines:
            self.received[campaign] += 1
            row = dict(zip(header, cells, strict=False))
            if reason := self.fault(campaign, row, len(cells) == len(header)):
                self.reasons[campaign][reason] += 1
                continue
            key = (campaign, row["Identifiant"])
            self.kept[key] = (row, marks(row))
            self.moments[key].append(datetime.strptime(row["Répondu le"], "%d/%m/%Y %H:%M"))  # noqa: DTZ007 - local

    def fault(self, campaign: str, row: dict[str, str], is_whole: bool) -> str | None:
        if not is_whole:
            return "broken_line"
        if not row["Identifiant"]:
            return "missing_respondent"
        if row["Code magasin"] not in self.units:
            return "unknown_unit"
        if row["Q2"] == "7":
            return "answer_outside_scale"
        answered = datetime.strptime(row["Répondu le"], "%d/%m/%Y %H:%M").date()  # noqa: DTZ007 - local
        opens, closes = CAMPAIGNS[campaign]
        assert opens <= answered
        return "after_closing" if answered > closes else None

    def counts(self, campaign: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for (of, _), (row, given) in self.kept.items():
            if of != campaign:
                continue
            unit = found.setdefault(row["Code magasin"], {"respondents": 0, "employee": {}, "perceived": {}})
            unit["respondents"] += 1
            items = [mark for number in range(2, 7) if (mark := given[f"Q{number}"]) is not None]
            add(unit["employee"], "engagement", [bool(items), bool(items) and sum(items) >= 4 * len(items)])
            enps = given["Q1"]
            kinds = [enps is not None, enps is not None and enps >= 9, enps is not None and enps <= 6]
            add(unit["employee"], "enps", kinds)
            for side, columns in (("employee", COLUMNS["own"]), ("perceived", COLUMNS["perceived"])):
                for key, column in columns.items():
                    mark = given[column]
                    add(unit[side], key, [mark is not None, mark is not None and mark >= 4])
        return found


def add(counts: dict[str, list[int]], key: str, kinds: list[bool]) -> None:
    counts[key] = [before + now for before, now in zip(counts.get(key, [0] * len(kinds)), kinds, strict=True)]


@pytest.fixture(scope="session")
def plain(demo: Path) -> PlainPulse:
    return PlainPulse(demo)


@pytest.fixture(scope="session")
def truths(demo: Path) -> dict[str, Any]:
    return {path.stem: json.loads(path.read_text()) for path in (demo / "truth/pulse").glob("pouls-*.json")}


def test_every_campaign_that_has_closed_has_its_truth(truths: dict[str, Any]) -> None:
    assert {id_: (truth["opens_on"], truth["closes_on"]) for id_, truth in truths.items()} == {
        id_: (opens.isoformat(), closes.isoformat()) for id_, (opens, closes) in CAMPAIGNS.items()
    }


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_counts_are_those_of_the_last_good_answer_of_each_person(
    plain: PlainPulse, truths: dict[str, Any], campaign: str
) -> None:
    promised = {unit: {**counts} for unit, counts in truths[campaign]["units"].items()}
    for counts in promised.values():
        assert counts.pop("invited") >= counts["respondents"]
    assert {unit: counts for unit, counts in promised.items() if counts["respondents"]} == plain.counts(campaign)


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_every_row_is_accounted_for(plain: PlainPulse, truths: dict[str, Any], campaign: str) -> None:
    truth = truths[campaign]
    assert plain.received[campaign] == truth["received_count"]
    assert plain.reasons[campaign] == truth["quarantined"]
    assert sum(of == campaign for of, _ in plain.kept) == truth["respondent_count"]
    parts = truth["respondent_count"] + truth["superseded_count"] + sum(truth["quarantined"].values())
    assert parts == truth["received_count"]


def test_every_kind_of_trouble_is_there(plain: PlainPulse, truths: dict[str, Any]) -> None:
    for campaign, truth in truths.items():
        assert set(truth["quarantined"]) == {
            "unknown_unit", "missing_respondent", "answer_outside_scale", "broken_line", "after_closing",
        }  # fmt: skip
        assert truth["unknown_relation_count"] > 0
        times = Counter(len(moments) for (of, _), moments in plain.moments.items() if of == campaign)
        assert min(times[1], times[2], times[3]) > 0
    assert {row["Je parle de"] for row, _ in plain.kept.values()} == {
        "Mon responsable", "Mes collègues", "Nos fournisseurs", "Nos partenaires", "", "Mon voisin de palier",
    }  # fmt: skip


def test_a_person_never_answers_twice_in_one_minute(plain: PlainPulse) -> None:
    for moments in plain.moments.values():
        assert moments == sorted(set(moments))


def test_people_who_moved_answer_for_their_new_team(plain: PlainPulse, truths: dict[str, Any]) -> None:
    moved = {each["login"]: each for each in truths["pouls-2026-09"]["moved"]}
    assert truths["pouls-2026-08"]["moved"] == []
    assert len(moved) > 3
    answered = {login: row["Code magasin"] for (of, login), (row, _) in plain.kept.items() if of == "pouls-2026-09"}
    before = {login: row["Code magasin"] for (of, login), (row, _) in plain.kept.items() if of == "pouls-2026-08"}
    assert answered.keys() & before.keys() & moved.keys()
    for login, each in moved.items():
        assert each["from"] != each["to"]
        assert answered.get(login, each["to"]) == each["to"]
        assert before.get(login, each["from"]) == each["from"]


def test_the_known_strength_stands_beside_the_correlation_of_the_true_levels(
    demo: Path, truths: dict[str, Any]
) -> None:
    strengths = json.loads((demo / "truth/pulse/strengths.json").read_text())
    assert strengths["client_follows_climate"] == 0.6
    assert strengths["partner"]["unit_ids"] == ["M005", "M012", "M019", "M024", "M026"]
    for truth in truths.values():
        true = truth["true_correlation"]
        assert true["overall~engagement"] == pytest.approx(0.6, abs=0.08)
        assert true["nps~engagement"] == pytest.approx(0.6, abs=0.08)
        assert all(true[f"{key}~{key}"] == pytest.approx(0.6, abs=0.15) for key in KEYS)


def test_some_comments_hold_an_address_of_who_wrote_them(plain: PlainPulse) -> None:
    comments = [row["Commentaire"] for row, _ in plain.kept.values() if row["Commentaire"]]
    assert 0.2 < len(comments) / len(plain.kept) < 0.4
    assert any(row["E-mail"] in row["Commentaire"] for row, _ in plain.kept.values())
    assert not [text for text in comments if "{" in text]
