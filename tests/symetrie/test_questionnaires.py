"""Questionnaires: which field answers which question, on which scale, under which version."""

import pytest

from symetrie.dimensions import DIMENSIONS
from symetrie.measures import CLIENT_MEASURES
from symetrie.questionnaires import Question, Questionnaire, questionnaire, questionnaire_versions
from symetrie.scales import Scale

EVERY_DIMENSION = tuple(dimension.key for dimension in DIMENSIONS)


def test_the_full_questionnaire_asks_every_client_measure():
    assert questionnaire("eleven-2024").measures == tuple(measure.key for measure in CLIENT_MEASURES)


def test_its_fields_are_named_like_the_measures():
    assert all(question.field == question.measure for question in questionnaire("eleven-2024").questions)


def test_the_questionnaire_of_ten_dimensions_is_another_version():
    asked = set(questionnaire("ten-1").measures)
    assert {dimension.key for dimension in DIMENSIONS} - asked == {"environment"}


def test_one_question_is_enough():
    assert questionnaire("nps-only-1").questions == (Question("nps", "nps", "nps_0_10"),)
    assert questionnaire("overall-only-1").questions == (Question("overall", "overall", "stars"),)


def test_the_shipped_versions_are_known_by_name():
    assert questionnaire_versions() == (
        "eleven-2024", "mirror-eleven-1", "nps-only-1", "overall-only-1",
        "pulse-eleven-1", "pulse-weekly-a", "pulse-weekly-b", "pulse-weekly-c", "ten-1",
    )  # fmt: skip


def test_the_mirror_asks_clients_every_client_measure():
    mirror = questionnaire("mirror-eleven-1")
    assert mirror.audience == "clients"
    assert mirror.measures == questionnaire("eleven-2024").measures


def test_the_whole_pulse_asks_employees_both_their_legs():
    pulse = questionnaire("pulse-eleven-1")
    assert pulse.audience == "employees"
    assert pulse.dimensions("employee") == pulse.dimensions("perceived") == EVERY_DIMENSION
    assert pulse.measures[:6] == ("enps", *(f"engagement_{number}" for number in range(1, 6)))
    assert "perceived_overall" in pulse.measures
    assert len(pulse.measures) == 29


@pytest.mark.parametrize("side", ["employee", "perceived"])
def test_the_weekly_pulses_together_ask_each_dimension_once(side):
    weeks = [questionnaire(f"pulse-weekly-{week}").dimensions(side) for week in "abc"]
    assert sum(weeks, ()) == EVERY_DIMENSION


@pytest.mark.parametrize("week", "abc")
def test_a_weekly_pulse_is_ten_questions_with_the_same_engagement_items(week):
    asked = questionnaire(f"pulse-weekly-{week}").measures
    assert len(asked) == 10
    assert [key for key in asked if key.startswith("engagement")] == ["engagement_1", "engagement_2"]


@pytest.mark.parametrize("version", [each for each in questionnaire_versions() if each.startswith(("mirror", "pulse"))])
def test_the_fields_of_the_mirror_are_named_like_its_questions(version):
    assert all(question.fields == (question.measure,) for question in questionnaire(version).questions)


def test_ten_dimensions_are_never_taken_for_eleven():
    assert questionnaire("ten-1").dimensions("client") == EVERY_DIMENSION[:10]
    assert questionnaire("eleven-2024").dimensions("client") == EVERY_DIMENSION
    assert questionnaire("eleven-2024").dimensions("employee") == ()
    assert questionnaire("nps-only-1").dimensions("client") == ()


def test_dimensions_are_in_their_order_however_they_are_asked_and_each_leg_has_its_own():
    agreed = {"field": "x", "scale": "one_to_five"}
    own = Questionnaire.from_mapping("desk-3", dict.fromkeys(("own_values", "own_autonomy", "perceived_trust"), agreed))
    assert own.dimensions("employee") == ("autonomy", "values")
    assert own.dimensions("perceived") == ("trust",)


def test_a_questionnaire_knows_the_measures_that_its_answers_count_for():
    scored = [(measure.side, measure.key) for measure in questionnaire("pulse-weekly-c").scored]
    assert scored == [
        ("employee", "enps"), ("employee", "engagement"),
        ("employee", "trust"), ("employee", "values"), ("employee", "environment"),
        ("perceived", "overall"), ("perceived", "trust"), ("perceived", "values"), ("perceived", "environment"),
    ]  # fmt: skip


def test_any_engagement_items_may_be_asked_alone():
    own = Questionnaire.from_mapping("desk-3", {"engagement_9": {"field": "x", "scale": "agreement_words"}})
    assert own.audience == "employees"
    assert [measure.key for measure in own.scored] == ["engagement"]


def test_clients_and_employees_are_never_asked_in_one_questionnaire():
    agreed = {"field": "x", "scale": "one_to_five"}
    with pytest.raises(ValueError, match="questionnaire 'desk-3'") as raised:
        Questionnaire.from_mapping("desk-3", dict.fromkeys(("own_trust", "trust", "perceived_trust", "values"), agreed))
    assert str(raised.value) == (
        "questionnaire 'desk-3': trust is asked of clients, but own_trust of employees: make two questionnaires;"
        " to employees, the dimensions are own_… and perceived_…"
    )


def test_an_unknown_version_names_the_known_ones():
    with pytest.raises(LookupError, match="no questionnaire is called 'twelve'; use one of eleven-2024, "):
        questionnaire("twelve")


def test_settings_may_bring_a_questionnaire_of_their_own():
    own = Questionnaire.from_mapping("desk-3", {"overall": {"field": "rating", "scale": "quality_words"}})
    assert own == Questionnaire("desk-3", (Question("overall", "rating", "quality_words"),))


def test_a_field_may_have_several_names_the_preferred_one_first():
    own = Questionnaire.from_mapping("desk-3", {"overall": {"field": ["note", "rating"], "scale": "stars"}})
    assert own.questions[0].field == "note"
    assert own.questions[0].fields == ("note", "rating")


def test_a_scale_of_ones_own_comes_before_a_shipped_one():
    faces = Scale.from_mapping("faces", {"onto": "1-5", "marks": {"smile": 5}})
    own = Questionnaire.from_mapping("desk-3", {"overall": {"field": "x", "scale": "faces"}}, {"faces": faces})
    assert own.questions[0].scale == "faces"


def test_everything_wrong_is_said_at_once():
    with pytest.raises(ValueError, match="questionnaire 'desk-3'") as raised:
        Questionnaire.from_mapping(
            "desk-3",
            {
                "csat": {"field": "a", "scale": "stars"},
                "overall": {"field": "b", "scale": "smileys"},
                "nps": {"field": "c", "scale": "stars"},
                "ces": {"field": "d"},
                "trust": {"field": [], "scale": "stars"},
                "values": "stars",
                "enps": {"field": "e", "scale": "one_to_five"},
                "own_trust": {"field": "f", "scale": "one_to_five"},
                "perceived_trust": {"field": "g", "scale": "nps_0_10"},
            },
        )
    message = str(raised.value)
    assert "no question is called 'csat'" in message
    assert "no scale is called 'smileys'" in message
    assert "nps takes marks on 0-10, but scale 'stars' gives 1-5" in message
    assert "enps takes marks on 0-10, but scale 'one_to_five' gives 1-5" in message
    assert "perceived_trust takes marks on 1-5, but scale 'nps_0_10' gives 0-10" in message
    assert "ces needs a field and a scale" in message
    assert "trust needs the name of a field" in message
    assert "values needs a field and a scale" in message
    assert "\n" not in message


def test_a_questionnaire_that_asks_nothing_is_refused():
    with pytest.raises(ValueError, match="asks nothing"):
        Questionnaire.from_mapping("empty", {})


@pytest.mark.parametrize("field", [["note", 5], ["note", ""], []])
def test_a_field_is_named_by_a_text(field):
    with pytest.raises(ValueError, match="overall needs the name of a field, or a list of names"):
        Questionnaire.from_mapping("desk-3", {"overall": {"field": field, "scale": "stars"}})
