"""A day of a million answers, from landed pages to published scores, stage by stage beside the bare limit.

python benchmarks/one_day.py --answers 100000 --format jsonl
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bare_limit import bare_limit
from cost import Cost, Stages, in_child, peak_mebibytes
from house import SOURCE, House
from results import Figure, publish

MILLION = 1_000_000
TIMES_BARE_LIMIT, PEAK_MEBIBYTES = 3.0, 1536.0
SITES, ANSWERS_PER_FILE = 12_500, 100_000
DAY = datetime.now(UTC).date() - timedelta(days=1)
GX, GX_IMPORT, WHOLE, BARE = "Great Expectations", "import", "whole", "bare limit"
STAGE = "redact by pattern, hash and stage"


def main() -> None:
    """Measure and publish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=MILLION)
    parser.add_argument("--sites", type=int, default=SITES)
    parser.add_argument("--format", choices=("csv", "jsonl"), default="csv")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="symetrie-bench-") as folder:
        house = House(Path(folder), asked.sites, asked.format)
        in_child(_prepare, house, DAY, asked.answers)
        bare = in_child(_bare, house)
        stages, _ = in_child(_day, house, DAY, "off")
        with_names, peak = in_child(_day, house, DAY, "list")
    subject = f"One day, {asked.answers:,} answers as {asked.format}, {asked.sites:,} sites"
    publish(subject, _figures(stages, with_names, peak, bare))


def _prepare(house: House, day: date, answers: int) -> None:
    """Write the pages and land them."""
    from pipelines import steps

    house.write().drop(day, answers, files=-(-answers // ANSWERS_PER_FILE))
    steps.extract_source(house.settings(), SOURCE, day)


def _bare(house: House) -> Cost:
    stages = Stages()
    with stages.stage(BARE):
        pages = sorted((house.folder / "home" / "landing" / SOURCE).glob(f"??/*.{house.format}.gz"))
        bare_limit(pages, house.format, house.folder / "bare.duckdb")
    return stages.costs[BARE]


def _day(house: House, day: date, names: str) -> tuple[dict[str, Cost], float]:
    """Every step of the day by the functions that Airflow and `symetrie run` call, in a warehouse of its own."""
    from pipelines import landing, pages, steps, validation
    from pipelines.settings.redaction import Redaction
    from pipelines.validation import verdicts

    stages = Stages()
    with stages.stage(GX_IMPORT):
        import great_expectations  # noqa: F401
        import scipy.stats  # noqa: F401

        import expectations.client_batch
        import expectations.client_feedback  # noqa: F401
    url = f"duckdb:///{house.folder / f'names-{names}.duckdb'}"
    settings = replace(house.settings(), warehouse_url=url, redaction=Redaction(names=names))
    run_id = steps.start_run(settings, day)
    verdicts.judge = stages.timed(GX, verdicts.judge)
    pages.read_pages = stages.timed("read the pages", pages.read_pages)
    validation.validate = stages.timed("validate, Great Expectations included", validation.validate)
    validation.save_batch = stages.timed(STAGE, validation.save_batch)
    landed = [page.content_hash for page in landing.landed_pages(house.folder / "home", SOURCE)]
    with stages.stage(WHOLE):
        folder = steps.validate_source(settings, SOURCE, landed, day, run_id)
        with stages.stage("load"):
            steps.load_batch(settings, folder, run_id, day)
        with stages.stage("score"):
            steps.score_days(settings, day, run_id)
    return stages.costs, peak_mebibytes()


def _figures(stages: dict[str, Cost], with_names: dict[str, Cost], peak: float, bare: Cost) -> list[Figure]:
    names, own = with_names[STAGE] - stages[STAGE], stages[WHOLE] - stages[GX]
    return [
        _figure("bare limit", bare),
        *(_figure(name, cost) for name, cost in stages.items() if name not in (GX, GX_IMPORT, WHOLE)),
        _figure("Great Expectations' own time, part of validate", stages[GX]),
        _figure("import of Great Expectations, once a process", stages[GX_IMPORT]),
        _figure("own time of the recogniser of names by list", names),
        _figure("the day with both", with_names[WHOLE], bare),
        _figure("the day without either", own, bare, aim=TIMES_BARE_LIMIT * bare.wall),
        Figure("peak memory", peak, "MiB", aim=PEAK_MEBIBYTES),
    ]


def _figure(name: str, cost: Cost, bare: Cost | None = None, aim: float | None = None) -> Figure:
    limit = None if bare is None else bare.wall
    return Figure(name, cost.wall, cpu_seconds=cost.cpu, bare_limit=limit, aim=aim)


if __name__ == "__main__":
    main()
