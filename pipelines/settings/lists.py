"""Lists of entries, each read apart: one wrong entry does not hide what is wrong in the others."""

from collections.abc import Callable
from typing import Any

from pipelines.settings.document import Document, KeyPath
from pipelines.settings.errors import Problems
from pipelines.settings.explain import Model, read_entry


def read_list(
    document: Document, name: str, model_of: Callable[[Any], type[Model]], identity: str, problems: Problems
) -> list[tuple[KeyPath, Model]]:
    """Read a list of entries, each with its own place; an identity stands once."""
    lines: dict[str, int | None] = {}
    entries: list[tuple[KeyPath, Model]] = []
    for index, value in enumerate(document.items(name)):
        key: KeyPath = (name, index)
        place = document.place((*key, identity))
        own = value.get(identity) if isinstance(value, dict) else None
        if isinstance(own, str):
            if own in lines:
                problems.add(place, f"{own!r} also stands on line {lines[own]}; choose another")
            lines.setdefault(own, place.line)
        entry = read_entry(model_of(value), value, document.at(key), problems)
        if entry is not None:
            entries.append((key, entry))
    return entries
