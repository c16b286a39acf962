"""The forms of a headword that follow a rule."""

import pytest

from symetrie.complaints.inflection import english, families, french

INFLECT = french(["finir"], ["cher"])


@pytest.mark.parametrize(
    ("headword", "forms"),
    [
        ("livrer", {"livre", "livree", "livrees", "livraient", "livrera", "livrez"}),
        ("changer", {"change", "changeait", "changee"}),
        ("appeler", {"appelle", "appelons", "appele"}),
        ("essayer", {"essaie", "essaye", "essayait"}),
        ("finir", {"finit", "finissent", "finie"}),
        ("cher", {"cher", "chere", "chers", "cheres"}),
        ("agressif", {"agressive", "agressifs", "agressivement"}),
        ("desastreux", {"desastreuse", "desastreuses"}),
        ("professionnel", {"professionnelle", "professionnels"}),
        ("vendeur", {"vendeurs", "vendeuse"}),
        ("directeur", {"directrice", "directeurs"}),
        ("aimable", {"aimables", "aimablement"}),
        ("anormal", {"anormaux", "anormale"}),
        ("tableau", {"tableaux"}),
    ],
)
def test_french_words_have_their_plural_feminine_and_tenses(headword: str, forms: set[str]) -> None:
    assert forms <= set(INFLECT(headword))


def test_an_adjective_in_er_is_conjugated_by_nobody() -> None:
    assert "chons" not in set(INFLECT("cher"))


@pytest.mark.parametrize(
    ("headword", "forms"),
    [
        ("delay", {"delays", "delayed", "delaying"}),
        ("apology", {"apologies"}),
        ("ignore", {"ignored", "ignoring", "ignores"}),
        ("cancel", {"cancelled", "canceled", "cancels"}),
        ("slip", {"slipped", "slips"}),
    ],
)
def test_english_words_have_their_plural_and_tenses(headword: str, forms: set[str]) -> None:
    assert forms <= set(english(headword))


def test_a_rating_is_no_rat() -> None:
    assert "rating" not in set(english("rat"))
    assert "rate" not in set(INFLECT("rat"))


def test_a_family_written_out_is_not_inflected_by_rule_as_well() -> None:
    found = families(["attendre", "file"], {"attendre": ("attends",)}, INFLECT)
    assert found["attends"] == {"attendre"}
    assert "attendres" not in found
    assert found["files"] == {"file"}
