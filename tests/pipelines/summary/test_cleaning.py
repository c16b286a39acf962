"""Clients' words: whatever they wrote, what is shown commands nothing and breaks nothing."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from pipelines.summary.cleaning import SHOWN_CHARACTERS, clean, shorten


def test_a_terminal_cannot_be_commanded():
    assert clean("\x1b[31mRouge\x1b[0m \x07\x00fin\x9b2J") == "[31mRouge[0m fin2J"


def test_the_direction_of_the_page_cannot_be_turned():
    assert clean("avant\u202eerrière \u2066x\u2069") == "avanterrière x"


def test_words_stand_on_one_line():
    assert clean("  Trop\r\n\tlong\u2028vraiment  ") == "Trop long vraiment"


def test_emoji_and_scripts_written_from_right_to_left_stay_whole():
    assert clean("الخدمة 👨‍👩‍👧 می‌خواهم") == "الخدمة 👨‍👩‍👧 می‌خواهم"


def test_long_text_is_cut_between_words():
    shown = shorten("mot " * 200)
    assert shown.endswith("mot…")
    assert len(shown) <= SHOWN_CHARACTERS


def test_text_that_fits_is_not_cut():
    assert shorten("a" * SHOWN_CHARACTERS) == "a" * SHOWN_CHARACTERS


def test_one_endless_word_is_cut_too():
    assert len(shorten("é" * 1_000_000)) == SHOWN_CHARACTERS


def test_a_cut_never_falls_inside_an_emoji():
    family = "👨‍👩‍👧"
    shown = shorten(family * 200).removesuffix("…")
    assert shown == family * (len(shown) // len(family))


@given(st.text(max_size=2000))
def test_what_is_shown_is_short_one_line_and_harmless(text):
    shown = shorten(text)
    assert len(shown) <= SHOWN_CHARACTERS
    assert not any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in shown)
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
