"""What others score, from CSV files of the house."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator

from pipelines.settings.choices import one_of
from pipelines.settings.csv_file import Row, read_rows
from pipelines.settings.document import Document
from pipelines.settings.entry import Entry, Key, Text
from pipelines.settings.errors import Place, Problems
from pipelines.settings.explain import read_entry
from pipelines.settings.paths import named_file
from pipelines.settings.units import SECTOR_KEYS
from symetrie.benchmarks import Benchmark
from symetrie.measures import ENPS, NPS, Side
from symetrie.sectors import ALL_SECTORS

SCORED_IN_POINTS = (NPS.key, ENPS.key)  # from -100 to 100; every other measure in percent


def _with_a_point(value: Any) -> Any:
    """Read 72,5 as a French spreadsheet writes it."""
    return value.replace(",", ".") if isinstance(value, str) else value


class BenchmarkEntry(Entry):
    """A line of a benchmark file."""

    sector: Annotated[str, AfterValidator(one_of((*SECTOR_KEYS, ALL_SECTORS), "sector of the barometers"))] = Field(
        description="Sector of the barometers, or all."
    )
    year: int = Field(ge=1900, le=2999, description="Year of the measurement.")
    side: Side = Field(description="Whose answers: client, employee, perceived.")
    measure: Key = Field(description="Measure, as overall or trust; any other name is kept apart from ours.")
    scale: Text = Field(description="Scale of the answers, as one_to_five; compared only with scores on the same.")
    questionnaire: Text | None = Field(
        default=None, description="Version of the questionnaire; compared only with scores of the same."
    )
    score_pct: Annotated[float, BeforeValidator(_with_a_point, json_schema_input_type=float)] = Field(
        ge=-100, le=100, description="Score in percent favourable, or in points for nps and enps."
    )
    answer_count: int | None = Field(default=None, ge=1, description="How many answered, where it is known.")
    source: Text = Field(description="Who measured and published it.")

    @field_validator("score_pct")
    @classmethod
    def _percent_unless_points(cls, score: float, info: ValidationInfo) -> float:
        if score < 0 and info.data.get("measure") not in SCORED_IN_POINTS:
            raise ValueError("must be at least 0")
        return score


def read_benchmarks(document: Document, problems: Problems) -> tuple[Benchmark, ...]:
    """Read the benchmarks of all files; a score stands once in all of them."""
    lines: dict[tuple[Any, ...], Place] = {}
    benchmarks = []
    for value, at in _rows(document, problems):
        entry = read_entry(BenchmarkEntry, value, at, problems)
        if entry is None:
            continue
        what = (entry.sector, entry.year, entry.side, entry.measure, entry.scale, entry.questionnaire)
        if what in lines:
            problems.add(at(("measure",)), f"also stands at {lines[what].file_and_line}; keep one of the two scores")
        lines.setdefault(what, at(()))
        benchmarks.append(Benchmark(**entry.model_dump()))
    return tuple(benchmarks)


def _rows(document: Document, problems: Problems) -> Iterator[Row]:
    for index, path in enumerate(document.items("benchmarks")):
        file = named_file(path, document, ("benchmarks", index)) if isinstance(path, str) else None
        if file is not None:
            yield from read_rows(file, BenchmarkEntry, problems) or ()
