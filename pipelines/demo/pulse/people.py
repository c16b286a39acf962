"""The people of the teams, none of whom exists: what of them is planted in files, and must reach no disk of ours."""

from dataclasses import dataclass
from functools import cache
from unicodedata import normalize

# Rare or invented, so that whoever searches for them finds these people and nobody else.
FIRST_NAMES = (
    "Aldegonde", "Barnabé", "Cunégonde", "Dagobert", "Eudoxie", "Fulgence", "Gontran", "Hildegarde", "Isaure",
    "Léocadie", "Mélusine", "Népomucène", "Ondine", "Philomène", "Quitterie", "Radegonde", "Sidonie", "Théodule",
    "Ursule", "Venance", "Wilfride", "Xavérine", "Yolaine", "Zéphyrin",
)  # fmt: skip
NAME_BEGINNINGS = (
    "Vaubr", "Kergl", "Monfl", "Chastr", "Brezl", "Garlv", "Pluvr", "Troml", "Quinv", "Ferld", "Dompl", "Hautgr",
    "Lanvr", "Meudr", "Nozl", "Ormbr", "Pelgr", "Ravgl", "Saubr", "Tilv", "Urvl", "Vendr", "Yzl", "Zerbr",
)  # fmt: skip
NAME_ENDINGS = (
    "elin", "eval", "igny", "ouzec", "adoux", "ières", "ancourt", "éteau", "ossin", "uron", "ivard", "ombert",
    "ainville", "erolles", "oudic", "anquet", "essard", "illouet", "abrun", "oche", "umeaux", "égnac", "ebois", "andre",
)  # fmt: skip
DOMAIN = "equipe.example.com"  # reserved by RFC 2606


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a team, as the survey tool knows them."""

    first_name: str
    last_name: str
    email: str
    login: str


@cache
def person(number: int) -> Person:
    """Give the person of a number, always the same; the first 576 all have a last name of their own."""
    beginning, rest = number % len(NAME_BEGINNINGS), number // len(NAME_BEGINNINGS)
    namesake = rest // len(NAME_ENDINGS)
    last_name = NAME_BEGINNINGS[beginning] + NAME_ENDINGS[(rest + 5 * beginning) % len(NAME_ENDINGS)]
    first_name = FIRST_NAMES[(7 * number + rest + namesake) % len(FIRST_NAMES)]
    first, last = _plain(first_name), _plain(last_name)
    email = f"{first}.{last}{namesake + 1 if namesake else ''}@{DOMAIN}"
    return Person(first_name, last_name, email, f"{first[0]}{last[:6]}{number:04d}")


def _plain(name: str) -> str:
    return normalize("NFD", name).encode("ascii", "ignore").decode().lower()
