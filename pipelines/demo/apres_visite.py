"""The survey after a visit, as a French desktop tool exports it: `;`, CP1252, CRLF, local times, words and marks."""

from pipelines.demo.rows import DONT_KNOW
from pipelines.demo.spelling import is_spoiled, response_id
from pipelines.demo.texts import WITH_VERBATIM

ENCODING, NEWLINE = "cp1252", "\r\n"

QUESTIONS = {
    "overall": "Satisfaction globale", "nps": "Recommandation", "ces": "Facilité", "autonomy": "Autonomie",
    "cooperation": "Coopération", "competence": "Compétence", "conduct": "Comportement",
    "consideration": "Considération", "listening": "Écoute", "facilitation": "Facilitation", "harmony": "Harmonie",
    "trust": "Confiance", "values": "Valeurs", "environment": "Environnement",
}  # fmt: skip

HEADER = ";".join((
    "N° réponse", "Code magasin", "Répondu le", "Date de visite", "Canal", "Langue", *QUESTIONS.values(),
    "Commentaire", "Accepte d'être rappelé",
))  # fmt: skip

# Words for the marks 1 to 5; the other questions are answered with the mark itself.
AGREEMENT = (
    "Pas du tout d’accord", "Plutôt pas d’accord", "Ni d’accord ni pas d’accord", "Plutôt d’accord",
    "Tout à fait d’accord",
)  # fmt: skip
WORDS = {
    "competence": ("Très mauvaise", "Mauvaise", "Ni bonne ni mauvaise", "Bonne", "Très bonne"),
    "conduct": ("Inacceptable", "Décevant", "Correct", "Agréable", "Remarquable"),
    "consideration": AGREEMENT,
    "trust": AGREEMENT,
    "values": AGREEMENT,
}
DONT_KNOW_WORDS = "Ne sait pas"
NO_DATE = "31/02/2026 25:61"


def _answer(key: str) -> str:
    words = WORDS.get(key)
    answered = f"[{', '.join(repr(word) for word in words)}][{key}]" if words else f"{key}::VARCHAR"
    return f"CASE WHEN {key} >= 0 THEN {answered} WHEN {key} = {DONT_KNOW} THEN '{DONT_KNOW_WORDS}' ELSE '' END"


_VERBATIM = """CASE WHEN regexp_matches(verbatim, '[;"\\n]') THEN '"' || replace(verbatim, '"', '""') || '"'
    ELSE coalesce(verbatim, '') END"""

_FIELDS = (
    f"coalesce({response_id('AV')}, '')",
    "coalesce(unit_code::VARCHAR, '')",
    f"CASE WHEN {is_spoiled('unreadable_date')} THEN '{NO_DATE}' ELSE strftime(submitted, '%d/%m/%Y %H:%M') END",
    "strftime(visited, '%d/%m/%Y')",
    "channel::VARCHAR",
    "CASE WHEN is_english THEN 'EN' ELSE 'FR' END",
    *(_answer(key) for key in QUESTIONS),
    _VERBATIM,
    "CASE WHEN can_contact THEN 'Oui' ELSE 'Non' END",
)

LINES = f"""{WITH_VERBATIM}
SELECT drop_at, row_at, CASE WHEN {is_spoiled("broken_line")} THEN {response_id("AV")} || ';' || unit_code::VARCHAR
    ELSE {" || ';' || ".join(f"({field})" for field in _FIELDS)} END AS line
FROM texts"""
