"""Postal addresses, French and British: a street alone is where a shop stands, with a number where people live."""

from __future__ import annotations

from pipelines.redaction.shape import CAPITAL, IN_WORD, SPACE, Pattern, any_of, mark

_LETTERS = rf"[{IN_WORD}'’-]"
_CAPITALISED = rf"{CAPITAL}{_LETTERS}*"
_SMALL_WORDS = (
    rf"(?:(?i:de la|de l['’]|à la|à l['’]|aux?|des|du|de|d['’]|les|la|le|l['’]|en|sur|sous|lès|et){SPACE}?-?)*"
)
_MONTHS = "(?i:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)"
_DATE = rf"\d{{1,2}}(?:er)?[ -]{_MONTHS}(?:[ -]\d{{4}})?"
_PROPER_NAME = rf"{_SMALL_WORDS}(?:{_DATE}|{_CAPITALISED})(?:[ -]{_SMALL_WORDS}{_CAPITALISED})*"
_ANY_NAME = rf"(?:{_PROPER_NAME}|{_SMALL_WORDS}{_LETTERS}+)"

_IN_TOWN = r"(?i:sur|sous|en|lès|les|le|la|de|du|des)[ -](?:la[ -])?"
_TOWN = rf"{_LETTERS}{{2,}}(?:[ -](?:{_IN_TOWN})?{_CAPITALISED})*(?:{SPACE}\d{{1,2}}(?:e|er|ème)?\b)?"
_CEDEX = rf"{SPACE}(?i:cedex)(?:{SPACE}\d+)?"
_POSTCODE = rf"(?:F-)?\d{{2}}{SPACE}?\d{{3}}\b"
_POSTCODE_AND_TOWN = rf"[ ,\n-]{{0,3}}(?:à )?{_POSTCODE}(?:[ ,-]{{1,2}}{_TOWN})?(?:{_CEDEX})?"
_UP_TO_POSTCODE = rf"(?:[^\s,;!?]+{SPACE}?){{1,6}}?{_POSTCODE_AND_TOWN}"

_NUMBER = rf"\b\d{{1,4}}(?:[-/]\d{{1,4}})?(?:{SPACE}?(?i:bis|ter|quater|[a-d]))?\b,?{SPACE}"
# Words that are streets and little else, and words that are much else (« 2 places », « un mail », « 3 passages »).
_STREETS = any_of(
    (
        "rue", "avenue", r"av\.?", r"ave\.?", "boulevard", r"bd\.?", r"bld\.?", r"blvd\.?", "impasse", r"imp\.",
        "chemin", r"che?m?\.", "faubourg", r"fbg\.?", "ruelle", "venelle",
    )
)  # fmt: skip
_PLACES = any_of(
    (
        "place", r"pl\.?", "cours", "quai", "route", r"rte\.?", r"all[ée]e", r"all\.", "square", r"sq\.?", "passage",
        "villa", r"r[ée]sidence", r"r[ée]s\.", "lotissement", r"lot\.", "hameau", r"cit[ée]", "voie", "parvis",
        "esplanade", "promenade", "clos", "domaine", "mail", "sentier", "sente", "traverse", r"mont[ée]e",
        "rond[ -]point", "zac", "za", "zi",
    )
)  # fmt: skip
_STREET, _PLACE = rf"\b(?i:{_STREETS}){SPACE}", rf"\b(?i:{_PLACES}){SPACE}"
_LIVES_AT = (
    r"(?i:\b(?:j['’]habite|habite|habitons|habitant|domicili[ée]e?s?|demeurant|demeure|demeurons|réside|résidons|"
    r"résidant|mon adresse|notre adresse)"
    r"(?: est| actuellement| au| à l['’]| à la| à| dans la| dans l['’]| le| la| l['’]| :)*[ :]?)"
)
_HAMLET = r"(?i:\blieux?[ -]?dits?)"
_BOX = rf"\b(?:B\.?P\.?{SPACE}?\d{{1,5}}|(?:CS|TSA){SPACE}?\d{{2}}{SPACE}?\d{{3}})\b"

_ENGLISH_STREETS = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Close|Court|Way|Gardens|Terrace|Place|Square|Crescent|Grove|Hill|"
    r"Mews|Row|Walk|Park|Green|Rise|View)\b\.?"
)
_ENGLISH_STREET = rf"\d{{1,4}}[A-Za-z]?,? (?:{_CAPITALISED} ){{1,3}}{_ENGLISH_STREETS}"
_FLAT = r"(?:(?:Flat|Apartment|Apt|Unit) \w{1,4},? )?"
# The last two letters are never C, I, K, M, O or V (Royal Mail), nor the GB and TB of « M2 8GB ».
_BRITISH_POSTCODE = r"\b[A-Z]{1,2}\d[A-Z\d]? \d(?:[ABD-FHJLNP-SUW-Z][ABD-HJLNP-UW-Z]|[GT][AD-HJLNP-UW-Z])\b"
_BRITISH_TOWN = rf"(?:(?:,? {_CAPITALISED}){{0,3}},? {_BRITISH_POSTCODE})?"

_SHAPES = (
    rf"(?:{_NUMBER})?{_STREET}{_UP_TO_POSTCODE}",
    rf"{_NUMBER}{_PLACE}{_UP_TO_POSTCODE}",
    rf"{_NUMBER}{_STREET}{_ANY_NAME}",
    rf"{_NUMBER}{_PLACE}{_PROPER_NAME}",
    rf"{_HAMLET}{SPACE}[\"«“]?{SPACE}?{_ANY_NAME}(?:{_POSTCODE_AND_TOWN})?",
    rf"{_BOX}(?:{_POSTCODE_AND_TOWN})?",
    rf"\b{_FLAT}{_ENGLISH_STREET}{_BRITISH_TOWN}",
    _BRITISH_POSTCODE,
)
ADDRESSES = (
    *(Pattern("address", shape, mark("address")) for shape in _SHAPES),
    Pattern("address", rf"({_LIVES_AT})(?:{_STREET}|{_PLACE}){_PROPER_NAME}", rf"\1{mark('address')}"),
)

# What a text must hold for any of these to be worth trying.
ADDRESS_SIGN = any_of(
    (
        _STREET,
        rf"(?i:\d(?:{SPACE}?(?:bis|ter|quater|[a-d]))?,?{SPACE}{_PLACES}{SPACE})",
        _LIVES_AT,
        _HAMLET,
        _BOX,
        _ENGLISH_STREET,
        _BRITISH_POSTCODE,
    )
)
