"""Languages: the same sentences in both, numbers and dates as each writes them."""

from __future__ import annotations

import string
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import SymetrieError
from pipelines.summary.language import language, locales
from symetrie.dimensions import DIMENSIONS

FRENCH, ENGLISH = language("fr"), language("en")


def test_there_are_two_languages():
    assert locales() == ("en", "fr")


def test_an_unknown_locale_names_the_known_ones():
    with pytest.raises(SymetrieError, match="locale de: not a language of the summaries; use en or fr"):
        language("de")


def test_both_languages_have_the_same_sentences_with_the_same_blanks():
    def blanks(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert FRENCH.texts.keys() == ENGLISH.texts.keys()
    assert {key for key, text in FRENCH.texts.items() if blanks(text) != blanks(ENGLISH.texts[key])} == set()


def test_every_language_names_the_dimensions():
    assert all(dimension.labels.keys() == set(locales()) for dimension in DIMENSIONS)


@pytest.mark.parametrize(
    ("value", "digits", "french", "english"),
    [
        (0, 0, "0", "0"),
        (1234567, 0, "1\u202f234\u202f567", "1,234,567"),
        (1234.56, 1, "1\u202f234,6", "1,234.6"),
        (-4.4, 0, "−4", "−4"),
        (-0.4, 0, "0", "0"),
        (62.5, 0, "63", "63"),
        (-62.5, 0, "−63", "−63"),
    ],
)
def test_numbers_have_the_separators_of_their_language(value, digits, french, english):
    assert FRENCH.number(value, digits) == french
    assert ENGLISH.number(value, digits) == english


def test_a_percent_sign_stands_off_in_french_and_close_in_english():
    assert FRENCH.percent(72.27) == "72\u202f%"
    assert ENGLISH.percent(72.27) == "72%"


@pytest.mark.parametrize(
    ("value", "written"),
    [(55.0, "55%"), (55.3, "55.3%"), (54.6, "54.6%"), (55.04, "55.04%"), (54.4, "54%"), (55.6, "56%")],
)
def test_a_percentage_never_reads_as_the_line_it_is_not_on(value, written):
    """55.3 % is solid and 55 % is not: they must not look the same."""
    assert ENGLISH.percent(value, 55.0) == written


@given(st.floats(min_value=0, max_value=100))
def test_a_percentage_on_paper_is_within_half_a_point(value):
    shown = float(ENGLISH.percent(value, 55.0).removesuffix("%"))
    assert abs(shown - value) <= 0.5 + 1e-9


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        (6.2, "+6 points", "+6 points"),
        (1.0, "+1 point", "+1 point"),
        (-1.4, "−1 point", "−1 point"),
        (0.4, "+0,4 point", "+0.4 points"),
        (0.0, "0 point", "0 points"),
    ],
)
def test_a_change_agrees_with_its_number_and_is_not_written_as_nil(value, french, english):
    assert FRENCH.points(value) == french
    assert ENGLISH.points(value) == english


def test_nil_and_one_take_the_form_of_their_language():
    said = [[each.count("score.answers", count) for count in (0, 1, 2)] for each in (FRENCH, ENGLISH)]
    assert said == [["aucune réponse", "1 réponse", "2 réponses"], ["no answers", "1 answer", "2 answers"]]


def test_days_are_written_as_people_say_them():
    day = date(2026, 11, 20)
    assert (FRENCH.day(day), ENGLISH.day(day)) == ("vendredi 20\xa0novembre", "Friday 20\xa0November")
    assert FRENCH.dated(date(2026, 3, 1)) == "dimanche 1er\xa0mars 2026"


@pytest.mark.parametrize(
    ("first", "last", "french", "english"),
    [
        (date(2026, 11, 14), date(2026, 11, 20), "du 14 au 20\xa0novembre", "14 to 20\xa0November"),
        (
            date(2026, 10, 24),
            date(2026, 11, 1),
            "du 24\xa0octobre au 1er\xa0novembre",
            "24\xa0October to 1\xa0November",
        ),
        (
            date(2025, 11, 9),
            date(2026, 11, 8),
            "du 9\xa0novembre\xa02025 au 8\xa0novembre",
            "9\xa0November\xa02025 to 8\xa0November",
        ),
    ],
)
def test_a_span_says_its_month_once_where_it_can(first, last, french, english):
    assert (FRENCH.span(first, last), ENGLISH.span(first, last)) == (french, english)


def test_times_are_written_in_24_hours():
    assert (FRENCH.time(time(9, 5)), ENGLISH.time(time(9, 5))) == ("9\xa0h\xa005", "09:05")


def test_double_signs_have_an_unbreakable_space_before_them_in_french():
    loose = {key: text for key, text in FRENCH.texts.items() if any(f" {sign}" in text for sign in "%;:!?»")}
    assert loose == {}
