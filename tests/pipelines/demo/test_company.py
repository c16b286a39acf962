from datetime import date, timedelta
from pathlib import Path

import pytest

from pipelines.demo import make_demo
from pipelines.errors import SymetrieError

UNTIL = date(2026, 3, 31)
SMALL = {"sites": 12, "answers_per_day": 60}


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_the_same_call_makes_the_same_bytes(tmp_path: Path) -> None:
    make_demo(tmp_path / "a", UNTIL, days=9, **SMALL)
    make_demo(tmp_path / "b", UNTIL, days=9, **SMALL)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_another_seed_makes_other_answers(tmp_path: Path) -> None:
    make_demo(tmp_path / "a", UNTIL, days=1, **SMALL)
    make_demo(tmp_path / "b", UNTIL, days=1, seed=7, **SMALL)
    file = "drops/apres_visite/apres_visite_2026-04-01.csv"
    assert contents(tmp_path / "a")[file] != contents(tmp_path / "b")[file]


def test_extending_day_by_day_equals_one_go(tmp_path: Path) -> None:
    for days_to_go in (10, 9, 5, 1, 0):
        make_demo(tmp_path / "steps", UNTIL - timedelta(days=days_to_go), days=4, **SMALL)
    make_demo(tmp_path / "leap", UNTIL, days=14, **SMALL)
    assert contents(tmp_path / "steps") == contents(tmp_path / "leap")


def test_extending_leaves_what_exists_as_it_is(tmp_path: Path) -> None:
    make_demo(tmp_path, UNTIL, days=3, **SMALL)
    (tmp_path / "symetrie.yaml").write_text("# mine now\n")
    before = {file: file.stat().st_mtime_ns for file in (tmp_path / "drops").rglob("*") if file.is_file()}
    report = make_demo(tmp_path, UNTIL + timedelta(days=2))
    assert report.days_added == 2
    assert (tmp_path / "symetrie.yaml").read_text() == "# mine now\n"
    assert {file: file.stat().st_mtime_ns for file in before} == before


def test_the_same_until_again_does_nothing(tmp_path: Path) -> None:
    make_demo(tmp_path, UNTIL, days=3, **SMALL)
    before = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*")}
    report = make_demo(tmp_path, UNTIL)
    assert (report.days_added, report.answers_added) == (0, 0)
    assert {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*")} == before


def test_a_day_whose_making_was_cut_short_is_made_again(tmp_path: Path) -> None:
    make_demo(tmp_path, UNTIL, days=3, **SMALL)
    complete = contents(tmp_path)
    (tmp_path / "truth/ledger/2026-04-01.json").unlink()
    (tmp_path / "drops/bornes/bornes_2026-04-01.parquet").write_bytes(b"half")
    make_demo(tmp_path, UNTIL)
    assert contents(tmp_path) == complete


def test_each_source_delivers_one_file_a_morning_with_its_done_marker(tmp_path: Path) -> None:
    report = make_demo(tmp_path, UNTIL, days=2, **SMALL)
    names = sorted(file.name for file in (tmp_path / "drops").rglob("*") if file.is_file())
    mornings = ("2026-03-31", "2026-04-01")
    drops = [f"apres_visite_{day}.csv" for day in mornings]
    drops += [f"enquete_web_{day}.jsonl" for day in mornings]
    drops += [f"bornes_{day}.parquet" for day in mornings]
    drops += [f"double_ecoute_{day}.csv" for day in mornings]
    assert names == sorted([*drops, *(f"{name}.done" for name in drops)])
    assert (report.anchor, report.until) == (date(2026, 3, 30), UNTIL)


def test_an_older_file_has_an_older_time_whenever_it_was_made(tmp_path: Path) -> None:
    make_demo(tmp_path, UNTIL, days=2, **SMALL)
    times = [file.stat().st_mtime for file in sorted((tmp_path / "drops/bornes").glob("*.parquet"))]
    assert times == [1774917000.0, 1775003400.0]  # 00:30 UTC on 31 March and 1 April 2026


@pytest.mark.parametrize(("sites", "answers_per_day"), [(0, 100), (1, 0), (1, 100), (2, 1), (12_500, 20_000)], ids=str)
def test_any_size_is_made(tmp_path: Path, sites: int, answers_per_day: int) -> None:
    report = make_demo(tmp_path, UNTIL, days=1, sites=sites, answers_per_day=answers_per_day)
    expected = answers_per_day if sites else 0
    assert 0.5 * expected - 5 <= report.answers_added <= 1.5 * expected + 5
    assert (tmp_path / "network.csv").read_text().count(",site,") >= sites
    assert len(list((tmp_path / "drops").rglob("*.done"))) == 4


def test_every_answer_belongs_to_a_site_of_its_own_size(tmp_path: Path) -> None:
    make_demo(tmp_path, UNTIL, days=1, sites=1, answers_per_day=50)
    lines = (tmp_path / "drops/apres_visite/apres_visite_2026-04-01.csv").read_bytes().decode("cp1252").split("\r\n")
    assert {line.split(";")[1] for line in lines[1:] if line} <= {"M001", "Z999", ""}


@pytest.mark.parametrize("wanted", [{"sites": 13}, {"answers_per_day": 61}, {"seed": 1}])
def test_a_demo_keeps_the_size_and_seed_it_was_made_with(tmp_path: Path, wanted: dict[str, int]) -> None:
    make_demo(tmp_path, UNTIL, days=1, **SMALL)
    with pytest.raises(SymetrieError, match=f"was made with {next(iter(wanted))}="):
        make_demo(tmp_path, UNTIL, **wanted)


def test_nonsense_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(SymetrieError, match="one day at least"):
        make_demo(tmp_path / "a", UNTIL, days=0)
    with pytest.raises(SymetrieError, match="cannot be negative"):
        make_demo(tmp_path / "b", UNTIL, sites=-1)
    (tmp_path / "demo.json").write_text("{")
    with pytest.raises(SymetrieError, match="is damaged"):
        make_demo(tmp_path, UNTIL)
