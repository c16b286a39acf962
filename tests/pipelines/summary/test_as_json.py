"""The JSON: stable keys, ISO dates, null for what is not known."""

from __future__ import annotations

import json

from pipelines.summary import render_json
from symetrie.verdicts import Counts

KEYS = {
    "locale", "headline", "labels", "business_date", "unit", "answer", "yesterday", "change", "unhappy", "context_days",
    "nps", "ces", "dimensions", "verbatims", "branches", "sources", "corrections",
}  # fmt: skip


def test_the_keys_are_the_ones_that_others_rely_on(make):
    told = json.loads(render_json(make.figures(), "fr"))
    assert told.keys() == KEYS
    assert told["answer"].keys() == {
        "answer", "measure", "window_days", "answer_count", "favourable_count", "unfavourable_count",
        "score", "low", "high",
    }  # fmt: skip


def test_dates_are_iso_and_the_headline_is_in_words(make):
    told = json.loads(render_json(make.figures(), "en"))
    assert told["business_date"] == "2026-11-20"
    assert told["change"]["first"] == "2026-10-23"
    assert told["verbatims"][0]["submitted_at"] == "2026-11-20T18:42:00+00:00"
    assert told["headline"] == "Yes, your clients were happy yesterday."
    assert told["labels"]["trust"] == "Trust"


def test_what_is_not_known_is_null(make):
    told = json.loads(render_json(make.figures(windows={91: Counts(4, 4, 0)}, nps=None), "fr"))
    assert told["nps"] is None
    assert told["answer"]["low"] is None


def test_the_figures_do_not_depend_on_the_language(make):
    french, english = (json.loads(render_json(make.figures(), locale)) for locale in ("fr", "en"))
    spoken = {"locale", "headline", "labels"}
    assert {key: french[key] for key in KEYS - spoken} == {key: english[key] for key in KEYS - spoken}
