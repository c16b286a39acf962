"""What clients are asked, and where favourable begins."""

import pytest

from symetrie.dimensions import DIMENSIONS
from symetrie.measures import CLIENT_MEASURES, client_measure


def test_overall_recommendation_and_ease_come_before_the_eleven():
    keys = [measure.key for measure in CLIENT_MEASURES]
    assert keys == ["overall", "nps", "ces", *(dimension.key for dimension in DIMENSIONS)]


def test_each_measure_has_a_column_of_its_own():
    columns = [measure.column for measure in CLIENT_MEASURES]
    assert columns[:4] == ["overall", "nps", "ces", "dim_autonomy"]
    assert len(set(columns)) == 14


@pytest.mark.parametrize(
    ("key", "onto", "favourable", "unfavourable"),
    [
        ("overall", "1-5", [4, 5], [1, 2]),
        ("environment", "1-5", [4, 5], [1, 2]),
        ("nps", "0-10", [9, 10], [0, 1, 2, 3, 4, 5, 6]),
        ("ces", "1-7", [5, 6, 7], [1, 2, 3]),
    ],
)
def test_favourable_and_unfavourable_marks(key, onto, favourable, unfavourable):
    measure = client_measure(key)
    marks = range(measure.lowest, measure.highest + 1)
    assert measure.onto == onto
    assert [mark for mark in marks if mark >= measure.favourable_from] == favourable
    assert [mark for mark in marks if mark <= measure.unfavourable_to] == unfavourable


def test_solid_is_said_of_overall_and_of_the_eleven_only():
    assert [measure.key for measure in CLIENT_MEASURES if not measure.is_judged] == ["nps", "ces"]


def test_only_the_nps_is_counted_in_points():
    assert [measure.key for measure in CLIENT_MEASURES if measure.kind == "nps"] == ["nps"]


def test_each_measure_has_a_name_in_french_and_in_english():
    assert client_measure("overall").label("fr") == "La satisfaction globale"
    assert client_measure("trust").label("en") == "Trust"


def test_an_unknown_measure_names_the_known_ones():
    with pytest.raises(LookupError, match="no client measure is called 'csat'; use one of overall, nps, ces"):
        client_measure("csat")
