"""What counts as found: a piece hidden to its last letter, by a mark of its own kind."""

from __future__ import annotations

import pytest

from pipelines.redaction.measuring import Measured, labelled, marked, measured, missed


def counts(line: str, redacted: str, kind: str) -> Measured:
    return {each.kind: each for each in measured([labelled(line)], [redacted])}[kind]


def test_a_piece_hidden_whole_is_found() -> None:
    assert counts("Merci {name|Julie} !", "Merci [name] !", "name") == Measured("name", 1, 1, 1, 1)


def test_a_piece_half_hidden_is_not_found_but_its_mark_is_right() -> None:
    assert counts("Merci {name|Julie Roux} !", "Merci [name] Roux !", "name") == Measured("name", 1, 0, 1, 1)


def test_a_mark_of_another_kind_hides_nothing_that_counts() -> None:
    assert counts("au {nir|185057800608436}", "au [card]", "nir") == Measured("nir", 1, 0, 0, 0)
    assert counts("au {nir|185057800608436}", "au [card]", "card") == Measured("card", 0, 0, 1, 0)


def test_what_was_missed_and_taken_in_vain_is_told() -> None:
    assert list(missed(labelled("Rose aime {name|Karim}"), "[name] aime Karim")) == ["left 'Karim'", "took 'Rose'"]


def test_a_change_that_is_no_mark_cannot_be_measured() -> None:
    with pytest.raises(ValueError, match="more than marks"):
        marked("Merci Julie", "merci [name]")
