"""A batch left by one task is found by the next as it was."""

from __future__ import annotations

from dataclasses import fields

import pandas as pd
import pytest

from pipelines.errors import SymetrieError
from pipelines.validation import load_batch, save_batch


@pytest.fixture(params=["mixed", "empty"])
def batch(request, validated, answer):
    if request.param == "empty":
        return validated()
    rows = [answer(), answer(response_id="a2", overall=9), answer(response_id="a3", verbatim=None, nps=3), "{"]
    return validated(*rows)


def test_a_loaded_batch_is_the_saved_one(batch, tmp_path) -> None:
    save_batch(batch, tmp_path / "run" / "shops")
    found = load_batch(tmp_path / "run" / "shops")
    pd.testing.assert_frame_equal(found.accepted, batch.accepted)
    pd.testing.assert_frame_equal(found.quarantined, batch.quarantined)
    for each in fields(batch):
        if each.name not in {"answers", "answers_file", "quarantined", "raw"}:
            assert getattr(found, each.name) == getattr(batch, each.name), each.name
    assert (found.accepted_count, found.is_publishable) == (batch.accepted_count, batch.is_publishable)


def test_a_batch_half_written_is_none(batch, tmp_path) -> None:
    """The record comes last: a task killed before leaves a folder that says so."""
    save_batch(batch, tmp_path)
    (tmp_path / "batch.json").unlink()
    with pytest.raises(SymetrieError, match=f"there is no validated batch in {tmp_path}; run the validation again"):
        load_batch(tmp_path)


def test_saving_again_replaces(validated, answer, tmp_path) -> None:
    save_batch(validated(answer()), tmp_path)
    save_batch(validated(answer(response_id="b"), answer(response_id="c")), tmp_path)
    assert sorted(load_batch(tmp_path).accepted["response_id"]) == ["b", "c"]
