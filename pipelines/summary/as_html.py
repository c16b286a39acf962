"""The summary as a self-contained page: a phone first, light or dark, nothing fetched from anywhere."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipelines.summary.figures import Figures
from pipelines.summary.page import Page
from pipelines.summary.telling import make_page

TEMPLATES = Path(__file__).parent / "templates"

LinkTo = Callable[[str], str | None]


@functools.cache
def environment(*folders: Path) -> Environment:
    """The templates, behind those of other pages in this look; everything escaped unless they say otherwise."""
    return Environment(
        loader=FileSystemLoader([*folders, TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render_html(figures: Figures, locale: str, read_on: date | None = None, link_to: LinkTo | None = None) -> str:
    """The summary as one HTML document; `link_to` gives the address of another unit's page, where there is one."""
    return page_html(make_page(figures, locale, read_on), link_to)


def page_html(page: Page, link_to: LinkTo | None = None, mirror_address: str | None = None) -> str:
    """A page already in words as one HTML document; with the address of the mirror's page, where there is one."""
    template = environment().get_template("summary.html")
    return template.render(page=page, link_to=link_to or _no_link, mirror_address=mirror_address)


def _no_link(unit_id: str) -> None:
    """A page on its own has no others to lead to."""
