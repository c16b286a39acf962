"""The words of the shipped mirror questionnaires, in French and in English; they are data, in ``data/mirror``."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

Texts = Mapping[str, str]  # by locale

_PREFIXES = {"client": "", "own": "own_", "perceived": "perceived_"}  # of the question's key, by leg


@cache
def question_texts() -> Mapping[str, Texts]:
    """Give the words of every question that a shipped mirror questionnaire asks, by its key, then by locale.

    >>> question_texts()["own_trust"]["en"]
    'My company trusts me.'
    """
    return MappingProxyType({key: MappingProxyType(dict(texts)) for key, texts in _read()})


def _read() -> Iterator[tuple[str, Texts]]:
    document = tomllib.loads(files("symetrie").joinpath("data/mirror/eleven-1.toml").read_text(encoding="utf-8"))
    yield from document["others"].items()
    for dimension, legs in document["dimensions"].items():
        for leg, texts in legs.items():
            yield _PREFIXES[leg] + dimension, texts
