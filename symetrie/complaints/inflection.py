"""The forms of a headword that follow a rule; what follows none is written out in the data.

Forms without accents are compared, so that é, è and e are one, and a rule is simpler than in a grammar. Rules give
some forms that nobody writes (« chaisement »): they cost a line in memory and match nothing.
"""

from collections.abc import Callable, Collection, Iterator, Mapping

# Present, imperfect, future, conditional, participles; the simple past and the subjunctives are not of reviews.
_ER_ENDINGS = (
    "e", "es", "ons", "ez", "ent", "er", "ee", "ees", "ai", "as", "a", "ais", "ait", "ions", "iez", "aient", "ant",
    "era", "eras", "erai", "erait", "eront", "eraient", "erez", "erons",
)  # fmt: skip
_IR_ENDINGS = (
    "ir", "is", "it", "issons", "issez", "issent", "issais", "issait", "issaient", "issant", "ira", "irai", "irait",
    "iront", "i", "ie", "ies",
)  # fmt: skip

# The ending of a masculine, and the endings of its other forms (plural, feminine, adverb).
_FRENCH_ENDINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("eau", ("eaux", "elle", "elles")),
    ("eux", ("euse", "euses", "eusement")),
    ("teur", ("teurs", "teuse", "teuses", "trice", "trices")),
    ("eur", ("eurs", "euse", "euses", "eure", "eures")),
    ("if", ("ifs", "ive", "ives", "ivement")),
    ("el", ("els", "elle", "elles", "ellement")),
    ("en", ("ens", "enne", "ennes")),
    ("on", ("ons", "onne", "onnes")),
    ("er", ("ers", "ere", "eres", "erement")),
    ("al", ("aux", "ale", "ales", "alement", "als")),
    ("ant", ("ants", "ante", "antes", "amment")),
    ("ent", ("ents", "ente", "entes", "emment")),
    ("e", ("es", "ement")),
)

Inflect = Callable[[str], Iterator[str]]


def french(verbs_ir: Collection[str], not_verbs: Collection[str]) -> Inflect:
    """Give the rule of French headwords: in -er a verb unless it is listed as none, in -ir a verb where it is listed.

    >>> sorted(french((), ())("livrer"))[:4], sorted(french((), ())("agressif"))
    (['livra', 'livrai', 'livraient', 'livrais'], ['agressif', 'agressifs', 'agressive', 'agressivement', 'agressives'])
    """

    def inflect(headword: str) -> Iterator[str]:
        yield headword
        if headword.endswith("er") and headword not in not_verbs:
            yield from _er_verb(headword[:-2])
        elif headword in verbs_ir:
            yield from (headword[:-2] + ending for ending in _IR_ENDINGS)
        else:
            yield from _noun_or_adjective(headword)

    return inflect


def _er_verb(stem: str) -> Iterator[str]:
    stems = [stem]
    if stem.endswith("g"):
        stems.append(f"{stem}e")  # mangeait
    elif stem.endswith("y"):
        stems.append(f"{stem[:-1]}i")  # essaie
    elif stem.endswith(("el", "et")):
        stems.append(stem + stem[-1])  # appelle
    yield from (each + ending for each in stems for ending in _ER_ENDINGS)


def _noun_or_adjective(headword: str) -> Iterator[str]:
    for ending, others in _FRENCH_ENDINGS:
        if headword.endswith(ending):
            stem = headword.removesuffix(ending)
            yield from (stem + other for other in others)
            return
    endings = ("s", "x") if len(headword) == 3 else ("s", "e", "es", "x")  # « rate » is no form of « rat »
    yield from (headword + ending for ending in endings)


def english(headword: str) -> Iterator[str]:
    """Give the forms of an English headword, as if it were a noun, a verb and an adjective at once.

    >>> sorted(english("rat")), sorted(english("lazy"))
    (['rat', 'rats', 'ratted', 'ratting'], ['lazied', 'lazier', 'lazies', 'laziest', 'lazily', 'lazy', 'lazying'])
    """
    yield headword
    if headword.endswith("y") and headword[-2:-1] not in "aeou":
        yield from (headword[:-1] + ending for ending in ("ies", "ied", "ier", "iest", "ily"))
        yield f"{headword}ing"
    elif headword.endswith("e"):
        yield from (headword + ending for ending in ("s", "d", "r", "st", "ly"))
        yield f"{headword[:-1]}ing"
    elif len(headword) == 3:  # "rating" is no form of "rat"
        yield from (f"{headword}s", f"{headword}{headword[-1]}ed", f"{headword}{headword[-1]}ing")
    else:
        yield from (headword + ending for ending in ("s", "es", "ed", "ing", "er", "est", "ly"))
        yield from (headword + headword[-1] + ending for ending in ("ed", "ing", "er"))


def families(
    headwords: Collection[str], written: Mapping[str, Collection[str]], inflect: Inflect
) -> dict[str, set[str]]:
    """Give the headwords of each form: those written out as they stand, the others by rule."""
    found: dict[str, set[str]] = {}
    for headword, forms in written.items():
        for form in (headword, *forms):
            found.setdefault(form, set()).add(headword)
    known = frozenset(found)
    for headword in headwords:
        if headword not in known:
            for form in inflect(headword):
                found.setdefault(form, set()).add(headword)
    return found
