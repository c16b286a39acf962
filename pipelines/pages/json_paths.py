"""Where a field of the settings stands in a JSON text, as DuckDB is asked for it."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.pages.sql import first_of, text
from pipelines.settings.json_path import Search, Step, is_json_path, json_path_steps


def pointers(field: str) -> list[str]:
    """Paths of a field that DuckDB reads many of at once; none where the field holds a search.

    A plain name is the key that is spelled so, then the dotted path through objects and lists.

    >>> pointers("respondent.store"), pointers("$.items[0].id")
    (['/respondent.store', '/respondent/store'], ['$."items"[0]."id"'])
    """
    if is_json_path(field):
        steps = json_path_steps(field)
        return [] if any(isinstance(step, Search) for step in steps) else [_path(steps)]
    escaped = field.replace("~", "~0").replace("/", "~1")
    return list(dict.fromkeys(["/" + escaped, "/" + escaped.replace(".", "/")]))


def places(field: str, within: str) -> list[str]:
    """SQL of the JSON values where a field may stand in a JSON text, the preferred one first."""
    found = [f"json_extract({within}, {text(path)})" for path in pointers(field)]
    return found or [_found(json_path_steps(field), within)]


def text_at(field: str, within: str) -> str:
    """SQL of the text of a field in a JSON text.

    >>> print(text_at("$.store.id", "line"))
    (json_extract(line, '$."store"."id"') ->> '$')
    """
    return first_of([f"({place} ->> '$')" for place in places(field, within)], joined=False)


def _found(steps: Sequence[Step], within: str) -> str:
    """The value at the steps: a search takes the first element of a list whose value is the one given."""
    at = next((place for place, step in enumerate(steps) if isinstance(step, Search)), None)
    if at is None:
        return f"json_extract({within}, {text(_path(steps))})"
    search = steps[at]
    assert isinstance(search, Search)
    elements = f"json_extract({within}, {text(_path(steps[:at]) + '[*]')})"
    is_it = f"json_extract_string(e, {text(_path(search.path))}) = {text(search.text)}"
    return _found(steps[at + 1 :], f"list_filter({elements}, e -> {is_it})[1]")


def _path(steps: Sequence[Step]) -> str:
    keys = (f"[{step}]" if isinstance(step, int) else f'."{step}"' for step in steps)
    return "$" + "".join(keys)
