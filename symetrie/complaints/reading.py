"""A text as rules read it: its words with their lemmas, the clause of each, and whether it is negated."""

from dataclasses import dataclass

from symetrie.complaints.lexicon import NEGATION, Lexicon
from symetrie.complaints.spelling import pieces

LONGEST_READ = 5_000
"""Characters: what a client has not said by then is no reason, and a text pasted a thousand times costs no more."""

LOOKS_BACK = 3
"""Words between « ne » and « pas »: « ne répondent même pas »."""


@dataclass(slots=True)
class Token:
    """A word of a text; its clause ends with a sentence or a contrast, its phrase also with a comma."""

    form: str
    lemmas: tuple[str, ...]
    clause: int
    phrase: int
    is_negated: bool = False


def cut(text: str) -> list[str]:
    """Cut the part of a text that is read."""
    return pieces(text[:LONGEST_READ])


def read(found: list[str], lexicon: Lexicon) -> list[Token]:
    """Read the pieces of a text: marks and contrasts end a clause, a comma a phrase."""
    tokens: list[Token] = []
    clause, phrase, at = 0, 0, 0
    while at < len(found):
        piece = found[at]
        is_mark = not piece[0].isalnum()
        if is_mark or piece in lexicon.words.contrasts:
            clause += piece not in ",:"
            phrase += 1
        if is_mark:
            at += 1
        else:
            parts = _compound(found, at, lexicon) if piece in lexicon.compounds else (piece,)
            form, lemmas = piece, lexicon.lemmas_of(piece)
            if len(parts) > 1:
                form = "-".join(parts)
                lemmas = tuple(lemma for each in (form, *parts) for lemma in lexicon.lemmas_of(each))
            tokens.append(Token(form, lemmas, clause, phrase))
            at += len(parts)
    _negate(tokens, lexicon)
    return tokens


def _compound(found: list[str], at: int, lexicon: Lexicon) -> tuple[str, ...]:
    for parts in lexicon.compounds[found[at]]:
        if tuple(found[at : at + len(parts)]) == parts:
            return parts
    return (found[at],)


def _negate(tokens: list[Token], lexicon: Lexicon) -> None:
    negations, lacks = lexicon.words.negations, lexicon.words.lacks
    undone: set[int] = set()  # lacks that are negated: « pas difficile », "no lack of"
    for at, token in enumerate(tokens):
        if token.form not in negations or at in undone:
            continue
        if not _negates(tokens, at, lexicon):
            if token.form in lexicon.words.otherwise:
                token.lemmas = (lexicon.words.otherwise[token.form],)
            continue
        token.lemmas += (NEGATION,)
        if token.form in lexicon.words.after_verb:
            _negate_verb_before(tokens, at, lexicon)
        for reached in _reach(tokens, at, lexicon):
            if tokens[reached].form in lacks and token.form not in lacks:
                undone.add(reached)
            tokens[reached].is_negated = True


def _negates(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    """Whether a word negates where it stands: « plus » says "more" unless « ne » comes before."""
    words, form = lexicon.words, tokens[at].form
    before = [token.form for token in tokens[max(0, at - LOOKS_BACK) : at] if token.phrase == tokens[at].phrase]
    if form in words.only_after and before and words.only_after[form].isdisjoint(before):
        return False
    if form in words.not_after and before and before[-1] in words.not_after[form]:
        return False
    phrase = tuple(token.form for token in tokens[max(0, at - 1) : at + 3])
    own = phrase[1:] if at else phrase
    return not any(_starts(own, each) or _starts(phrase, each) for each in words.never_mind)


def _starts(phrase: tuple[str, ...], start: tuple[str, ...]) -> bool:
    return phrase[: len(start)] == start


def _negate_verb_before(tokens: list[Token], at: int, lexicon: Lexicon) -> None:
    """« ne marche pas », and « marche pas » as it is said."""
    for back in range(at - 1, max(-1, at - 2 - LOOKS_BACK), -1):
        if tokens[back].clause != tokens[at].clause:
            return
        if tokens[back].form in ("ne", "n"):
            for between in tokens[back + 1 : at]:
                between.is_negated = between.form not in lexicon.words.negations
            return
    if at and tokens[at - 1].clause == tokens[at].clause and tokens[at - 1].form in lexicon.verbs:
        tokens[at - 1].is_negated = True


def _reach(tokens: list[Token], at: int, lexicon: Lexicon) -> list[int]:
    """Give the positions that a negation reaches: up to the first word that is no small one, and what « ou » adds."""
    reached: list[int] = []
    for position in range(at + 1, len(tokens)):
        token = tokens[position]
        if token.phrase != tokens[at].phrase:
            break
        reached.append(position)
        if token.form in lexicon.words.negators or token.form in lexicon.words.light:
            continue
        following = tokens[position + 1].form if position + 1 < len(tokens) else ""
        if following not in ("ou", "or", "ni", "nor"):
            break
    return reached
