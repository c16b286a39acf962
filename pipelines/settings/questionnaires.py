"""The questionnaires and scales that a house adds to the shipped ones."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from pipelines.settings.document import Document
from pipelines.settings.entry import Aliases, Entry, Text
from pipelines.settings.errors import Problems
from pipelines.settings.explain import read_entry
from pipelines.settings.suggestions import pick_from
from symetrie.questionnaires import Question, Questionnaire, questionnaire, questionnaire_versions
from symetrie.questions import QUESTION_KEYS, stray
from symetrie.scales import Scale, scale_names


class ScaleEntry(Entry):
    """How raw answers become marks, for answers that no shipped scale reads."""

    onto: Literal["1-5", "0-10", "1-7"] = Field(description="Range of the marks, that of the question.")
    marks: Mapping[str, int] = Field(description="The answer as it stands in the source: its mark.")
    unanswered: tuple[Text, ...] = Field(default=(), description="Answers that count as none.")
    version: int = Field(default=1, ge=1, description="Version of the rule.")
    source: Text = Field(default="settings", description="Where the rule comes from.")


class QuestionEntry(Entry):
    """Which field answers a question, on which scale."""

    field: Aliases = Field(description="Field of the source, or several of which the first present is read.")
    scale: Text = Field(description="Name of a scale, shipped or of the house.")


def read_scales(document: Document, problems: Problems) -> dict[str, Scale]:
    """Read the scales of the house."""
    scales = {}
    for name, value in document.block("scales").items():
        scale = _read_scale(document, name, value, problems)
        if scale is not None:
            scales[name] = scale
    return scales


def _read_scale(document: Document, name: str, value: Any, problems: Problems) -> Scale | None:
    key = ("scales", name)
    if name in scale_names():
        problems.add(document.place(key), "is a shipped scale, whose meaning never changes; choose another name")
        return None
    entry = read_entry(ScaleEntry, value, document.at(key), problems)
    if entry is None:
        return None
    try:
        return Scale.from_mapping(name, entry.model_dump() | {"unanswered": list(entry.unanswered)})
    except ValueError as error:
        problems.add(document.place(key), str(error))
        return None


def read_questionnaires(
    document: Document, scales: Mapping[str, Scale], problems: Problems
) -> dict[str, Questionnaire]:
    """Read the questionnaires of the house, and give them with the shipped ones."""
    found = {version: questionnaire(version) for version in questionnaire_versions()}
    for version, value in document.block("questionnaires").items():
        place = document.place(("questionnaires", version))
        if version in questionnaire_versions():
            problems.add(place, "is a shipped version, whose questions never change; choose another name")
        elif not isinstance(value, dict) or not value:
            problems.add(place, "must hold questions, one per measure, as overall: {field: rating, scale: stars}")
        else:
            questions = [_read_question(document, version, each, scales, problems) for each in value]
            found[version] = Questionnaire(version, tuple(question for question in questions if question))
            if odd := stray(key for key in value if key in QUESTION_KEYS):
                problems.add(document.place(("questionnaires", version, odd[0])), odd[1])
    return found


def _read_question(
    document: Document, version: str, asked: str, scales: Mapping[str, Scale], problems: Problems
) -> Question | None:
    key = ("questionnaires", version, asked)
    value = document.block("questionnaires")[version][asked]
    entry = read_entry(QuestionEntry, value, document.at(key), problems)
    if asked not in QUESTION_KEYS:
        problems.add(document.place(key), f"is not a question{pick_from(asked, QUESTION_KEYS)}")
        return None
    if entry is None:
        return None
    readable = {*scale_names(), *scales}
    if entry.scale not in readable:
        known = readable | document.block("scales").keys()
        if entry.scale not in known:
            problems.add_unknown(document.place((*key, "scale")), "scale", entry.scale, known)
        return None
    try:
        return Questionnaire.from_mapping(version, {asked: entry.model_dump()}, scales).questions[0]
    except ValueError as error:
        message = str(error).removeprefix(f"questionnaire {version!r}: ")
        problems.add(
            document.place((*key, "scale")), f"{message}; see docs/settings.md for the scales of each question"
        )
        return None
