"""The words of the mirror: every leg of every dimension, in both languages, as they may be read aloud."""

import re

import pytest

from symetrie.dimensions import DIMENSIONS
from symetrie.mirror_questions import question_texts
from symetrie.questionnaires import questionnaire, questionnaire_versions

IN_THESE_WORDS = [version for version in questionnaire_versions() if version.startswith(("mirror", "pulse"))]
TEXTS = [(locale, text) for texts in question_texts().values() for locale, text in texts.items()]
LOCALES = ("fr", "en")
LONGEST = 120  # characters: a person on the telephone must still know how it began


def test_each_question_has_words_in_french_and_in_english():
    assert {tuple(sorted(texts)) for texts in question_texts().values()} == {("en", "fr")}


@pytest.mark.parametrize("dimension", DIMENSIONS, ids=lambda dimension: dimension.key)
def test_each_dimension_has_its_three_legs(dimension):
    assert {dimension.key, f"own_{dimension.key}", f"perceived_{dimension.key}"} <= question_texts().keys()


def test_there_are_words_for_what_is_shipped_and_for_nothing_else():
    shipped = {key for version in IN_THESE_WORDS for key in questionnaire(version).measures}
    assert question_texts().keys() == shipped


def test_no_words_are_used_twice():
    plain = [re.sub(r"\W+", " ", text.casefold()) for _, text in TEXTS]
    assert sorted(plain) == sorted(set(plain))
    assert len(plain) == 86


def test_words_are_one_short_sentence_with_its_punctuation():
    sentence = re.compile(r"[A-ZÀ-Ý][^.?!;\s]*(?: [^.?!;\s]+)* ?[.?]")
    assert [text for _, text in TEXTS if not sentence.fullmatch(text) or len(text) > LONGEST] == []


def test_apostrophes_and_spaces_are_written_as_in_the_other_texts():
    assert [text for _, text in TEXTS if re.search("[\u2018\u2019\u00a0\u202f]", text)] == []


def test_french_has_a_space_before_a_question_mark_and_before_nothing_else():
    spaced = {
        locale: {text for known, text in TEXTS if known == locale and re.search(r" [.,?]", text)} for locale in LOCALES
    }
    assert spaced == {"fr": {text for locale, text in TEXTS if locale == "fr" and text.endswith("?")}, "en": set()}


@pytest.mark.parametrize("locale", LOCALES)
def test_a_question_on_another_scale_than_agreement_says_which(locale):
    said = {key for key, texts in question_texts().items() if re.search(r"\d", texts[locale])}
    assert said == {"nps", "ces", "enps"}


@pytest.mark.parametrize(("locale", "whose"), [("fr", "nos clients"), ("en", "our clients")])
def test_what_employees_think_of_clients_is_said_of_clients(locale, whose):
    about_clients = {key: texts[locale] for key, texts in question_texts().items() if key.startswith("perceived_")}
    assert [key for key, text in about_clients.items() if whose not in text.casefold()] == []


def test_nobody_is_asked_as_a_man_or_as_a_woman():
    about_me = re.compile(r"\bje (?:suis|me sens)\b|·|\(e\)|\b(?:he|she|his|her)\b", re.IGNORECASE)
    assert [text for _, text in TEXTS if about_me.search(text)] == []


def test_the_words_cannot_be_changed_in_passing():
    with pytest.raises(TypeError):
        question_texts()["trust"]["fr"] = "?"
