"""The eleven sectors of the barometer: their order is the source's, and a manager reads them in two languages."""

import pytest

from symetrie.sectors import ALL_SECTORS, SECTORS


def test_there_are_eleven_in_the_order_of_the_source():
    assert [sector.key for sector in SECTORS] == [
        "insurance",
        "automotive",
        "banking",
        "specialised_retail",
        "e_commerce",
        "mass_retail",
        "real_estate",
        "catering",
        "telephony",
        "energy",
        "passenger_transport",
    ]


def test_each_has_a_name_of_its_own_in_french_and_in_english():
    assert all(set(sector.labels) == {"fr", "en"} for sector in SECTORS)
    assert len({sector.label("fr") for sector in SECTORS}) == 11
    assert SECTORS[3].label("fr") == "Distribution spécialisée"
    assert SECTORS[3].label("en") == "Specialised retail"


def test_an_unknown_language_is_an_error_and_not_another_language():
    with pytest.raises(KeyError):
        SECTORS[0].label("de")


def test_all_of_them_together_is_no_sector():
    assert ALL_SECTORS not in {sector.key for sector in SECTORS}
