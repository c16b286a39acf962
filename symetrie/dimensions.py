"""The eleven dimensions of the symétrie des attentions, in the order of their source, all of equal weight."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Dimension:
    """One of the eleven dimensions, with the name a manager reads in French and in English."""

    key: str
    labels: Mapping[str, str]

    def label(self, locale: str) -> str:
        """Name the dimension in ``fr`` or ``en``; any other locale is a KeyError."""
        return self.labels[locale]


# Interview of Thierry Spencer, podcast « Le Client », episode 9; `environment` came after the other ten.
_LABELS = {
    "autonomy": ("L'autonomie et l'initiative", "Autonomy and initiative"),
    "cooperation": ("La coopération", "Cooperation"),
    "competence": ("La compétence", "Competence"),
    "conduct": ("Le comportement et le savoir-vivre", "Conduct and courtesy"),
    "consideration": ("La considération", "Consideration"),
    "listening": ("L'écoute et le feedback", "Listening and feedback"),
    "facilitation": ("La facilitation et l'adaptabilité", "Facilitation and adaptability"),
    "harmony": (
        "L'harmonie des expériences humaines et numériques",
        "Harmony of human and digital",
    ),
    "trust": ("La relation de confiance", "Trust"),
    "values": ("Les valeurs", "Values"),
    "environment": ("L'environnement", "Environment"),
}

DIMENSIONS: tuple[Dimension, ...] = tuple(
    Dimension(key, MappingProxyType({"fr": french, "en": english})) for key, (french, english) in _LABELS.items()
)
