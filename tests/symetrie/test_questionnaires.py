"""Questionnaires: which field answers which measure, on which scale, under which version."""

import pytest

from symetrie.dimensions import DIMENSIONS
from symetrie.measures import CLIENT_MEASURES
from symetrie.questionnaires import Question, Questionnaire, questionnaire, questionnaire_versions
from symetrie.scales import Scale


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
    assert questionnaire_versions() == ("eleven-2024", "nps-only-1", "overall-only-1", "ten-1")


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
            },
        )
    message = str(raised.value)
    assert "no client measure is called 'csat'" in message
    assert "no scale is called 'smileys'" in message
    assert "nps takes marks on 0-10, but scale 'stars' gives 1-5" in message
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
