"""The typology on what the demo's clients write: a regression, for its rules were written with these texts in sight."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

import pytest

from symetrie.complaints.typology import OTHER, default_typology

TYPOLOGY = default_typology()


def document(language: str) -> dict[str, Any]:
    return tomllib.loads(files("pipelines.demo").joinpath(f"data/verbatims.{language}.toml").read_text("utf-8"))


def cores(language: str, mood: str) -> list[str]:
    return [core for written in document(language)[mood]["cores"].values() for core in written]


@pytest.mark.parametrize(("language", "known", "written"), [("fr", 62, 75), ("en", 25, 33)])
def test_most_of_what_unhappy_clients_write_has_a_reason(language: str, known: int, written: int) -> None:
    unhappy = cores(language, "low")
    assert len(unhappy) == written
    assert len([core for core in unhappy if TYPOLOGY.reasons_of(core, language) != (OTHER,)]) >= known


@pytest.mark.parametrize("language", ["fr", "en"])
def test_nothing_that_the_demo_writes_is_serious(language: str) -> None:
    for mood in ("low", "mixed", "high"):
        for core in cores(language, mood):
            assert not TYPOLOGY.is_serious(TYPOLOGY.reasons_of(core, language)), core


@pytest.mark.parametrize(
    "dimension", ["autonomy", "cooperation", "competence", "conduct", "consideration", "listening"]
)
def test_most_complaints_of_a_theme_speak_of_its_dimension(dimension: str) -> None:
    written = document("fr")["low"]["cores"][dimension]
    spoken = [
        {TYPOLOGY.reason(code).dimension for code in TYPOLOGY.reasons_of(core, "fr")} & {dimension} for core in written
    ]
    assert sum(map(bool, spoken)) > len(written) / 2
