"""The eleven sectors of the national barometer, in the order of their source."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Sector:
    """A sector of activity, with the name a manager reads in French and in English."""

    key: str
    labels: Mapping[str, str]

    def label(self, locale: str) -> str:
        """Name the sector in ``fr`` or ``en``; any other locale is a KeyError."""
        return self.labels[locale]


# Interview of Thierry Spencer, podcast « Le Client », episode 9: the national barometer, every year in eleven sectors.
_LABELS = {
    "insurance": ("Assurance", "Insurance"),
    "automotive": ("Automobile", "Automotive"),
    "banking": ("Banque", "Banking"),
    "specialised_retail": ("Distribution spécialisée", "Specialised retail"),
    "e_commerce": ("E-commerce", "E-commerce"),
    "mass_retail": ("Grande distribution", "Mass retail"),
    "real_estate": ("Immobilier", "Real estate"),
    "catering": ("Restauration", "Catering"),
    "telephony": ("Téléphonie", "Telephony"),
    "energy": ("Énergie", "Energy"),
    "passenger_transport": ("Transport de voyageurs", "Passenger transport"),
}

SECTORS: tuple[Sector, ...] = tuple(
    Sector(key, MappingProxyType({"fr": french, "en": english})) for key, (french, english) in _LABELS.items()
)

ALL_SECTORS = "all"  # of a benchmark taken over every sector; no unit is of it
