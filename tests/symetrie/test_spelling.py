"""The normal form: many spellings, one answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symetrie.spelling import normal_form


@pytest.mark.parametrize("answer", ["4", " 4 ", "4.0", "4,0", "4,00", "04", "+4", "4.", '"4"', "４", 4, 4.0])
def test_a_whole_number_is_written_one_way(answer):
    assert normal_form(answer) == "4"


@pytest.mark.parametrize("answer", ["4.5", "4,5", "4.01", "1e1", "- 4", "4%", "<4", "(4)", "4!", "4-5", "4 5", "inf"])
def test_nothing_else_passes_for_a_whole_number(answer):
    assert normal_form(answer) not in {"1", "4", "5", "10", "45"}


@pytest.mark.parametrize("answer", ["-1", "−1", "–1"])
def test_a_minus_sign_is_kept_whatever_its_shape(answer):
    assert normal_form(answer) == "-1"


@pytest.mark.parametrize(
    "answer", ["Don't know", "Don’t know", "don‘t  KNOW", "Don`t know.", "DON´T_KNOW", "Don t know"]
)
def test_apostrophes_case_and_spaces_do_not_matter(answer):
    assert normal_form(answer) == "don t know"


@pytest.mark.parametrize(
    "answer",
    [
        "Très satisfait",
        "TRÈS SATISFAIT",
        "Tre\u0300s satisfait",
        "tres-satisfait",
        "Très\u00a0satisfait(e)",
        "Très satisfait·e",
    ],
)
def test_accents_hyphens_and_inclusive_endings_do_not_matter(answer):
    assert normal_form(answer) == "tres satisfait"


def test_punctuation_alone_stays_as_it_was_written():
    assert normal_form("?") == "?"
    assert normal_form(" -- ") == "--"


@pytest.mark.parametrize("answer", ["", "   ", "\t\n", "\u00a0"])
def test_blank_is_the_empty_string(answer):
    assert normal_form(answer) == ""


def test_a_text_too_long_to_be_a_mark_is_left_alone():
    assert normal_form("0" * 1_000_000 + "x") == "0" * 1_000_000 + "x"


@given(st.text(max_size=40))
def test_the_normal_form_of_a_normal_form_is_itself(text):
    once = normal_form(text)
    assert normal_form(once) == once


@given(st.integers(-10_000, 10_000))
def test_a_whole_number_reads_as_itself_however_many_decimals(number):
    assert normal_form(number) == normal_form(f"{number}.0") == normal_form(f" {number},000") == str(number)
