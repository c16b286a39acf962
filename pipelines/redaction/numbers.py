"""Personal data that has a shape of its own: addresses of the net, accounts, cards, social security, telephones.

No checksum can be told by a shape: where it cannot decide, it hides. 13 to 19 digits are a card, 10 or 11 that begin
with 0 a telephone; other numbers stay (orders, cases, amounts, dates, hours).
"""

from __future__ import annotations

from pipelines.redaction.shape import AFTER_NUMBER, BEFORE_NUMBER, IN_WORD, LETTER, SPACE, Pattern, mark

_WORD = rf"[{IN_WORD}0-9_]"
_ADDRESS = rf"{_WORD}(?:[{IN_WORD}0-9._%+-]*{_WORD})?"
_LABEL = rf"{LETTER}[{IN_WORD}0-9-]*"
_AT = rf"(?:{SPACE}?(?:@|\(at\)|\[at\]){SPACE}?|{SPACE}arobase{SPACE})"
_DOT = rf"(?:\.|{SPACE}?(?:\(dot\)|\[dot\]){SPACE}?|{SPACE}point{SPACE})"
_IN_URL, _URL_END = r"[^\s<>\"«»]", r"[^\s<>\"«».,;:!?'’)}]"
_DOMAIN_ENDING = r"(?:com|fr|net|org|io|eu|be|ch|lu|de|es|it|uk|ie|info|shop|gl|ly)"
_GAP = rf"(?:{SPACE}|[.-])?"
# A country, two check digits, perhaps a bank in letters (GB, NL, IE), then groups of four with a digit in each.
_IBAN_BANK = rf"(?:{_GAP}[a-z]{{4}})"
_IBAN_GROUP = rf"(?:{_GAP}(?:\d[a-z0-9]{{3}}|[a-z]\d[a-z0-9]{{2}}|[a-z]{{2}}\d[a-z0-9]|[a-z]{{3}}\d))"
# Sex, year, month (or 20 to 42 and 50 to 99 where it is not known), department and commune, order, key (INSEE).
_BIRTH = rf"[1278]{_GAP}\d{{2}}{_GAP}(?:0[1-9]|1[0-2]|[2-9]\d)"
_BIRTHPLACE = rf"(?:2[ab]|\d{{2}}){_GAP}\d{{3}}|9[78]\d{_GAP}\d{{2}}"
_NIR = rf"{_BIRTH}{_GAP}(?:{_BIRTHPLACE}){_GAP}\d{{3}}(?:{SPACE}?\(?(?:clé|cle|/)?{_GAP}\d{{2}}\)?)?"

_NATIONAL = "|".join(rf"0(?:{gap}?\d){{9,10}}" for gap in (SPACE, r"\.", "-"))
_INTERNATIONAL = rf"(?:\+|00){SPACE}?[1-9](?:(?:{SPACE}|[./-]|{SPACE}?\(\d{{1,4}}\){SPACE}?)?\d){{7,13}}"
_AMERICAN = rf"\(\d{{3}}\){SPACE}?\d{{3}}[ .-]\d{{4}}"


def _number(kind: str, shape: str) -> Pattern:
    return Pattern(kind, rf"(?i){BEFORE_NUMBER}(?:{shape}){AFTER_NUMBER}", rf"\1{mark(kind)}\2")


EMAILS = (
    Pattern("email", rf"(?i){_ADDRESS}(?:@|%40){_LABEL}(?:\.{_LABEL})*", mark("email")),
    Pattern("email", rf"(?i){_ADDRESS}{_AT}{_LABEL}(?:{_DOT}{_LABEL})*{_DOT}{LETTER}{{2,}}", mark("email")),
)
# In this order: a URL may hold an address, an IBAN holds digits that look like a card, a card those of a telephone;
# a telephone in pairs comes before cards, or two of them side by side would make one.
NUMBERS = (
    *EMAILS,
    Pattern("url", rf"(?i)\b(?:https?://|www\.){_IN_URL}*{_URL_END}", mark("url")),
    Pattern("url", rf"(?i)\b(?:[a-z0-9-]+\.)+{_DOMAIN_ENDING}/{_IN_URL}*{_URL_END}", mark("url")),
    Pattern("iban", rf"(?i)\b[a-z]{{2}}\d{{2}}{_IBAN_BANK}?{_IBAN_GROUP}{{2,7}}(?:{_GAP}\d{{1,3}})?\b", mark("iban")),
    _number("nir", _NIR),
    _number("phone", rf"0[1-9](?:(?:{SPACE}|[.,/-]{SPACE}?)\d{{2}}){{4}}"),
    _number("card", rf"(?:[1-9]|0[1-9])(?:(?:{SPACE}|-)?\d){{12,18}}"),
    Pattern("phone", rf"(?i)(^|[^0-9])(?:{_INTERNATIONAL}|{_NATIONAL}|{_AMERICAN}){AFTER_NUMBER}", r"\1[phone]\2"),
)

# What a text must hold for any of these to be worth trying; most verbatims hold none.
NUMBER_SIGN = r"(?i)\d(?:\D{0,6}\d){7}|@|%40|://|www\.|arobase|[\[(]at[\])]|\.[a-z]+/"
EMAIL_SIGN = r"(?i)@|%40|arobase|[\[(]at[\])]"
