"""What holds for any text."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

PIECES = (
    "Mme", "M.", "Dr", "Julie", "julie", "JULIE", "Rose", "Martin", "Dupont", "DUPONT", "Le", "de", "d'", "Hugo",
    "Boss", "rue", "Victor", "12", "bis", "75011", "Paris", "06 39 98 12 34", "a@example.com", "Cordialement,",
    "je m'appelle", "avec", "m'a aidé", "Merci", "Très", "[name]", "[phone]", "BP", "SW1A 1AA", "-", ".", "\n",
    "1 85 05 78 006 084 36", "😀", "مرحبا", "Zoé", "vendeuse", "Saint-", "_", "l'", "Jean", "habite",
)  # fmt: skip
TEXTS = st.text(alphabet="0123456789 .-+@aéMJ/[]\n'’_", max_size=80)


@pytest.mark.parametrize("seed", [1, 2026])
def test_redacting_twice_changes_nothing_more(redact, seed: int) -> None:
    """Ten thousand sentences of pieces that lean on each other."""
    draw = random.Random(seed)
    texts = [" ".join(draw.choices(PIECES, k=draw.randint(1, 9))) for _ in range(10_000)]
    once = redact(texts)
    assert _changed(once, redact(once)) == []


@settings(max_examples=10, deadline=None)
@given(st.lists(TEXTS, min_size=50, max_size=90))
def test_redacting_numbers_twice_changes_nothing_more(redact, texts) -> None:
    once = redact(texts)
    assert _changed(once, redact(once)) == []


@settings(max_examples=15, deadline=None)
@given(st.lists(st.text(alphabet="abcxyzéèç ,;!?’'\t😀", max_size=60), min_size=30, max_size=90))
def test_a_text_of_small_letters_that_spell_no_name_stays_as_it_is(redact, texts) -> None:
    assert redact(texts) == texts


def test_emoji_right_to_left_and_nul_pass(redact) -> None:
    texts = ["😀👍🏽", "مرحبا بكم في المتجر", "שלום", "a\0b", "\u200f\u202e", "e\u0301 seul"]
    assert redact(texts) == [*texts[:-1], "é seul"]


def test_a_megabyte_is_read_once_and_not_again_from_every_letter(redact) -> None:
    """RE2 never goes back: the worst texts for engines that do come to an end."""
    half = 1 << 19
    texts = ["0 " * half, "a." * half, "rue " * (half // 2), "M. " * (half // 2), "Julie " * (half // 4), "[" * half]
    found = redact(texts)
    assert found[0] is not None
    assert "Julie" not in str(found[4])


def _changed(before: list[str], after: list[str]) -> list[tuple[str, str]]:
    return [(first, second) for first, second in zip(before, after, strict=True) if first != second]
