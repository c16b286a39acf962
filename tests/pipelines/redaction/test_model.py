"""Names by a model: real Presidio over a real, small spaCy pipeline that knows two people."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.errors import SymetrieError
from pipelines.redaction.model import build_read_by_model, names_replaced


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A French pipeline on disk, by its path."""
    import spacy

    pipeline = spacy.blank("fr")
    people = [{"label": "PER", "pattern": "Zorglub"}, {"label": "PER", "pattern": "Fantasio Dupond"}]
    pipeline.add_pipe("entity_ruler").add_patterns([*people, {"label": "LOC", "pattern": "Champignac"}])
    folder = tmp_path_factory.mktemp("model") / "two_people"
    pipeline.to_disk(folder)
    return str(folder)


def test_persons_are_replaced_and_places_are_not(model: str) -> None:
    texts = ["Merci à Zorglub de Champignac", "Fantasio Dupond et Zorglub", "rien du tout"]
    assert list(names_replaced(texts, model)) == ["Merci à [name] de Champignac", "[name] et [name]", "rien du tout"]


def test_only_texts_in_which_it_finds_somebody_are_kept_after_the_patterns(model: str) -> None:
    connection = duckdb.connect()
    connection.execute(
        """
        CREATE TABLE answer_text AS SELECT unnest(
            ['Zorglub au 06 12 34 56 78', 'Zorglub au 06 12 34 56 78', 'Rien', 'au 06 12 34 56 78', NULL]) AS verbatim
        """
    )
    build_read_by_model(connection, model)
    assert connection.sql("FROM read_by_model").fetchall() == [("Zorglub au 06 12 34 56 78", "[name] au [phone]")]


def test_a_model_that_is_not_installed_says_what_to_do() -> None:
    with pytest.raises(
        SymetrieError, match=r"'fr_nobody' is not installed; install it, name another in redaction\.model"
    ):
        list(names_replaced(["Bonjour"], "fr_nobody"))


def test_a_folder_that_holds_no_model_says_so(tmp_path: Path) -> None:
    with pytest.raises(SymetrieError, match="cannot be read as a spaCy pipeline"):
        list(names_replaced(["Bonjour"], str(tmp_path)))


def test_without_the_extra_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "presidio_analyzer", None)
    with pytest.raises(SymetrieError, match=r"needs the extra `names`; install symetrie\[names\]"):
        list(names_replaced(["Bonjour"], "fr_anything"))
