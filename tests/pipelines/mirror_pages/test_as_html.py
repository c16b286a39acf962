"""The page: self-contained, escaped, legible, and readable without seeing it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from pipelines.mirror_pages import SectorScore, render_mirror
from pipelines.mirror_pages.as_html import TEMPLATES
from pipelines.mirror_pages.records import Estimate
from pipelines.summary.as_html import TEMPLATES as SUMMARY_TEMPLATES
from pipelines.summary.figures import SummaryUnit


class Drawings(HTMLParser):
    """Every drawing of a page, and whether every tag closes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.outermost: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "svg" and "svg" not in self.open:
            self.outermost.append(dict(attrs))
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture
def everything(make):
    """A mirror with every section that there is."""
    return make.mirror(
        unit=SummaryUnit("nord", "Nord & <i>Cie</i>", "region", 20),
        has_units_below=True,
        curves=make.curves(),
        operators=(
            make.operators("client", "overall", own=(600, 900), **{"<b>Nord</b>": (300, 520)}),
            make.operators("employee", "trust", own=(60, 95), partner=(20, 48)),
        ),
        sector=[SectorScore("client", "trust", Estimate(69.0, 64.0, 73.0), "banking", 60.0, 2025, "<u>Baromètre</u>")],
    )


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_the_page_is_one_well_formed_document_in_its_language(everything, locale):
    html = render_mirror(everything, locale)
    assert Drawings(html).open == []
    assert f'<html lang="{locale}">' in html
    assert html.count("<h1>") == 1
    assert "mirror." not in re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)


def test_the_page_fetches_nothing(everything):
    assert not re.search(r"https?:|//[a-z]|url\(|@import|<script|<link|<img|\bsrc=", render_mirror(everything, "fr"))


def test_names_are_escaped(everything):
    html = render_mirror(everything, "fr")
    assert "Nord &amp; &lt;i&gt;Cie&lt;/i&gt;" in html
    assert not re.search("<(i|b|u)>", html)


def test_every_drawing_says_what_it_shows_or_is_but_an_ornament(everything):
    drawings = Drawings(render_mirror(everything, "fr")).outermost
    told = [each for each in drawings if each.get("role") == "img"]
    assert len(told) == 11 + 1 + 4 + 1
    assert all(each["aria-label"] for each in told)
    assert all(each.get("aria-hidden") == "true" for each in drawings if each not in told)


def test_the_line_of_55_percent_is_drawn_through_every_dimension(make):
    html = render_mirror(make.mirror(), "fr")
    assert html.count('<line class="mark" x1="55.0%" x2="55.0%"') == 11


def test_both_curves_are_named_where_they_are_drawn(everything):
    html = render_mirror(everything, "fr")
    assert re.findall(r'<text class="name"[^>]*>(.*?)</text>', html) == [
        "Recommandation des clients (NPS)",
        "Collaborateurs engagés",
    ]
    assert html.count('<path class="band"') == 2
    assert html.count('<circle class="point"') == 40


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    channels = (int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4))
    red, green, blue = (each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_the_colours_of_the_three_legs_are_legible(theme):
    """WCAG 2.2, 1.4.3: 4.5 to 1."""
    css = [
        (folder / name).read_text() for folder, name in ((SUMMARY_TEMPLATES, "style.css"), (TEMPLATES, "mirror.css"))
    ]
    roots = [re.findall(r":root\{(.*?)\}", text, re.DOTALL) for text in css]
    card = luminance(dict(re.findall(r"--([\w-]+):(#\w+)", roots[0][theme]))["card"])
    legs = dict(re.findall(r"--([\w-]+):(#\w+)", roots[1][theme]))
    assert legs.keys() == {"client", "employee", "perceived"}
    for colour in legs.values():
        darker, lighter = sorted((luminance(colour), card))
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5
