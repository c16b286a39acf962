"""The content of the settings file, where every value still knows its line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pipelines.settings.errors import Place, Problem

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True)
class Document:
    """The content of a file, what was wrong while reading it, and the lines of its values."""

    path: Path
    root: yaml.Node
    content: Mapping[str, Any]
    problems: tuple[Problem, ...]

    def place(self, key: KeyPath) -> Place:
        """Give the file, line and key of a value; the line of what would hold it where it is missing."""
        return Place(self.path, line_of(self.root, key), key_text(key))

    def at(self, base: KeyPath) -> Callable[[KeyPath], Place]:
        """Give the places of the keys below a key."""
        return lambda key: self.place((*base, *key))

    def block(self, name: str) -> dict[str, Any]:
        """Give a block of named entries, empty where it is left out or is something else."""
        block = self.content.get(name)
        return block if isinstance(block, dict) else {}

    def items(self, name: str) -> list[Any]:
        """Give a list of entries, empty where it is left out or is something else."""
        items = self.content.get(name)
        return items if isinstance(items, list) else []

    def written(self, key: KeyPath) -> str:
        """Give a text as it stands in the file, before the environment is filled in."""
        node = self.root
        for step in key:
            _, node = _child(node, step) or (node, node)
        return str(node.value)


def key_text(key: KeyPath) -> str:
    """Write a path of keys as a person would.

    >>> key_text(("sources", 0, "fields", "verbatim"))
    'sources[0].fields.verbatim'
    """
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in key).removeprefix(".")


def _child(node: yaml.Node, step: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    """Give the node that carries the line of a value, and the node of the value."""
    if isinstance(node, yaml.MappingNode):
        pairs = [pair for pair in node.value if pair[0].value == str(step)]
        return (pairs[-1][0], pairs[-1][1]) if pairs else None
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None


def line_of(root: yaml.Node, key: KeyPath) -> int:
    """Give the line of a value, or of what would hold it where it is missing."""
    marked, node = root, root
    for step in key:
        found = _child(node, step)
        if found is None:
            break
        marked, node = found
    return int(marked.start_mark.line) + 1
