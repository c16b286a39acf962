"""`symetrie mirror` and `symetrie label`: what a manager reads in a hundred columns, and why something is missing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from pipelines.cli import main
from pipelines.warehouse import open_warehouse
from pipelines.warehouse.tables import label
from tests.pipelines.reflection.house import answers_of, figure, own, settled, unit

SETTINGS = """\
locale: fr
network:
  units:
    - {id: shops, kind: network, name: Les magasins, timezone: Europe/Paris}
    - {id: lille, kind: site, name: Lille, parent: shops}
    - {id: nice, kind: site, name: Nice, parent: shops}
questionnaires:
  test-1:
    overall: {field: mark, scale: one_to_five}
sources:
  - name: survey
    kind: files
    path: drops/*.csv
    questionnaire: test-1
    fields: {response_id: id, unit_id: shop, submitted_at: at}
"""
LAST_YEAR = date(2025, 3, 31)

Symetrie = Callable[..., str]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network whose mirror holds all there is to say: of 2025 ten dimensions, of 2026 eleven, one hidden."""
    folder = tmp_path_factory.mktemp("house")
    (folder / "symetrie.yaml").write_text(SETTINGS, encoding="utf-8")
    home = folder / ".symetrie"
    units = unit("shops"), unit("lille", "shops"), unit("nice", "shops")
    with (
        closing(open_warehouse(f"duckdb:///{home / 'warehouse.duckdb'}", home)) as warehouse,
        warehouse.engine.begin() as connection,
    ):
        house = settled(warehouse, connection, *units)
        house.clients(
            *answers_of("lille", 29, 40, harmony=(23, 40)),
            {"unit_id": "lille", "measure": "overall", "n": 12_500, "k": 8_600},
        )
        house.publish("2025-q1", *own("lille", 8, 10)[:-1], closes_on=LAST_YEAR, dimension_count=10)
        house.publish(
            "2026-q1",
            *own("lille", 33, 40, harmony=(20, 40), values=(None, None)),
            figure("lille", "overall", 35, 40, side="perceived"),
            figure("lille", "trust", None, None, side="perceived", hidden_reason="would_tell"),
            *({**row, "precision_count": 1} for row in own("shops", 32, 40, trust=(23, 40))),
        )
        house.reflect()
        connection.execute(label.update().where(label.c.unit_id == "shops").values(probability=0.85))
    return folder


@pytest.fixture
def symetrie(house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Symetrie:
    """The entry point, called in this process; gives what was printed, errors too, with plain spaces."""
    for name in ("SYMETRIE_CONFIG", "SYMETRIE_HOME", "SYMETRIE_WAREHOUSE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(house)

    def call(*arguments: str) -> str:
        monkeypatch.setattr(sys, "argv", ["symetrie", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = ended.value.code if isinstance(ended.value.code, str) else capsys.readouterr().out
        return printed.translate(dict.fromkeys(map(ord, "\u00a0\u202f"), " "))

    return call


def lines_of(printed: str, first: str, last: str) -> list[str]:
    """The lines of a table from one that begins so to the one before another that does."""
    lines = [line.rstrip() for line in printed.splitlines()]
    start, end = (next(n for n, line in enumerate(lines) if line.startswith(word)) for word in (first, last))
    return lines[start:end]


def test_the_three_legs_stand_side_by_side_with_their_counts_and_intervals(symetrie: Symetrie) -> None:
    """Of overall satisfaction the published gap stands below the house's own: 35 of 40 against 8,600 of 12,500."""
    printed = symetrie("mirror", "--unit", "lille", "--locale", "en")
    assert printed.startswith("Lille, mirror of the campaign 2026-q1, from 18 to 31 March 2026\n")
    assert lines_of(printed, "Overall", "Cooperation") == [
        "Overall           69% (12,500)                  88% (40)                       +19",
        "satisfaction          68 to 70                  74 to 95                 +5 to +26",
        "                                                                        published:",
        "                                                                               +20",
        "Autonomy and          73% (40)     83% (40)    not asked          −10               solid on",
        "initiative            57 to 84     68 to 91                 −28 to +8               both sides",
    ]
    assert "Clients of the 91 days up to 31 March 2026." in printed


def test_what_is_not_shown_says_why_in_words(symetrie: Symetrie) -> None:
    """In the language of the settings, unless another is asked for."""
    printed = symetrie("mirror", "--unit", "lille")
    assert lines_of(printed, "La relation", "L'environnement") == [
        "La relation de        73 % (40)      83 % (40)  non affiché ²          −10               solide des",
        "confiance               57 à 84        68 à 91                    −28 à +8               deux côtés",
        "Les valeurs           73 % (40)  non affiché ¹    non demandé",
        "                        57 à 84",
    ]
    assert "¹ Moins de 5 réponses : le résultat n'est pas affiché, pour que chacun reste anonyme." in printed
    assert "² Pas affiché : avec les résultats voisins, on pourrait deviner qui a répondu quoi." in printed


def test_what_the_precision_leaves_open_is_to_be_confirmed(symetrie: Symetrie) -> None:
    """22 to 24 of 40 are solid or are not; in one language as in the other it says why."""
    english, french = (symetrie("mirror", "--locale", locale) for locale in ("en", "fr"))
    trust, below = lines_of(english, "Trust", "Values")
    assert (trust[-7:], below[-11:]) == ("  to be", "  confirmed")
    assert "To be confirmed: too few answers on one side" in english
    assert "À confirmer : trop peu de réponses d'un côté" in french
    assert "To be confirmed" not in symetrie("mirror", "--unit", "lille", "--locale", "en")


@pytest.mark.parametrize(("locale", "says"), [("en", "asked teams 10 of the eleven"), ("fr", "que 10 des onze")])
def test_an_earlier_campaign_is_asked_for_by_a_day_and_says_that_it_asked_ten(
    symetrie: Symetrie, locale: str, says: str
) -> None:
    printed = symetrie("mirror", "--unit", "lille", "--as-of", "2025-12-31", "--locale", locale)
    assert "2025-q1" in printed
    assert says in " ".join(printed.split())
    said = " ".join(symetrie("label", "--unit", "lille", "--as-of", "2025-12-31").split())
    assert "State: cannot be said. The campaign asked teams 10 of the eleven dimensions" in said


@pytest.mark.parametrize("arguments", [("mirror",), ("mirror", "--unit", "lille", "--locale", "en"), ("label",)])
def test_it_fits_a_hundred_columns(symetrie: Symetrie, arguments: tuple[str, ...]) -> None:
    assert max(len(line.rstrip()) for line in symetrie(*arguments).splitlines()) <= 100


def test_the_label_says_what_decides_it_the_means_and_how_probable_it_is(symetrie: Symetrie) -> None:
    """Teams at 32 of 40 but for trust at 23; clients of the one shop, all but one dimension at 29 of 40."""
    assert symetrie("label").splitlines()[:5] == [
        "Les magasins, criteria of the label up to 2026-03-31",
        "State: cannot be said.",
        "Left open by: Trust, teams, 57.5%, between 39.8% and 73.7% (40 answers).",
        "Means: 74.5% over both sides, 71.1% of clients, 78.0% of teams (setting all_scores-1).",
        "Probability that they truly hold, given who answered: likely, about 85 in 100.",
    ]


def test_a_label_that_fails_already_is_said_though_a_score_is_missing(symetrie: Symetrie) -> None:
    printed = symetrie("label", "--unit", "lille")
    assert printed.splitlines()[1:4] == [
        "State: not met.",
        "Decided by: Harmony of human and digital, teams, 50.0%, between 35.2% and 64.8% (40 answers).",
        "Means: unknown over both sides, 71.1% of clients, unknown of teams (setting all_scores-1).",
    ]
    assert "not worked out. It takes clients, and of the teams 30 answers or more" in " ".join(printed.split())


@pytest.mark.parametrize("command", ["mirror", "label"])
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ("--as-of", "2024-12-31"),
            "no campaign that closed by 2024-12-31 has been published; see symetrie pulse list",
        ),
        (("--unit", "nice"), "unit 'nice' is in no publication of a campaign; see symetrie pulse list"),
        (("--unit", "lile"), "there is no unit 'lile'; did you mean 'lille'?"),
    ],
)
def test_what_cannot_be_shown_is_one_line_that_says_what_to_do(
    symetrie: Symetrie, command: str, arguments: tuple[str, ...], says: str
) -> None:
    assert symetrie(command, *arguments) == f"symetrie: {says}"


def test_every_word_stands_in_both_languages() -> None:
    from pipelines.cli.mirror_words import MIRROR_WORDS

    assert MIRROR_WORDS["en"].keys() == MIRROR_WORDS["fr"].keys()
