"""Questionnaires: which field answers which question on which scale; the shipped ones are data."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from symetrie.dimensions import DIMENSIONS
from symetrie.measures import Measure, Side
from symetrie.questions import Asked, Audience, asked, stray
from symetrie.scales import Scale, scale

_NO_SCALES: Mapping[str, Scale] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Question:
    """One question: the field of the source that holds its answers, and the scale that reads them."""

    measure: str  # the key of what is asked: a client measure, or a question to employees such as own_trust
    field: str
    scale: str
    aliases: tuple[str, ...] = ()  # other names of the field; the first that is present is read

    @property
    def fields(self) -> tuple[str, ...]:
        """Every name under which the field may be found, the preferred one first."""
        return (self.field, *self.aliases)


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """The questions of one version; scores over different versions are never compared silently."""

    version: str
    questions: tuple[Question, ...]

    @property
    def measures(self) -> tuple[str, ...]:
        """The keys of what is asked, one for each question."""
        return tuple(question.measure for question in self.questions)

    @property
    def audience(self) -> Audience:
        """Who answers: a questionnaire asks clients or employees, never both."""
        return "employees" if any(asked(key).audience == "employees" for key in self.measures) else "clients"

    @property
    def scored(self) -> tuple[Measure, ...]:
        """The measures that the answers count for, each once however many engagement items are asked."""
        return tuple({asked(key).measure.column: asked(key).measure for key in self.measures}.values())

    def dimensions(self, side: Side) -> tuple[str, ...]:
        """Give the dimensions asked about on one side, so that ten and eleven are never mixed silently.

        >>> len(questionnaire("ten-1").dimensions("client")), len(questionnaire("eleven-2024").dimensions("client"))
        (10, 11)
        """
        scored = {measure.key for measure in self.scored if measure.side == side}
        return tuple(dimension.key for dimension in DIMENSIONS if dimension.key in scored)

    @classmethod
    def from_mapping(
        cls, version: str, mapping: Mapping[str, Any], own_scales: Mapping[str, Scale] = _NO_SCALES
    ) -> "Questionnaire":
        """Make a questionnaire of ``{key of a question: {"field": name or names, "scale": name}}``.

        ``own_scales`` are found before the shipped ones. Everything wrong is said at once, in one ValueError.

        >>> desk = Questionnaire.from_mapping("desk-3", {"overall": {"field": "rating", "scale": "stars"}})
        >>> desk.questions[0].field
        'rating'
        """
        if not mapping:
            raise ValueError(f"questionnaire {version!r} asks nothing; give it one question or more")
        problems: list[str] = []
        found = [_question(key, entry, own_scales, problems) for key, entry in mapping.items()]
        questions = tuple(question for question in found if question)
        if odd := stray(question.measure for question in questions):
            problems.append(" ".join(odd))
        if problems:
            raise ValueError(f"questionnaire {version!r}: {'; '.join(problems)}")
        return cls(version, questions)


def questionnaire(version: str) -> Questionnaire:
    """Find a shipped questionnaire by its version; an unknown one is a LookupError naming the known ones."""
    if version not in _shipped():
        raise LookupError(f"no questionnaire is called {version!r}; use one of {', '.join(_shipped())}")
    return _shipped()[version]


def questionnaire_versions() -> tuple[str, ...]:
    """Name the versions of the shipped questionnaires, in alphabetical order."""
    return tuple(_shipped())


@cache
def _shipped() -> Mapping[str, Questionnaire]:
    folder = files("symetrie").joinpath("data/questionnaires")
    documents = (tomllib.loads(file.read_text(encoding="utf-8")) for file in folder.iterdir())
    shipped = (Questionnaire.from_mapping(each["version"], each["questions"]) for each in documents)
    return MappingProxyType({each.version: each for each in sorted(shipped, key=lambda one: one.version)})


def _question(key: str, entry: object, own_scales: Mapping[str, Scale], problems: list[str]) -> Question | None:
    """Make one question, or add to the problems what keeps it from being one."""
    try:
        fields, scale_name = _entry(key, entry)
        _fit(asked(key), own_scales.get(scale_name) or scale(scale_name))
    except (LookupError, ValueError) as problem:
        problems.append(str(problem.args[0]))
        return None
    return Question(key, fields[0], scale_name, fields[1:])


def _entry(key: str, entry: object) -> tuple[tuple[str, ...], str]:
    """Read the field names and the scale name of one entry."""
    if not isinstance(entry, Mapping) or set(entry) != {"field", "scale"}:
        raise ValueError(f"{key} needs a field and a scale, and nothing else")
    fields = (entry["field"],) if isinstance(entry["field"], str) else tuple(entry["field"])
    if not fields or not all(isinstance(field, str) and field for field in fields):
        raise ValueError(f"{key} needs the name of a field, or a list of names")
    return fields, str(entry["scale"])


def _fit(question: Asked, answered_on: Scale) -> None:
    if answered_on.onto != question.onto:
        raise ValueError(
            f"{question.key} takes marks on {question.onto}, but scale {answered_on.name!r} gives {answered_on.onto}"
        )
