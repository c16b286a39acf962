"""What is known of the words of a language: their families, what negates, what blames, and the nearest spelling."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from symetrie.complaints.inflection import english, families, french
from symetrie.complaints.spelling import pieces, plain, word

Language = Literal["fr", "en"]
LANGUAGES: tuple[Language, ...] = ("fr", "en")

NUMBER, NEGATION = "@number", "~"
"""Lemmas that stand for any number, and for any word that negates."""

SHORTEST_CORRECTED = 8
"""Letters: below, one letter away is too often another word (« intérêt », « internet » is the limit)."""

_NUMBER_WORDS: Mapping[Language, str] = {
    "fr": "deux trois quatre cinq six sept huit neuf dix quinze vingt trente quarante soixante cent plusieurs",
    "en": "two three four five six seven eight nine ten fifteen twenty thirty forty sixty hundred several",
}


@dataclass(frozen=True)
class Words:
    """The data of a language, as they are written: docs of each field stand in the file."""

    language: Language
    written: Mapping[str, tuple[str, ...]]
    light: frozenset[str]
    contrasts: frozenset[str]
    negators: frozenset[str]
    lacks: frozenset[str]
    after_verb: frozenset[str]
    only_after: Mapping[str, frozenset[str]]
    not_after: Mapping[str, frozenset[str]]
    otherwise: Mapping[str, str]
    never_mind: frozenset[tuple[str, ...]]
    classes: Mapping[str, tuple[str, ...]]
    verbs_ir: frozenset[str]
    not_verbs: frozenset[str]

    @property
    def negations(self) -> frozenset[str]:
        """All that takes away what follows: words of negation, and those of a lack."""
        return self.negators | self.lacks

    def headword(self, written: str) -> tuple[str, ...]:
        """Give the family or families that a word of a pattern stands for: its own, or those it is written out in.

        A French word in -é is the participle of a verb (« cassé », « cassées »); of a noun this changes nothing.
        """
        name = word(written)
        if name in self.written:
            return (name,)
        own = f"{name[:-1]}er" if self.language == "fr" and written.endswith("é") else name
        return _of_form(self.language).get(name, (own,))


@cache
def words_of(language: Language) -> Words:
    """Read the words of a language."""
    document: dict[str, Any] = tomllib.loads(
        files("symetrie").joinpath(f"data/complaints/words.{language}.toml").read_text("utf-8")
    )
    negation = document["negation"]
    return Words(
        language=language,
        written={word(name): _split(forms) for name, forms in document["families"].items()},
        light=frozenset(_split(document["light"]["words"])),
        contrasts=frozenset(_split(document["light"]["contrasts"])),
        negators=frozenset(_split(negation["words"])),
        lacks=frozenset(_split(negation["lacks"])),
        after_verb=frozenset(_split(negation["after_verb"])),
        only_after={word(name): frozenset(_split(after)) for name, after in negation["only_after"].items()},
        not_after={word(name): frozenset(_split(after)) for name, after in negation["not_after"].items()},
        otherwise={word(name): word(said) for name, said in negation["otherwise"].items()},
        never_mind=frozenset(tuple(pieces(phrase)) for phrase in negation["never_mind"]),
        classes={name: tuple(listed.split()) for name, listed in document["classes"].items()},
        verbs_ir=frozenset(_split(document.get("verbs_ir", ""))),
        not_verbs=frozenset(_split(document.get("not_verbs", ""))),
    )


@cache
def _of_form(language: Language) -> dict[str, tuple[str, ...]]:
    """The families written out, by their forms."""
    found: dict[str, list[str]] = {}
    for headword, forms in words_of(language).written.items():
        for form in forms:
            found.setdefault(form, []).append(headword)
    return {form: tuple(headwords) for form, headwords in found.items()}


def _split(listed: str) -> tuple[str, ...]:
    return tuple(map(word, listed.split()))


@dataclass(frozen=True)
class Lexicon:
    """The families of a language with the headwords that rules use; what it has once looked up it remembers."""

    words: Words
    lemmas: Mapping[str, tuple[str, ...]]
    compounds: Mapping[str, tuple[tuple[str, ...], ...]]
    verbs: frozenset[str]
    _near: Mapping[str, tuple[str, ...]] = field(repr=False)
    _seen: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    def lemmas_of(self, form: str) -> tuple[str, ...]:
        """Give the lemmas of a form: of its family or families, of the nearest spelling, else the form itself."""
        found = self._seen.get(form)
        if found is None:
            found = self._seen[form] = self._looked_up(form)
        return found

    def _looked_up(self, form: str) -> tuple[str, ...]:
        if form[0].isdigit():
            return (NUMBER, form)
        own = self.lemmas.get(form)
        if own is not None or form in self.words.light:
            return own or (form,)
        nearest = self._nearest(form) if len(form) >= SHORTEST_CORRECTED else None
        return self.lemmas[nearest] if nearest else (form,)

    def _nearest(self, form: str) -> str | None:
        """Give the known form one letter away, the first of several."""
        candidates = {each for cut in (form, *_cuts(form)) for each in self._near.get(cut, ())}
        close = (each for each in candidates if each[0] == form[0] and is_one_letter_away(form, each))
        return min(close, default=None)


def build_lexicon(words: Words, headwords: Collection[str]) -> Lexicon:
    """Build the lexicon of the headwords that rules use, with the words that negate."""
    in_classes = (each for listed in words.classes.values() for name in listed for each in words.headword(name))
    inflect = french(words.verbs_ir, words.not_verbs) if words.language == "fr" else english
    known = families({*headwords, *in_classes}, words.written, inflect)
    for number in _split(_NUMBER_WORDS[words.language]):
        known.setdefault(number, {number}).add(NUMBER)
    for negator in words.negations:
        known.setdefault(negator, {negator})
    lemmas = {form: tuple(sorted(names)) for form, names in known.items()}
    near: dict[str, list[str]] = {}
    for form, names in lemmas.items():
        if len(form) >= SHORTEST_CORRECTED and form.isalpha() and any(_is_sure(form, name, words) for name in names):
            for cut in (form, *_cuts(form)):
                near.setdefault(cut, []).append(form)
    return Lexicon(
        words,
        lemmas,
        _compounds(lemmas),
        frozenset(form for form, names in lemmas.items() if any(map(_is_verb, names))),
        {cut: tuple(forms) for cut, forms in near.items()},
    )


def _is_sure(form: str, headword: str, words: Words) -> bool:
    """Whether a form is a word for certain: rules make some that nobody writes, which must attract no misspelling."""
    if form == headword or headword in words.written:
        return True
    return words.language == "fr" and _is_verb(headword) and form[len(headword) - 2 :] in ("e", "ee", "es", "ees")


def _is_verb(lemma: str) -> bool:
    return lemma.endswith(("er", "ir", "re"))


def _compounds(lemmas: Collection[str]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Words of several pieces by their first, the longest first: « rendez-vous » is written « rendez vous » too."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for form in lemmas:
        if "-" in form:
            parts = tuple(form.split("-"))
            found.setdefault(parts[0], []).append(parts)
    return {first: tuple(sorted(listed, key=len, reverse=True)) for first, listed in found.items()}


def _cuts(form: str) -> Iterator[str]:
    """Give a form without each of its letters in turn."""
    return (form[:at] + form[at + 1 :] for at in range(len(form)))


def is_one_letter_away(one: str, other: str) -> bool:
    """Whether one letter is missing, added, replaced or swapped with its neighbour.

    >>> is_one_letter_away("agresif", "agressif"), is_one_letter_away("recpetion", "reception")
    (True, True)
    >>> is_one_letter_away("reception", "deception"), is_one_letter_away("attention", "attente")
    (True, False)
    """
    shorter, longer = sorted((one, other), key=len)
    at = next(
        (at for at, (left, right) in enumerate(zip(shorter, longer, strict=False)) if left != right), len(shorter)
    )
    if len(shorter) == len(longer):
        is_swapped = shorter[at : at + 2] == longer[at : at + 2][::-1] and shorter[at + 2 :] == longer[at + 2 :]
        return at < len(shorter) and (shorter[at + 1 :] == longer[at + 1 :] or is_swapped)
    return len(longer) - len(shorter) == 1 and shorter[at:] == longer[at + 1 :]


def language_of(found: Collection[str], given: str | None) -> Language | None:
    """Tell the language of a text by its small words, for clients write in their own; on a tie the one that is given.

    Gives None where neither the words nor the source say.
    """
    counts = {language: sum(map(words_of(language).light.__contains__, found)) for language in LANGUAGES}
    if counts["fr"] != counts["en"]:
        return "fr" if counts["fr"] > counts["en"] else "en"
    stated = plain(given or "")[:2]
    return next((language for language in LANGUAGES if language == stated), None)
