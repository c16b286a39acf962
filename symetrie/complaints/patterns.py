"""The small language of rules: what a client writes when they complain, by lemmas.

A word stands for its family; ``a|b`` for either, ``@name`` for a class of words, ``@number`` for a number. Words
follow one another with a few words between, ``...`` leaves more of the clause between, ``a & b`` wants both in any
order.
A word that the client negates does not count; ``~word`` counts only negated, ``?word`` either way, and ``~`` alone is
any negation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from symetrie.complaints.lexicon import NEGATION, NUMBER, Words
from symetrie.complaints.reading import Token

NEAR, AROUND, FAR = 5, 7, 12
"""How many words on the next word may stand: in a phrase, around it, and after ``...``, for some never punctuate."""


class PatternError(ValueError):
    """A pattern that cannot be read; the message says what to write."""


@dataclass(frozen=True, slots=True)
class Term:
    """One place of a pattern: the lemmas that fit as they are said, and those that fit negated."""

    plain: frozenset[str]
    negated: frozenset[str]

    @property
    def lemmas(self) -> frozenset[str]:
        """All that fit, one way or the other."""
        return self.plain | self.negated

    def fits(self, token: Token) -> bool:
        """Whether a word of a text fits."""
        return not (self.negated if token.is_negated else self.plain).isdisjoint(token.lemmas)


@dataclass(frozen=True, slots=True)
class Pattern:
    """The terms of a pattern; how far each may stand from the one before; or all around the first, in any order."""

    terms: tuple[Term, ...]
    reaches: tuple[int, ...]
    is_ordered: bool

    def may_fit(self, lemmas: AbstractSet[str]) -> bool:
        """Whether a text of these lemmas may say it: a quick look, for most patterns fit no text."""
        return all(not (term.plain.isdisjoint(lemmas) and term.negated.isdisjoint(lemmas)) for term in self.terms[1:])

    def fits(self, tokens: Sequence[Token], at: int) -> bool:
        """Whether a text says it, beginning with the word at a position."""
        if not self.terms[0].fits(tokens[at]):
            return False
        return self._follows(tokens, at, 1) if self.is_ordered else self._surround(tokens, at)

    def _follows(self, tokens: Sequence[Token], at: int, term: int) -> bool:
        if term == len(self.terms):
            return True
        reach = self.reaches[term - 1]
        for position in range(at + 1, min(len(tokens), at + 1 + reach)):
            here, there = tokens[at], tokens[position]
            if there.clause != here.clause or (reach == NEAR and there.phrase != here.phrase):
                return False
            if self.terms[term].fits(tokens[position]) and self._follows(tokens, position, term + 1):
                return True
        return False

    def _surround(self, tokens: Sequence[Token], at: int) -> bool:
        around = [
            tokens[position]
            for position in range(max(0, at - AROUND), min(len(tokens), at + AROUND + 1))
            if position != at and tokens[position].clause == tokens[at].clause
        ]
        return all(any(term.fits(token) for token in around) for term in self.terms[1:])


def parse(written: str, words: Words) -> list[Pattern]:
    """Read a pattern; one with ``a b & c d`` becomes one per first word, so that each side keeps its order.

    Raises PatternError.
    """
    sides = [side.split() for side in written.split("&")]
    if not all(sides):
        raise PatternError(f"{written!r} has nothing on one side of '&'; write a word on either side")
    if len(sides) == 1:
        return [_ordered(written, sides[0], words)]
    terms = _eased([_term(written, each, words) for side in sides for each in side if each != "..."], words)
    return [Pattern(tuple(terms), (), is_ordered=False)]


def headwords(written: str, words: Words) -> Iterator[str]:
    """Give the headwords that a pattern uses."""
    for term in (term for side in written.split("&") for term in side.split() if term != "..."):
        for name in _names(written, term, words):
            yield from (NUMBER, NEGATION) if name in (NUMBER, NEGATION) else words.headword(name)


def _ordered(written: str, side: list[str], words: Words) -> Pattern:
    terms: list[Term] = []
    reaches: list[int] = []
    is_far = False
    for each in side:
        if each == "...":
            is_far = True
            continue
        if terms:
            reaches.append(FAR if is_far else NEAR)
        terms.append(_term(written, each, words))
        is_far = False
    if not terms or side[0] == "..." or is_far:
        raise PatternError(f"{written!r} begins or ends with '...'; write a word there")
    return Pattern(tuple(_eased(terms, words)), tuple(reaches), is_ordered=True)


def _eased(terms: list[Term], words: Words) -> list[Term]:
    """A negation that the pattern itself holds is not counted twice: « jamais rappelé » is wanted as it is said."""
    negations = {NEGATION} | words.negations
    holds = [bool(term.negated - term.plain or term.lemmas & negations) for term in terms]
    return [
        Term(term.plain, term.plain | term.negated) if any(holds[:at] + holds[at + 1 :]) else term
        for at, term in enumerate(terms)
    ]


def _term(written: str, term: str, words: Words) -> Term:
    """Read a term: a sign before it is for all its words, one within for the word behind it."""
    sign, bare = _signed(term)
    by_sign: dict[str, set[str]] = {"": set(), "~": set(), "?": set()}
    for each in bare.split("|"):
        own_sign, name = _signed(each)
        for one in _named(written, name, words):
            by_sign[own_sign or sign].update((one,) if one in (NUMBER, NEGATION) else words.headword(one))
    return Term(frozenset(by_sign[""] | by_sign["?"]), frozenset(by_sign["~"] | by_sign["?"]))


def _signed(term: str) -> tuple[str, str]:
    """Take the sign off a term; ``~`` alone is a word."""
    is_signed = term[:1] in ("~", "?") and term[1:2] not in ("", "|")
    return (term[0], term[1:]) if is_signed else ("", term)


def _names(written: str, term: str, words: Words) -> Iterator[str]:
    for each in _signed(term)[1].split("|"):
        yield from _named(written, _signed(each)[1], words)


def _named(written: str, name: str, words: Words) -> Iterator[str]:
    """Give the words that one stands for: those of its class, or itself."""
    if name in (NUMBER, NEGATION):
        yield name
    elif name.startswith("@"):
        if name[1:] not in words.classes:
            known = ", ".join(f"@{each}" for each in sorted({*words.classes, NUMBER[1:]}))
            raise PatternError(f"{written!r} names no class of words with {name}; known: {known}")
        yield from words.classes[name[1:]]
    elif name and all(letter.isalnum() or letter in "-'" for letter in name):
        yield name.replace("'", "")
    else:
        raise PatternError(f"{written!r} has {name!r} where a word should stand; write words with | between them")
