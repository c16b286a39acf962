"""What a pattern finds, and what is wrong with one that cannot be read."""

import pytest

from symetrie.complaints.lexicon import Language, build_lexicon, words_of
from symetrie.complaints.patterns import PatternError, headwords, parse
from symetrie.complaints.reading import cut, read


def finds(pattern: str, text: str, language: Language = "fr") -> bool:
    words = words_of(language)
    tokens = read(cut(text), build_lexicon(words, set(headwords(pattern, words))))
    return any(each.fits(tokens, at) for each in parse(pattern, words) for at in range(len(tokens)))


def test_a_word_stands_for_its_family_and_for_no_part_of_another_word() -> None:
    assert finds("cher", "Les prix sont chers")
    assert not finds("cher", "Je suis allé chercher ma commande")
    assert not finds("rat", "The rating was fine", "en")


def test_words_follow_one_another_with_a_few_words_between() -> None:
    assert finds("caisse fermer", "Trois caisses étaient toutes fermées")
    assert not finds("caisse fermer", "On a fermé la caisse")
    assert not finds("caisse fermer", "La caisse du fond, celle de gauche, était fermée")


def test_dots_leave_more_of_the_clause_between_and_no_other_sentence() -> None:
    assert finds("caisse ... fermer", "La caisse du fond et puis celle de gauche étaient fermées")
    assert not finds("caisse ... fermer", "La caisse du fond marchait. Le rayon était fermé")


def test_an_ampersand_wants_both_in_any_order() -> None:
    assert finds("caisse & fermer", "On a fermé la caisse")
    assert finds("caisse & fermer", "La caisse a fermé")
    assert not finds("caisse & fermer", "On a ouvert la caisse")


def test_a_contrast_ends_a_clause() -> None:
    assert not finds("caisse & fermer", "La caisse était rapide mais le rayon fermé")


@pytest.mark.parametrize(
    "text",
    [
        "Aucune attente",
        "pas d'attente",
        "Il n'y a pas eu beaucoup d'attente",
        "sans attente",
        "ni attente ni bousculade",
        "jamais d’attente",
        "peu d'attente",
        "moins d'attente",
    ],
)
def test_a_word_that_is_negated_is_not_what_is_complained_of(text: str) -> None:
    assert not finds("attente", text)
    assert finds("~attente", text)


@pytest.mark.parametrize(
    "text",
    [
        "Trop d'attente",
        "pas normal, cette attente",
        "Jamais vu une telle attente",
        "pas seulement l'attente",
        "Pas aimable. Et quelle attente",
        "Il y a de plus en plus d'attente",
    ],
)
def test_a_negation_of_something_else_leaves_it_standing(text: str) -> None:
    assert finds("attente", text)


@pytest.mark.parametrize(
    "text", ["il ne marche pas", "ça marche pas", "ne marche même plus", "n'a jamais marché", "rien ne marche"]
)
def test_a_french_verb_is_negated_before_its_negation_and_after(text: str) -> None:
    assert finds("~marcher", text)


def test_what_is_not_difficult_is_negated_by_nothing() -> None:
    assert finds("~trouver", "difficile de trouver un vendeur")
    assert not finds("~trouver", "pas difficile de trouver un vendeur")


def test_a_negation_that_the_pattern_holds_is_not_counted_twice() -> None:
    assert finds("jamais rappeler", "Je n'ai jamais été rappelé")
    assert finds("livraison ... jamais|retard", "livraison jamais arrivée")
    assert not finds("livraison ... jamais|retard", "livraison sans retard")


def test_plus_negates_after_ne_and_says_more_elsewhere() -> None:
    assert finds("~stock", "il n'y a plus de stock")
    assert not finds("~cher", "c'est plus cher ici")


def test_a_person_is_not_nobody() -> None:
    assert finds("personne caisse", "Personne à la caisse")
    assert not finds("personne caisse", "La personne de la caisse")


def test_two_things_are_negated_by_one_negation_where_or_joins_them() -> None:
    assert finds("~helpful", "not friendly or helpful", "en")


def test_a_question_mark_takes_a_word_either_way() -> None:
    assert finds("?parking", "le parking")
    assert finds("?parking", "pas de parking")


def test_a_sign_within_is_for_its_own_word_only() -> None:
    assert finds("stock faux|~juste", "le stock n'est pas juste")
    assert finds("stock faux|~juste", "un stock faux")
    assert not finds("stock faux|~juste", "un stock juste")


@pytest.mark.parametrize("text", ["un rendez-vous", "mon rendez vous", "un RDV"])
def test_a_word_of_several_parts_is_found_with_its_hyphen_without_and_in_short(text: str) -> None:
    assert finds("rendez-vous", text)


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("attente &", "'attente &' has nothing on one side of '&'; write a word on either side"),
        ("... attente", "'... attente' begins or ends with '...'; write a word there"),
        ("trop ...", "'trop ...' begins or ends with '...'; write a word there"),
        ("a|", "'a|' has '' where a word should stand; write words with | between them"),
        ("prix!", "'prix!' has 'prix!' where a word should stand; write words with | between them"),
    ],
)
def test_a_pattern_that_cannot_be_read_says_what_to_write(pattern: str, problem: str) -> None:
    with pytest.raises(PatternError) as caught:
        parse(pattern, words_of("fr"))
    assert str(caught.value) == problem


def test_an_unknown_class_is_told_with_those_that_are_known() -> None:
    with pytest.raises(PatternError, match=r"names no class of words with @staf; known: @blame, .*@number.*@staff"):
        parse("@staf & late", words_of("en"))
