"""What people write beside their marks: in the mood of their engagement, of the dimension that stands out."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.demo.phrases import MOODS, NONE, Pieces, pieces_of
from pipelines.demo.pulse.levels import TEAM_EASE
from pipelines.demo.pulse.questions import ITEMS, QUESTIONS
from pipelines.demo.rows import Rows
from symetrie.dimensions import DIMENSIONS

TEXT_SHARES = (0.45, 0.25, 0.22)  # by mood
CLOSING_SHARE, ADDRESS_SHARE = 0.35, 0.05
LOW_BELOW, HIGH_FROM = 2.7, 4.0  # mean of the engagement items
ADDRESS = " On peut me répondre à {email}."  # a datum that redaction must find


def draw_comments(
    rows: Rows, latent: NDArray[np.float32], random: np.random.Generator
) -> dict[str, NDArray[np.integer[Any] | np.bool_]]:
    """Draw who writes what, as positions of phrases, and who leaves an address to be answered at."""
    mood = _moods(rows)
    group = len(DIMENSIONS) * mood + _themes(latent, mood)
    writes = random.random(len(rows)) < np.array(TEXT_SHARES)[mood]
    closes = writes & (random.random(len(rows)) < CLOSING_SHARE)
    return {
        "comment": np.where(writes, cores().draw(group, random), NONE),
        "closing": np.where(closes, closings().draw(mood, random), NONE),
        "leaves_address": writes & (random.random(len(rows)) < ADDRESS_SHARE),
    }


@cache
def cores() -> Pieces:
    """The sentences, by mood and dimension."""
    return pieces_of(_sentences(mood, dimension.key) for mood in MOODS for dimension in DIMENSIONS)


@cache
def closings() -> Pieces:
    """What may follow, by mood."""
    return pieces_of(_document()[mood]["closings"] for mood in MOODS)


def _sentences(mood: str, dimension: str) -> Sequence[str]:
    """Give the sentences of a mood about a dimension; those of a mixed mood are about everything."""
    cores: Mapping[str, Sequence[str]] = _document()[mood]["cores"]
    return cores.get(dimension) or cores["any"]


def _moods(rows: Rows) -> NDArray[np.int64]:
    items = np.column_stack([rows[key] for key in ITEMS]).astype(float)
    items[items < 0] = np.nan
    known = np.where(np.isnan(items).all(axis=1)[:, None], (LOW_BELOW + HIGH_FROM) / 2, items)
    return np.asarray(np.digitize(np.nanmean(known, axis=1), (LOW_BELOW, HIGH_FROM)))


def _themes(latent: NDArray[np.float32], mood: NDArray[np.int64]) -> NDArray[np.int64]:
    """Tell the dimension of which people live least in a low mood, most in a high one, against what is usual."""
    positions = [QUESTIONS.index(f"own_{dimension.key}") for dimension in DIMENSIONS]
    against_usual = latent[:, positions] - np.array([TEAM_EASE[dimension.key] for dimension in DIMENSIONS])
    return np.asarray(np.where(mood == MOODS.index("low"), against_usual.argmin(axis=1), against_usual.argmax(axis=1)))


@cache
def _document() -> dict[str, Any]:
    return tomllib.loads(files("pipelines.demo").joinpath("data/comments.fr.toml").read_text("utf-8"))
