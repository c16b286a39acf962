"""The summary as JSON, for those who put it elsewhere: stable keys, ISO dates, null for what is not known."""

from __future__ import annotations

import json
from dataclasses import Field, fields, is_dataclass
from datetime import date

from pipelines.summary.figures import Figures
from pipelines.summary.telling import make_page
from symetrie.measures import CLIENT_MEASURES


def render_json(figures: Figures, locale: str, read_on: date | None = None) -> str:
    """The figures as one JSON object, with the answer's sentence and the measures' names in a language."""
    told = make_page(figures, locale, read_on)
    spoken = {
        "locale": locale,
        "headline": f"{told.word} {told.rest}",
        "labels": {measure.key: measure.label(locale) for measure in CLIENT_MEASURES},
    }
    return json.dumps(spoken | _as_mapping(figures), default=_plain, ensure_ascii=False, indent=2, allow_nan=False)


def figures_json(figures: Figures) -> str:
    """The figures alone as compact JSON, in no language: what `mart.summary` keeps."""
    return json.dumps(figures, default=_plain, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _plain(value: object) -> object:
    """What JSON writes for a date, a datetime or a record."""
    return value.isoformat() if isinstance(value, date) else _as_mapping(value)


def _as_mapping(record: object) -> dict[str, object]:
    """A record by its fields, one level deep: `dataclasses.asdict` copies everything and takes ten times longer."""
    if not is_dataclass(record):
        raise TypeError(f"{type(record).__name__} has no form in JSON")
    return {field.name: value for field in fields(record) if _is_named(field, value := getattr(record, field.name))}


def _is_named(field: Field[object], value: object) -> bool:
    return value is not None or bool(field.metadata.get("is_named_where_none", True))
