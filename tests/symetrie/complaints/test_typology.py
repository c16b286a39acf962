"""Which reasons a text speaks of."""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symetrie.complaints.lexicon import LANGUAGES
from symetrie.complaints.typology import (
    OTHER,
    Reason,
    Rules,
    build_typology,
    default_reasons,
    default_rules,
    default_typology,
)
from symetrie.dimensions import DIMENSIONS

TITLES = {"fr": "Badge", "en": "Badge"}

# One comment of each reason in each language, and what it says; none is taken from anybody.
SAID = [
    ("Ma fille a glissé sur le sol mouillé du magasin", {"safety"}),
    ("I slipped on the wet floor", {"safety"}),
    ("Remarque raciste d'un vigile", {"discrimination"}),
    ("The guard was openly racist", {"discrimination"}),
    ("Mes données personnelles ont été transmises à un partenaire", {"privacy"}),
    ("A data breach and you say nothing", {"privacy"}),
    ("Je vais porter plainte", {"legal"}),
    ("You will hear from my solicitor", {"legal"}),
    ("Vingt minutes de queue en caisse", {"waiting"}),
    ("I queued for half an hour, the line was endless", {"waiting"}),
    ("Beaucoup trop cher pour ce que c'est", {"price"}),
    ("Far too expensive", {"price"}),
    ("Le rayon était vide", {"availability"}),
    ("It was out of stock again", {"availability"}),
    ("La lampe est arrivée cassée", {"quality"}),
    ("The zip broke after two days", {"quality"}),
    ("La caissière m'a parlé sur un ton désagréable", {"rudeness"}),
    ("The receptionist was rude and condescending", {"rudeness"}),
    ("On m'a traité comme un numéro", {"indifference"}),
    ("Nobody cares about you there", {"indifference"}),
    ("Le vendeur ne connaissait pas ses produits", {"advice"}),
    ("Incompetent, they gave me the wrong information", {"advice"}),
    ("Trois mails restés sans réponse", {"no_answer"}),
    ("Nobody called me back", {"no_answer"}),
    ("Chacun se renvoie la balle", {"runaround"}),
    ("I was passed from pillar to post", {"runaround"}),
    ("Aucun geste commercial possible sans l'accord du siège", {"rigidity"}),
    ("They refused to help, a stupid policy", {"rigidity"}),
    ("Ma commande a dix jours de retard", {"delivery"}),
    ("The parcel never arrived", {"delivery"}),
    ("Toujours pas remboursée", {"after_sales"}),
    ("They refuse to refund me", {"after_sales"}),
    ("On m'a débité deux fois", {"billing"}),
    ("I was overcharged at the till", {"billing"}),
    ("Publicité mensongère, une arnaque", {"mistrust"}),
    ("This is a scam", {"mistrust"}),
    ("Toilettes sales et mauvaise odeur", {"premises"}),
    ("Filthy toilets, the floor was dirty", {"premises"}),
    ("Impossible de se garer", {"access"}),
    ("Impossible to get an appointment", {"access"}),
    ("L'application plante à chaque fois", {"digital"}),
    ("The website keeps crashing", {"digital"}),
    ("Il n'y a jamais personne en rayon, manque de personnel", {"staffing"}),
    ("There was no staff around", {"staffing"}),
    ("Un carton énorme et du plastique partout", {"waste"}),
    ("Excessive packaging", {"waste"}),
]


@pytest.mark.parametrize(("text", "reasons"), SAID)
def test_each_reason_is_known_in_both_languages(text: str, reasons: set[str]) -> None:
    assert reasons <= set(default_typology().reasons_of(text))


def test_every_reason_has_an_example_above_rules_in_both_languages_titles_and_a_dimension_that_exists() -> None:
    keys = {dimension.key for dimension in DIMENSIONS}
    shown = [code for _, reasons in SAID for code in reasons]
    for reason in default_reasons():
        assert shown.count(reason.code) == len(LANGUAGES)
        assert set(default_rules()[reason.code]) == set(LANGUAGES)
        assert all(reason.title(locale) for locale in LANGUAGES)
        assert reason.dimension is None or reason.dimension in keys


@pytest.mark.parametrize(
    "text",
    [
        "Pas cher du tout",
        "Aucune attente, vendeur aimable",
        "Pas de queue, caissière souriante",
        "Livraison rapide et sans retard",
        "Je n'ai rien à redire",
        "No wait, lovely staff",
        "The staff were not rude at all",
        "I never had to wait",
        "It was not expensive",
        "Not difficult to find a vendor",
    ],
)
def test_what_is_denied_or_praised_is_no_complaint(text: str) -> None:
    assert default_typology().reasons_of(text) == (OTHER,)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("PERSONNEL DESAGREABLE", "rudeness"),
        ("personnel desagreble", "rudeness"),
        ("acceuil deplorable", "rudeness"),
        ("L’accueil : déplorable !!!", "rudeness"),
        ("jai jamais ete rembourser", "after_sales"),
        ("colis jamais recu", "delivery"),
        ("unproffesional and rude", "rudeness"),
        ("couldnt get an apointment", "access"),
        ("Troooop d'attente", "waiting"),
    ],
)
def test_reviews_are_read_as_they_are_typed(text: str, reason: str) -> None:
    assert reason in default_typology().reasons_of(text)


def test_a_topic_counts_where_it_is_judged_or_where_nothing_else_is_said() -> None:
    reasons_of = default_typology().reasons_of
    assert reasons_of("La livraison") == ("delivery",)
    assert reasons_of("Livraison catastrophique") == ("delivery",)
    assert reasons_of("Livraison parfaite") == (OTHER,)
    assert reasons_of("J'étais venue chercher des idées pour la livraison de mardi") == (OTHER,)


def test_what_is_of_no_reason_is_other_and_what_is_no_word_is_nothing() -> None:
    reasons_of = default_typology().reasons_of
    assert reasons_of("Bof, sans plus, on ne reviendra sans doute qu'au printemps") == (OTHER,)
    assert reasons_of("") == reasons_of(" ... 😡") == ()


def test_several_reasons_are_told_in_the_order_of_the_typology() -> None:
    text = "Vendeur désagréable, une heure d'attente, et la lampe était cassée"
    assert default_typology().reasons_of(text) == ("waiting", "quality", "rudeness")


def test_a_text_of_neither_language_is_tried_in_both() -> None:
    assert default_typology().reasons_of("Rude") == ("rudeness",)
    assert default_typology().reasons_of("Malpoli") == ("rudeness",)


def test_serious_reasons_are_those_that_wait_for_no_lower_mark() -> None:
    serious = [reason.code for reason in default_reasons() if reason.is_serious]
    assert serious == ["safety", "discrimination", "privacy", "legal"]
    assert default_typology().is_serious(["waiting", "safety"])
    assert not default_typology().is_serious(["waiting"])


def test_a_house_adds_a_reason_with_words_that_we_have_never_seen() -> None:
    typology = build_typology([Reason("badge", TITLES)], {"badge": {"fr": Rules(("badge & perdre",))}})
    assert typology.reasons_of("J'ai perdu mes badges") == ("badge",)
    assert [reason.code for reason in typology.reasons] == ["badge", OTHER]


def test_an_unknown_reason_is_told_with_those_that_are_known() -> None:
    with pytest.raises(LookupError, match=r"no reason is called 'wait'; use one of safety, .*waiting"):
        default_typology().reason("wait")
    assert default_typology().reason(OTHER).title("fr") == "Autre motif"


WORDS = [word for text, _ in SAID for word in text.split()]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.one_of(st.sampled_from(WORDS), st.sampled_from([".", ",", "pas", "not", "mais"])), max_size=30))
def test_any_words_give_known_reasons_once_each_and_other_only_alone(chosen: list[str]) -> None:
    found = default_typology().reasons_of(" ".join(chosen))
    known = [reason.code for reason in default_typology().reasons]
    assert list(found) == sorted(set(found), key=known.index)
    assert OTHER not in found or found == (OTHER,)


@given(st.text(max_size=200))
def test_any_text_at_all_is_read(text: str) -> None:
    default_typology().reasons_of(text)


def test_a_text_without_end_is_read_up_to_its_limit() -> None:
    assert default_typology().reasons_of("de plus " * 600 + "vendeur malpoli") == ("rudeness",)
    assert default_typology().reasons_of("de plus " * 700 + "vendeur malpoli") == (OTHER,)


def test_the_same_text_gives_the_same_reasons_whatever_was_read_before() -> None:
    texts = list(islice((text for text, _ in SAID), 20))
    once = [default_typology().reasons_of(text) for text in texts]
    assert [default_typology().reasons_of(text) for text in reversed(texts)] == once[::-1]
