"""What stands before a name, after it, or around it: civilities, roles, « je m'appelle », « avec », « m'a aidé »."""

from __future__ import annotations

from functools import cache

from pipelines.redaction.shape import any_of
from pipelines.redaction.words import phrases

CIVILITY = (
    r"(?:\b(?i:mmes?|mlles?|melles?|madame|mesdames|mademoiselle|monsieur|messieurs|dr|docteure?|doctor|professeure?|prof|"
    r"ma[iî]tre|mrs?|ms|miss|mister)\b\.?|\bMM?\.|\bPr\b\.?|\bMe\b)"
)
_STATED = (
    r"\b(?i:je m['’]appelle|je me nomme|mon nom (?:est|:)|my name(?: is|['’]s)|signée?|signed|signature|"
    r"s['’]appel(?:le|ait|ant)|se (?:nomme|prénomme)|prénommée?|nommée?|dénommée?|du nom de|named|un certain|"
    r"une certaine|à l['’]attention de|dear)"
)
BEFORE = rf"(?:{CIVILITY}|{_STATED}(?: ?:)?)"
SIGN_OFF = (
    r"\b(?i:(?:bien )?cordialement|salutations(?: distinguées)?|(?:kind |best )?regards|sincerely|bien à vous|"
    r"respectueusement)[\s,.:!-]*"
)
BESIDE = (
    r"\b(?i:avec|par|de la part de|merci(?: beaucoup| encore)?(?: à)?|bravo(?: à)?|gr[âa]ce à|remercie|féliciter|"
    r"félicitations à|demande[rz]|prénom|with|by|thank(?:s| you)(?: so much| very much)?(?: to)?|ask for|spoke to)"
)
DOES = (
    r" (?i:m['’]a|nous a|m['’]avait|vous a|s['’]est occupée?|a été|a su|a pris|helped|"
    r"est (?:très|super|vraiment|adorable|top|formidable|géniale?|toujours|au top)|"
    r"(?:was|is) (?:very|so|great|lovely|brilliant|amazing|helpful|excellent|kind|rude))\b"
)


@cache
def role() -> str:
    """Write the shape of what people are called at work."""
    return rf"\b(?i:{any_of(phrases('roles'))})"
