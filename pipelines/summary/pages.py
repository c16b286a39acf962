"""The day's pages on disk: one per unit and language, and the index; every file replaced by an atomic rename."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from datetime import date
from pathlib import Path
from uuid import uuid4

from pipelines.summary.addresses import INDEX, PAGES, latest_page, mirror_page, page_name, pages_folder, unit_page
from pipelines.summary.as_html import page_html
from pipelines.summary.figures import Figures
from pipelines.summary.index import index_html
from pipelines.summary.page import Page

DAY_FOLDER = re.compile(r"\d{4}-\d{2}-\d{2}")


def write_page(home: Path, figures: Figures, page: Page, units: Container[str]) -> str:
    """Write the page of one unit, with links to the pages of the units below; gives its HTML."""
    file = unit_page(home, figures.business_date, figures.unit.unit_id, page.locale)
    to_mirror = _address_of_mirror(home, figures, page)
    html = page_html(page, lambda unit_id: page_name(unit_id, page.locale) if unit_id in units else None, to_mirror)
    write_atomically(file, html)
    return html


def _address_of_mirror(home: Path, figures: Figures, page: Page) -> str | None:
    """The mirror's page as a page of the day links to it; none where it was not written, or not in this language."""
    if page.mirror is None:
        return None
    file = mirror_page(home, page.mirror.as_of, figures.unit.unit_id, page.locale)
    return f"../{file.relative_to(home / PAGES).as_posix()}" if file.exists() else None


def write_index(home: Path, figures: Mapping[str, Figures], business_date: date, locale: str) -> None:
    """Write the index of a day, and the newest one where that is the newest day."""
    folder = pages_folder(home, business_date)
    write_atomically(folder / INDEX, index_html(figures.values(), business_date, locale))
    if folder.name == _newest_day(home):
        write_atomically(latest_page(home), index_html(figures.values(), business_date, locale, f"{folder.name}/"))


def write_atomically(file: Path, text: str) -> None:
    """Replace a file whole: a reader sees the old one or the new one, also while several write it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{uuid4().hex}.draft")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def _newest_day(home: Path) -> str:
    return max(folder.name for folder in (home / PAGES).iterdir() if DAY_FOLDER.fullmatch(folder.name))
