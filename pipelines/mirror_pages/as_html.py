"""A mirror as a self-contained page: a phone first, light or dark, in the look of the morning summaries."""

from __future__ import annotations

from pathlib import Path

from pipelines.mirror_pages.page import MirrorPage
from pipelines.mirror_pages.records import Mirror
from pipelines.mirror_pages.telling import make_page
from pipelines.summary.as_html import environment

TEMPLATES = Path(__file__).parent / "templates"


def render_mirror(mirror: Mirror, locale: str) -> str:
    """The mirror of one unit as one HTML document."""
    return page_html(make_page(mirror, locale))


def page_html(page: MirrorPage) -> str:
    """A mirror already in words as one HTML document."""
    return environment(TEMPLATES).get_template("mirror.html").render(page=page)
