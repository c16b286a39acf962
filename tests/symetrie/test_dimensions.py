"""The eleven dimensions: their order is the source's, and a manager reads them in two languages."""

import pytest

from symetrie.dimensions import DIMENSIONS


def test_there_are_eleven_in_the_order_of_the_source():
    assert [dimension.key for dimension in DIMENSIONS] == [
        "autonomy",
        "cooperation",
        "competence",
        "conduct",
        "consideration",
        "listening",
        "facilitation",
        "harmony",
        "trust",
        "values",
        "environment",
    ]


def test_each_has_a_name_in_french_and_in_english():
    assert all(set(dimension.labels) == {"fr", "en"} for dimension in DIMENSIONS)
    assert DIMENSIONS[8].label("fr") == "La relation de confiance"
    assert DIMENSIONS[8].label("en") == "Trust"


def test_an_unknown_language_is_an_error_and_not_another_language():
    with pytest.raises(KeyError):
        DIMENSIONS[0].label("de")
