"""The mail: the same words as the page, in what every mail program understands."""

from __future__ import annotations

import re
from html import unescape

import pytest

from pipelines.summary.as_mail import mail_html
from pipelines.summary.figures import SummaryUnit
from pipelines.summary.telling import make_page


@pytest.fixture
def page(make):
    branch = make.branch(make.child("Nice", 3, 20), make.child("Lille", 50, 90), unit_count=30)
    return make_page(make.figures(branches=(branch,)), "fr")


def words(html):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_the_mail_says_what_the_page_says(page):
    said = words(mail_html(page))
    told = [
        page.unit_name, page.word, page.rest, page.score, page.counts, page.interval, page.change, page.correct,
        page.branches[0].tally, page.branches[0].lines[0].name, page.branches[0].more, page.quotes[0].text,
        page.context[0].name, page.groups[0].title, page.sources[0].state, *page.reading,
    ]  # fmt: skip
    assert [text for text in told if " ".join(text.split()) not in said] == []


def test_a_mail_program_that_knows_little_shows_it_all_the_same(page):
    """Gmail and Outlook drop variables, style sheets, drawings and what is fetched."""
    html = mail_html(page)
    assert html.startswith("<!doctype html>")
    assert not re.search(r"var\(|<style|<svg|<img|<link|<script|class=|https?://|<a ", html)


def test_a_mail_stays_far_below_what_gmail_cuts_off(page):
    """Beyond 102 kB the rest is hidden behind a link."""
    assert len(mail_html(page).encode()) < 40_000


def test_clients_words_are_never_markup(make):
    figures = make.figures(
        unit=SummaryUnit("x", "<b>Nice</b>", "site", 1),
        verbatims=(make.verbatim("<script>alert(1)</script>", 1),),
    )
    html = mail_html(make_page(figures, "en"))
    assert "<script" not in html
    assert "<b>Nice" not in html


def test_an_answer_that_cannot_be_given_has_no_bar(make):
    html = mail_html(make_page(make.figures(3, 4, dimensions=(), nps=None, ces=None), "en"))
    assert "line-height:8px" not in html
