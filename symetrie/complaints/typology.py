"""The reasons of complaints, and which of them a text speaks of."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from symetrie.complaints.lexicon import LANGUAGES, Language, Lexicon, build_lexicon, language_of, words_of
from symetrie.complaints.patterns import Pattern, headwords, parse
from symetrie.complaints.reading import Token, cut, read

OTHER = "other"
"""What is said is of no reason that the rules know: it is counted, and never guessed."""

BLAMED_WITHIN = 6
"""Words on either side of a topic in which a judgement against something is held to be about it."""

BARE_WORDS = 4
"""A text of no more words names its reason without judging: « La livraison », "Waiting times"."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why clients complain, as a manager reads it, and the dimension it speaks of, where there is one."""

    code: str
    titles: Mapping[str, str]
    dimension: str | None = None
    is_serious: bool = False

    def title(self, locale: str) -> str:
        """Name the reason in ``fr`` or ``en``; any other locale is a KeyError."""
        return self.titles[locale]


@dataclass(frozen=True, slots=True)
class Rules:
    """What is written of a reason in one language: a complaint by itself, or a topic that is one beside a judgement."""

    says: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Compiled:
    lexicon: Lexicon
    says: Mapping[str, Sequence[tuple[Pattern, str]]]  # by the lemma that a pattern begins with
    topics: Mapping[str, Sequence[str]]  # codes by lemma
    blame: frozenset[str]
    praise: frozenset[str]


@dataclass(frozen=True)
class Typology:
    """Reasons in the order in which they are told, and the rules that find them; built by `build_typology`."""

    reasons: tuple[Reason, ...]
    _compiled: Mapping[Language, _Compiled] = field(repr=False)

    def reason(self, code: str) -> Reason:
        """Find a reason by its code; an unknown one is a LookupError naming the known ones."""
        found = next((reason for reason in self.reasons if reason.code == code), None)
        if found is None:
            raise LookupError(
                f"no reason is called {code!r}; use one of {', '.join(each.code for each in self.reasons)}"
            )
        return found

    def is_serious(self, codes: Iterable[str]) -> bool:
        """Whether any of these reasons does not wait for a lower mark."""
        return any(reason.is_serious for reason in self.reasons if reason.code in set(codes))

    def reasons_of(self, text: str, language: str | None = None) -> tuple[str, ...]:
        """Give the codes of the reasons that a text speaks of, in their order; `other` alone where it speaks of none.

        `language` is what the source says, which the words overrule; a text without a word gives nothing.

        >>> default_typology().reasons_of("Quarante minutes d'attente et le vendeur n'était pas aimable")
        ('waiting', 'rudeness')
        >>> default_typology().reasons_of("Aucune attente, vendeur très aimable"), default_typology().reasons_of("...")
        (('other',), ())
        """
        found = cut(text)
        if not any(piece[0].isalnum() for piece in found):
            return ()
        stated = language_of(found, language)
        codes: set[str] = set()
        for each in LANGUAGES if stated is None else (stated,):
            codes = codes or _codes(found, self._compiled[each])
        return tuple(reason.code for reason in self.reasons if reason.code in codes) or (OTHER,)


def build_typology(reasons: Sequence[Reason], rules: Mapping[str, Mapping[Language, Rules]]) -> Typology:
    """Build a typology from reasons and their rules by code and language; `other` is added. Raises PatternError."""
    compiled = {
        language: _compile(language, {code: own[language] for code, own in rules.items() if language in own})
        for language in LANGUAGES
    }
    return Typology((*reasons, OTHER_REASON), compiled)


OTHER_REASON = Reason(OTHER, {"fr": "Autre motif", "en": "Other reason"})
"""Of complaints in which no rule finds anything."""


@cache
def default_typology() -> Typology:
    """The typology that every house begins with."""
    return build_typology(default_reasons(), default_rules())


@cache
def default_reasons() -> tuple[Reason, ...]:
    """The reasons that every house begins with, in their order."""
    return tuple(Reason(code, **content) for code, content in _document("reasons").items())


@cache
def default_rules() -> Mapping[str, Mapping[Language, Rules]]:
    """The rules that every house begins with, by reason and language."""
    by_code: dict[str, dict[Language, Rules]] = defaultdict(dict)
    for language in LANGUAGES:
        for code, content in _document(f"rules.{language}").items():
            says = tuple(filter(None, map(str.strip, content["says"].splitlines())))
            by_code[code][language] = Rules(says, tuple(content.get("topics", "").split()))
    return by_code


def _document(name: str) -> dict[str, Any]:
    return tomllib.loads(files("symetrie").joinpath(f"data/complaints/{name}.toml").read_text("utf-8"))


def _compile(language: Language, rules: Mapping[str, Rules]) -> _Compiled:
    words = words_of(language)
    used = {
        name for own in rules.values() for written in (*own.says, *own.topics) for name in headwords(written, words)
    }
    says: dict[str, list[tuple[Pattern, str]]] = defaultdict(list)
    topics: dict[str, list[str]] = defaultdict(list)
    for code, own in rules.items():
        for pattern in (pattern for written in own.says for pattern in parse(written, words)):
            for lemma in pattern.terms[0].lemmas:
                says[lemma].append((pattern, code))
        for topic in own.topics:
            for lemma in words.headword(topic):
                topics[lemma].append(code)
    judging = {name: frozenset(each for listed in words.classes[name] for each in words.headword(listed))
               for name in ("blame", "praise")}  # fmt: skip
    return _Compiled(build_lexicon(words, used), says, topics, judging["blame"], judging["praise"])


def _codes(found: list[str], compiled: _Compiled) -> set[str]:
    tokens = read(found, compiled.lexicon)
    places: dict[str, list[int]] = defaultdict(list)
    for at, token in enumerate(tokens):
        for lemma in token.lemmas:
            places[lemma].append(at)
    lemmas = set(places)
    codes: set[str] = set()
    for lemma, positions in places.items():
        for pattern, code in compiled.says.get(lemma, ()):
            if code not in codes and pattern.may_fit(lemmas):
                codes.update(code for at in positions if pattern.fits(tokens, at))
        for code in compiled.topics.get(lemma, ()):
            if code not in codes:
                codes.update(code for at in positions if _is_named_to_blame(tokens, at, compiled))
    return codes


def _is_named_to_blame(tokens: Sequence[Token], at: int, compiled: _Compiled) -> bool:
    """Whether what is named at a position is judged badly: by a word near it, or because nothing else is said."""
    if tokens[at].is_negated:
        return False
    near = [
        token
        for token in tokens[max(0, at - BLAMED_WITHIN) : at + BLAMED_WITHIN + 1]
        if token.clause == tokens[at].clause and token is not tokens[at]
    ]
    if any(_judges_badly(token, compiled) for token in near):
        return True
    return len(tokens) <= BARE_WORDS and not any(_praises(token, compiled) for token in near)


def _judges_badly(token: Token, compiled: _Compiled) -> bool:
    if token.is_negated:
        return not compiled.praise.isdisjoint(token.lemmas)
    return not compiled.blame.isdisjoint(token.lemmas)


def _praises(token: Token, compiled: _Compiled) -> bool:
    return not token.is_negated and not compiled.praise.isdisjoint(token.lemmas)
