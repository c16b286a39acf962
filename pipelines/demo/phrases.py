"""The pieces of verbatims: read from data, drawn as codes, put together at the engine's speed."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines.demo.personal import KINDS, PERSONAL_SHARES, planted
from symetrie.dimensions import DIMENSIONS

LANGUAGES = ("fr", "en")
MOODS = ("low", "mixed", "high")
MIXED_MARK = 3
NONE = -1
SLOTS = ("product", "moment", "first_name")
# Every kind of piece, the style included.
PHRASES = (
    "opening", "core", "detail", "closing", "short", "emoji", *SLOTS, "personal", "revision", "style",
)  # fmt: skip

# How often a piece is there at all, and how often the whole text is a word or two.
OPENING_SHARE, DETAIL_SHARE, CLOSING_SHARE, SHORT_SHARE, PERSONAL_SHARE = 0.45, 0.42, 0.42, 0.14, 0.03

# The hand of the writer, by weight: careful, lively, hurried, without accents, shouting, in two lines, trailing off.
STYLES = {
    "plain": 0.53,
    "lively": 0.12,
    "hurried": 0.14,
    "bare": 0.06,
    "shouting": 0.03,
    "two_lines": 0.06,
    "dots": 0.06,
}
EMOJI = (("😡", "👎", "😞"), ("😐", "🤷", "🙂"), ("👍", "😊", "🙏"))
EMOJI_SHARE = 0.08


@dataclass(frozen=True)
class Pieces:
    """The distinct phrases of one kind, and groups of them: where each group begins in `members`, how many it has."""

    phrases: tuple[str, ...]
    members: NDArray[np.int16]
    begins: NDArray[np.int32]
    counts: NDArray[np.int32]

    def draw(self, group: NDArray[np.int64], random: np.random.Generator) -> NDArray[np.int16]:
        """Draw a phrase of each group, as its position among the distinct ones."""
        chance = random.random(len(group), dtype=np.float32)
        return self.members[self.begins[group] + (chance * self.counts[group]).astype(np.int32)]


def draw_phrases(
    mood: NDArray[np.integer[Any]],
    theme: NDArray[np.integer[Any]],
    is_english: NDArray[np.bool_],
    random: np.random.Generator,
) -> dict[str, NDArray[np.int16]]:
    """Draw the pieces of every text, -1 where there is none of a kind."""
    language = is_english.astype(np.int64)
    by_mood = language * len(MOODS) + mood
    groups = {"core": by_mood * len(DIMENSIONS) + theme, **dict.fromkeys(SLOTS, language)}
    drawn = {name: pieces.draw(groups.get(name, by_mood), random) for name, pieces in pieces_by_kind().items()}
    for name, share in (("opening", OPENING_SHARE), ("detail", DETAIL_SHARE), ("closing", CLOSING_SHARE)):
        drawn[name][random.random(len(mood)) >= share] = NONE
    drawn["short"][random.random(len(mood)) >= SHORT_SHARE] = NONE
    drawn["emoji"] = np.where(random.random(len(mood)) < EMOJI_SHARE, drawn["emoji"], NONE).astype(np.int16)
    drawn["style"] = random.choice(len(STYLES), len(mood), p=list(STYLES.values())).astype(np.int16)
    drawn["personal"] = _draw_personal(language, random)
    return drawn


def draw_revisions(
    is_english: NDArray[np.bool_], is_better: NDArray[np.bool_], random: np.random.Generator
) -> NDArray[np.int16]:
    """Draw what clients add when they change their answer."""
    return revisions().draw(is_english.astype(np.int64) * 2 + is_better, random)


def as_words(codes: NDArray[np.integer[Any]], phrases: Sequence[str]) -> pd.Categorical:
    """Name the phrases of codes without copying a text per row."""
    return pd.Categorical.from_codes(codes, categories=pd.Index(phrases, dtype="str"))  # type: ignore[arg-type]


@cache
def pieces_by_kind() -> Mapping[str, Pieces]:
    """The phrases of each kind, grouped by language, and by mood and theme where these matter."""
    moods = [_document(language)[mood] for language in LANGUAGES for mood in MOODS]
    themes = [mood["cores"][dimension.key] for mood in moods for dimension in DIMENSIONS]
    return {
        "opening": pieces_of(mood["openings"] for mood in moods),
        "closing": pieces_of(mood["closings"] for mood in moods),
        "short": pieces_of(mood["short"] for mood in moods),
        "emoji": pieces_of(EMOJI * len(LANGUAGES)),
        "core": pieces_of(themes),
        "detail": pieces_of(_document(language)["details"] for language in LANGUAGES for _ in MOODS),
        **{name: pieces_of(_document(one)[f"{name}s"] for one in LANGUAGES) for name in SLOTS},
    }


@cache
def revisions() -> Pieces:
    """What is added to an edited answer: worse then better, by language."""
    return pieces_of(_document(one)["revision"][key] for one in LANGUAGES for key in ("worse", "better"))


@cache
def personal_pieces() -> Pieces:
    """Finished sentences that hold personal data, by language and kind."""
    return pieces_of(list(_personal_sentences(_document(one)["personal"], kind)) for one in LANGUAGES for kind in KINDS)


def _draw_personal(language: NDArray[np.int64], random: np.random.Generator) -> NDArray[np.int16]:
    kinds = random.choice(len(KINDS), len(language), p=PERSONAL_SHARES)
    drawn = personal_pieces().draw(language * len(KINDS) + kinds, random)
    drawn[random.random(len(language)) >= PERSONAL_SHARE] = NONE
    return drawn


def _personal_sentences(templates: Mapping[str, Sequence[str]], kind: str) -> Iterator[str]:
    for position, value in enumerate(planted()[kind]):
        yield templates[kind][position % len(templates[kind])].replace("{" + kind + "}", value)


def pieces_of(groups: Iterable[Sequence[str]]) -> Pieces:
    """Put groups of phrases in one table, each distinct phrase once."""
    listed = [list(group) for group in groups]
    positions = {phrase: at for at, phrase in enumerate(dict.fromkeys(chain.from_iterable(listed)))}
    counts = np.array([len(group) for group in listed], np.int32)
    members = np.array([positions[phrase] for phrase in chain.from_iterable(listed)], np.int16)
    return Pieces(tuple(positions), members, (np.cumsum(counts) - counts).astype(np.int32), counts)


@cache
def _document(language: str) -> dict[str, Any]:
    return tomllib.loads(files("pipelines.demo").joinpath(f"data/verbatims.{language}.toml").read_text("utf-8"))
