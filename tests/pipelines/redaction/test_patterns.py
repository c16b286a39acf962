"""Personal data that has a shape leaves verbatims by its kind; what only looks like it stays."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

# What stands between « » is personal, and its kind follows.
PERSONAL = """
Appelez-moi au «06 12 34 56 78» phone svp
Tél. «0612345678» phone.
«06.12.34.56.78» phone ou «07-98-76-54-32» phone
«06 12 34 56 78» phone «06 98 76 54 32» phone
«06 12 34 56 78» phone avec espaces insécables
au «01.45.67.89.01» phone le soir
«+33 6 12 34 56 78» phone
«+33612345678» phone et «0033612345678» phone
«+33 (0)6 12 34 56 78» phone
«00 33 1 45 67 89 01» phone
mon numéro:«06/12/34/56/78» phone
service client «0 800 123 456» phone injoignable
«0262 12 34 56» phone à La Réunion
Call me on «07700 900123» phone please
«07700 900 123» phone, «020 7946 0958» phone or «+44 20 7946 0958» phone
«+1 (415) 555-0132» phone or «(415) 555-0132» phone
«+32 475 12 34 56» phone
«+41 79 123 45 67» phone
«0612345678» phonemerci
tel«0612345678» phone
écrire à «jean.dupont@orange.fr» email.
«Jean.Dupont+promo@mail.example.co.uk» email, merci
«hélène_b@free.fr» email
«jean.dupont (at) gmail.com» email
«jean.dupont arobase gmail point com» email
«marie@gmail» email
«MARIE@GMAIL.COM» email!
IBAN «FR76 3000 6000 0112 3456 7890 189» iban
«FR7630006000011234567890189» iban
«fr76 3000 6000 0112 3456 7890 189» iban
«GB29 NWBK 6016 1331 9268 19» iban
«DE89 3704 0044 0532 0130 00» iban.
«BE68 5390 0754 7034» iban
«FR14 2004 1010 0505 0001 3M02 606» iban
Carte «4970 1012 3456 7890» card débitée deux fois
«4970101234567890» card
«4970-1012-3456-7890» card
Amex «3782 822463 10005» card
«4970 0012 3456 7890» card
NIR «1 85 05 78 006 084 36» nir
«185057800608436» nir et «2 91 12 2A 004 123 45» nir
«12 rue de la Paix» address
livré «12 bis rue des Lilas 75011 Paris» address ce matin
«Flat 2, 10 Church Lane, Leeds LS1 4AP» address
voir «https://www.exemple.fr/avis?id=12» url.
«www.monsite.fr/photo» url et «facebook.com/jean.dupont» url
«http://x.fr» url
"""
HARMLESS = """
commande 123456789012 jamais reçue
commande n°45123456 du 05/11/2026 à 14h30
le 05-11-2026 14h30
le 05.11.2026 18h
05/11/2026 10:30
2026-11-20 10:15:00
payé 1 250,00 € au lieu de 990,50 €
facture F2026-0012345
ouvert de 10h à 19h, 7j/7, 24h/24
le magasin de la rue de la Paix
3 articles à 12,99 et 2 à 5,00
le magasin FR75 pour tous les clients
dossier 2026 1120 4512
note 10/10, 5*
j'ai attendu 45 min @ la caisse
merci à @enseigne
j'étais à la caisse point final
prix 2@5 euros
code 0123
amazon.fr est plus rapide
20 ans/30 ans
Très bon accueil
"""
KINDS = "phone|email|iban|card|url|nir|address"


def test_personal_data_is_replaced_by_its_kind_and_nothing_else_is(redact) -> None:
    personal, harmless = PERSONAL.strip().splitlines(), HARMLESS.strip().splitlines()
    written = [re.sub(rf"«(.+?)» (?:{KINDS})", r"\1", line) for line in personal] + harmless
    expected = [re.sub(rf"«.+?» ({KINDS})", r"[\1]", line) for line in personal] + harmless
    assert list(zip(written, redact(written), strict=True)) == list(zip(written, expected, strict=True))


def test_what_is_absent_stays_absent(redact) -> None:
    assert redact([None, "", " "]) == [None, "", " "]


_AROUND = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Nd"]), max_size=30)
_NUMBERS = st.sampled_from(
    ["06 12 34 56 78", "0612345678", "+33 6 12 34 56 78", "4970 1012 3456 7890", "185057800608436"]
)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(_AROUND, _NUMBERS, _AROUND), min_size=20, max_size=60))
def test_a_number_never_survives_whatever_surrounds_it(redact, written) -> None:
    texts = redact([f"{before} {number} {after}" for before, number, after in written])
    assert [text for text, (_, number, _) in zip(texts, written, strict=True) if number in text] == []
