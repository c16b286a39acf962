"""What others score, from CSV files of the house."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from pipelines.settings import Settings, load_settings
from symetrie.benchmarks import Benchmark, shipped_benchmarks

Load = Callable[..., Settings]
Lines = Callable[..., list[str]]
Write = Callable[..., Path]

ONE = "benchmarks: [sector.csv]\n"
HEADER = "sector,year,side,measure,scale,questionnaire,score_pct,answer_count,source\n"


def test_a_benchmark_keeps_its_scale_its_version_its_count_and_its_source(load: Load) -> None:
    rows = "banking,2026,client,trust,one_to_five,eleven-2024,61.5,2400,Barometer\n"
    assert load(ONE, sector=HEADER + rows).benchmarks == (
        Benchmark(
            sector="banking",
            year=2026,
            side="client",
            measure="trust",
            scale="one_to_five",
            questionnaire="eleven-2024",
            score_pct=61.5,
            answer_count=2400,
            source="Barometer",
        ),
    )


def test_a_house_has_none_unless_it_names_files_and_several_are_read_in_order(load: Load) -> None:
    assert load().benchmarks == ()
    first = HEADER + "all,2025,perceived,overall,one_to_five,,80,,A\n"
    second = HEADER + "energy,2025,client,overall,one_to_five,,60,,B\n"
    found = load("benchmarks: [first.csv, second.csv]\n", first=first, second=second).benchmarks
    assert [(each.sector, each.side, each.answer_count) for each in found] == [
        ("all", "perceived", None),
        ("energy", "client", None),
    ]


def test_a_french_spreadsheet_is_understood_with_its_decimal_commas(write: Write, tmp_path: Path) -> None:
    file = write(ONE)
    content = "Sector;Year;Side;Measure;Scale;Score_pct;Source\nbanking;2026;client;trust;one_to_five;61,5;Baromètre\n"
    for encoding in ("utf-8", "utf-8-sig", "cp1252"):
        (tmp_path / "sector.csv").write_text(content, encoding=encoding)
        [benchmark] = load_settings(file, {}).benchmarks
        assert (benchmark.score_pct, benchmark.source, benchmark.questionnaire) == (61.5, "Baromètre", None)


def test_recommendation_is_in_points_and_may_be_below_zero(load: Load) -> None:
    rows = "all,2026,client,nps,nps_0_10,,-100,,A\nall,2026,employee,enps,nps_0_10,,-4,,A\n"
    assert [each.score_pct for each in load(ONE, sector=HEADER + rows).benchmarks] == [-100, -4]


def test_the_shipped_table_has_the_form_of_the_files_of_a_house(load: Load) -> None:
    table = files("symetrie").joinpath("data/benchmarks/culture-services-2015.csv").read_text(encoding="utf-8")
    assert load(ONE, sector=table).benchmarks == shipped_benchmarks()


def test_a_mistake_is_told_with_its_file_line_and_column(problems: Lines) -> None:
    rows = [
        "bank,2026,client,trust,one_to_five,,60,,A",
        "banking,26,client,trust,one_to_five,,60,,A",
        "banking,2026,clients,trust,one_to_five,,60,,A",
        "banking,2026,client,Confiance,one_to_five,,60,,A",
        "banking,2026,client,trust,one_to_five,,-1,,A",
        "banking,2026,client,trust,one_to_five,,101,,A",
        "banking,2026,client,trust,one_to_five,,60 %,,A",
        "banking,2026,client,trust,one_to_five,,60,0,A",
        "banking,2026,client,trust,,,60,,",
    ]
    assert problems(ONE, sector=HEADER + "\n".join(rows)) == [
        "sector.csv:2: sector: 'bank' is not a sector of the barometers; did you mean 'banking'?",
        "sector.csv:3: year: must be at least 1900",
        "sector.csv:4: side: must be 'client', 'employee' or 'perceived'",
        (
            "sector.csv:5: measure: must be made of lower-case letters, digits, '-', '_' and '.',"
            " and begin with one of the first two"
        ),
        "sector.csv:6: score_pct: must be at least 0",
        "sector.csv:7: score_pct: must be at most 100",
        "sector.csv:8: score_pct: must be a number",
        "sector.csv:9: answer_count: must be at least 1",
        (
            "sector.csv:10: scale: is missing;"
            " add it (scale of the answers, as one_to_five; compared only with scores on the same)"
        ),
        "sector.csv:10: source: is missing; add it (who measured and published it)",
    ]


def test_one_score_stands_once_in_all_files_but_once_per_scale_and_version(load: Load, problems: Lines) -> None:
    row = "banking,2026,client,trust,one_to_five,eleven-2024,60,,A\n"
    others = row.replace("one_to_five", "zero_to_ten_agree") + row.replace("eleven-2024", "")
    assert len(load(ONE, sector=HEADER + row + others).benchmarks) == 3
    text = "benchmarks: [first.csv, second.csv]\n"
    assert problems(text, first=HEADER + row, second=HEADER + row.replace(",60,", ",70,")) == [
        "second.csv:2: measure: also stands at first.csv:2; keep one of the two scores"
    ]


def test_a_missing_file_and_a_list_that_is_none_are_told(problems: Lines) -> None:
    assert problems("benchmarks: [nowhere.csv]\n") == [
        "symetrie.yaml:1: benchmarks[0]: nowhere.csv cannot be read: No such file or directory"
    ]
    assert problems("benchmarks: sector.csv\n") == ["symetrie.yaml:1: benchmarks: must be a list"]
