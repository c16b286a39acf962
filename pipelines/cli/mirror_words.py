"""The words of the mirror in a terminal, as short as its columns, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

MIRROR_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "{unit}, mirror of the campaign {campaign}, from {span} {year}",
        "clients": "Clients of the {days} days up to {day} {year}.",
        "dimension": "dimension",
        "client": "clients",
        "employee": "teams",
        "perceived": "perceived",
        "asymmetry": "clients − teams",
        "perception_gap": "perceived − clients",
        "quadrant": "reading",
        "range": "{low} to {high}",
        "both_solid": "solid on both sides",
        "clients_only": "at the team's expense",
        "team_only": "inward comfort",
        "neither": "priority",
        "open": "to be confirmed",
        "hidden": "not shown",
        "not_asked": "not asked",
        "none": "none",
        "published": "published:",
        "how": "Percent favourable, of so many answers, with its 95% interval below. Perceived: what teams think that"
        " their clients feel; above what clients say it is a blind spot. Solid: more than 55% favourable.",
        "why_open": "To be confirmed: too few answers on one side, or figures not exact enough to tell solid from not.",
        "why_ten": "This campaign asked teams {asked} of the eleven dimensions: each is compared alone, no mean is.",
    },
    "fr": {
        "title": "{unit}, miroir de la campagne {campaign}, {span} {year}",
        "clients": "Clients des {days} jours jusqu'au {day} {year}.",
        "dimension": "dimension",
        "client": "clients",
        "employee": "équipes",
        "perceived": "perçu",
        "asymmetry": "clients − équipes",
        "perception_gap": "perçu − clients",
        "quadrant": "lecture",
        "range": "{low} à {high}",
        "both_solid": "solide des deux côtés",
        "clients_only": "aux dépens de l'équipe",
        "team_only": "confort intérieur",
        "neither": "priorité",
        "open": "à confirmer",
        "hidden": "non affiché",
        "not_asked": "non demandé",
        "none": "aucune",
        "published": "publié\u00a0:",
        "how": "Part d'avis favorables, sur tant de réponses\u202f; dessous, l'intervalle à 95\u202f%."
        " Perçu\u00a0: ce que les équipes pensent du ressenti de leurs clients\u202f; plus haut que ce qu'ils disent,"
        " c'est un angle mort. Solide\u00a0: plus de 55\u202f% d'avis favorables.",
        "why_open": "À confirmer\u00a0: trop peu de réponses d'un côté, ou des chiffres trop peu précis pour trancher.",
        "why_ten": "Cette campagne ne demandait aux équipes que {asked} des onze dimensions\u00a0: chacune se compare"
        " seule, leur moyenne non.",
    },
}
