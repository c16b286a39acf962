"""Recall and precision on texts written and labelled for this: never below what the page on privacy says."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.redaction.measuring import Labelled, labelled, measured, missed

TEXTS = Path(__file__).parent / "labelled"
# Kind: how many of the pieces must be hidden, how many marks may be wrong.
FLOORS = {
    "tuning": {
        "email": (19, 0), "url": (10, 0), "iban": (10, 0), "nir": (12, 0), "phone": (33, 0), "card": (9, 0),
        "address": (46, 0), "name": (161, 2),
    },
    "held_out": {
        "email": (4, 0), "url": (3, 0), "iban": (2, 0), "nir": (3, 0), "phone": (8, 1), "card": (3, 0),
        "address": (14, 0), "name": (64, 5),
    },
}  # fmt: skip


@pytest.mark.parametrize("part", FLOORS)
def test_each_kind_is_found_and_marked_as_well_as_the_page_says(redact, part: str) -> None:
    texts = _texts(part)
    after = redact([text.text for text in texts])
    found = {each.kind: (each.hidden_count, each.mark_count - each.right_count) for each in measured(texts, after)}
    faults = [fault for text, redacted in zip(texts, after, strict=True) for fault in missed(text, redacted)]
    assert found == FLOORS[part], faults


def test_there_is_enough_to_measure_on() -> None:
    count = {path.stem: len(path.read_text(encoding="utf-8").splitlines()) for path in TEXTS.glob("*.txt")}
    assert count == {"french_tuning": 406, "english_tuning": 100, "french_held_out": 135, "english_held_out": 35}


def test_no_text_is_in_both_parts() -> None:
    assert {text.text for text in _texts("tuning")} & {text.text for text in _texts("held_out")} == set()


def _texts(part: str) -> list[Labelled]:
    paths = sorted(TEXTS.glob(f"*_{part}.txt"))
    return [labelled(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
