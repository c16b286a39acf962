"""Names of clients and of staff, by list: what introduces one, first names anywhere, and the surnames beside them.

Three lists of first names, by what else they mean. Most are names in any case (« merci à stéphanie »); some only with a
capital, being words without (« il se marie »); the ambiguous are words even with a capital (« Claire », « Rose ») and
count beside what speaks of a person (« avec Claire », « Claire m'a aidé »).
A name that became a brand or a place (« Yves Rocher », « rue Victor-Hugo ») stays.
"""

from __future__ import annotations

import re
from functools import cache

from pipelines.redaction.introductions import BEFORE, BESIDE, CIVILITY, DOES, SIGN_OFF, role
from pipelines.redaction.shape import CAPITAL, IN_WORD, LETTER, SMALL, SPACE, Pattern, any_of, mark
from pipelines.redaction.words import has_accented_edge, phrases, spelled, words

# "A name stood here", and "no name begins here": noncharacters, in nobody's text; RE2 sees no edge beside a "_".
_HERE, _SPLIT = "\ufdd0", "_\ufdd1_"

_PARTICLE = (
    r"(?:(?:[Dd]e [Ll]a|[Dd]e|[Dd]u|[Dd]es|[Dd]a|[Dd]os|[Ll]e|[Ll]a|[Ee]l|[Bb]en|[Vv]an [Dd]e[nr]|[Vv]an|[Vv]on|[Dd]i|"
    r"St|Saint)[ -]|[DdON]['’]|O )"
)
_IN_NAME = rf"[{IN_WORD}'’{_SPLIT}-]"
_SURNAME = rf"(?:{_PARTICLE}){{0,2}}{CAPITAL}{_IN_NAME}*"
_NOBLE = rf"(?:{_PARTICLE}){{1,2}}{CAPITAL}{_IN_NAME}*"
_NO_CAPITALS = rf"(?:{_PARTICLE}){{0,2}}{CAPITAL}['’]?(?:{_SPLIT})?{SMALL}{_IN_NAME}*"
_END = rf"($|[^{IN_WORD}0-9_'’-])"
_TITLE = r"L[ea] (?:Directeur|Directrice|Maire|Présidente?|Responsable|Gérante?|Ministre|Juge|Docteur|Professeur)"
_NAMED_AFTER = (
    r"(?:(?i:rue|avenue|av\.|boulevard|bd|place|quai|square|impasse|allée|pont|parc|jardin|gare|métro|station|stade|hôpital|"
    r"clinique|hôtel|école|collège|lycée|université|centre|galerie|résidence|théâtre|musée|fondation|institut|maternité|"
    r"sainte?|ste?)[ -](?:de la |de l['’]|du |des |de |d['’])?)+"
)


@cache
def names() -> tuple[Pattern, ...]:
    """Give the patterns in their order, each on the text that the one before has left."""
    stages = (*_kept(), *_introduced(), *_listed(), (_HERE, mark("name")), (_SPLIT, ""))
    return tuple(Pattern("name", shape, replacement) for shape, replacement in stages)


@cache
def introduction_sign() -> str:
    """Write what a text must hold for a name that `first_names` does not tell."""
    before_capital = rf"(?:{BEFORE}|{role()}|{SIGN_OFF}){SPACE}?(?:{_PARTICLE})?{CAPITAL}"
    return any_of((before_capital, _civility_and_known_surname(), _ambiguous(), _accented_at_the_edge()))


@cache
def first_names() -> str:
    """Write the names that need nothing beside them, in any case or with a capital, and what a hyphen adds."""
    anywhere = any_of(map(spelled, words("first_names")))
    capitalised = words("first_names_with_capital")
    with_capital = any_of(map(spelled, (*capitalised, *map(str.upper, capitalised))))
    return rf"(?:(?i:{anywhere})|{with_capital})(?:-{CAPITAL}{LETTER}*)?"


def _kept() -> tuple[tuple[str, str], ...]:
    """Names that speak of nobody are split, so that nothing finds them."""
    return (
        (_brand_after_a_word(), rf"\1{_SPLIT}\2"),
        (_brand_of_several_words(), rf"\1{_SPLIT}\2{_SPLIT}\3"),
        (rf"\b({_NAMED_AFTER}{CAPITAL})", rf"\1{_SPLIT}"),
    )


def _introduced() -> tuple[tuple[str, str], ...]:
    """What follows an introduction; a word that is no name is taken first, and given back."""
    return (
        (
            rf"((?:{BEFORE}{SPACE})+)(?:({_TITLE}){_END}|{_NOBLE}|({_no_name()}){_END}|{_SURNAME})",
            rf"\1\2\4{_HERE}\3\5",
        ),
        (_civility_and_known_surname(), rf"\1{_HERE}"),
        (rf"({role()}{SPACE})(?:({_no_name()}){_END}|{_NO_CAPITALS})", rf"\1\2{_HERE}\3"),
        (rf"({SIGN_OFF}){_SURNAME}(?:{SPACE}{_SURNAME}){{0,2}}([\s.!]*)$", rf"\1{_HERE}\2"),
        (rf"({LETTER}\.?){_HERE}", r"\1"),
    )


def _listed() -> tuple[tuple[str, str], ...]:
    """First names, several as one, and the surname or initial beside; in capitals where the text goes on without."""
    rest_of_brand = rf"(?:[ -]{CAPITAL}{_SPLIT}{_IN_NAME}*)*"
    particle_and_surname = rf"{SPACE}{_NOBLE}{rest_of_brand}"
    given_back = rf"({SPACE}(?:{_no_name()})){_END}"
    surname = rf"{SPACE}(?:{_NO_CAPITALS}{rest_of_brand}|[A-Z]\b\.?)"
    in_capitals = rf"{SPACE}{CAPITAL}{{2,}}({SPACE}{SMALL}|[.,;:!?)\n]|$)"
    return (
        (_ambiguous(), rf"\1{_HERE}\2"),
        (first_names(), _HERE),
        (_accented_at_the_edge(), rf"\1{_HERE}\2"),
        (rf"{_HERE}(?:[ -]{_HERE})+", _HERE),
        (rf"{_HERE}(?:{particle_and_surname}|{given_back}|{surname}|{in_capitals})", rf"{_HERE}\1\2\3"),
    )


def _no_name() -> str:
    return rf"(?i:{any_of(words('words_after'))})|MM?\.|[CJLQST]['’]{LETTER}*"


def _civility_and_known_surname() -> str:
    surnames = any_of(map(spelled, words("surnames")))
    return rf"({CIVILITY}{SPACE}|\bM{SPACE})(?i:{surnames})"


def _ambiguous() -> str:
    """The ambiguous names: after what hands over to a person, before what a person does, before a surname."""
    listed = words("first_names_ambiguous")
    ambiguous = any_of((*filter(has_accented_edge, listed), *map(spelled, listed)))
    surnames = any_of(map(spelled, words("surnames")))
    return rf"({BESIDE}{SPACE}){ambiguous}(?:-{CAPITAL}{LETTER}*)?|{ambiguous}(?:{SPACE}{surnames}|({DOES}))"


def _accented_at_the_edge() -> str:
    """The first names whose edges RE2 does not see."""
    listed = (*words("first_names"), *words("first_names_with_capital"))
    return rf"(^|[^{IN_WORD}])(?i:{any_of(filter(has_accented_edge, listed))})($|[^{IN_WORD}])"


def _brand_after_a_word() -> str:
    """Brands whose name comes after another word, where a star stands in the list: that word and a letter, the rest."""
    halves = [brand.split("*") for brand in phrases("brands") if "*" in brand]
    before = any_of(sorted({re.escape(start) for start, _ in halves}))
    rest = any_of(re.escape(name[1:]) for _, name in halves)
    return rf"({before}{CAPITAL})({rest})"


def _brand_of_several_words() -> str:
    """Brands in three: a letter, what stands up to the first letter of the last word, and the rest."""
    whole = [brand.rpartition(" ") for brand in phrases("brands") if "*" not in brand]
    middle = any_of(sorted({re.escape(start[1:]) + f"[ -]{last[0]}" for start, _, last in whole}, reverse=True))
    end = any_of(sorted({re.escape(last[1:]) + r"\b" * last.isascii() for _, _, last in whole}, reverse=True))
    return rf"({CAPITAL})({middle})({end})"
