"""What clients and employees are asked, and where favourable begins."""

import pytest

from symetrie.dimensions import DIMENSIONS
from symetrie.measures import CLIENT_MEASURES, EMPLOYEE_MEASURES, PERCEIVED_MEASURES, client_measure, measure


def test_overall_recommendation_and_ease_come_before_the_eleven():
    keys = [each.key for each in CLIENT_MEASURES]
    assert keys == ["overall", "nps", "ces", *(dimension.key for dimension in DIMENSIONS)]


def test_recommendation_and_engagement_come_before_the_eleven_that_employees_live():
    keys = [each.key for each in EMPLOYEE_MEASURES]
    assert keys == ["enps", "engagement", *(dimension.key for dimension in DIMENSIONS)]


def test_what_employees_perceive_is_overall_satisfaction_and_the_eleven():
    keys = [each.key for each in PERCEIVED_MEASURES]
    assert keys == ["overall", *(dimension.key for dimension in DIMENSIONS)]


def test_each_measure_knows_its_side():
    assert {each.side for each in CLIENT_MEASURES} == {"client"}
    assert {each.side for each in EMPLOYEE_MEASURES} == {"employee"}
    assert {each.side for each in PERCEIVED_MEASURES} == {"perceived"}


def test_each_measure_has_a_column_of_its_own():
    assert [each.column for each in CLIENT_MEASURES[:4]] == ["overall", "nps", "ces", "dim_autonomy"]
    assert [each.column for each in EMPLOYEE_MEASURES[:3]] == ["enps", "engagement_mean", "own_autonomy"]
    assert [each.column for each in PERCEIVED_MEASURES[:2]] == ["perceived_overall", "perceived_autonomy"]
    assert len({each.column for each in (*CLIENT_MEASURES, *EMPLOYEE_MEASURES, *PERCEIVED_MEASURES)}) == 39


@pytest.mark.parametrize(
    ("side", "key", "onto", "favourable", "unfavourable"),
    [
        ("client", "overall", "1-5", [4, 5], [1, 2]),
        ("client", "environment", "1-5", [4, 5], [1, 2]),
        ("client", "nps", "0-10", [9, 10], [0, 1, 2, 3, 4, 5, 6]),
        ("client", "ces", "1-7", [5, 6, 7], [1, 2, 3]),
        ("employee", "environment", "1-5", [4, 5], [1, 2]),
        ("employee", "enps", "0-10", [9, 10], [0, 1, 2, 3, 4, 5, 6]),
        ("employee", "engagement", "1-5", [4, 5], [1, 2]),
        ("perceived", "overall", "1-5", [4, 5], [1, 2]),
        ("perceived", "environment", "1-5", [4, 5], [1, 2]),
    ],
)
def test_favourable_and_unfavourable_marks(side, key, onto, favourable, unfavourable):
    found = measure(side, key)
    marks = range(found.lowest, found.highest + 1)
    assert found.onto == onto
    assert [mark for mark in marks if mark >= found.favourable_from] == favourable
    assert [mark for mark in marks if mark <= found.unfavourable_to] == unfavourable


def test_solid_is_said_of_overall_and_of_the_eleven_only():
    assert [each.key for each in CLIENT_MEASURES if not each.is_judged] == ["nps", "ces"]
    assert [each.key for each in EMPLOYEE_MEASURES if not each.is_judged] == ["enps", "engagement"]
    assert [each.key for each in PERCEIVED_MEASURES if not each.is_judged] == []


def test_only_recommendation_is_counted_in_points():
    everything = (*CLIENT_MEASURES, *EMPLOYEE_MEASURES, *PERCEIVED_MEASURES)
    assert [each.key for each in everything if each.kind == "nps"] == ["nps", "enps"]


def test_each_measure_has_a_name_in_french_and_in_english():
    assert client_measure("overall").label("fr") == "La satisfaction globale"
    assert client_measure("trust").label("en") == "Trust"
    assert measure("employee", "enps").label("fr") == "La recommandation de l'employeur (eNPS)"
    assert measure("employee", "engagement").label("en") == "Engagement"


@pytest.mark.parametrize("side", ["employee", "perceived"])
@pytest.mark.parametrize("dimension", DIMENSIONS, ids=lambda dimension: dimension.key)
def test_a_dimension_has_the_same_name_on_every_side(side, dimension):
    assert measure(side, dimension.key).labels == client_measure(dimension.key).labels


def test_an_unknown_measure_names_the_known_ones_of_its_side():
    with pytest.raises(LookupError, match="no client measure is called 'csat'; use one of overall, nps, ces"):
        client_measure("csat")
    with pytest.raises(LookupError, match="no employee measure is called 'nps'; use one of enps, engagement, autonomy"):
        measure("employee", "nps")


def test_an_unknown_side_names_the_known_ones():
    with pytest.raises(LookupError, match="no side is called 'staff'; use one of client, employee, perceived"):
        measure("staff", "trust")
