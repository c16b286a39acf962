"""What may be asked of clients and of employees, and what the marks count for."""

import pytest

from symetrie.measures import CLIENT_MEASURES, EMPLOYEE_MEASURES, PERCEIVED_MEASURES
from symetrie.questions import CLIENT_QUESTIONS, EMPLOYEE_QUESTIONS, QUESTION_KEYS, asked, stray


def test_clients_are_asked_their_measures_by_their_keys():
    assert [(each.key, each.column) for each in CLIENT_QUESTIONS] == [
        (measure.key, measure.column) for measure in CLIENT_MEASURES
    ]
    assert {each.audience for each in CLIENT_QUESTIONS} == {"clients"}


def test_employees_are_asked_by_the_names_of_columns():
    assert all(each.key == each.column for each in EMPLOYEE_QUESTIONS)
    assert {each.audience for each in EMPLOYEE_QUESTIONS} == {"employees"}


def test_every_measure_of_employees_is_asked_once_and_engagement_by_nine_items():
    counted_for = [each.measure.column for each in EMPLOYEE_QUESTIONS]
    once = [each.column for each in (*EMPLOYEE_MEASURES, *PERCEIVED_MEASURES) if each.key != "engagement"]
    assert sorted(counted_for) == sorted([*once, *["engagement_mean"] * 9])


def test_no_two_questions_share_a_key():
    assert len(QUESTION_KEYS) == len(CLIENT_QUESTIONS) + len(EMPLOYEE_QUESTIONS) == 14 + 33


@pytest.mark.parametrize(
    ("key", "column", "side", "measure", "onto"),
    [
        ("trust", "dim_trust", "client", "trust", "1-5"),
        ("own_trust", "own_trust", "employee", "trust", "1-5"),
        ("perceived_trust", "perceived_trust", "perceived", "trust", "1-5"),
        ("perceived_overall", "perceived_overall", "perceived", "overall", "1-5"),
        ("enps", "enps", "employee", "enps", "0-10"),
        ("engagement_1", "engagement_1", "employee", "engagement", "1-5"),
        ("engagement_9", "engagement_9", "employee", "engagement", "1-5"),
    ],
)
def test_a_question_knows_its_column_its_range_and_what_it_counts_for(key, column, side, measure, onto):
    question = asked(key)
    assert (question.key, question.column, question.onto) == (key, column, onto)
    assert (question.measure.side, question.measure.key) == (side, measure)
    assert f"{question.lowest}-{question.highest}" == onto


@pytest.mark.parametrize("key", ["engagement", "engagement_0", "engagement_10", "own_overall", "perceived_enps"])
def test_what_is_scored_but_not_asked_is_no_question(key):
    with pytest.raises(LookupError, match=f"no question is called '{key}'; clients are asked overall, nps, ces, auto"):
        asked(key)


@pytest.mark.parametrize("keys", [[], ["trust"], ["trust", "ces"], ["enps", "perceived_overall", "engagement_2"]])
def test_one_audience_has_no_stray_question(keys):
    assert stray(keys) is None


def test_the_first_question_for_another_audience_is_the_stray_one():
    found = stray(["overall", "nps", "engagement_1", "enps"])
    assert found is not None
    assert found[0] == "engagement_1"
    assert found[1].startswith("is asked of employees, but overall of clients: make two questionnaires")
