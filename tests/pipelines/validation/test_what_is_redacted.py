"""What leaves validation holds no personal data where people write freely; what identifies an answer stays."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines.errors import SymetrieError
from pipelines.settings import Redaction
from pipelines.validation import load_batch, save_batch


def test_names_are_found_by_list_unless_the_settings_say_otherwise(validated, answer) -> None:
    said = answer(verbatim="Merci à Julie, 06 12 34 56 78")
    assert list(validated(said).accepted["verbatim"]) == ["Merci à [name], [phone]"]
    left = validated(said, redaction=Redaction(names="off"))
    assert list(left.accepted["verbatim"]) == ["Merci à Julie, [phone]"]


def test_a_model_finds_more_names_where_the_settings_ask_for_one(validated, answer, tmp_path: Path) -> None:
    import spacy

    pipeline = spacy.blank("fr")
    pipeline.add_pipe("entity_ruler").add_patterns([{"label": "PER", "pattern": "Zorglub"}])
    pipeline.to_disk(tmp_path / "model")
    redaction = Redaction(names="model", model=str(tmp_path / "model"))
    rows = [answer(response_id="1", verbatim="Zorglub au 06 12 34 56 78"), answer(response_id="2", verbatim="Julie")]
    found = validated(*rows, redaction=redaction).accepted.set_index("response_id")["verbatim"]
    assert found.to_dict() == {"1": "[name] au [phone]", "2": "[name]"}


def test_where_nobody_wrote_anything_nothing_waits_for_the_model(validated, answer) -> None:
    """A model that is not installed would end the run."""
    redaction = Redaction(names="model", model="no-such-model")
    assert validated(answer(verbatim=None), redaction=redaction).accepted["verbatim"].isna().all()
    with pytest.raises(SymetrieError, match="no-such-model"):
        validated(answer(verbatim="Merci"), redaction=redaction)


def test_other_free_texts_and_addresses_are_redacted_too(validated, answer) -> None:
    row = answer(
        touchpoint="caisse", contact_reason="rappeler au 06 12 34 56 78",
        source_url="https://avis.example.com/r?id=7&mail=jean.dupont%40example.com",
    )  # fmt: skip
    [kept] = validated(row).accepted[["touchpoint", "contact_reason", "source_url"]].to_dict("records")
    assert kept == {
        "touchpoint": "caisse",
        "contact_reason": "rappeler au [phone]",
        "source_url": "https://avis.example.com/r?id=7&mail=[email]",
    }


def test_a_line_of_quarantine_quotes_no_personal_data(validated, answer) -> None:
    """A lost delimiter puts a client's words where a mark should be."""
    batch = validated(answer(overall="Mme Dupont, 06 12 34 56 78"))
    [message] = batch.quarantined["message"]
    assert "found 'Mme [name], [phone]'" in message


def test_a_unit_that_nobody_knows_is_named_as_it_was_written(validated, answer) -> None:
    [message] = validated(answer(unit_id="Marie-Curie")).quarantined["message"]
    assert "found 'Marie-Curie'" in message


@pytest.mark.parametrize(
    ("verbatims", "counts"), [((), {}), (("Merci Karim", "Karim et a@b.fr"), {"email": 1, "name": 2})]
)
def test_a_saved_batch_says_how_much_was_replaced(validated, answer, tmp_path: Path, verbatims, counts) -> None:
    rows = [answer(response_id=str(place), verbatim=said) for place, said in enumerate(verbatims)]
    save_batch(validated(*rows), tmp_path / "batch")
    assert load_batch(tmp_path / "batch").redactions == counts
    assert "Karim" not in json.dumps((tmp_path / "batch" / "batch.json").read_text(encoding="utf-8"))
