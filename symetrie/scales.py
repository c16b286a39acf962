"""Scales: how raw answers become canonical marks; the rules are data, in ``data/scales.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from symetrie.spelling import normal_form

if TYPE_CHECKING:
    import pandas as pd

UNREADABLE = -1  # the mark of an answer that the scale does not know

_KEYS_IN_SETTINGS = {"onto", "marks", "unanswered", "version", "source"}


@dataclass(frozen=True, slots=True)
class Scale:
    """A versioned rule from answers in normal form to marks between ``lowest`` and ``highest``."""

    name: str
    version: int
    source: str
    lowest: int
    highest: int
    marks: Mapping[str, int]
    unanswered: frozenset[str]

    @property
    def onto(self) -> str:
        """The canonical range that the scale reaches, such as ``1-5``."""
        return f"{self.lowest}-{self.highest}"

    @classmethod
    def from_mapping(cls, name: str, mapping: Mapping[str, Any]) -> Scale:
        """Make a scale of ``onto``, ``marks`` and, if need be, ``unanswered``, ``version`` and ``source``.

        Words for "don't know" and "not applicable" are understood without being listed. A scale that
        contradicts itself or leaves its range is a ValueError.

        >>> Scale.from_mapping("thumbs", {"onto": "1-5", "marks": {"up": 5, "down": 1}}).highest
        5
        """
        _refuse(name, mapping.keys() - _KEYS_IN_SETTINGS, "has keys that mean nothing here")
        lowest, highest = _range(name, mapping.get("onto"))
        marks = _normal_marks(name, mapping.get("marks"))
        own = frozenset(_normal(name, answer) for answer in _listed(name, mapping.get("unanswered", [])))
        _refuse(name, own & marks.keys(), "counts as unanswered what also has a mark")
        beyond = (answer for answer, mark in marks.items() if not lowest <= mark <= highest)
        _refuse(name, beyond, f"has marks outside {mapping['onto']}")
        return cls(
            name,
            version=mapping.get("version", 1),
            source=mapping.get("source", "settings"),
            lowest=lowest,
            highest=highest,
            marks=MappingProxyType(marks),
            unanswered=own | (_unanswered_everywhere() - marks.keys()),
        )

    def read(self, answers: pd.Series) -> pd.Series:
        """Read raw answers as canonical marks, Int16, same index.

        Missing for blanks, "don't know" and "not applicable"; ``UNREADABLE`` for anything unknown.
        Only distinct answers are looked at, so a million rows cost what their variety costs.

        >>> import pandas as pd
        >>> answers = pd.Series(["Very good", "Don't know", "very  POOR", "so so"])
        >>> scale("quality_words").read(answers).tolist()
        [5, <NA>, 1, -1]
        """
        import numpy as np  # here and not above: settings name scales on the way to --help
        import pandas as pd

        codes, distinct = pd.factorize(answers)
        found = [self._mark(answer) for answer in distinct]
        # The last one stands for missing answers, which factorize gives the code -1.
        marks = np.array([UNREADABLE if mark is None else mark for mark in (*found, None)], dtype=np.int16)
        missing = np.array([mark is None for mark in (*found, None)])
        read = pd.arrays.IntegerArray(marks[codes], missing[codes])
        return pd.Series(read, index=answers.index, name=answers.name)

    def _mark(self, answer: object) -> int | None:
        """Give the mark of one answer, None when it is no answer."""
        normal = normal_form(answer)
        if not normal or normal in self.unanswered:
            return None
        return self.marks.get(normal, UNREADABLE)


def scale(name: str) -> Scale:
    """Find a shipped scale by its name; an unknown one is a LookupError that names the known ones."""
    if name not in _shipped():
        raise LookupError(f"no scale is called {name!r}; use one of {', '.join(_shipped())}")
    return _shipped()[name]


def scale_names() -> tuple[str, ...]:
    """Name the shipped scales, in the order of their file."""
    return tuple(_shipped())


@cache
def _document() -> dict[str, Any]:
    return tomllib.loads(files("symetrie").joinpath("data/scales.toml").read_text(encoding="utf-8"))


@cache
def _unanswered_everywhere() -> frozenset[str]:
    return frozenset(map(normal_form, _document()["unanswered"]["spellings"]))


@cache
def _shipped() -> Mapping[str, Scale]:
    shipped: dict[str, Scale] = {}
    for entry in _document()["scale"]:
        mapping = {key: value for key, value in entry.items() if key not in {"name", "reverses"}}
        if "reverses" in entry:
            base = shipped[entry["reverses"]]
            mapping |= {"onto": base.onto, "marks": _reversed_marks(base)}
        shipped[entry["name"]] = Scale.from_mapping(entry["name"], mapping)
    return MappingProxyType(shipped)


def _reversed_marks(base: Scale) -> dict[str, int]:
    return {answer: base.lowest + base.highest - mark for answer, mark in base.marks.items()}


def _range(name: str, onto: object) -> tuple[int, int]:
    lowest, dash, highest = str(onto).partition("-")
    if not (dash and lowest.isdigit() and highest.isdigit() and int(lowest) < int(highest)):
        raise ValueError(f"scale {name!r}: 'onto' is {onto!r}; write a range such as 1-5, 0-10 or 1-7")
    return int(lowest), int(highest)


def _normal_marks(name: str, marks: object) -> dict[str, int]:
    if not isinstance(marks, Mapping) or not marks:
        raise ValueError(f"scale {name!r} needs 'marks': one whole number for each answer")
    normal: dict[str, int] = {}
    for answer, mark in marks.items():
        if isinstance(mark, bool) or not isinstance(mark, int):
            raise ValueError(f"scale {name!r}: the mark of {answer!r} is {mark!r}; write a whole number")
        if normal.setdefault(_normal(name, answer), mark) != mark:
            raise ValueError(f"scale {name!r}: {answer!r} has two marks, counting its other spellings")
    return normal


def _listed(name: str, answers: object) -> list[object]:
    if not isinstance(answers, list):
        raise ValueError(f"scale {name!r}: 'unanswered' is {answers!r}; write a list of answers")
    return answers


def _normal(name: str, answer: object) -> str:
    if isinstance(answer, bool):  # YAML reads a bare yes, no, on or off as true or false
        raise ValueError(f"scale {name!r}: an answer reads as {answer}; put quotes around it")
    if not normal_form(answer):
        raise ValueError(f"scale {name!r} lists a blank answer; blanks are unanswered without being listed")
    return normal_form(answer)


def _refuse(name: str, wrong: Iterable[object], complaint: str) -> None:
    named = ", ".join(sorted(map(str, wrong)))
    if named:
        raise ValueError(f"scale {name!r} {complaint}: {named}")
