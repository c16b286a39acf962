"""Judgements as self-contained pages: a phone first, light or dark, in the look of the summaries."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipelines.judgements.judgement import Judgement
from pipelines.summary.as_html import TEMPLATES as SUMMARY_TEMPLATES
from pipelines.validation.records import CRITICAL
from pipelines.warehouse.ledger import HELD, PUBLISHED, RELEASED

TEMPLATES = Path(__file__).parent / "templates"


@functools.cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader([TEMPLATES, SUMMARY_TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page_html(judgement: Judgement) -> str:
    """One judgement as one HTML document."""
    template = _environment().get_template("judgement.html")
    return template.render(judgement=judgement, tone=tone(judgement), critical=CRITICAL)


def index_html(judgements: Iterable[Judgement]) -> str:
    """The index as one HTML document: of every source the last judgement, then the earlier ones."""
    newest_first = sorted(judgements, key=lambda each: each.judged_at, reverse=True)
    by_source = groupby(sorted(newest_first, key=lambda each: each.source), key=lambda each: each.source)
    sources = [list(members) for _, members in by_source]
    return _environment().get_template("judgements.html").render(sources=sources, tone=tone)


def tone(judgement: Judgement) -> str:
    """The colour of what came of a batch: red when somebody must act, amber when something was odd."""
    if judgement.status == HELD:
        return "no"
    if judgement.status not in (PUBLISHED, RELEASED):
        return "not_enough"
    return "mixed" if judgement.failed_checks else "yes"
