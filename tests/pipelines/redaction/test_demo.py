"""What the demo company plants in its clients' words is hidden, in both languages, and the right kind is told."""

from __future__ import annotations

import pytest

from pipelines.demo.personal import KINDS, planted
from pipelines.demo.phrases import personal_pieces


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_planted_survives(redact, kind: str) -> None:
    texts = [text for text in personal_pieces().phrases if any(value in text for value in planted()[kind])]
    found = redact(texts)
    assert [text for text, after in zip(texts, found, strict=True) if f"[{kind}]" not in after] == []
    assert [after for after in found if any(value in after for value in planted()[kind])] == []
