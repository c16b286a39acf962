"""Where the shops of the demo stand: three regions, real French towns, and quarters for a large network."""

from dataclasses import dataclass

NETWORK_ID = "maison-vauvert"
NETWORK_NAME = "Maison Vauvert"
SECTOR = "specialised_retail"
METROPOLE = "Europe/Paris"
REUNION = "Indian/Reunion"


@dataclass(frozen=True)
class Region:
    """A region with its towns, the first ones being served first."""

    id: str
    name: str
    towns: tuple[str, ...]


REGIONS = (
    Region("vauvert-ouest", "Région Ouest", (
        "Nantes", "Rennes", "Angers", "Brest", "Le Mans", "Tours", "Vannes", "Saint-Malo", "La Rochelle", "Orléans",
        "Caen", "Quimper", "Poitiers", "Lorient", "Cholet", "Laval", "Saint-Nazaire", "Niort", "Saint-Brieuc", "Blois",
    )),
    Region("vauvert-idf-nord", "Région Île-de-France et Nord", (
        "Paris Bastille", "Paris Convention", "Boulogne-Billancourt", "Versailles", "Lille", "Rouen", "Amiens",
        "Reims", "Saint-Denis", "Vincennes", "Arras", "Évry", "Metz", "Nancy", "Troyes", "Dunkerque", "Chartres",
        "Strasbourg", "Créteil", "Cergy",
    )),
    Region("vauvert-sud", "Région Grand Sud", (
        "Lyon Part-Dieu", "Toulouse", "Marseille Prado", "Bordeaux", "Montpellier", "Nice", "Grenoble", "Annecy",
        "Aix-en-Provence", "Perpignan", "Dijon", "Clermont-Ferrand", "Pau", "Avignon", "Toulon", "Chambéry", "Nîmes",
        "Limoges", "Albi", "Valence",
    )),
)  # fmt: skip

QUARTERS = (
    "", "Centre", "Gare", "Halles", "Les Arcades", "Université", "Hôtel de Ville", "Saint-Michel", "Le Port",
    "Grand Large", "Les Lilas", "Beaulieu", "Croix Blanche", "Plein Sud", "Les Tanneurs", "République", "Jaurès",
    "Bellevue", "Le Prieuré", "Grand Pré", "La Fontaine", "Les Remparts", "Belle Étoile", "Pont Neuf", "Val Fleuri",
)  # fmt: skip


def site_name(town: str, round_number: int) -> str:
    """Name the nth shop of a town: the bare town, then its quarters, then numbered quarters."""
    quarter = QUARTERS[round_number % len(QUARTERS)]
    number = round_number // len(QUARTERS)
    return " ".join(part for part in (town, quarter, str(number + 1) if number else "") if part)
