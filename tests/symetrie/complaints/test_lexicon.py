"""Families, spellings and the language of a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symetrie.complaints.lexicon import NUMBER, build_lexicon, is_one_letter_away, language_of, words_of
from symetrie.complaints.spelling import pieces

FRENCH = build_lexicon(words_of("fr"), ["attendre", "desagreable", "internet", "vendre", "rembourser", "rendez-vous"])


def test_every_form_of_a_family_has_its_headword() -> None:
    for form in ("attends", "attendait", "attendu", "attendues"):
        assert FRENCH.lemmas_of(form) == ("attendre",)


def test_a_long_word_with_one_letter_wrong_is_the_nearest_known_one() -> None:
    for form in ("desagreble", "desagraeble", "dessagreable", "desagreabls"):
        assert FRENCH.lemmas_of(form) == ("desagreable",)


def test_a_short_word_is_never_corrected_for_it_is_too_often_another() -> None:
    assert FRENCH.lemmas_of("rendre") == ("rendre",)
    assert FRENCH.lemmas_of("interet") == ("interet",)


def test_a_word_of_another_first_letter_is_another_word() -> None:
    assert FRENCH.lemmas_of("lesagreable") == ("lesagreable",)


def test_a_number_is_a_number_in_figures_and_in_letters() -> None:
    assert NUMBER in FRENCH.lemmas_of("45")
    assert NUMBER in FRENCH.lemmas_of("quarante")


def test_a_word_of_a_pattern_stands_for_the_family_it_is_a_form_of() -> None:
    assert words_of("fr").headword("déçue") == ("decu",)
    assert words_of("fr").headword("badge") == ("badge",)


@pytest.mark.parametrize(
    ("text", "given", "language"),
    [
        ("Le vendeur est parti avec la clé", None, "fr"),
        ("The man at the desk was there", None, "en"),
        ("The man at the desk was there", "fr", "en"),
        ("Parking", "fr-FR", "fr"),
        ("Parking", "EN", "en"),
        ("Parking", None, None),
        ("Parking", "de", None),
    ],
)
def test_the_words_tell_the_language_and_the_source_only_where_they_do_not(
    text: str, given: str | None, language: str | None
) -> None:
    assert language_of(pieces(text), given) == language


@given(st.text("abcd", min_size=2, max_size=9), st.integers(0, 8), st.sampled_from("abcd"))
def test_a_letter_more_less_or_replaced_is_one_letter_away_either_way_round(word: str, at: int, letter: str) -> None:
    at = min(at, len(word) - 1)
    for other in (word[:at] + word[at + 1 :], word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :]):
        assert is_one_letter_away(word, other) == is_one_letter_away(other, word) == (word != other)
