"""Names by list: what introduces one, first names, and what only looks like one."""

from __future__ import annotations

import unicodedata

import pytest

from pipelines.redaction.words import phrases, words

NAMED = """
Merci à [Julie] et [Karim]
la vendeuse [Rose] était là
M. [Jean DUPONT] a signé
Mme [Le Gall], Mme [de La Tour], Mme [d'Almeida]
je m'appelle [Zorg Blup]
merci à [stephanie], [élodie] et [RENÉ]
[Claire] m'a aidé, avec [Pierre]
Signé : [N'Guyen]
[Marie-Hélène Durand] en caisse
Cordialement, [Zorg Blup]
MERCI [SANDRINE] POUR TOUT
[Aminata S.] est parfaite
Dr [O'Brien] was late
"""
UNNAMED = """
La cour est claire, la rose est rose, en avril
il se marie, elle renégocie et fidélise
taille M. Dommage
Madame, Monsieur, bonjour
Monsieur le directeur
Monsieur Le Directeur est sorti
la vendeuse Très froide
le conseiller Orange
rue Victor-Hugo, boulevard Saint-Michel, clinique Sainte-Marie
Cordialement
I said no
"""


def test_a_name_is_replaced_whole(redact) -> None:
    lines = NAMED.strip().splitlines()
    found = redact([line.replace("[", "").replace("]", "") for line in lines])
    assert found == [_blanked(line) for line in lines]


def test_words_places_and_brands_are_no_names(redact) -> None:
    lines = UNNAMED.strip().splitlines()
    assert redact(lines) == lines


def test_a_brand_stays_beside_the_person_whose_first_name_it_has(redact) -> None:
    assert redact(["Hugo m'a vendu du Hugo Boss"]) == ["[name] m'a vendu du Hugo Boss"]


def test_every_brand_of_the_list_stays(redact) -> None:
    texts = [f"acheté chez {brand.replace('*', '')} hier" for brand in phrases("brands")]
    assert redact(texts) == texts


def test_an_accent_written_apart_hides_nobody(redact) -> None:
    assert redact([unicodedata.normalize("NFD", "Merci à Stéphanie")]) == ["Merci à [name]"]


@pytest.mark.parametrize("name", ["first_names", "first_names_with_capital", "first_names_ambiguous"])
def test_a_first_name_stands_in_one_list_only(name: str) -> None:
    lists = {name: set(map(_plain, words(name))) for name in words_lists()}
    others = set().union(*(names for other, names in lists.items() if other != name))
    assert lists[name] & others == set()
    assert len(lists[name]) == len(words(name))


def test_the_lists_know_the_names_of_a_whole_country() -> None:
    assert sum(len(words(name)) for name in words_lists()) >= 2_000


def words_lists() -> tuple[str, ...]:
    return ("first_names", "first_names_with_capital", "first_names_ambiguous")


def _plain(name: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", name) if letter.isascii()).lower()


def _blanked(line: str) -> str:
    start, *rest = line.split("[")
    return start + "".join("[name]" + piece.split("]", 1)[1] for piece in rest)
