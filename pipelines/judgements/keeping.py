"""Judgements on disk: a record and a page each, under their day, and the index that leads to them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from filelock import FileLock

from pipelines.judgements.judgement import Judgement, from_json
from pipelines.landing import PRIVATE_FILE

FOLDER, INDEX = "validation", "index.html"


def keep(home: Path, judgement: Judgement, *, days: int) -> None:
    """Write a judgement, its page and the index; those judged more than so many days before go."""
    from pipelines.judgements.as_html import index_html, page_html
    from pipelines.summary.pages import write_atomically

    page = home / FOLDER / str(judgement.business_date) / f"{judgement.name}.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(home / FOLDER / ".lock", mode=PRIVATE_FILE):  # sources are loaded side by side
        write_atomically(page, page_html(judgement))
        write_atomically(page.with_suffix(".json"), judgement.to_json())
        kept = _forget_old(_kept(home), judgement, days)
        write_atomically(index_file(home), index_html(kept))


def index_file(home: Path) -> Path:
    """Where an engineer starts to read."""
    return home / FOLDER / INDEX


def _kept(home: Path) -> dict[Path, Judgement]:
    files = sorted((home / FOLDER).glob("*/*.json"))
    return {file: from_json(file.read_text(encoding="utf-8")) for file in files}


def _forget_old(kept: dict[Path, Judgement], newest: Judgement, days: int) -> list[Judgement]:
    first = newest.judged_at - timedelta(days=days)
    for file, judgement in kept.items():
        if judgement.judged_at < first:
            file.unlink()
            file.with_suffix(".html").unlink(missing_ok=True)
            if not any(file.parent.iterdir()):
                file.parent.rmdir()
    return [judgement for judgement in kept.values() if judgement.judged_at >= first]
