"""The words of a text as they are compared."""

from symetrie.complaints.spelling import pieces, plain


def test_case_accents_ligatures_and_typographic_apostrophes_do_not_matter() -> None:
    assert plain("L’ACCUEIL déplorable de ma SŒUR") == "l'accueil deplorable de ma soeur"
    assert pieces("l’attente") == pieces("L'ATTENTE") == ["l", "attente"]


def test_an_accent_apart_from_its_letter_is_the_same_letter() -> None:
    assert pieces("de\u0301c\u0327u") == ["decu"]


def test_a_letter_that_is_held_down_counts_once() -> None:
    assert pieces("trooooop looong") == ["trop", "long"]


def test_english_negations_are_one_word_however_they_are_typed() -> None:
    for written in ("didn't wait", "didn’t wait", "didnt wait", "didn t wait", "did not wait"):
        assert pieces(written) == ["did", "not", "wait"]
    assert pieces("can't wait") == pieces("cannot wait") == ["can", "not", "wait"]


def test_amounts_keep_their_decimals_and_marks_stay_apart() -> None:
    assert pieces("6,50 € de frais !") == ["6,50", "de", "frais", "!"]


def test_emoji_and_other_scripts_are_no_words() -> None:
    assert pieces("😡👎 Нет") == []
