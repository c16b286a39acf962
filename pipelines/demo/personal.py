"""Personal data that is planted in verbatims, none of it anybody's: what redaction must find."""

from collections.abc import Mapping
from functools import cache

import numpy as np

KINDS = ("email", "phone", "iban", "card", "url", "name")
PERSONAL_SHARES = (0.28, 0.34, 0.06, 0.05, 0.07, 0.20)

FIRST_NAMES = (
    "claire", "marc", "fatima", "jean-luc", "audrey", "mohamed", "sylvie", "kevin", "lucie", "olivier", "amandine",
    "paul",
)  # fmt: skip
LAST_NAMES = (
    "Lefebvre", "Benali", "Garnier", "Le Gall", "Fontaine", "Nguyen", "Marchand", "Diallo", "Roussel", "Payet",
    "Schneider", "Da Silva",
)  # fmt: skip

# Ranges kept by ARCEP for fiction (decision 2018-0881), one a zone and one for mobiles.
PHONE_RANGES = ("01 99 00", "02 61 91", "03 53 01", "04 65 71", "05 36 49", "06 39 98")

# Reserved by RFC 2606.
DOMAINS = ("example.com", "example.org", "example.net")

# Test numbers published by the card networks.
CARDS = (
    "4111 1111 1111 1111", "4012888888881881", "5555-5555-5555-4444", "5105 1051 0510 5100", "4242 4242 4242 4242",
    "2223 0000 4841 0010",
)  # fmt: skip


@cache
def planted() -> Mapping[str, tuple[str, ...]]:
    """Give every value that may be planted, by kind."""
    return {
        "email": tuple(_email(number) for number in range(72)),
        "phone": tuple(_phone(number) for number in range(96)),
        "iban": tuple(_iban(number) for number in range(24)),
        "card": CARDS,
        "url": tuple(_url(number) for number in range(24)),
        "name": tuple(f"{first.title()} {last}" for first, last in zip(FIRST_NAMES, LAST_NAMES, strict=True)),
    }


def _email(number: int) -> str:
    first, last = FIRST_NAMES[number % 12], LAST_NAMES[(number * 5 + number // 12) % 12].lower().replace(" ", "")
    return f"{first}{'._'[number % 2]}{last}{number if number % 3 == 0 else ''}@{DOMAINS[number % 3]}"


def _phone(number: int) -> str:
    start = PHONE_RANGES[number % len(PHONE_RANGES)]
    spaced = f"{start} {(number * 37) % 100:02d} {(number * 53) % 100:02d}"
    return (spaced, spaced.replace(" ", "."), f"+33 {spaced[1:]}", spaced.replace(" ", ""), spaced.replace(" ", "-"))[
        number % 5
    ]


def _iban(number: int) -> str:
    """Make a French IBAN with right check digits (ISO 13616: 98 less the remainder by 97) on a made-up account."""
    account = f"{30_001 + number:05d}{800:05d}{number * 7_919_113:011d}{(number * 31) % 97:02d}"
    check = 98 - int(account + "152700") % 97
    whole = f"FR{check:02d}{account}"
    return whole if number % 3 == 0 else " ".join(whole[at : at + 4] for at in range(0, len(whole), 4))


def _url(number: int) -> str:
    domain = DOMAINS[number % len(DOMAINS)]
    form = ("https://photos.{}/album/{}", "http://www.{}/avis?id={}", "www.{}/p/{}")[number % 3 if number % 2 else 0]
    return form.format(domain, int(np.base_repr(number * 104_729 + 7, 8)))
