"""The text: it fits a terminal of 80 columns, and says the same without colours."""

from __future__ import annotations

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from pipelines.summary import render_text
from pipelines.summary.as_text import page_text
from pipelines.summary.figures import SummaryUnit
from pipelines.summary.telling import make_page


def printed(renderable, **options) -> str:
    file = io.StringIO()
    Console(file=file, width=80, **options).print(renderable)
    return file.getvalue()


@pytest.fixture
def crowded(make):
    """Figures with the longest of everything."""
    name = "Marseille Les Terrasses du Port et de la Joliette, rez-de-chaussée haut et bas"
    children = (make.child(name, 1, 21), make.child("超級市場" * 6, 9, 14, days=7), make.child("Gap", 2, 3, days=91))
    words = ("Une caisse ouverte, " * 40, "x" * 400, "👨‍👩‍👧 " * 50, "الخدمة كانت بطيئة جدا", "\x1b[2J")
    return make.figures(
        unit=SummaryUnit("m", name, "region", 3),
        branches=(make.branch(*children),),
        verbatims=tuple(make.verbatim(text, 1, can_contact=True) for text in words),
    )


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_no_line_is_wider_than_a_terminal(crowded, locale):
    lines = page_text(make_page(crowded, locale)).splitlines()
    assert {line for line in lines if cell_len(line) > 80} == set()


def test_what_is_piped_to_a_file_is_the_mail_s_text_without_escape_codes(crowded):
    piped = printed(render_text(crowded, "fr"))
    assert "\x1b" not in piped
    assert [line.rstrip() for line in piped.splitlines()] == page_text(make_page(crowded, "fr")).splitlines()


def test_a_terminal_gets_colours(make):
    assert "\x1b[" in printed(render_text(make.figures(), "fr"), force_terminal=True, color_system="standard")


def test_square_brackets_are_words_and_not_markup(make):
    figures = make.figures(verbatims=(make.verbatim("Rappelez le [téléphone] [bold]vite[/bold]", 1),))
    assert "[téléphone] [bold]vite[/bold]" in printed(render_text(figures, "fr"))


def test_the_answer_stands_in_the_first_lines(make):
    first = "".join(page_text(make_page(make.figures(), "fr")).splitlines(keepends=True)[:8])
    assert "Oui," in first
    assert "72\u202f%" in first


def test_a_strip_marks_the_interval_the_score_and_the_line(make):
    """72 % between 64 % and 80 % on 44 cells: 27 to 34, the score on 31, the line of 55 % on 24."""
    text = page_text(make_page(make.figures(), "fr"))
    strip = next(line for line in text.splitlines() if "●" in line)
    assert strip[2:46] == "─" * 24 + "│" + "─" * 2 + "━" * 4 + "●" + "━" * 3 + "─" * 9
