"""The questionnaires and scales of a house, beside the shipped ones."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from pipelines.settings import Settings, settings_json_schema
from symetrie.questionnaires import Question, questionnaire_versions

Load = Callable[..., Settings]
Lines = Callable[..., list[str]]


def test_the_shipped_questionnaires_are_there_with_those_of_the_house(load: Load) -> None:
    text = "questionnaires:\n  desk-1: {overall: {field: [Note, Avis], scale: stars}}\n"
    questionnaires = load(text).questionnaires
    assert set(questionnaires) == {*questionnaire_versions(), "desk-1"}
    assert questionnaires["desk-1"].questions == (Question("overall", "Note", "stars", ("Avis",)),)


def test_a_scale_of_the_house_reads_the_answers_of_its_questionnaire(load: Load) -> None:
    text = """\
scales:
  smileys: {onto: 1-5, marks: {":-)": 5, ":-|": 3, ":-(": 1}, unanswered: ["?"]}
questionnaires:
  kiosk-1: {overall: {field: face, scale: smileys}}
"""
    read = load(text).scale("smileys").read(pd.Series([":-)", "?", ":-(", ":-/"]))
    assert read.tolist() == [5, pd.NA, 1, -1]
    assert load(text).scale("stars").name == "stars"


def test_what_does_not_exist_or_does_not_fit_is_told_at_its_line(problems: Lines) -> None:
    text = """\
scales:
  smileys: {onto: 1-5, marks: {":-)": 6}}
  stars: {onto: 1-5, marks: {one: 1}}
  thumbs: {onto: 1-6, marks: {up: yes}}
questionnaires:
  desk-1:
    overal: {field: a, scale: stars}
    nps: {field: b, scale: stars}
    ces: {scale: one_to_seven_ease}
    trust: {field: d, scale: starz}
    values: {field: e, scale: smileys}
  eleven-2024: {overall: {field: f, scale: stars}}
  empty:
"""
    assert problems(text) == [
        "symetrie.yaml:2: scales.smileys: scale 'smileys' has marks outside 1-5: :-)",
        "symetrie.yaml:3: scales.stars: is a shipped scale, whose meaning never changes; choose another name",
        "symetrie.yaml:4: scales.thumbs.onto: must be '1-5', '0-10' or '1-7'",
        "symetrie.yaml:4: scales.thumbs.marks.up: must be a whole number",
        "symetrie.yaml:7: questionnaires.desk-1.overal: is not a question; did you mean 'overall'?",
        (
            "symetrie.yaml:8: questionnaires.desk-1.nps.scale: nps takes marks on 0-10, but scale 'stars' gives 1-5;"
            " see docs/settings.md for the scales of each question"
        ),
        (
            "symetrie.yaml:9: questionnaires.desk-1.ces.field: is missing;"
            " add it (field of the source, or several of which the first present is read)"
        ),
        "symetrie.yaml:10: questionnaires.desk-1.trust.scale: there is no scale 'starz'; did you mean 'stars'?",
        (
            "symetrie.yaml:12: questionnaires.eleven-2024: is a shipped version, whose questions never change;"
            " choose another name"
        ),
        (
            "symetrie.yaml:13: questionnaires.empty: must hold questions, one per measure,"
            " as overall: {field: rating, scale: stars}"
        ),
    ]


def test_a_source_of_a_questionnaire_with_a_mistake_is_not_told_a_second_time(problems: Lines) -> None:
    text = """\
questionnaires:
  desk-1: {overal: {field: a, scale: stars}}
sources:
  - {name: survey, path: x, questionnaire: desk-1}
"""
    assert len(problems(text)) == 1


def test_a_house_has_an_employee_questionnaire_of_its_own(load: Load) -> None:
    text = """\
questionnaires:
  pulse-1:
    enps: {field: Recommander, scale: nps_0_10}
    engagement_2: {field: Envie, scale: agreement_words}
    own_trust: {field: Confiance, scale: agreement_words}
    perceived_overall: {field: Clients, scale: one_to_five}
"""
    pulse = load(text).questionnaires["pulse-1"]
    assert pulse.audience == "employees"
    assert pulse.measures == ("enps", "engagement_2", "own_trust", "perceived_overall")
    assert pulse.dimensions("employee") == ("trust",)


def test_what_employees_cannot_be_asked_is_told_at_its_line(problems: Lines) -> None:
    text = """\
questionnaires:
  pulse-1:
    enps: {field: a, scale: one_to_five}
    own_trsut: {field: b, scale: one_to_five}
    engagement_10: {field: c, scale: one_to_five}
    trust: {field: d, scale: one_to_five}
    perceived_overall: {field: e, scale: nps_0_10}
    values: {field: f, scale: one_to_five}
"""
    assert problems(text) == [
        (
            "symetrie.yaml:3: questionnaires.pulse-1.enps.scale: enps takes marks on 0-10, but scale 'one_to_five'"
            " gives 1-5; see docs/settings.md for the scales of each question"
        ),
        "symetrie.yaml:4: questionnaires.pulse-1.own_trsut: is not a question; did you mean 'own_trust'?",
        "symetrie.yaml:5: questionnaires.pulse-1.engagement_10: is not a question; did you mean 'engagement_1'?",
        (
            "symetrie.yaml:6: questionnaires.pulse-1.trust: is asked of clients, but enps of employees:"
            " make two questionnaires; to employees, the dimensions are own_… and perceived_…"
        ),
        (
            "symetrie.yaml:7: questionnaires.pulse-1.perceived_overall.scale: perceived_overall takes marks on 1-5,"
            " but scale 'nps_0_10' gives 0-10; see docs/settings.md for the scales of each question"
        ),
    ]


def test_the_schema_for_editors_knows_the_questions_to_employees() -> None:
    questions = settings_json_schema()["properties"]["questionnaires"]["additionalProperties"]["propertyNames"]
    assert {"trust", "own_trust", "perceived_trust", "perceived_overall", "enps", "engagement_9"} <= {
        *questions["enum"]
    }
