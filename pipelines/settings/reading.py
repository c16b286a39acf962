"""Reads a YAML file as texts, lists and mappings, and notes what no settings file may hold.

Every scalar stays the text that was written: a site called `NO` or `0012` must not become `False` or ten.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import yaml

from pipelines.settings.document import Document, KeyPath, key_text, line_of
from pipelines.settings.errors import Place, Problem, SettingsError
from pipelines.settings.secrets import BLOCKS_OF_DATA, has_secret_in_url, is_secret_key

VARIABLE = re.compile(r"\$\{([^}]*)\}")
VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
MERGE_TAG, NULL_TAG = "tag:yaml.org,2002:merge", "tag:yaml.org,2002:null"
# The only key whose password may come from the environment: the others end up in logs and manifests.
WAREHOUSE: KeyPath = ("warehouse",)
USE_A_CONNECTION = (
    "holds a secret; take it out and name a connection instead (connection: my_id, read from AIRFLOW_CONN_MY_ID)"
)
USE_THE_ENVIRONMENT = "holds a password; set the environment variable SYMETRIE_WAREHOUSE_URL instead"
SYNTAX_HINTS = {
    "tab character": "indent with spaces",
    "cannot start any token": "put quotes around the text, or indent with spaces",
    "mapping values are not allowed": "put quotes around a text with ': ' in it, or mend the indentation",
    "expected ','": "inside { } and [ ] put quotes around a text with { } [ ] or , in it, as '${NAME}'",
    "alias": "put quotes around a text that begins with '*'",
}

BaseLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class TextLoader(BaseLoader):  # type: ignore[misc]
    """A loader that only recognises nothing (`null`, `~`, blank) and `<<`: everything else is text."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


TextLoader.add_implicit_resolver(NULL_TAG, re.compile(r"^(~|null|Null|NULL|)$"), ["~", "n", "N", ""])
TextLoader.add_implicit_resolver(MERGE_TAG, re.compile(r"^<<$"), ["<"])


def read_document(path: Path, environment: Mapping[str, str]) -> Document:
    """Read a settings file; a file that is not YAML at all is an error at once, the rest is noted."""
    root, loader = _compose(path)
    reader = _Reader(path, root, loader, environment)
    content = reader.value(root, ())
    if not isinstance(content, dict):
        raise SettingsError([Problem(Place(path, 1), "must hold keys and values, as 'locale: fr'")])
    return Document(path, root, content, tuple(reader.problems))


def _compose(path: Path) -> tuple[yaml.Node, Any]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
        loader = TextLoader(text)
        root = loader.get_single_node()
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SettingsError([Problem(Place(path, line), "is not UTF-8; save the file as UTF-8")]) from None
    except OSError as error:
        raise SettingsError([Problem(Place(path), f"cannot be read: {error.strerror}")]) from None
    except yaml.MarkedYAMLError as error:
        raise SettingsError([_syntax_problem(path, error)]) from None
    except yaml.reader.ReaderError as error:
        line = text.encode()[: error.position].count(b"\n") + 1
        message = "holds a character that YAML forbids (a control character?); remove it"
        raise SettingsError([Problem(Place(path, line), message)]) from None
    if root is None:
        raise SettingsError([Problem(Place(path), "is empty; see docs/settings.md for what to write")])
    return root, loader


def _syntax_problem(path: Path, error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    # What follows these words is content of the file, perhaps a secret.
    problem = re.sub(r"\b(alias|anchor|handle|tag) .*", r"\1", error.problem or "cannot be understood")
    hint = next((hint for word, hint in SYNTAX_HINTS.items() if word in problem), "look at the line before as well")
    return Problem(Place(path, None if mark is None else mark.line + 1), f"is not valid YAML: {problem}; {hint}")


@dataclass
class _Reader:
    """Turns nodes into values, and notes what no settings file may hold."""

    path: Path
    root: yaml.Node
    loader: Any
    environment: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)
    known: dict[int, Any] = field(default_factory=dict)

    def value(self, node: yaml.Node, key: KeyPath) -> Any:
        """Give the value of a node: a text, nothing, a list or a mapping."""
        if isinstance(node, yaml.ScalarNode):
            return None if node.tag == NULL_TAG else self.text(node, key)
        # An alias is read once: a file of ten aliases of aliases would otherwise fill the memory.
        if id(node) not in self.known:
            self.known[id(node)] = None
            read = self.mapping if isinstance(node, yaml.MappingNode) else self.sequence
            self.known[id(node)] = read(node, key)
        return self.known[id(node)]

    def sequence(self, node: yaml.Node, key: KeyPath) -> list[Any]:
        """Give the values of a list."""
        return [self.value(item, (*key, index)) for index, item in enumerate(node.value)]

    def mapping(self, node: yaml.Node, key: KeyPath) -> dict[str, Any]:
        """Give the values of a mapping, without those whose key names a secret."""
        own = [name for name, _ in node.value if name.tag != MERGE_TAG]
        self.refuse_twins(own, key)
        if len(own) < len(node.value):
            self.merge(node, key)
        values = {}
        for name, item in node.value:
            if self.is_allowed_key(name, key):
                values[name.value] = self.value(item, (*key, name.value))
        return values

    def merge(self, node: yaml.Node, key: KeyPath) -> None:
        """Bring in what `<<` names."""
        try:
            self.loader.flatten_mapping(node)
        except yaml.MarkedYAMLError:
            node.value = [pair for pair in node.value if pair[0].tag != MERGE_TAG]
            self.note(key, "has a '<<' that does not name a mapping")

    def refuse_twins(self, names: list[yaml.Node], key: KeyPath) -> None:
        """Note the keys that stand twice, since one of them would silently be lost."""
        lines: dict[str, int] = {}
        for name in names:
            if not isinstance(name, yaml.ScalarNode):
                self.note(key, "has a key that is not a text")
            elif name.value in lines:
                message = f"is written twice, first on line {lines[name.value]}; keep one"
                self.note((*key, name.value), message)
            else:
                lines[name.value] = name.start_mark.line + 1

    def is_allowed_key(self, name: yaml.Node, key: KeyPath) -> bool:
        """Refuse a key that names or holds a secret."""
        if not isinstance(name, yaml.ScalarNode):
            return False
        if has_secret_in_url(name.value):
            self.note(key, USE_A_CONNECTION)
            return False
        if is_secret_key(name.value) and not BLOCKS_OF_DATA.intersection(key):
            self.note((*key, name.value), USE_A_CONNECTION)
            return False
        return True

    def text(self, node: yaml.ScalarNode, key: KeyPath) -> str:
        """Give a text with the environment filled in; one that holds a secret is masked."""
        written = str(node.value)
        value = VARIABLE.sub(lambda match: self.variable(match, key), written)
        seen = VARIABLE.sub("", written) if key == WAREHOUSE else value
        if has_secret_in_url(seen):
            self.note(key, USE_THE_ENVIRONMENT if key == WAREHOUSE else USE_A_CONNECTION)
            return "***"
        return value

    def variable(self, match: re.Match[str], key: KeyPath) -> str:
        """Give the value of a variable of the environment."""
        name = match.group(1)
        if not VARIABLE_NAME.fullmatch(name):
            self.note(key, "has a ${…} that is not the name of an environment variable; write ${NAME}")
        elif name not in self.environment:
            self.note(key, f"needs the environment variable {name}, which is not set; export {name}=…")
        return self.environment.get(name, match.group(0))

    def note(self, key: KeyPath, message: str) -> None:
        """Keep a problem with the line of its key."""
        self.problems.append(Problem(Place(self.path, line_of(self.root, key), key_text(key)), message))
