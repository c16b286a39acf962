"""The page: self-contained, escaped, legible, and readable without seeing it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from pipelines.summary import render_html
from pipelines.summary.as_html import TEMPLATES
from pipelines.summary.figures import SummaryUnit

VOID = {"meta"}


class Outline(HTMLParser):
    """What a browser would find: tags that close, addresses, and texts for those who do not see."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture
def region(make):
    branch = make.branch(make.child("Arras", 1, 21), make.child("<i>Gap</i>", 2, 3, days=91))
    return make.figures(unit=SummaryUnit("nord", "Nord & Cie", "region", 2), branches=(branch,))


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_the_page_is_one_well_formed_document(region, locale):
    outline = Outline(render_html(region, locale))
    assert outline.open == []
    assert outline.all("html") == [{"lang": locale}]
    assert len(outline.all("h1")) == 1


def test_the_page_fetches_nothing(region):
    html = render_html(region, "fr")
    assert not re.search(r"https?:|//[a-z]|url\(|@import|<script|<link|<img|\bsrc=", html)


def test_no_search_engine_is_to_keep_the_page(region):
    """It quotes clients, and a company may serve it to its managers."""
    assert {"name": "robots", "content": "noindex"} in Outline(render_html(region, "fr")).all("meta")


def test_clients_words_and_names_are_escaped(make):
    figures = make.figures(
        verbatims=(make.verbatim("<script>alert(1)</script> & \"'", 1),),
        unit=SummaryUnit("x", "<b>Nice</b>", "site", 1),
    )
    html = render_html(figures, "fr")
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#34;&#39;" in html
    assert "&lt;b&gt;Nice&lt;/b&gt;" in html


def test_words_of_any_direction_take_their_own(make):
    figures = make.figures(verbatims=(make.verbatim("الخدمة كانت بطيئة", 1),))
    assert '<blockquote dir="auto">الخدمة كانت بطيئة</blockquote>' in render_html(figures, "fr")


def test_every_strip_is_an_image_that_says_its_numbers(make):
    drawn = Outline(render_html(make.figures(), "en")).all("svg")
    assert len(drawn) == 6
    assert all(each["role"] == "img" for each in drawn)
    assert drawn[0]["aria-label"] == (
        "of clients satisfied: 72%, between 64% and 80% with 95% confidence, 119 answers. The line is at 55%."
    )


def test_the_line_of_55_percent_is_drawn(make):
    marks = [each for each in Outline(render_html(make.figures(), "fr")).all("line") if each["class"] == "mark"]
    assert marks[0]["x1"] == "55.0%"


def test_a_page_links_to_the_units_below_and_a_mail_to_nothing(region):
    linked = Outline(render_html(region, "fr", link_to=lambda unit_id: f"{unit_id[:3]}.html"))
    assert [each["href"] for each in linked.all("a")] == ["arr.html", "<i>.html"]
    assert Outline(render_html(region, "fr")).all("a") == []


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    channels = (int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4))
    red, green, blue = (each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_every_text_has_the_contrast_that_wcag_asks(theme):
    """WCAG 2.2, 1.4.3: 4.5 to 1."""
    roots = re.findall(r":root\{(.*?)\}", (TEMPLATES / "style.css").read_text(), re.DOTALL)
    colours = dict(re.findall(r"--([\w-]+):(#\w+)", roots[0])) | dict(re.findall(r"--([\w-]+):(#\w+)", roots[theme]))
    texts = ("ink", "soft", "yes", "no", "mixed", "quiet")
    on_cards = {name: contrast(colours[name], colours["card"]) for name in texts}
    heroes = ("hero-yes", "hero-no", "hero-mixed", "hero-quiet")
    on_heroes = {name: contrast(colours["on"], colours[name]) for name in heroes}
    assert {name: ratio for name, ratio in (on_cards | on_heroes).items() if ratio < 4.5} == {}
